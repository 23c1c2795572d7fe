"""Classes with rooms and places, who was there, and certificates."""

from __future__ import annotations

revision = "20261123_attending"
down_revision = "20261123_practising"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
