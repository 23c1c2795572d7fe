"""Whose look at which list is in the trail already on a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_looks"
down_revision = "20261123_following"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_look",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_audit_look")),
    )
    op.create_index(op.f("ix_audit_look_day"), "audit_look", ["day"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_look_day"), table_name="audit_look")
    op.drop_table("audit_look")
