"""What the long lists are found and sorted by."""

from __future__ import annotations

revision = "20261123_list_indexes"
down_revision = "20261122_sync_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
