"""Attendance that was entered wrongly and taken back, and of which assignments people were told.

Of the certificates of an assignment one stands at most, rather than there being one: a course that is completed anew
after its certificate was revoked is proved by a new one. Whoever has a course to do already is not told of it now.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_taking_back"
down_revision = "20261123_scorm"
branch_labels = None
depends_on = None

STANDS = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("certificate", copy_from=_certificate(one_each=True)) as table:
        table.drop_constraint(op.f("uq_certificate_assignment"), type_="unique")
    op.create_index(
        op.f("uq_certificate_standing"),
        "certificate",
        ["assignment"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    _taken_back()
    _told()


def _taken_back() -> None:
    op.create_table(
        "class_attendance_taken_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_class", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("certificate", sa.Integer(), nullable=True),
        sa.CheckConstraint("entered_at <= taken_back_at", name=op.f("ck_class_attendance_taken_back_in_order")),
        sa.ForeignKeyConstraint(
            ["training_class"], ["training_class.id"],
            name=op.f("fk_class_attendance_taken_back_training_class_training_class"),
        ),
        sa.ForeignKeyConstraint(
            ["official"], ["official.id"], name=op.f("fk_class_attendance_taken_back_official_official")
        ),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.id"], name=op.f("fk_class_attendance_taken_back_certificate_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_attendance_taken_back")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_class_attendance_taken_back_training_class"),
        "class_attendance_taken_back",
        ["training_class", "official"],
    )


def _told() -> None:
    op.create_table(
        "assignment_told",
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("accounts >= 0", name=op.f("ck_assignment_told_counted")),
        sa.ForeignKeyConstraint(
            ["assignment"], ["assignment.id"], name=op.f("fk_assignment_told_assignment_assignment")
        ),
        sa.PrimaryKeyConstraint("assignment", name=op.f("pk_assignment_told")),
    )
    op.execute(
        "INSERT INTO assignment_told (assignment, accounts, told_at)"
        " SELECT id, 0, assigned_at FROM assignment WHERE state != 'waiting'"
    )


def downgrade() -> None:
    op.drop_table("assignment_told")
    op.drop_table("class_attendance_taken_back")
    op.drop_index(op.f("uq_certificate_standing"), "certificate")
    op.execute(
        "DELETE FROM certificate WHERE revoked_at IS NOT NULL AND EXISTS (SELECT 1 FROM certificate AS later"
        " WHERE later.assignment = certificate.assignment AND later.id > certificate.id)"
    )
    with op.batch_alter_table("certificate", copy_from=_certificate(one_each=False)) as table:
        table.create_unique_constraint(op.f("uq_certificate_assignment"), ["assignment"])


def _certificate(*, one_each: bool) -> sa.Table:
    """The certificates as they are: SQLite makes the table anew and would forget what it is not told of."""
    each = [sa.UniqueConstraint("assignment", name=op.f("uq_certificate_assignment"))] if one_each else []
    return sa.Table(
        "certificate",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title_vi", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("renewal", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_why", sa.String(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_certificate_version")),
        sa.CheckConstraint("expires_on IS NULL OR expires_on > earned_on", name=op.f("ck_certificate_in_order")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_why IS NULL)",
            name=op.f("ck_certificate_revoked_whole"),
        ),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_certificate_assignment_assignment")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_certificate_official_official")),
        sa.ForeignKeyConstraint(["renewal"], ["assignment.id"], name=op.f("fk_certificate_renewal_assignment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        *each,
        sa.Index("ix_certificate_official", "official", "course_key"),
        sa.Index("ix_certificate_expires_on", "expires_on"),
    )
