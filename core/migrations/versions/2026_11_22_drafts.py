"""The e-office: drafts with revisions, remarks and attachments; routes with rounds, steps and tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_drafts"
down_revision = "20261122_search_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _draft()
    _route_template()
    _draft_attachment()
    _draft_link()
    _draft_look()
    _draft_remark()
    _draft_revision()
    _draft_round()
    _draft_step()
    _draft_task()


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("drafter", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("content_by", sa.Integer(), nullable=True),
        sa.Column("form_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_for", sa.Integer(), nullable=True),
        sa.Column("approved_revision", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name=op.f("ck_draft_approved_when")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (state != 'withdrawn')", name=op.f("ck_draft_withdrawn_when")),
        sa.CheckConstraint("source IN ('text', 'docx')", name=op.f("ck_draft_source")),
        sa.CheckConstraint(
            "state IN ('drafting', 'on_route', 'returned', 'approved', 'withdrawn')", name=op.f("ck_draft_state")
        ),
        sa.CheckConstraint("urgency IN ('normal', 'urgent', 'very_urgent', 'express')", name=op.f("ck_draft_urgency")),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL) AND (approved_at IS NULL) = (approved_revision IS NULL)",
            name=op.f("ck_draft_approved_whole"),
        ),
        sa.CheckConstraint("approved_by IS NULL OR approved_by != drafter", name=op.f("ck_draft_not_by_drafter")),
        sa.CheckConstraint("content_by IS NULL OR content_by != drafter", name=op.f("ck_draft_content_by_another")),
        sa.CheckConstraint(
            "content_by IS NULL OR form_by IS NULL OR content_by != form_by", name=op.f("ck_draft_two_people")
        ),
        sa.CheckConstraint("form_by IS NULL OR form_by != drafter", name=op.f("ck_draft_form_by_another")),
        sa.ForeignKeyConstraint(["approved_by"], ["official.id"], name=op.f("fk_draft_approved_by")),
        sa.ForeignKeyConstraint(["approved_for"], ["official.id"], name=op.f("fk_draft_approved_for")),
        sa.ForeignKeyConstraint(["content_by"], ["official.id"], name=op.f("fk_draft_content_by")),
        sa.ForeignKeyConstraint(["drafter"], ["official.id"], name=op.f("fk_draft_drafter")),
        sa.ForeignKeyConstraint(["form_by"], ["official.id"], name=op.f("fk_draft_form_by")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_draft_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_drafter", ["drafter", "state"], unique=False)
        batch_op.create_index("ix_draft_unit", ["unit", "state"], unique=False)


def _route_template() -> None:
    op.create_table(
        "route_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("unit", sa.Integer(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.String(), nullable=True),
        sa.CheckConstraint("(retired_at IS NULL) = (retired_by IS NULL)", name=op.f("ck_route_template_retired_whole")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_route_template_counted")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_route_template_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_template")),
        sa.UniqueConstraint("name", "version", name="uq_route_template_name_version"),
    )
    with op.batch_alter_table("route_template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_route_template_unit"), ["unit"], unique=False)


def _draft_attachment() -> None:
    op.create_table(
        "draft_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)", name=op.f("ck_draft_attachment_removed_whole")
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_draft_attachment_size")),
        sa.ForeignKeyConstraint(["added_by"], ["official.id"], name=op.f("fk_draft_attachment_added_by")),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_draft_attachment_draft")),
        sa.ForeignKeyConstraint(["removed_by"], ["official.id"], name=op.f("fk_draft_attachment_removed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_attachment")),
    )
    with op.batch_alter_table("draft_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_attachment_draft"), ["draft"], unique=False)


def _draft_link() -> None:
    op.create_table(
        "draft_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=True),
        sa.Column("named", sa.String(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('replies_to', 'replaces', 'amends', 'related')", name=op.f("ck_draft_link_kind")),
        sa.CheckConstraint("(other IS NULL) != (named IS NULL)", name=op.f("ck_draft_link_one_of_two")),
        sa.CheckConstraint("other IS NULL OR other != draft", name=op.f("ck_draft_link_another")),
        sa.ForeignKeyConstraint(["added_by"], ["official.id"], name=op.f("fk_draft_link_added_by")),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_draft_link_draft")),
        sa.ForeignKeyConstraint(["other"], ["draft.id"], name=op.f("fk_draft_link_other")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_link")),
    )
    with op.batch_alter_table("draft_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_link_draft"), ["draft"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_link_other"), ["other"], unique=False)


def _draft_look() -> None:
    op.create_table(
        "draft_look",
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_draft_look_draft")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_draft_look_official")),
        sa.PrimaryKeyConstraint("draft", "official", name=op.f("pk_draft_look")),
    )


def _draft_remark() -> None:
    op.create_table(
        "draft_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("acting_for", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("block_id", sa.String(), nullable=True),
        sa.Column("begin_at", sa.Integer(), nullable=True),
        sa.Column("end_at", sa.Integer(), nullable=True),
        sa.Column("quote", sa.String(), nullable=True),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("via IN ('web', 'mail', 'api')", name=op.f("ck_draft_remark_via")),
        sa.CheckConstraint(
            "(begin_at IS NULL) = (end_at IS NULL) AND (begin_at IS NULL OR begin_at < end_at)",
            name=op.f("ck_draft_remark_range_whole"),
        ),
        sa.CheckConstraint("(block_id IS NULL) = (quote IS NULL)", name=op.f("ck_draft_remark_anchored_whole")),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)", name=op.f("ck_draft_remark_resolved_whole")
        ),
        sa.ForeignKeyConstraint(["acting_for"], ["official.id"], name=op.f("fk_draft_remark_acting_for")),
        sa.ForeignKeyConstraint(["author"], ["official.id"], name=op.f("fk_draft_remark_author")),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_draft_remark_draft")),
        sa.ForeignKeyConstraint(["parent"], ["draft_remark.id"], name=op.f("fk_draft_remark_parent")),
        sa.ForeignKeyConstraint(["resolved_by"], ["official.id"], name=op.f("fk_draft_remark_resolved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_remark")),
    )
    with op.batch_alter_table("draft_remark", schema=None) as batch_op:
        batch_op.create_index("ix_draft_remark_draft", ["draft", "id"], unique=False)


def _draft_revision() -> None:
    op.create_table(
        "draft_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("acting_for", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.Column("file_digest", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("merged", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(file_digest IS NULL) = (file_name IS NULL)", name=op.f("ck_draft_revision_file_whole")),
        sa.CheckConstraint("base IS NULL OR base < number", name=op.f("ck_draft_revision_after_its_base")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draft_revision_counted")),
        sa.ForeignKeyConstraint(["acting_for"], ["official.id"], name=op.f("fk_draft_revision_acting_for")),
        sa.ForeignKeyConstraint(["author"], ["official.id"], name=op.f("fk_draft_revision_author")),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_draft_revision_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_revision")),
        sa.UniqueConstraint("draft", "number", name="uq_draft_revision_draft_number"),
    )


def _draft_round() -> None:
    op.create_table(
        "draft_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("template", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("returned_to", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('approved', 'returned', 'pulled_back', 'withdrawn')",
            name=op.f("ck_draft_round_outcome"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_draft_round_ended_whole")),
        sa.ForeignKeyConstraint(["begun_by"], ["official.id"], name=op.f("fk_draft_round_begun_by")),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_draft_round_draft")),
        sa.ForeignKeyConstraint(["template"], ["route_template.id"], name=op.f("fk_draft_round_template")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_round")),
        sa.UniqueConstraint("draft", "number", name="uq_draft_round_draft_number"),
    )
    with op.batch_alter_table("draft_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_round_draft"), ["draft"], unique=False)
        batch_op.create_index(
            "uq_draft_round_open",
            ["draft"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def _draft_step() -> None:
    op.create_table(
        "draft_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("coming", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'passed_over') OR opened_at IS NOT NULL", name=op.f("ck_draft_step_opened_when")
        ),
        sa.CheckConstraint("(asked_by IS NULL) = (asked_at IS NULL)", name=op.f("ck_draft_step_asked_whole")),
        sa.CheckConstraint("kind IN ('serial', 'all', 'any', 'n_of_m')", name=op.f("ck_draft_step_kind")),
        sa.CheckConstraint("purpose IN ('opinion', 'content', 'form', 'approval')", name=op.f("ck_draft_step_purpose")),
        sa.CheckConstraint(
            "state IN ('waiting', 'open', 'done', 'passed_over', 'void')", name=op.f("ck_draft_step_state")
        ),
        sa.CheckConstraint("needed >= 0", name=op.f("ck_draft_step_needed")),
        sa.ForeignKeyConstraint(["asked_by"], ["official.id"], name=op.f("fk_draft_step_asked_by")),
        sa.ForeignKeyConstraint(["round"], ["draft_round.id"], name=op.f("fk_draft_step_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
        sa.UniqueConstraint("round", "position", name="uq_draft_step_round_position"),
    )


def _draft_task() -> None:
    op.create_table(
        "draft_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("official", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("via", sa.String(), nullable=True),
        sa.Column("remark", sa.Integer(), nullable=True),
        sa.Column("seen_revision", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_to", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'decided') = (decision IS NOT NULL) AND (decision IS NULL) = (decided_at IS NULL)"
            " AND (decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (seen_revision IS NULL)",
            name=op.f("ck_draft_task_decided_whole"),
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('agree', 'return', 'opinion')", name=op.f("ck_draft_task_decision")
        ),
        sa.CheckConstraint("state IN ('open', 'decided', 'void', 'handed_over')", name=op.f("ck_draft_task_state")),
        sa.ForeignKeyConstraint(["decided_by"], ["official.id"], name=op.f("fk_draft_task_decided_by")),
        sa.ForeignKeyConstraint(["handed_to"], ["official.id"], name=op.f("fk_draft_task_handed_to")),
        sa.ForeignKeyConstraint(["official"], ["official.id"], name=op.f("fk_draft_task_official")),
        sa.ForeignKeyConstraint(["remark"], ["draft_remark.id"], name=op.f("fk_draft_task_remark")),
        sa.ForeignKeyConstraint(["step"], ["draft_step.id"], name=op.f("fk_draft_task_step")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_task")),
    )
    with op.batch_alter_table("draft_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_task_step"), ["step"], unique=False)
        batch_op.create_index("ix_draft_task_waiting", ["official", "state"], unique=False)
        batch_op.create_index(
            "uq_draft_task_one_turn",
            ["step", "official"],
            unique=True,
            sqlite_where=sa.text("state != 'handed_over'"),
            postgresql_where=sa.text("state != 'handed_over'"),
        )


def downgrade() -> None:
    for table in (
        "draft_task",
        "draft_step",
        "draft_round",
        "draft_revision",
        "draft_remark",
        "draft_look",
        "draft_link",
        "draft_attachment",
        "route_template",
        "draft",
    ):
        op.drop_table(table)
