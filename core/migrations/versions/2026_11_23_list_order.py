"""What else long lists are found and sorted by: moments of the trail and of training, beginnings of account names."""

from __future__ import annotations

from alembic import op

revision = "20261123_list_order"
down_revision = "20261123_taking_back"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_audit_entry_at", "audit_entry", ["at", "id"]),
    ("ix_step_done_done_at", "step_done", ["done_at", "id"]),
    ("ix_assignment_assigned_at", "assignment", ["assigned_at", "id"]),
    ("ix_assignment_done_at", "assignment", ["done_at", "id"]),
)
"""Name, table, columns."""


def upgrade() -> None:
    """Reports are asked what they say of one official; so the official comes first in that index."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.create_index("ix_account_name_begins", "account", ["name"], postgresql_ops={"name": "text_pattern_ops"})
    op.drop_index("ix_official_figure_official_id", "official_figure")
    op.create_index("ix_official_figure_official_id", "official_figure", ["official_id", "audit_id"])


def downgrade() -> None:
    """Nothing is lost."""
    op.drop_index("ix_official_figure_official_id", "official_figure")
    op.create_index("ix_official_figure_official_id", "official_figure", ["audit_id", "official_id"])
    op.drop_index("ix_account_name_begins", "account")
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
