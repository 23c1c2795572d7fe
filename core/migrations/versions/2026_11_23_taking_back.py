"""Attendance that was entered wrongly and taken back, and of which assignments people were told."""

from __future__ import annotations

revision = "20261123_taking_back"
down_revision = "20261123_scorm"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
