"""Of a log of an audit that is a copy of another, which one: not known of those that were read before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_copied_logs"
down_revision = "20261123_trail_replacing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_file", sa.Column("same_as", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_file", "same_as")
