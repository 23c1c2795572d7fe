"""Courses, lessons read, and quizzes taken."""

from __future__ import annotations

revision = "20261123_learning"
down_revision = "20261123_assigning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
