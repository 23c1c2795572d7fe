"""Who is gone, and what the waves of a list say, are read from an index alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_list_ranges"
down_revision = "20261123_running_use"
branch_labels = None
depends_on = None

GONE = sa.text("gone_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_official_gone", "official", ["id"], sqlite_where=GONE, postgresql_where=GONE)
    op.drop_index("ix_assignment_campaign", "assignment")
    columns = ["campaign", "wave", "starts_on", "due_on", "drawn", "state"]
    op.create_index("ix_assignment_campaign", "assignment", columns)


def downgrade() -> None:
    """Nothing is lost."""
    op.drop_index("ix_assignment_campaign", "assignment")
    op.create_index("ix_assignment_campaign", "assignment", ["campaign"])
    op.drop_index("ix_official_gone", "official")
