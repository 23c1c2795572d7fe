"""Who is to learn what, by which rule and in which wave."""

from __future__ import annotations

revision = "20261123_assigning"
down_revision = "20261123_list_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
