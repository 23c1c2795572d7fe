"""Figures that were contested, the answers, and exceptions on record; accounts of officials.

An account may be tied to an official of the directory; every account there was is an administrator's and stays one.
An official's row of a report says on which days of the period the person was in post, so that the lines behind a
figure are those that were counted, and which days were left out by an exception.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_contests"
down_revision = "20261122_census"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _account_of_an_official()
    _contest()
    _usage_exception()
    op.add_column("official_figure", sa.Column("in_post", sa.JSON(), nullable=True))
    op.add_column("official_figure", sa.Column("excused", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("official_figure", "excused")
    op.drop_column("official_figure", "in_post")
    op.drop_table("usage_exception")
    op.drop_table("contest")
    op.execute("DELETE FROM account WHERE role = 'official'")
    tied = (
        sa.Column("official", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('administrator', 'official')", name=op.f("ck_account_role")),
        sa.CheckConstraint(
            "(role = 'official') = (official IS NOT NULL)", name=op.f("ck_account_official_is_somebody")
        ),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_account_official_official")),
        sa.UniqueConstraint("official", name=op.f("uq_account_official")),
    )
    with op.batch_alter_table("account", copy_from=_account(*tied)) as table:
        table.drop_constraint(op.f("ck_account_role"), type_="check")
        table.drop_constraint(op.f("ck_account_official_is_somebody"), type_="check")
        table.drop_constraint(op.f("uq_account_official"), type_="unique")
        table.drop_constraint(op.f("fk_account_official_official"), type_="foreignkey")
        table.drop_column("official")
        table.create_check_constraint(op.f("ck_account_role"), "role IN ('administrator')")


def _account(*more: sa.schema.SchemaItem) -> sa.Table:
    """The accounts as they are: SQLite makes the table anew and would forget the checks it is not told of."""
    return sa.Table(
        "account",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failed >= 0 AND (failed = 0) = (failed_at IS NULL)", name=op.f("ck_account_failed_when")),
        sa.CheckConstraint("name = lower(name)", name=op.f("ck_account_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        *more,
    )


def _account_of_an_official() -> None:
    only = sa.CheckConstraint("role IN ('administrator')", name=op.f("ck_account_role"))
    with op.batch_alter_table("account", copy_from=_account(only)) as table:
        table.add_column(sa.Column("official", sa.Integer(), nullable=True))
        table.drop_constraint(op.f("ck_account_role"), type_="check")
        table.create_check_constraint(op.f("ck_account_role"), "role IN ('administrator', 'official')")
        table.create_check_constraint(
            op.f("ck_account_official_is_somebody"), "(role = 'official') = (official IS NOT NULL)"
        )
        table.create_foreign_key(op.f("fk_account_official_official"), "official", ["official"], ["id"])
        table.create_unique_constraint(op.f("uq_account_official"), ["official"])


def _contest() -> None:
    abouts = (
        "'usage_class', 'day', 'sent', 'sent_recipients', 'sent_external', 'received', 'opened', 'logins', "
        "'failed_logins', 'active_days', 'delegated', 'forwards'"
    )
    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("official_id", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'accepted', 'explained')", name=op.f("ck_contest_state")),
        sa.CheckConstraint(f"about IN ({abouts})", name=op.f("ck_contest_about")),
        sa.CheckConstraint("(about = 'day') = (day IS NOT NULL)", name=op.f("ck_contest_which_day")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_contest_period_order")),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL) AND (state = 'open') = (answered_by IS NULL)"
            " AND (state = 'open') = (answer IS NULL)",
            name=op.f("ck_contest_answered_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_contest_audit_id_audit"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
    )
    op.create_index("ix_contest_state", "contest", ["state", "asked_at", "id"])
    op.create_index("ix_contest_audit", "contest", ["audit_id", "official_id"])
    op.create_index("ix_contest_official", "contest", ["official_id", "id"])


def _usage_exception() -> None:
    op.create_table(
        "usage_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("delegate", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_why", sa.String(), nullable=True),
        *_usage_exception_checks(),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_usage_exception_official_official")),
        sa.ForeignKeyConstraint(["delegate"], ["official.id"], name=op.f("fk_usage_exception_delegate_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_exception")),
    )
    op.create_index("ix_usage_exception_official", "usage_exception", ["official", "first_day"])
    op.create_index("ix_usage_exception_days", "usage_exception", ["first_day", "last_day"])


def _usage_exception_checks() -> list[sa.CheckConstraint]:
    checks = {
        "kind": "kind IN ('leave', 'sickness', 'shared_station', 'agreed_delegate')",
        "in_order": "last_day IS NULL OR first_day <= last_day",
        "which_station": "(kind = 'shared_station') = (address IS NOT NULL)",
        "which_delegate": "(kind = 'agreed_delegate') = (delegate IS NOT NULL)",
        "somebody_else": "delegate IS NULL OR delegate != official",
        "ended_whole": "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL OR last_day IS NOT NULL)",
        "withdrawn_whole": (
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_why IS NULL)"
        ),
    }
    return [sa.CheckConstraint(says, name=op.f(f"ck_usage_exception_{name}")) for name, says in checks.items()]
