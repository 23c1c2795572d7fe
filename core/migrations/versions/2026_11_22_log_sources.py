"""Sources of logs, the streams followed in them, the pieces that were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_log_sources"
down_revision = "20261122_usage_audits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _log_source()
    _log_stream()
    _log_file()
    _log_segment()
    _log_piece()
    _month_to_measure()
    _indices()


def downgrade() -> None:
    op.drop_table("month_to_measure")
    op.drop_table("log_piece")
    op.drop_table("log_segment")
    op.drop_table("log_file")
    op.drop_table("log_stream")
    op.drop_table("log_source")


def _log_source() -> None:
    op.create_table(
        "log_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.Column("patterns", sa.JSON(), nullable=False),
        sa.Column("host", sa.String(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_lines", sa.BigInteger(), nullable=False),
        sa.Column("last_seconds", sa.Double(), nullable=True),
        sa.CheckConstraint("(collected_at IS NULL) = (last_seconds IS NULL)", name=op.f("ck_log_source_collected")),
        sa.CheckConstraint(
            "last_lines >= 0 AND (last_seconds IS NULL OR last_seconds >= 0)", name=op.f("ck_log_source_counts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_source")),
        sa.UniqueConstraint("name", name=op.f("uq_log_source_name")),
    )


def _log_stream() -> None:
    op.create_table(
        "log_stream",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("first_line", sa.String(), nullable=False),
        sa.Column("fork", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stop", sa.BigInteger(), nullable=False),
        sa.Column("partial", sa.String(), nullable=False),
        sa.Column("first_headless", sa.Integer(), nullable=False),
        sa.Column("first_joined", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fork >= 0 AND stop >= 0 AND first_headless >= 0", name=op.f("ck_log_stream_counts")),
        sa.ForeignKeyConstraint(["source_id"], ["log_source.id"], name=op.f("fk_log_stream_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_stream")),
        sa.UniqueConstraint("first_line", "fork", name=op.f("uq_log_stream_first_line_fork")),
    )


def _log_file() -> None:
    op.create_table(
        "log_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("unread", sa.BigInteger(), nullable=False),
        sa.Column("problem_vi", sa.String(), nullable=True),
        sa.Column("problem_en", sa.String(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(problem_vi IS NULL) = (problem_en IS NULL)", name=op.f("ck_log_file_problem")),
        sa.CheckConstraint("size >= 0 AND unread >= 0", name=op.f("ck_log_file_sizes")),
        sa.CheckConstraint(
            "state IN ('read', 'waiting', 'empty', 'foreign', 'damaged', 'unreadable', 'gone')",
            name=op.f("ck_log_file_state"),
        ),
        sa.ForeignKeyConstraint(["source_id"], ["log_source.id"], name=op.f("fk_log_file_source_id")),
        sa.ForeignKeyConstraint(["stream_id"], ["log_stream.id"], name=op.f("fk_log_file_stream_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_file")),
        sa.UniqueConstraint("source_id", "path", name=op.f("uq_log_file_source_id_path")),
    )


def _log_segment() -> None:
    op.create_table(
        "log_segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("events >= 0", name=op.f("ck_log_segment_counts")),
        sa.CheckConstraint(
            "(first_at IS NULL) = (last_at IS NULL) AND (first_at IS NULL OR first_at <= last_at)",
            name=op.f("ck_log_segment_order"),
        ),
        sa.ForeignKeyConstraint(["stream_id"], ["log_stream.id"], name=op.f("fk_log_segment_stream_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_segment")),
        sa.UniqueConstraint("folder", name=op.f("uq_log_segment_folder")),
    )


def _log_piece() -> None:
    op.create_table(
        "log_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("stop", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("not_of_interest", sa.BigInteger(), nullable=False),
        sa.Column("broken", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.JSON(), nullable=False),
        sa.Column("host_days", sa.JSON(), nullable=False),
        sa.Column("other_days", sa.JSON(), nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "lines >= 0 AND events >= 0 AND not_of_interest >= 0 AND broken >= 0", name=op.f("ck_log_piece_counts")
        ),
        sa.CheckConstraint("kind IN ('lines', 'tail', 'joined')", name=op.f("ck_log_piece_kind")),
        sa.CheckConstraint("start >= 0 AND start <= stop", name=op.f("ck_log_piece_order")),
        sa.ForeignKeyConstraint(["segment_id"], ["log_segment.id"], name=op.f("fk_log_piece_segment_id")),
        sa.ForeignKeyConstraint(["stream_id"], ["log_stream.id"], name=op.f("fk_log_piece_stream_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_piece")),
        sa.UniqueConstraint("stream_id", "kind", "start", name=op.f("uq_log_piece_stream_id_kind_start")),
    )


def _month_to_measure() -> None:
    op.create_table(
        "month_to_measure",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.CheckConstraint("length(cause) > 0", name=op.f("ck_month_to_measure_cause")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_month_to_measure")),
    )


def _indices() -> None:
    op.create_index("ix_log_stream_source_id", "log_stream", ["source_id"])
    op.create_index("ix_log_file_stream_id", "log_file", ["stream_id"])
    op.create_index("ix_log_segment_stream_id", "log_segment", ["stream_id"])
    op.create_index("ix_log_segment_times", "log_segment", ["last_at", "first_at"])
    op.create_index("ix_log_piece_segment_id", "log_piece", ["segment_id"])
