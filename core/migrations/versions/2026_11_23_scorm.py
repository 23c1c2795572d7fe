"""SCORM packages: what is in one, and what a learner's package kept and reported. A step may be one of a package's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_scorm"
down_revision = "20261123_looks"
branch_labels = None
depends_on = None

KIND = "ck_step_done_kind"
BEFORE = "kind IN ('lesson', 'quiz', 'exercise', 'class')"
NOW = "kind IN ('lesson', 'quiz', 'exercise', 'class', 'scorm')"
STATUS = "status IN ('passed', 'completed', 'failed', 'incomplete', 'browsed', 'not attempted')"


def upgrade() -> None:
    _kinds(BEFORE, NOW)
    op.create_table(
        "scorm_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorm_package")),
        sa.UniqueConstraint("digest", name=op.f("uq_scorm_package_digest")),
    )
    op.create_table(
        "scorm_file",
        sa.Column("package", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["package"], ["scorm_package.id"], name=op.f("fk_scorm_file_package")),
        sa.PrimaryKeyConstraint("package", "folded", name=op.f("pk_scorm_file")),
    )
    _report()


def _report() -> None:
    op.create_table(
        "scorm_report",
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("package", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("sitting", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(STATUS, name=op.f("ck_scorm_report_status")),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name=op.f("ck_scorm_report_score")),
        sa.CheckConstraint("serial >= 1 AND before >= 0 AND spent >= 0", name=op.f("ck_scorm_report_counted")),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_scorm_report_assignment")),
        sa.ForeignKeyConstraint(["package"], ["scorm_package.id"], name=op.f("fk_scorm_report_package")),
        sa.PrimaryKeyConstraint("assignment", "key", name=op.f("pk_scorm_report")),
    )


def downgrade() -> None:
    for table in ("scorm_report", "scorm_file", "scorm_package"):
        op.drop_table(table)
    op.execute("DELETE FROM step_done WHERE kind = 'scorm'")
    _kinds(NOW, BEFORE)


def _kinds(before: str, after: str) -> None:
    """Which kinds of step there are; SQLite makes the table anew and has to be told all of it."""
    table = sa.Table(
        "step_done",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint(before, name=op.f(KIND)),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_step_done_assignment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_done")),
        sa.UniqueConstraint("assignment", "kind", "key", name="uq_step_done_assignment_kind_key"),
    )
    with op.batch_alter_table("step_done", copy_from=table) as changed:
        changed.drop_constraint(op.f(KIND), type_="check")
        changed.create_check_constraint(op.f(KIND), after)
