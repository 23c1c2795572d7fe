"""Usage audits: the runs with their logs and reports, what was said of officials and units, facts by day and week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_usage_audits"
down_revision = "20261122_floor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _audit()
    _audit_file()
    _audit_finding()
    _audit_report()
    _mailbox_day()
    _official_figure()
    _unassigned_mailbox()
    _unit_figure()
    _unit_week()
    _uploaded_log()
    _indices()


def downgrade() -> None:
    op.drop_table("uploaded_log")
    op.drop_table("unit_week")
    op.drop_table("unit_figure")
    op.drop_table("unassigned_mailbox")
    op.drop_table("official_figure")
    op.drop_table("mailbox_day")
    op.drop_table("audit_report")
    op.drop_table("audit_finding")
    op.drop_table("audit_file")
    op.drop_table("audit")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("asked_first", sa.Date(), nullable=True),
        sa.Column("asked_last", sa.Date(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("asked_paths", sa.JSON(), nullable=False),
        sa.Column("reading_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bytes_read", sa.BigInteger(), nullable=False),
        sa.Column("bytes_total", sa.BigInteger(), nullable=False),
        sa.Column("measured", sa.String(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_vi", sa.String(), nullable=True),
        sa.Column("error_en", sa.String(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("not_of_interest", sa.BigInteger(), nullable=False),
        sa.Column("broken", sa.BigInteger(), nullable=False),
        sa.Column("covered_days", sa.Integer(), nullable=False),
        sa.Column("missing_days", sa.Integer(), nullable=False),
        sa.Column("officials", sa.Integer(), nullable=False),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("coverage", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("without_mailbox", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("result_digest", sa.String(), nullable=True),
        *_audit_checks(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )


def _audit_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint(
            "(state = 'failed') = (error_vi IS NOT NULL) AND (state = 'failed') = (error_en IS NOT NULL)",
            name=op.f("ck_audit_failed_why"),
        ),
        sa.CheckConstraint(
            "(state IN ('finished', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name=op.f("ck_audit_finished_when"),
        ),
        sa.CheckConstraint(
            "first_day IS NOT NULL OR NOT (state IN ('rendering', 'finished'))", name=op.f("ck_audit_figures")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'collecting', 'rolling_up', 'rendering', 'finished', 'failed', 'cancelled')",
            name=op.f("ck_audit_state"),
        ),
        sa.CheckConstraint(
            "(first_day IS NULL) = (last_day IS NULL) AND (first_day IS NULL) = (working_days IS NULL)"
            " AND (first_day IS NULL) = (stored_at IS NULL)",
            name=op.f("ck_audit_period_whole"),
        ),
        sa.CheckConstraint(
            "asked_first IS NULL OR asked_last IS NULL OR asked_first <= asked_last", name=op.f("ck_audit_asked_order")
        ),
        sa.CheckConstraint("first_day IS NULL OR first_day <= last_day", name=op.f("ck_audit_period_order")),
        sa.CheckConstraint(
            "lines >= 0 AND events >= 0 AND not_of_interest >= 0 AND broken >= 0 AND covered_days >= 0"
            " AND missing_days >= 0 AND officials >= 0",
            name=op.f("ck_audit_counts"),
        ),
    )


def _audit_file() -> None:
    op.create_table(
        "audit_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=True),
        sa.Column("events", sa.BigInteger(), nullable=True),
        sa.Column("not_of_interest", sa.BigInteger(), nullable=True),
        sa.Column("broken", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("source IN ('folder', 'upload')", name=op.f("ck_audit_file_source")),
        sa.CheckConstraint("state IN ('waiting', 'reading', 'read', 'removed')", name=op.f("ck_audit_file_state")),
        sa.CheckConstraint(
            "(lines IS NULL OR lines >= 0) AND (events IS NULL OR events >= 0)"
            " AND (not_of_interest IS NULL OR not_of_interest >= 0) AND (broken IS NULL OR broken >= 0)",
            name=op.f("ck_audit_file_counts"),
        ),
        sa.CheckConstraint("size >= 0 AND bytes_read >= 0", name=op.f("ck_audit_file_sizes")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_file_audit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_file")),
        sa.UniqueConstraint("audit_id", "path", name=op.f("uq_audit_file_audit_id_path")),
    )


def _audit_finding() -> None:
    op.create_table(
        "audit_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("text_vi", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_finding_audit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_finding")),
        sa.UniqueConstraint("audit_id", "position", name=op.f("uq_audit_finding_audit_id_position")),
    )


def _audit_report() -> None:
    op.create_table(
        "audit_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("error_vi", sa.String(), nullable=True),
        sa.Column("error_en", sa.String(), nullable=True),
        sa.CheckConstraint("language IN ('vi', 'en')", name=op.f("ck_audit_report_language")),
        sa.CheckConstraint(
            "(path IS NULL) = (size IS NULL) AND (path IS NULL) = (error_vi IS NOT NULL)"
            " AND (path IS NULL) = (error_en IS NOT NULL)",
            name=op.f("ck_audit_report_made_or_why_not"),
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_report_audit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_report")),
        sa.UniqueConstraint("audit_id", "language", "ending", name=op.f("uq_audit_report_audit_id_language_ending")),
    )


def _mailbox_day() -> None:
    op.create_table(
        "mailbox_day",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_recipients", sa.Integer(), nullable=False),
        sa.Column("sent_external", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("logins", sa.Integer(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=True),
        sa.Column("acts_a", sa.Integer(), nullable=False),
        sa.Column("acts_b", sa.Integer(), nullable=False),
        sa.Column("acts_c", sa.Integer(), nullable=False),
        sa.Column("acts_d", sa.Integer(), nullable=False),
        sa.Column("uncounted", sa.Integer(), nullable=False),
        sa.Column("delegated", sa.Integer(), nullable=False),
        sa.Column("forwards", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "acts_a >= 0 AND acts_b >= 0 AND acts_c >= 0 AND acts_d >= 0"
            " AND uncounted >= 0 AND delegated >= 0 AND forwards >= 0",
            name=op.f("ck_mailbox_day_acts"),
        ),
        sa.CheckConstraint(
            "sent >= 0 AND sent_recipients >= 0 AND sent_external >= 0 AND received >= 0 AND logins >= 0"
            " AND failed_logins >= 0 AND (opened IS NULL OR opened >= 0)",
            name=op.f("ck_mailbox_day_counts"),
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_mailbox_day_audit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("audit_id", "mailbox", "day", name=op.f("pk_mailbox_day")),
    )


def _official_figure() -> None:
    op.create_table(
        "official_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_order", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rank", sa.String(), nullable=False),
        sa.Column("mailboxes", sa.JSON(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=True),
        sa.Column("sent_recipients", sa.Integer(), nullable=True),
        sa.Column("sent_external", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("logins", sa.Integer(), nullable=True),
        sa.Column("failed_logins", sa.Integer(), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=True),
        sa.Column("active_days", sa.Integer(), nullable=False),
        sa.Column("active_working_days", sa.Integer(), nullable=False),
        sa.Column("covered_working_days", sa.Integer(), nullable=False),
        sa.Column("usage_class", sa.String(), nullable=False),
        sa.Column("rung", sa.String(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("active_last", sa.JSON(), nullable=False),
        *_official_figure_checks(),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_official_figure_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_figure")),
        sa.UniqueConstraint("audit_id", "position", name=op.f("uq_official_figure_audit_id_position")),
    )


def _official_figure_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("rank IN ('leader', 'staff')", name=op.f("ck_official_figure_rank")),
        sa.CheckConstraint("rung IS NULL OR rung IN ('A', 'B', 'C', 'D', 'U')", name=op.f("ck_official_figure_rung")),
        sa.CheckConstraint(
            "usage_class IN ('regular', 'occasional', 'delegated', 'forwarded', 'machine', 'none', 'unknown')",
            name=op.f("ck_official_figure_usage_class"),
        ),
        sa.CheckConstraint(
            "(sent IS NULL OR sent >= 0) AND (sent_recipients IS NULL OR sent_recipients >= 0)"
            " AND (sent_external IS NULL OR sent_external >= 0) AND (received IS NULL OR received >= 0)"
            " AND (logins IS NULL OR logins >= 0) AND (failed_logins IS NULL OR failed_logins >= 0)"
            " AND (opened IS NULL OR opened >= 0)",
            name=op.f("ck_official_figure_counts"),
        ),
        sa.CheckConstraint(
            "active_working_days >= 0 AND active_working_days <= active_days AND covered_working_days >= 0",
            name=op.f("ck_official_figure_days"),
        ),
    )


def _unassigned_mailbox() -> None:
    op.create_table(
        "unassigned_mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("logins", sa.Integer(), nullable=True),
        sa.Column("traffic", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('unlisted', 'shared', 'service')", name=op.f("ck_unassigned_mailbox_kind")),
        sa.CheckConstraint(
            "(sent IS NULL OR sent >= 0) AND (received IS NULL OR received >= 0) AND (logins IS NULL OR logins >= 0)",
            name=op.f("ck_unassigned_mailbox_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_unassigned_mailbox_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unassigned_mailbox")),
        sa.UniqueConstraint("audit_id", "position", name=op.f("uq_unassigned_mailbox_audit_id_position")),
    )


def _unit_figure() -> None:
    op.create_table(
        "unit_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_order", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("is_city", sa.Boolean(), nullable=False),
        sa.Column("leaders_total", sa.Integer(), nullable=False),
        sa.Column("leaders_using", sa.Integer(), nullable=False),
        sa.Column("leaders_unknown", sa.Integer(), nullable=False),
        sa.Column("leaders_rate", sa.Double(), nullable=True),
        sa.Column("staff_total", sa.Integer(), nullable=False),
        sa.Column("staff_using", sa.Integer(), nullable=False),
        sa.Column("staff_unknown", sa.Integer(), nullable=False),
        sa.Column("staff_rate", sa.Double(), nullable=True),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("no_mailbox", sa.Integer(), nullable=False),
        sa.Column("using_last", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(leaders_rate IS NULL OR leaders_rate BETWEEN 0 AND 1)"
            " AND (staff_rate IS NULL OR staff_rate BETWEEN 0 AND 1)",
            name=op.f("ck_unit_figure_rates"),
        ),
        sa.CheckConstraint(
            "leaders_using >= 0 AND leaders_unknown >= 0 AND leaders_using + leaders_unknown <= leaders_total",
            name=op.f("ck_unit_figure_leaders"),
        ),
        sa.CheckConstraint("no_mailbox >= 0", name=op.f("ck_unit_figure_no_mailbox")),
        sa.CheckConstraint(
            "staff_using >= 0 AND staff_unknown >= 0 AND staff_using + staff_unknown <= staff_total",
            name=op.f("ck_unit_figure_staff"),
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_unit_figure_audit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_figure")),
        sa.UniqueConstraint("audit_id", "position", name=op.f("uq_unit_figure_audit_id_position")),
        sa.UniqueConstraint("audit_id", "unit", "is_city", name=op.f("uq_unit_figure_audit_id_unit_is_city")),
    )


def _unit_week() -> None:
    op.create_table(
        "unit_week",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("is_city", sa.Boolean(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("leaders_using", sa.Integer(), nullable=False),
        sa.Column("staff_using", sa.Integer(), nullable=False),
        sa.CheckConstraint("leaders_using >= 0 AND staff_using >= 0", name=op.f("ck_unit_week_counts")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_unit_week_audit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("audit_id", "unit", "is_city", "start", name=op.f("pk_unit_week")),
    )


def _uploaded_log() -> None:
    op.create_table(
        "uploaded_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "removed_at IS NULL OR audit_id IS NOT NULL", name=op.f("ck_uploaded_log_removed_after_use")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_uploaded_log_size")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_uploaded_log_audit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploaded_log")),
        sa.UniqueConstraint("path", name=op.f("uq_uploaded_log_path")),
    )


def _indices() -> None:
    op.create_index("ix_audit_last_day", "audit", ["last_day", "id"])
    op.create_index("ix_audit_finding_unit", "audit_finding", ["audit_id", "unit"])
    op.create_index("ix_official_figure_active_days", "official_figure", ["audit_id", "active_days", "id"])
    op.create_index("ix_official_figure_class", "official_figure", ["audit_id", "usage_class", "name_order"])
    op.create_index("ix_official_figure_logins", "official_figure", ["audit_id", "logins", "id"])
    op.create_index("ix_official_figure_name", "official_figure", ["audit_id", "name_order", "id"])
    op.create_index("ix_official_figure_official_id", "official_figure", ["audit_id", "official_id"])
    op.create_index("ix_official_figure_received", "official_figure", ["audit_id", "received", "id"])
    op.create_index("ix_official_figure_sent", "official_figure", ["audit_id", "sent", "id"])
    op.create_index("ix_official_figure_unit", "official_figure", ["audit_id", "unit", "rank", "name_order"])
    op.create_index("ix_unassigned_mailbox_traffic", "unassigned_mailbox", ["audit_id", "traffic", "position"])
    op.create_index("ix_unit_figure_parent", "unit_figure", ["audit_id", "parent"])
    op.create_index("ix_uploaded_log_audit_id", "uploaded_log", ["audit_id"])
