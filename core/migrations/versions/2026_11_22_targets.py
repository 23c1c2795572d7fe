"""Targets of units and ranks."""

from __future__ import annotations

revision = "20261122_targets"
down_revision = "20261122_contests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
