"""Second factors of accounts: one-time codes of a device, passkeys, recovery codes; recoveries by an administrator."""

from __future__ import annotations

revision = "20261122_second_factors"
down_revision = "20261122_grants"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
