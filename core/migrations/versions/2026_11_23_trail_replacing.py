"""SQLite too refuses to put an entry of the trail in another's place.

`INSERT OR REPLACE` (and a table's or statement's `ON CONFLICT REPLACE`) takes the row away that stands in its way, and
does so without the triggers of DELETE unless `recursive_triggers` is on (sqlite.org/lang_conflict.html). PostgreSQL
knows no such thing: its `ON CONFLICT DO UPDATE` is an update there, and refused as one.
"""

from __future__ import annotations

from alembic import op

revision = "20261123_trail_replacing"
down_revision = "20261123_withdrawn"
branch_labels = None
depends_on = None

REFUSE = """
CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
WHEN EXISTS (
    SELECT 1 FROM audit_entry
    WHERE id = NEW.id OR hash = NEW.hash OR previous_hash = NEW.previous_hash
)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(REFUSE)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_no_replace")
