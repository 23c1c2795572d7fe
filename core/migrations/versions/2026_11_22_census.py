"""Counts of mailboxes taken by the census."""

from __future__ import annotations

revision = "20261122_census"
down_revision = "20261122_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
