"""Words to be found with and without diacritics."""

from __future__ import annotations

revision = "20261122_search_words"
down_revision = "20261122_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
