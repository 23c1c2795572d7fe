"""Tokens of the API: personal ones and those of services, of limited scope."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_tokens"
down_revision = "20261122_outgoing_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("start", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("counted_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.CheckConstraint("created_at < ends_at", name=op.f("ck_api_token_has_an_end")),
        sa.CheckConstraint(
            "counted >= 0 AND (counted = 0) = (counted_since IS NULL)", name=op.f("ck_api_token_counted_when")
        ),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_api_token_revoked_whole")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_api_token_account_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index(op.f("ix_api_token_account"), "api_token", ["account"])


def downgrade() -> None:
    op.drop_index(op.f("ix_api_token_account"), table_name="api_token")
    op.drop_table("api_token")
