"""Reminders sent, statements delivered, effects reported."""

from __future__ import annotations

revision = "20261123_following"
down_revision = "20261123_attending"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
