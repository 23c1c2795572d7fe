"""Sessions of accounts: what is known of each is kept here, not in the browser. Accounts may be closed.

Wrong passwords are counted by the address they come from as well.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_sessions"
down_revision = "20261122_targets"
branch_labels = None
depends_on = None

CLOSED = "ck_account_closed_whole"


def upgrade() -> None:
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_account_session_ended_whole")),
        sa.CheckConstraint("created_at <= seen_at", name=op.f("ck_account_session_in_order")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_account_session_account_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_account_session_token_digest")),
    )
    op.create_index(op.f("ix_account_session_account"), "account_session", ["account"])
    with op.batch_alter_table("account", copy_from=_account()) as table:
        table.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("closed_by", sa.String(), nullable=True))
        table.create_check_constraint(op.f(CLOSED), "(closed_at IS NULL) = (closed_by IS NULL)")
    op.create_table(
        "log_in_origin",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "failed >= 0 AND (failed = 0) = (failed_at IS NULL)", name=op.f("ck_log_in_origin_failed_when")
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_log_in_origin")),
    )
    op.create_index("ix_log_in_origin_used_at", "log_in_origin", ["used_at"])


def downgrade() -> None:
    op.drop_table("log_in_origin")
    closing = (
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f(CLOSED)),
    )
    # An account that was closed must not be open by going back.
    op.execute("UPDATE account SET password_hash = '' WHERE closed_at IS NOT NULL")
    with op.batch_alter_table("account", copy_from=_account(*closing)) as table:
        table.drop_constraint(op.f(CLOSED), type_="check")
        table.drop_column("closed_by")
        table.drop_column("closed_at")
    op.drop_table("account_session")


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
        sa.Column("official", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('administrator', 'official')", name=op.f("ck_account_role")),
        sa.CheckConstraint(
            "(role = 'official') = (official IS NOT NULL)", name=op.f("ck_account_official_is_somebody")
        ),
        sa.CheckConstraint("failed >= 0 AND (failed = 0) = (failed_at IS NULL)", name=op.f("ck_account_failed_when")),
        sa.CheckConstraint("name = lower(name)", name=op.f("ck_account_lower_case")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_account_official_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sa.UniqueConstraint("official", name=op.f("uq_account_official")),
        *more,
    )
