"""Roles are given for a unit and what lies below it, with dates; deputies act for officials, with dates and scope.

What an account was for becomes a grant: an administrator's holds for the whole city. An account of an official goes on
being tied to that person, and may have grants besides.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_grants"
down_revision = "20261122_sessions"
branch_labels = None
depends_on = None

ROLE = "ck_account_role"
TIED = "ck_account_official_is_somebody"


def upgrade() -> None:
    grants = _grants()
    _deputies()
    known = sa.table("account", sa.column("id"), sa.column("role"), sa.column("created_at", sa.DateTime(timezone=True)))
    administrators = sa.select(known.c.id, known.c.created_at).where(known.c.role == "administrator")
    given = [
        {
            "account": account,
            "role": "administrator",
            "since": created.date(),
            "given_at": created,
            "given_by": "upgrade",
        }
        for account, created in op.get_bind().execute(administrators)
    ]
    if given:
        op.bulk_insert(grants, given)
    of_a_role = (
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('administrator', 'official')", name=op.f(ROLE)),
        sa.CheckConstraint("(role = 'official') = (official IS NOT NULL)", name=op.f(TIED)),
    )
    with op.batch_alter_table("account", copy_from=_account(*of_a_role)) as table:
        table.drop_constraint(op.f(TIED), type_="check")
        table.drop_constraint(op.f(ROLE), type_="check")
        table.drop_column("role")


def downgrade() -> None:
    with op.batch_alter_table("account", copy_from=_account()) as table:
        table.add_column(sa.Column("role", sa.String(), nullable=False, server_default="administrator"))
    # Who was no administrator of the whole city must not become one by going back.
    op.execute(
        "UPDATE account SET password_hash = '' WHERE official IS NULL AND id NOT IN (SELECT account FROM account_grant "
        "WHERE role = 'administrator' AND unit IS NULL AND withdrawn_at IS NULL AND until IS NULL)"
    )
    op.execute("UPDATE account SET role = 'official' WHERE official IS NOT NULL")
    with op.batch_alter_table(
        "account", copy_from=_account(sa.Column("role", sa.String(), nullable=False, server_default="administrator"))
    ) as table:
        table.alter_column("role", existing_type=sa.String(), existing_nullable=False, server_default=None)
        table.create_check_constraint(op.f(ROLE), "role IN ('administrator', 'official')")
        table.create_check_constraint(op.f(TIED), "(role = 'official') = (official IS NOT NULL)")
    op.drop_table("deputy")
    op.drop_table("account_grant")


def _grants() -> sa.Table:
    roles = "'administrator', 'auditor', 'clerk', 'hr', 'inspector', 'leader'"
    made = op.create_table(
        "account_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.CheckConstraint(f"role IN ({roles})", name=op.f("ck_account_grant_role")),
        sa.CheckConstraint("until IS NULL OR since <= until", name=op.f("ck_account_grant_in_order")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_account_grant_withdrawn_whole")
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_account_grant_account_account")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_account_grant_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grant")),
    )
    op.create_index(op.f("ix_account_grant_account"), "account_grant", ["account"])
    op.create_index(op.f("ix_account_grant_unit"), "account_grant", ["unit"])
    return made


def _deputies() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("deputy", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.CheckConstraint("scope IN ('everything', 'opinions', 'decisions')", name=op.f("ck_deputy_scope")),
        sa.CheckConstraint("official != deputy", name=op.f("ck_deputy_somebody_else")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_deputy_in_order")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_deputy_ended_whole")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_deputy_official_official")),
        sa.ForeignKeyConstraint(["deputy"], ["official.id"], name=op.f("fk_deputy_deputy_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index(op.f("ix_deputy_official"), "deputy", ["official"])
    op.create_index(op.f("ix_deputy_deputy"), "deputy", ["deputy"])


def _account(*more: sa.schema.SchemaItem) -> sa.Table:
    """The accounts as they are: SQLite makes the table anew and would forget the checks it is not told of."""
    return sa.Table(
        "account",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("official", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.CheckConstraint("failed >= 0 AND (failed = 0) = (failed_at IS NULL)", name=op.f("ck_account_failed_when")),
        sa.CheckConstraint("name = lower(name)", name=op.f("ck_account_lower_case")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_account_closed_whole")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_account_official_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sa.UniqueConstraint("official", name=op.f("uq_account_official")),
        *more,
    )
