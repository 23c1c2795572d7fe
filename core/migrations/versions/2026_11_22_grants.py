"""Roles are given for a unit and what lies below it, with dates; deputies act for officials, with dates and scope."""

from __future__ import annotations

revision = "20261122_grants"
down_revision = "20261122_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
