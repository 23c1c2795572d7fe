"""Answers by e-mail: the tokens that letters carry, and what became of each message that came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_reply_tokens"
down_revision = "20261122_drafts"
branch_labels = None
depends_on = None

OUTCOMES = (
    "agreed", "returned", "opinion", "automatic", "broken", "empty", "ended", "file_refused", "foreign", "forged",
    "late", "no_token", "refused", "secret", "stale", "too_large", "unclear", "used",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "reply_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.CheckConstraint("made_at < ends_at", name=op.f("ck_reply_token_in_order")),
        sa.CheckConstraint("told >= 0", name=op.f("ck_reply_token_counted")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_reply_token_account_account")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_reply_token_official_official")),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_reply_token_draft_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_token")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_reply_token_token_digest")),
    )
    op.create_index(op.f("ix_reply_token_draft"), "reply_token", ["draft"])
    op.create_table(
        "reply_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("said_vi", sa.String(), nullable=True),
        sa.Column("said_en", sa.String(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"outcome IN ({', '.join(map(repr, OUTCOMES))})", name=op.f("ck_reply_mail_outcome")),
        sa.CheckConstraint("door IN ('smtp', 'imap')", name=op.f("ck_reply_mail_door")),
        sa.CheckConstraint("(said_vi IS NULL) = (said_en IS NULL)", name=op.f("ck_reply_mail_said_whole")),
        sa.ForeignKeyConstraint(["token"], ["reply_token.id"], name=op.f("fk_reply_mail_token_reply_token")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_reply_mail_account_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_reply_mail_key")),
    )
    op.create_index(op.f("ix_reply_mail_token"), "reply_mail", ["token"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reply_mail_token"), table_name="reply_mail")
    op.drop_table("reply_mail")
    op.drop_index(op.f("ix_reply_token_draft"), table_name="reply_token")
    op.drop_table("reply_token")
