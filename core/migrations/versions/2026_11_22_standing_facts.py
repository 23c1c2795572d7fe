"""Facts per mailbox and day that stand, kept up to date by every collection."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_standing_facts"
down_revision = "20261122_log_sources"
branch_labels = None
depends_on = None

COUNTS = (
    "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened", "acts_a", "acts_b",
    "acts_c", "acts_d", "uncounted", "delegated", "forwards", "outside",
)  # fmt: skip


def upgrade() -> None:
    """The three tables."""
    _standing_month()
    _standing_day()
    op.create_table(
        "standing_report",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_standing_report_digest")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_standing_report_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_standing_report")),
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("standing_report")
    op.drop_table("standing_day")
    op.drop_table("standing_month")


def _standing_month() -> None:
    op.create_table(
        "standing_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("inputs", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("tells", sa.JSON(), nullable=False),
        sa.Column("mailbox_days", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mailbox_days >= 0", name=op.f("ck_standing_month_counts")),
        sa.CheckConstraint("length(inputs) = 64 AND length(facts) = 64", name=op.f("ck_standing_month_digests")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_standing_month")),
    )


def _standing_day() -> None:
    op.create_table(
        "standing_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name == "opened") for name in COUNTS),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("hosts", "delegates", "targets", "more")),
        sa.CheckConstraint(
            "sent >= 0 AND sent_recipients >= 0 AND sent_external >= 0 AND received >= 0 AND logins >= 0"
            " AND failed_logins >= 0 AND (opened IS NULL OR opened >= 0)",
            name=op.f("ck_standing_day_counts"),
        ),
        sa.CheckConstraint(
            "acts_a >= 0 AND acts_b >= 0 AND acts_c >= 0 AND acts_d >= 0"
            " AND uncounted >= 0 AND delegated >= 0 AND forwards >= 0 AND outside >= 0",
            name=op.f("ck_standing_day_acts"),
        ),
        sa.PrimaryKeyConstraint("day", "mailbox", name=op.f("pk_standing_day")),
    )
