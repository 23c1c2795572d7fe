"""Targets of units and ranks: what share is to use official e-mail by a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_targets"
down_revision = "20261122_contests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("rank", sa.String(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.CheckConstraint("rank IN ('leader', 'staff')", name=op.f("ck_target_rank")),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_target_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("unit", "rank", "due", name=op.f("uq_target_unit_rank_due")),
    )


def downgrade() -> None:
    op.drop_table("target")
