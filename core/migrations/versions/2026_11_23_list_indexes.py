"""What the long lists are found and sorted by, and what pages need of a report again and again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_list_indexes"
down_revision = "20261122_sync_runs"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_unit_figure_city", "unit_figure", ["audit_id", "is_city"]),
    ("ix_log_piece_counts", "log_piece", ["stream_id", "newest_at", "lines", "events", "broken"]),
    ("ix_contest_answered", "contest", ["answered_at", "id"]),
)
"""Name, table, columns."""
OF_TRAIL = ("subject", "actor", "action")
"""Columns that entries are found by, and by how they begin."""


def upgrade() -> None:
    """Tables that are worked out of a report; those of the reports that are there already are made by a job."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    for name in OF_TRAIL:
        ops = {name: "text_pattern_ops"}
        op.create_index(f"ix_audit_entry_{name}", "audit_entry", [name, "id"], postgresql_ops=ops)
    waits = sa.text("state = 'open'")
    op.create_index("ix_draft_task_open", "draft_task", ["step"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "official_columns",
        _of_audit("official_columns"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_official_columns")),
    )
    op.create_table(
        "audit_lines",
        _of_audit("audit_lines"),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("covered", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit_lines")),
    )
    op.create_table(
        "unit_line",
        _of_audit("unit_line"),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("is_city", sa.Boolean(), nullable=False),
        sa.Column("leaders_total", sa.Integer(), nullable=False),
        sa.Column("staff_total", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", "unit", "is_city", name=op.f("pk_unit_line")),
    )
    op.create_table(
        "kept_use",
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("people", "units", "cells", "waits")),
        sa.PrimaryKeyConstraint("first", "last", "zone", name=op.f("pk_kept_use")),
    )


def downgrade() -> None:
    """Nothing is lost that does not follow from what stays."""
    op.drop_index("ix_draft_task_open", "draft_task")
    for name in OF_TRAIL:
        op.drop_index(f"ix_audit_entry_{name}", "audit_entry")
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
    for table in ("kept_use", "unit_line", "audit_lines", "official_columns"):
        op.drop_table(table)


def _of_audit(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("audit.id", name=op.f(f"fk_{table}_audit_id"), ondelete="CASCADE")
    return sa.Column("audit_id", sa.Integer(), key, nullable=False)
