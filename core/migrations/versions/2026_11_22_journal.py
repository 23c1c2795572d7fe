"""Envelope copies taken by the journal."""

from __future__ import annotations

revision = "20261122_journal"
down_revision = "20261122_standing_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
