"""Who is to learn what, by which rule and in which wave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_assigning"
down_revision = "20261123_list_indexes"
branch_labels = None
depends_on = None

TABLES = ("training_rule", "training_campaign", "training_campaign_member", "assignment", "training_exemption")


def upgrade() -> None:
    _training_rule()
    _training_campaign()
    _training_campaign_member()
    _assignment()
    _training_exemption()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _training_rule() -> None:
    op.create_table(
        "training_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("waves", sa.Integer(), nullable=False),
        sa.Column("wave_days", sa.Integer(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_by", sa.String(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.String(), nullable=True),
        *_training_rule_checks(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_rule")),
        sa.UniqueConstraint("name", "version", name="uq_training_rule_name_version"),
    )
    op.create_index(
        "uq_training_rule_stands",
        "training_rule",
        ["name"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )


def _training_rule_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "(activated_at IS NULL) = (activated_by IS NULL)", name=op.f("ck_training_rule_activated_whole")
        ),
        sa.CheckConstraint("(retired_at IS NULL) = (retired_by IS NULL)", name=op.f("ck_training_rule_retired_whole")),
        sa.CheckConstraint("due_days BETWEEN 1 AND 366", name=op.f("ck_training_rule_due_days")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_training_rule_counted")),
        sa.CheckConstraint("wave_days BETWEEN 1 AND 366", name=op.f("ck_training_rule_wave_days")),
        sa.CheckConstraint("waves BETWEEN 1 AND 12", name=op.f("ck_training_rule_waves")),
    ]


def _training_campaign() -> None:
    op.create_table(
        "training_campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("snapshot_digest", sa.String(), nullable=False),
        sa.Column("waves", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("seed_typed", sa.Boolean(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("list_digest", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        *_training_campaign_checks(),
        sa.ForeignKeyConstraint(["rule"], ["training_rule.id"], name=op.f("fk_training_campaign_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_campaign")),
        sa.UniqueConstraint("rule", "number", name="uq_training_campaign_rule_number"),
    )
    op.create_index(
        "uq_training_campaign_open",
        "training_campaign",
        ["rule"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL AND closed_at IS NULL"),
    )


def _training_campaign_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_training_campaign_closed_whole")),
        sa.CheckConstraint(
            "(seed IS NULL) = (published_at IS NULL) AND (seed IS NULL) = (published_by IS NULL)"
            " AND (seed IS NULL) = (starts_on IS NULL) AND (seed IS NULL) = (seed_typed IS NULL)",
            name=op.f("ck_training_campaign_published_whole"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_training_campaign_settled_whole")
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_training_campaign_period_order")),
        sa.CheckConstraint("number >= 1 AND people >= 0", name=op.f("ck_training_campaign_counted")),
        sa.CheckConstraint("settled_at IS NULL OR closed_at IS NULL", name=op.f("ck_training_campaign_one_end")),
        sa.CheckConstraint(
            "settled_at IS NULL OR published_at IS NULL OR published_at <= settled_at",
            name=op.f("ck_training_campaign_in_order"),
        ),
        sa.CheckConstraint(
            "waves = 1 OR settled_at IS NULL OR seed IS NOT NULL", name=op.f("ck_training_campaign_published_before")
        ),
        sa.CheckConstraint("waves BETWEEN 1 AND 12", name=op.f("ck_training_campaign_waves")),
    ]


def _training_campaign_member() -> None:
    op.create_table(
        "training_campaign_member",
        sa.Column("campaign", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("reason_vi", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("first_why", sa.String(), nullable=True),
        sa.Column("first_by", sa.String(), nullable=True),
        sa.Column("wave", sa.Integer(), nullable=True),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(first_why IS NULL) = (first_by IS NULL)", name=op.f("ck_training_campaign_member_first_whole")
        ),
        sa.CheckConstraint(
            "ticket IS NULL OR (wave IS NOT NULL AND first_why IS NULL)", name=op.f("ck_training_campaign_member_drawn")
        ),
        sa.CheckConstraint("wave IS NULL OR wave BETWEEN 1 AND 12", name=op.f("ck_training_campaign_member_wave")),
        sa.ForeignKeyConstraint(
            ["campaign"], ["training_campaign.id"], name=op.f("fk_training_campaign_member_campaign")
        ),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_training_campaign_member_official")),
        sa.PrimaryKeyConstraint("campaign", "official", name=op.f("pk_training_campaign_member")),
    )
    op.create_index("ix_training_campaign_member_official", "training_campaign_member", ["official"], unique=False)


def _assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=True),
        sa.Column("campaign", sa.Integer(), nullable=True),
        sa.Column("wave", sa.Integer(), nullable=True),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("reason_vi", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("renews", sa.Integer(), nullable=True),
        *_assignment_checks(),
        sa.ForeignKeyConstraint(["campaign"], ["training_campaign.id"], name=op.f("fk_assignment_campaign")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_assignment_official")),
        sa.ForeignKeyConstraint(["renews"], ["assignment.id"], name=op.f("fk_assignment_renews")),
        sa.ForeignKeyConstraint(["rule"], ["training_rule.id"], name=op.f("fk_assignment_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_campaign", "assignment", ["campaign"], unique=False)
    op.create_index("ix_assignment_official", "assignment", ["official", "id"], unique=False)
    op.create_index("ix_assignment_state", "assignment", ["state", "due_on"], unique=False)
    op.create_index(
        "uq_assignment_open",
        "assignment",
        ["official", "course_key"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'open')"),
        postgresql_where=sa.text("state IN ('waiting', 'open')"),
    )


def _assignment_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_assignment_done_when")),
        sa.CheckConstraint(
            "(state IN ('excused', 'withdrawn')) = (ended_at IS NOT NULL)", name=op.f("ck_assignment_ended_when")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'open', 'done', 'excused', 'withdrawn')", name=op.f("ck_assignment_state")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_why IS NULL)",
            name=op.f("ck_assignment_ended_whole"),
        ),
        sa.CheckConstraint("NOT drawn OR wave IS NOT NULL", name=op.f("ck_assignment_drawn_wave")),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_assignment_counted")),
        sa.CheckConstraint("campaign IS NULL OR rule IS NOT NULL", name=op.f("ck_assignment_by_a_rule")),
        sa.CheckConstraint("starts_on <= due_on", name=op.f("ck_assignment_in_order")),
        sa.CheckConstraint("wave IS NULL OR wave BETWEEN 1 AND 12", name=op.f("ck_assignment_wave")),
    ]


def _training_exemption() -> None:
    op.create_table(
        "training_exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_training_exemption_ended_whole")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_training_exemption_in_order")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_training_exemption_official")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_exemption")),
    )
    op.create_index("ix_training_exemption_official", "training_exemption", ["official", "first_day"], unique=False)
