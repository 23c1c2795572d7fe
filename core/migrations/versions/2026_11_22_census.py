"""Counts of mailboxes taken by the census: its runs, and one row for each mailbox of a run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_census"
down_revision = "20261122_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "census",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("selection", sa.String(), nullable=False),
        sa.Column("totals", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("state IN ('running', 'finished', 'stopped')", name=op.f("ck_census_state")),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name=op.f("ck_census_finished_when")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_census")),
    )
    op.create_index("ix_census_state_selection", "census", ["state", "selection"])
    _census_mailbox()


def downgrade() -> None:
    op.drop_table("census_mailbox")
    op.drop_table("census")


def _census_mailbox() -> None:
    op.create_table(
        "census_mailbox",
        sa.Column("census_id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("messages", sa.BigInteger(), nullable=True),
        sa.Column("unseen", sa.BigInteger(), nullable=True),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.Column("oldest_unseen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("uid_next", sa.BigInteger(), nullable=True),
        sa.Column("sent_state", sa.String(), nullable=True),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        *_checks(),
        sa.ForeignKeyConstraint(
            ["census_id"], ["census.id"], name=op.f("fk_census_mailbox_census_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("census_id", "mailbox", name=op.f("pk_census_mailbox")),
    )
    op.create_index("ix_census_mailbox_mailbox_asked_at", "census_mailbox", ["mailbox", "asked_at"])
    op.create_index("ix_census_mailbox_asked_at", "census_mailbox", ["asked_at"])


def _checks() -> tuple[sa.CheckConstraint, ...]:
    texts = {
        "state": "state IN ('waiting', 'counted', 'unknown')",
        "reason": (
            "reason IS NULL OR reason IN ('no_mailbox', 'refused', 'timeout', 'protocol', 'unreachable', 'not_asked')"
        ),
        "sent_state": "sent_state IS NULL OR sent_state IN ('found', 'empty', 'missing', 'unknown')",
        "unknown_why": "(state = 'unknown') = (reason IS NOT NULL)",
        "asked_when": "(state = 'waiting') = (asked_at IS NULL)",
        "counted_whole": (
            "(state = 'counted') = (messages IS NOT NULL) AND (state = 'counted') = (unseen IS NOT NULL)"
            " AND (state = 'counted') = (answered IS NOT NULL) AND (state = 'counted') = (uid_validity IS NOT NULL)"
            " AND (state = 'counted') = (sent_state IS NOT NULL)"
        ),
        "counts": "messages >= 0 AND unseen >= 0 AND answered >= 0 AND unseen <= messages AND answered <= messages",
        "oldest_of_some": "oldest_unseen_at IS NULL OR unseen > 0",
        "sent_found": "last_sent_at IS NULL OR sent_state = 'found'",
    }
    return tuple(sa.CheckConstraint(text, name=op.f(f"ck_census_mailbox_{name}")) for name, text in texts.items())
