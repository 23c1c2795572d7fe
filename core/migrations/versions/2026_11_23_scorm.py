"""SCORM packages: what is in one, and what a learner's package kept and reported."""

from __future__ import annotations

revision = "20261123_scorm"
down_revision = "20261123_looks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
