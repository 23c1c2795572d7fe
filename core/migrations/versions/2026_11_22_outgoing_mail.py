"""Mail that waits to be sent, and what each account wants to be told."""

from __future__ import annotations

revision = "20261122_outgoing_mail"
down_revision = "20261122_doors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
