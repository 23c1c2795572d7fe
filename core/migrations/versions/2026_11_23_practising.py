"""Exercises on the real system, what proved them, and the documents that are practice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_practising"
down_revision = "20261123_learning"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "practice_draft",
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        _moment("made_at"),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_practice_draft_draft_draft")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_practice_draft_official_official")),
        sa.PrimaryKeyConstraint("draft", name=op.f("pk_practice_draft")),
        sa.UniqueConstraint("mark", name=op.f("uq_practice_draft_mark")),
    )
    op.create_index(op.f("ix_practice_draft_official"), "practice_draft", ["official"])
    _exercises()
    _exercise_indexes()
    op.create_table(
        "exercise_proof",
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("exercise", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.id"], name=op.f("fk_exercise_proof_exercise_exercise")),
        sa.PrimaryKeyConstraint("evidence", name=op.f("pk_exercise_proof")),
    )
    op.create_index(op.f("ix_exercise_proof_exercise"), "exercise_proof", ["exercise"])


def _exercises() -> None:
    op.create_table(
        "exercise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("second_code", sa.String(), nullable=True),
        _moment("issued_at"),
        _moment("expires_at"),
        sa.Column("state", sa.String(), nullable=False),
        _moment("ended_at", nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("why_vi", sa.String(), nullable=True),
        sa.Column("why_en", sa.String(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        _moment("looked_at", nullable=True),
        _moment("evidence_until", nullable=True),
        sa.Column("mail", sa.Integer(), nullable=True),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'passed', 'failed')", name=op.f("ck_exercise_state")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_exercise_counted")),
        sa.CheckConstraint("issued_at < expires_at", name=op.f("ck_exercise_in_order")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_exercise_ended_when")),
        sa.CheckConstraint(
            "(why_vi IS NULL) = (why_en IS NULL) AND (why IS NULL) = (why_vi IS NULL)",
            name=op.f("ck_exercise_why_whole"),
        ),
        sa.CheckConstraint("state = 'open' OR why IS NOT NULL", name=op.f("ck_exercise_ended_why")),
        sa.CheckConstraint(
            "code = lower(code) AND (second_code IS NULL OR second_code = lower(second_code))",
            name=op.f("ck_exercise_lower_case"),
        ),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_exercise_assignment_assignment")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_exercise_official_official")),
        sa.ForeignKeyConstraint(["mail"], ["outgoing_mail.id"], name=op.f("fk_exercise_mail_outgoing_mail")),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_exercise_draft_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercise")),
        sa.UniqueConstraint("assignment", "kind", "number", name="uq_exercise_assignment_kind_number"),
        sa.UniqueConstraint("code", name=op.f("uq_exercise_code")),
        sa.UniqueConstraint("second_code", name=op.f("uq_exercise_second_code")),
    )


def _exercise_indexes() -> None:
    opened = sa.text("state = 'open'")
    op.create_index(
        "uq_exercise_open", "exercise", ["assignment", "kind"], unique=True,
        sqlite_where=opened, postgresql_where=opened,
    )  # fmt: skip
    op.create_index("ix_exercise_state", "exercise", ["state", "expires_at"])
    op.create_index("ix_exercise_official", "exercise", ["official"])


def downgrade() -> None:
    op.drop_index(op.f("ix_exercise_proof_exercise"), table_name="exercise_proof")
    op.drop_table("exercise_proof")
    for name in ("ix_exercise_official", "ix_exercise_state", "uq_exercise_open"):
        op.drop_index(name, table_name="exercise")
    op.drop_table("exercise")
    op.drop_index(op.f("ix_practice_draft_official"), table_name="practice_draft")
    op.drop_table("practice_draft")
