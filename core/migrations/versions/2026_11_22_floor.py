"""The floor: the audit trail, jobs, the directory with its mailboxes, the accounts that may log in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_floor"
down_revision = None
branch_labels = None
depends_on = None

REFUSE_SQLITE = """
CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
REFUSE_POSTGRESQL = """
CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation'; END $$
"""


def upgrade() -> None:
    _trail()
    _jobs()
    _people()
    _posts_and_mailboxes()
    _accounts()


def _trail() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("id >= 1", name=op.f("ck_audit_entry_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_entry_previous_hash")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(REFUSE_SQLITE.format(verb=verb))
    else:
        op.execute(REFUSE_POSTGRESQL)
        op.execute(
            "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()"
        )


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("error_vi", sa.String(), nullable=True),
        sa.Column("error_en", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'failed') = (error_vi IS NOT NULL) AND (error_vi IS NULL) = (error_en IS NULL)",
            name=op.f("ck_job_failed_why"),
        ),
        sa.CheckConstraint(
            "(state = 'running') = (claim IS NOT NULL) AND (claim IS NULL) = (heartbeat_at IS NULL)",
            name=op.f("ck_job_claimed"),
        ),
        sa.CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name=op.f("ck_job_finished")),
        sa.CheckConstraint("state != 'running' OR started_at IS NOT NULL", name=op.f("ck_job_started")),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.CheckConstraint(
            "done >= 0 AND attempts >= 0 AND sent >= 0 AND (total IS NULL OR total >= 0)", name=op.f("ck_job_counts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_state_heartbeat_at", "job", ["state", "heartbeat_at"])
    op.create_index("ix_job_task_subject", "job", ["task", "subject"])


def _people() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("parent_id != id", name=op.f("ck_unit_not_below_itself")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_key")),
    )
    op.create_index("ix_unit_parent_id", "unit", ["parent_id"])
    op.create_table(
        "official",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official")),
        sa.UniqueConstraint("official_id", name=op.f("uq_official_official_id")),
    )


def _posts_and_mailboxes() -> None:
    op.create_table(
        "post",
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rank", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("rank IN ('leader', 'staff')", name=op.f("ck_post_rank")),
        sa.CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name=op.f("ck_post_in_order")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_post_official")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_post_unit")),
        sa.PrimaryKeyConstraint("official", "position", name=op.f("pk_post")),
    )
    op.create_index("ix_post_unit", "post", ["unit"])
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind != 'personal' OR owner IS NOT NULL", name=op.f("ck_mailbox_personal_has_owner")),
        sa.CheckConstraint("kind IN ('personal', 'shared', 'service')", name=op.f("ck_mailbox_kind")),
        sa.CheckConstraint("address = lower(address)", name=op.f("ck_mailbox_lower_case")),
        sa.ForeignKeyConstraint(["owner"], ["official.id"], name=op.f("fk_mailbox_owner")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_mailbox_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
        sa.UniqueConstraint("address", name=op.f("uq_mailbox_address")),
    )
    op.create_index("ix_mailbox_owner", "mailbox", ["owner"])
    op.create_index("ix_mailbox_unit", "mailbox", ["unit"])
    op.create_table(
        "mailbox_alias",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("mailbox", sa.Integer(), nullable=False),
        sa.CheckConstraint("address = lower(address)", name=op.f("ck_mailbox_alias_lower_case")),
        sa.ForeignKeyConstraint(["mailbox"], ["mailbox.id"], name=op.f("fk_mailbox_alias_mailbox")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mailbox_alias")),
    )
    op.create_index("ix_mailbox_alias_mailbox", "mailbox_alias", ["mailbox"])


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('administrator')", name=op.f("ck_account_role")),
        sa.CheckConstraint("failed >= 0 AND (failed = 0) = (failed_at IS NULL)", name=op.f("ck_account_failed_when")),
        sa.CheckConstraint("name = lower(name)", name=op.f("ck_account_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )


def downgrade() -> None:
    for table in ("account", "mailbox_alias", "mailbox", "post", "official", "unit", "job", "audit_entry"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuse()")
