"""Facts per mailbox and day that stand, kept up to date by every collection."""

from __future__ import annotations

revision = "20261122_standing_facts"
down_revision = "20261122_log_sources"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
