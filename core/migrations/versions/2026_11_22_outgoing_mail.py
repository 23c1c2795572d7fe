"""Mail that waits to be sent, what each account was told and wants to be told, and links that lead to a first password.

An account that was invited has no password yet: `password_hash` then fits none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_outgoing_mail"
down_revision = "20261122_doors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _outgoing_mail()
    _mail_notice()
    _mail_preference()
    _log_in_link()


def downgrade() -> None:
    for name in ("log_in_link", "mail_preference", "mail_notice", "outgoing_mail"):
        op.drop_table(name)


def _outgoing_mail() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest_day", sa.Date(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'refused', 'given_up')", name=op.f("ck_outgoing_mail_state")),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_outgoing_mail_ended")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outgoing_mail_counts")),
        sa.CheckConstraint(
            "digest_day IS NULL OR account IS NOT NULL", name=op.f("ck_outgoing_mail_digest_of_somebody")
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_outgoing_mail_account_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("account", "digest_day", name="uq_outgoing_mail_one_a_day"),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mail_message_id")),
    )
    op.create_index("ix_outgoing_mail_state_due_at", "outgoing_mail", ["state", "due_at"])


def _mail_notice() -> None:
    op.create_table(
        "mail_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("said_vi", sa.String(), nullable=False),
        sa.Column("said_en", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_mail_notice_account_account")),
        sa.ForeignKeyConstraint(["mail"], ["outgoing_mail.id"], name=op.f("fk_mail_notice_mail_outgoing_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_notice")),
        sa.UniqueConstraint("account", "kind", "thing", name="uq_mail_notice_once"),
    )
    op.create_index("ix_mail_notice_mail", "mail_notice", ["mail"])


def _mail_preference() -> None:
    op.create_table(
        "mail_preference",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("unwanted", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.CheckConstraint("every IN ('day', 'once', 'never')", name=op.f("ck_mail_preference_every")),
        sa.CheckConstraint("language IS NULL OR language IN ('vi', 'en')", name=op.f("ck_mail_preference_language")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_mail_preference_account_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_mail_preference")),
    )


def _log_in_link() -> None:
    op.create_table(
        "log_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("created_at < ends_at", name=op.f("ck_log_in_link_in_order")),
        sa.CheckConstraint("used_at IS NULL OR replaced_at IS NULL", name=op.f("ck_log_in_link_one_end")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_log_in_link_account_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_in_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_log_in_link_token_digest")),
    )
    op.create_index("ix_log_in_link_account", "log_in_link", ["account", "created_at"])
