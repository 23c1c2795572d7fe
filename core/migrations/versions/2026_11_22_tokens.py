"""Tokens of the API: personal ones and those of services, of limited scope."""

from __future__ import annotations

revision = "20261122_tokens"
down_revision = "20261122_outgoing_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
