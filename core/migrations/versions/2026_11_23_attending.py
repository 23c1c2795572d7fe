"""Classes with rooms and places, who was there, and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_attending"
down_revision = "20261123_practising"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _classes()
    _seats()
    _attendance()
    _certificates()


def _classes() -> None:
    op.create_table(
        "training_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=False),
        sa.Column("step_key", sa.String(), nullable=True),
        sa.Column("unit", sa.Integer(), nullable=True),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("teacher", sa.Integer(), nullable=True),
        sa.Column("teacher_name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.String(), nullable=True),
        sa.Column("cancelled_why", sa.String(), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_training_class_in_order")),
        sa.CheckConstraint("places BETWEEN 1 AND 1000", name=op.f("ck_training_class_places")),
        sa.CheckConstraint("changes >= 0", name=op.f("ck_training_class_counted")),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by IS NULL) AND (cancelled_at IS NULL) = (cancelled_why IS NULL)",
            name=op.f("ck_training_class_cancelled_whole"),
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_training_class_unit_unit")),
        sa.ForeignKeyConstraint(["teacher"], ["official.id"], name=op.f("fk_training_class_teacher_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_class")),
        sa.UniqueConstraint("uid", name=op.f("uq_training_class_uid")),
    )
    op.create_index(op.f("ix_training_class_unit"), "training_class", ["unit"])
    op.create_index(op.f("ix_training_class_teacher"), "training_class", ["teacher"])
    op.create_index(op.f("ix_training_class_starts_at"), "training_class", ["starts_at"])
    op.create_index(op.f("ix_training_class_course_key"), "training_class", ["course_key", "starts_at"])


def _seats() -> None:
    op.create_table(
        "class_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_class", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chair", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('seated', 'waiting', 'left')", name=op.f("ck_class_seat_state")),
        sa.CheckConstraint("(state = 'seated') = (chair IS NOT NULL)", name=op.f("ck_class_seat_seated_on_chair")),
        sa.CheckConstraint("(state = 'seated') = (seated_at IS NOT NULL)", name=op.f("ck_class_seat_seated_when")),
        sa.CheckConstraint("(state = 'left') = (left_at IS NOT NULL)", name=op.f("ck_class_seat_left_when")),
        sa.CheckConstraint("chair IS NULL OR chair BETWEEN 1 AND 1000", name=op.f("ck_class_seat_chair")),
        sa.CheckConstraint("number >= 1 AND sequence >= 0", name=op.f("ck_class_seat_counted")),
        sa.ForeignKeyConstraint(
            ["training_class"], ["training_class.id"], name=op.f("fk_class_seat_training_class_training_class")
        ),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_class_seat_official_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_seat")),
        sa.UniqueConstraint("training_class", "official", name=op.f("uq_class_seat_training_class_official")),
        sa.UniqueConstraint("training_class", "number", name=op.f("uq_class_seat_training_class_number")),
    )
    op.create_index(op.f("ix_class_seat_official"), "class_seat", ["official", "state"])
    op.create_index(
        op.f("uq_class_seat_chair"),
        "class_seat",
        ["training_class", "chair"],
        unique=True,
        sqlite_where=sa.text("chair IS NOT NULL"),
        postgresql_where=sa.text("chair IS NOT NULL"),
    )


def _attendance() -> None:
    op.create_table(
        "class_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_class", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("how IN ('code', 'entered')", name=op.f("ck_class_attendance_how")),
        sa.ForeignKeyConstraint(
            ["training_class"], ["training_class.id"], name=op.f("fk_class_attendance_training_class_training_class")
        ),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_class_attendance_official_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_attendance")),
        sa.UniqueConstraint("training_class", "official", name=op.f("uq_class_attendance_training_class_official")),
    )
    op.create_index(op.f("ix_class_attendance_official"), "class_attendance", ["official"])


def _certificates() -> None:
    op.create_table(
        "certificate",
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
        sa.UniqueConstraint("assignment", name=op.f("uq_certificate_assignment")),
    )
    op.create_index(op.f("ix_certificate_official"), "certificate", ["official", "course_key"])
    op.create_index(op.f("ix_certificate_expires_on"), "certificate", ["expires_on"])


def downgrade() -> None:
    for table in ("certificate", "class_attendance", "class_seat", "training_class"):
        op.drop_table(table)
