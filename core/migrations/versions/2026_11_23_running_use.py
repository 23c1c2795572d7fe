"""How everybody used e-mail in the running windows, kept; and a digest of each day of a month's facts.

Months measured before this have no digests of their days: they are known by the digest of the whole month.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_running_use"
down_revision = "20261123_copied_logs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "running_use",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_running_use_one_row")),
        sa.CheckConstraint("(basis IS NULL) = (data IS NULL)", name=op.f("ck_running_use_whole")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_running_use")),
    )
    op.add_column("standing_month", sa.Column("days", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("standing_month", "days")
    op.drop_table("running_use")
