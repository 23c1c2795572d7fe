"""Sources of logs, the streams followed in them, the pieces that were read."""

from __future__ import annotations

revision = "20261122_log_sources"
down_revision = "20261122_usage_audits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
