"""Reminders sent, statements delivered, effects reported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_following"
down_revision = "20261123_attending"
branch_labels = None
depends_on = None

TABLES = ("training_reminder", "training_statement", "training_effect")


def upgrade() -> None:
    _training_reminder()
    _training_statement()
    _training_effect()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _training_reminder() -> None:
    op.create_table(
        "training_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=True),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('before_14', 'before_7', 'before_3', 'before_1', 'head_1', 'head_7')",
            name=op.f("ck_training_reminder_kind"),
        ),
        sa.CheckConstraint("accounts >= 0", name=op.f("ck_training_reminder_counted")),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_training_reminder_assignment")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_training_reminder_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_reminder")),
        sa.UniqueConstraint("assignment", "kind", "due_on", name="uq_training_reminder_once"),
    )


def _training_statement() -> None:
    op.create_table(
        "training_statement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('taken', 'refused')", name=op.f("ck_training_statement_state")),
        sa.CheckConstraint(
            "(state = 'refused') = (answer IS NOT NULL)", name=op.f("ck_training_statement_refused_why")
        ),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_training_statement_assignment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_statement")),
        sa.UniqueConstraint("assignment", "event", name="uq_training_statement_once"),
    )


def _training_effect() -> None:
    op.create_table(
        "training_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("days_each", sa.Integer(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("permutations", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("inputs_digest", sa.String(), nullable=False),
        sa.Column("panel", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(inputs_digest) = 64", name=op.f("ck_training_effect_digest")),
        sa.CheckConstraint(
            "first_day <= last_day AND days_each >= 1 AND periods >= 0", name=op.f("ck_training_effect_period")
        ),
        sa.CheckConstraint("permutations >= 1 AND people >= 0", name=op.f("ck_training_effect_counted")),
        sa.ForeignKeyConstraint(["campaign"], ["training_campaign.id"], name=op.f("fk_training_effect_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_effect")),
        sa.UniqueConstraint("campaign", "inputs_digest", name="uq_training_effect_campaign_inputs_digest"),
    )
    op.create_index("ix_training_effect_campaign", "training_effect", ["campaign", "id"])
