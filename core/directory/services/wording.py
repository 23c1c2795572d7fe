"""Keeps the words by which units and officials are found true to their names, numbers and mailboxes.

Whatever changes one of those calls `put_words` before its unit of work ends: with the rows that changed, or with none,
for the whole directory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.directory.models import MailboxRow, OfficialRow, OfficialWord, UnitRow, UnitWord
from core.directory.spelling import Word, words_of

MANY = 500
"""So many rows are named in one statement."""


def put_words(
    session: Session, *, units: Collection[int] | None = None, officials: Collection[int] | None = None
) -> None:
    """Make the words of these rows (ids; None: of all) those of their names; what is right already is left alone."""
    _make_equal(session, UnitWord.unit, _of_units(session, units), units)
    _make_equal(session, OfficialWord.official, _of_officials(session, officials), officials)


def _of_units(session: Session, units: Collection[int] | None) -> dict[int, frozenset[Word]]:
    found: dict[int, frozenset[Word]] = {}
    for part in _parts(units):
        wanted = select(UnitRow.id, UnitRow.name, UnitRow.key)
        rows = session.execute(wanted if part is None else wanted.where(UnitRow.id.in_(part)))
        found |= {row[0]: words_of(row[1], row[2]) for row in rows}
    return found


def _of_officials(session: Session, officials: Collection[int] | None) -> dict[int, frozenset[Word]]:
    found: dict[int, frozenset[Word]] = {}
    for part in _parts(officials):
        people = select(OfficialRow.id, OfficialRow.name, OfficialRow.official_id)
        boxes = select(MailboxRow.owner, MailboxRow.address).where(MailboxRow.gone_at.is_(None))
        if part is not None:
            people, boxes = people.where(OfficialRow.id.in_(part)), boxes.where(MailboxRow.owner.in_(part))
        addresses: dict[int | None, list[str]] = defaultdict(list)
        for owner, address in session.execute(boxes):
            addresses[owner].append(address)
        found |= {row[0]: words_of(row[1], row[2], *addresses.get(row[0], ())) for row in session.execute(people)}
    return found


def _make_equal(
    session: Session,
    of: InstrumentedAttribute[int],
    wanted: Mapping[int, frozenset[Word]],
    only: Collection[int] | None,
) -> None:
    """`of` is the column that says whose word it is."""
    words = of.class_
    present: dict[int, set[Word]] = defaultdict(set)
    for part in _parts(only):
        there = select(of, words.bare, words.marked)
        for owner, bare, marked in session.execute(there if part is None else there.where(of.in_(part))):
            present[owner].add(Word(bare, marked))
    stale = [owner for owner, found in present.items() if found - wanted.get(owner, frozenset())]
    for part in _parts(stale):
        session.execute(delete(words).where(of.in_(part or ())))
    for owner in stale:
        del present[owner]
    fresh = [
        {of.key: owner, "bare": word.bare, "marked": word.marked}
        for owner, found in wanted.items()
        for word in sorted(found - present.get(owner, set()))
    ]
    if fresh:
        session.execute(insert(words), fresh)


def _parts(rows: Collection[int] | None) -> Iterable[list[int] | None]:
    """`rows` in parts that a statement can name; one None for all."""
    if rows is None:
        return [None]
    listed = sorted(rows)
    return [listed[first : first + MANY] for first in range(0, len(listed), MANY)]
