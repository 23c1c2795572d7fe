"""Exercises on the real system, and what proves them."""

from __future__ import annotations

revision = "20261123_practising"
down_revision = "20261123_learning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
