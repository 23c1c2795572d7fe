"""Figures that were contested, the answers, and exceptions on record; accounts of officials."""

from __future__ import annotations

revision = "20261122_contests"
down_revision = "20261122_census"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
