"""Envelope copies taken by the journal: messages, whom they went to, which server was heard when, the runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_journal"
down_revision = "20261122_standing_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _journal_message()
    _journal_recipient()
    op.create_table(
        "journal_hour",
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("server", "hour", name=op.f("pk_journal_hour")),
    )
    _journal_run()


def downgrade() -> None:
    op.drop_table("journal_run")
    op.drop_table("journal_hour")
    op.drop_table("journal_recipient")
    op.drop_table("journal_message")


def _journal_message() -> None:
    op.create_table(
        "journal_message",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("log_in", sa.String(), nullable=True),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("automatic", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "proof IN ('login', 'nameless', 'inside', 'claimed', 'outside')", name=op.f("ck_journal_message_proof")
        ),
        sa.CheckConstraint("(proof = 'login') = (log_in IS NOT NULL)", name=op.f("ck_journal_message_log_in_named")),
        sa.CheckConstraint(
            "automatic IS NULL OR automatic IN ('submitted', 'precedence', 'list', 'empty_sender')",
            name=op.f("ck_journal_message_automatic"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_journal_message_size")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_journal_message")),
    )
    op.create_index("ix_journal_message_at", "journal_message", ["at"])


def _journal_recipient() -> None:
    op.create_table(
        "journal_recipient",
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("redirected", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('envelope', 'to', 'cc', 'bcc', 'recipient')", name=op.f("ck_journal_recipient_kind")
        ),
        sa.CheckConstraint(
            "redirected IS NULL OR redirected IN ('expanded', 'forwarded')",
            name=op.f("ck_journal_recipient_redirected"),
        ),
        sa.CheckConstraint(
            "(redirected IS NULL) = (source IS NULL)", name=op.f("ck_journal_recipient_redirected_from")
        ),
        sa.ForeignKeyConstraint(
            ["message"],
            ["journal_message.key"],
            name=op.f("fk_journal_recipient_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message", "address", name=op.f("pk_journal_recipient")),
    )


def _journal_run() -> None:
    op.create_table(
        "journal_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listen", sa.String(), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("started_at <= beat_at", name=op.f("ck_journal_run_in_order")),
        sa.CheckConstraint("ended_at IS NULL OR started_at <= ended_at", name=op.f("ck_journal_run_ended_after")),
        sa.CheckConstraint("taken >= 0 AND refused >= 0", name=op.f("ck_journal_run_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_run")),
    )
    op.create_index("ix_journal_run_beat_at", "journal_run", ["beat_at"])
