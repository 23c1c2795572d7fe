"""Courses, lessons read, and quizzes taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_learning"
down_revision = "20261123_assigning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _course()
    _course_edition()
    _course_picture()
    _step_done()
    _lesson_opened()
    _quiz_attempt()


def _course() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_vi", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("summary_vi", sa.String(), nullable=False),
        sa.Column("summary_en", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_course_counted")),
        sa.CheckConstraint("pass_mark BETWEEN 1 AND 100", name=op.f("ck_course_pass_mark")),
        sa.CheckConstraint("minutes >= 1", name=op.f("ck_course_minutes")),
        sa.CheckConstraint("valid_months IS NULL OR valid_months >= 1", name=op.f("ck_course_valid_months")),
        sa.CheckConstraint(
            "audience IN ('everybody', 'leaders', 'specialists', 'clerks')", name=op.f("ck_course_audience")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("key", name=op.f("uq_course_key")),
    )


def _course_edition() -> None:
    op.create_table(
        "course_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_course_edition_counted")),
        sa.CheckConstraint("origin IN ('shipped', 'package', 'editor')", name=op.f("ck_course_edition_origin")),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name=op.f("fk_course_edition_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_edition")),
        sa.UniqueConstraint("course", "number", name="uq_course_edition_course_number"),
    )


def _course_picture() -> None:
    op.create_table(
        "course_picture",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_course_picture")),
    )


def _step_done() -> None:
    op.create_table(
        "step_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('lesson', 'quiz', 'exercise', 'class')", name=op.f("ck_step_done_kind")),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_step_done_assignment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_done")),
        sa.UniqueConstraint("assignment", "kind", "key", name="uq_step_done_assignment_kind_key"),
    )


def _lesson_opened() -> None:
    op.create_table(
        "lesson_opened",
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("lesson", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_lesson_opened_assignment")),
        sa.PrimaryKeyConstraint("assignment", "lesson", name=op.f("pk_lesson_opened")),
    )


def _quiz_attempt() -> None:
    op.create_table(
        "quiz_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("quiz", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_quiz_attempt_counted")),
        sa.CheckConstraint(
            "(handed_in_at IS NULL) = (marks IS NULL) AND (handed_in_at IS NULL) = (percent IS NULL)"
            " AND (handed_in_at IS NULL) = (passed IS NULL)",
            name=op.f("ck_quiz_attempt_handed_in_whole"),
        ),
        sa.CheckConstraint("percent IS NULL OR percent BETWEEN 0 AND 100", name=op.f("ck_quiz_attempt_percent")),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_quiz_attempt_assignment")),
        sa.ForeignKeyConstraint(["edition"], ["course_edition.id"], name=op.f("fk_quiz_attempt_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
        sa.UniqueConstraint("assignment", "quiz", "number", name="uq_quiz_attempt_assignment_quiz_number"),
    )
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_attempt_edition", ["edition"], unique=False)
        batch_op.create_index(
            "uq_quiz_attempt_open",
            ["assignment", "quiz"],
            unique=True,
            sqlite_where=sa.text("handed_in_at IS NULL"),
            postgresql_where=sa.text("handed_in_at IS NULL"),
        )


def downgrade() -> None:
    for table in ("quiz_attempt", "lesson_opened", "step_done", "course_picture", "course_edition", "course"):
        op.drop_table(table)
