"""Sessions of accounts: what is known of each is kept here, not in the browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_sessions"
down_revision = "20261122_targets"
branch_labels = None
depends_on = None


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


def downgrade() -> None:
    op.drop_table("account_session")
