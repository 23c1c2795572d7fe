"""Other doors to an account: names at an OpenID provider and in a directory server; runs of the directory's synchronisation."""

from __future__ import annotations

revision = "20261122_doors"
down_revision = "20261122_second_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
