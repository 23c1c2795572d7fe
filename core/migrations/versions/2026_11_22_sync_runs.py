"""What feeds the directory besides files: runs of the sync with a directory server, and programs by SCIM."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_sync_runs"
down_revision = "20261122_reply_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sync_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("error_vi", sa.String(), nullable=True),
        sa.Column("error_en", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('done', 'refused', 'failed')", name=op.f("ck_sync_run_state")),
        sa.CheckConstraint("(state = 'done') = (error_vi IS NULL)", name=op.f("ck_sync_run_refused_why")),
        sa.CheckConstraint("(error_vi IS NULL) = (error_en IS NULL)", name=op.f("ck_sync_run_in_both_languages")),
        sa.CheckConstraint("begun_at <= ended_at", name=op.f("ck_sync_run_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_run")),
    )
    op.create_index(op.f("ix_sync_run_source_id"), "sync_run", ["source", "id"])
    _fed()
    _provisioned()


def _fed() -> None:
    op.create_table(
        "fed_official",
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_fed_official_official_official")),
        sa.PrimaryKeyConstraint("official", name=op.f("pk_fed_official")),
    )
    op.create_index(op.f("ix_fed_official_source"), "fed_official", ["source"])


def _provisioned() -> None:
    op.create_table(
        "provisioned_official",
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("user_name_key", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("created_at <= changed_at", name=op.f("ck_provisioned_official_in_order")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_provisioned_official_official_official")),
        sa.PrimaryKeyConstraint("official", name=op.f("pk_provisioned_official")),
        sa.UniqueConstraint("user_name_key", name=op.f("uq_provisioned_official_user_name_key")),
    )
    op.create_index(op.f("ix_provisioned_official_external_id"), "provisioned_official", ["external_id"])
    op.create_table(
        "provisioned_unit",
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_provisioned_unit_unit_unit")),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_provisioned_unit")),
    )
    op.create_index(op.f("ix_provisioned_unit_external_id"), "provisioned_unit", ["external_id"])


def downgrade() -> None:
    op.drop_table("provisioned_unit")
    op.drop_table("provisioned_official")
    op.drop_table("fed_official")
    op.drop_table("sync_run")
