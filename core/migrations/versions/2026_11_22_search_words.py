"""Words by which units and officials are found, with and without diacritics; and the order of officials' names.

What is in the directory already gets both here. An answered contest knows whether the official has seen the answer.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.directory.name_order import person_order
from core.directory.spelling import words_of

revision = "20261122_search_words"
down_revision = "20261122_tokens"
branch_labels = None
depends_on = None

BYTES = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MANY = 5_000


def upgrade() -> None:
    for thing in ("unit", "official"):
        op.create_table(
            f"{thing}_word",
            sa.Column(thing, sa.Integer(), nullable=False),
            sa.Column("bare", BYTES, nullable=False),
            sa.Column("marked", BYTES, nullable=False),
            sa.ForeignKeyConstraint([thing], [f"{thing}.id"], name=op.f(f"fk_{thing}_word_{thing}_{thing}")),
            sa.PrimaryKeyConstraint(thing, "bare", "marked", name=op.f(f"pk_{thing}_word")),
        )
    op.add_column("official", sa.Column("name_order", sa.String(), nullable=True))
    op.add_column("contest", sa.Column("answer_seen_at", sa.DateTime(timezone=True), nullable=True))
    _fill(op.get_bind())
    for thing in ("unit", "official"):
        op.create_index(f"ix_{thing}_word_bare", f"{thing}_word", ["bare", "marked", thing])
    with op.batch_alter_table("official") as table:
        table.alter_column("name_order", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    op.drop_table("official_word")
    op.drop_table("unit_word")
    op.drop_column("official", "name_order")
    op.drop_column("contest", "answer_seen_at")


def _fill(connection: sa.Connection) -> None:
    units = connection.execute(sa.text("SELECT id, name, key FROM unit")).all()
    people = connection.execute(sa.text("SELECT id, name, official_id FROM official")).all()
    owned = "SELECT owner, address FROM mailbox WHERE owner IS NOT NULL AND gone_at IS NULL"
    boxes: dict[int, list[str]] = {}
    for owner, address in connection.execute(sa.text(owned)):
        boxes.setdefault(owner, []).append(address)
    _put(connection, "unit", {row[0]: (row[1], row[2]) for row in units})
    _put(connection, "official", {row[0]: (row[1], row[2], *boxes.get(row[0], ())) for row in people})
    order = sa.text("UPDATE official SET name_order = :key WHERE id = :id")
    for first in range(0, len(people), MANY):
        connection.execute(order, [{"id": row[0], "key": person_order(row[1])} for row in people[first : first + MANY]])


def _put(connection: sa.Connection, thing: str, texts: dict[int, tuple[str, ...]]) -> None:
    table = sa.table(f"{thing}_word", sa.column(thing), sa.column("bare"), sa.column("marked"))
    found = [
        {thing: owner, "bare": word.bare, "marked": word.marked}
        for owner, said in texts.items()
        for word in sorted(words_of(*said))
    ]
    for first in range(0, len(found), MANY):
        connection.execute(sa.insert(table), found[first : first + MANY])
