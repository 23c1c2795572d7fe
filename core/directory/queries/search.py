"""Readers that find units and officials by a few letters of their names, with or without diacritics.

Every word of the question must be the beginning of a word of the name, the number or the mailbox. Both tables of words
are indexed by the word without marks, so that a question among 140,000 officials is a few ranges of an index; they are
compared byte by byte on every database, because only there all words with one beginning lie side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.models.words import OfficialWord, UnitWord
from core.directory.spelling import Word, terms_of
from core.permissions import Actor, Permission, require

LAST = "\U0010ffff"
"""No letter comes after it: the words that begin with `x` lie between `x` and `x` + LAST."""


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit that was found; `above` is the name of the unit above it, empty where there is none."""

    key: str
    name: str
    above: str


@dataclass(frozen=True, slots=True)
class FoundOfficial:
    """An official that was found, with the main post (empty for somebody without one) and the units of all posts."""

    official_id: str
    name: str
    title: str
    unit: str
    unit_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundUnits:
    """The first units that were found, and how many there are in all."""

    rows: tuple[FoundUnit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FoundOfficials:
    """A part of the officials that were found, and how many there are in all."""

    rows: tuple[FoundOfficial, ...]
    total: int


def has_officials(session: Session) -> bool:
    """Whether the directory holds anybody yet."""
    return session.scalar(select(OfficialRow.id).where(OfficialRow.gone_at.is_(None)).limit(1)) is not None


def find_units(session: Session, actor: Actor, *, question: str, limit: int = 20) -> FoundUnits:
    """Units whose names hold the words of `question`, whole words first.

    Of the units the actor reaches. None for a question without a word. Raises `ForbiddenError`. Two SQL queries.
    """
    terms, within = terms_of(question), _within(actor)
    if not terms:
        return FoundUnits((), 0)
    above = aliased(UnitRow)
    found = [UnitRow.gone_at.is_(None), *(_begins(UnitRow.id, UnitWord.unit, term) for term in terms)]
    if within is not None:
        found.append(UnitRow.key.in_(within))
    wanted = select(UnitRow.key, UnitRow.name, func.coalesce(above.name, "")).outerjoin(
        above, above.id == UnitRow.parent_id
    )
    best = _closeness(UnitRow.id, UnitWord.unit, terms).desc()
    rows = [FoundUnit(*row) for row in session.execute(wanted.where(*found).order_by(best, UnitRow.name).limit(limit))]
    total = len(rows) if len(rows) < limit else session.scalar(select(func.count(UnitRow.id)).where(*found)) or 0
    return FoundUnits(tuple(rows), total)


def find_officials(
    session: Session, actor: Actor, *, question: str, offset: int = 0, limit: int = 20
) -> FoundOfficials:
    """Officials whose name, number or mailbox hold the words of `question`: those first who are written as it is.

    `ha` finds Hà, Hạ and Hải; `hà` finds them too, but every Hà comes first. Then in the order of given names. Of the
    units the actor reaches (by any post). None for a question without a word. Raises `ForbiddenError`. Three queries.
    """
    terms, within = terms_of(question), _within(actor)
    if not terms:
        return FoundOfficials((), 0)
    found = [OfficialRow.gone_at.is_(None), *(_begins(OfficialRow.id, OfficialWord.official, term) for term in terms)]
    if within is not None:
        posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(within))
        found.append(OfficialRow.id.in_(posts))
    total = session.scalar(select(func.count(OfficialRow.id)).where(*found)) or 0
    best = _closeness(OfficialRow.id, OfficialWord.official, terms).desc()
    people: Select[int, str, str] = select(OfficialRow.id, OfficialRow.official_id, OfficialRow.name).where(*found)
    rows = session.execute(
        people.order_by(best, OfficialRow.name_order, OfficialRow.id).offset(max(0, offset)).limit(max(0, limit))
    ).all()
    posts_of = _posts(session, [row[0] for row in rows])
    return FoundOfficials(tuple(_with_posts(row[1], row[2], posts_of[row[0]]) for row in rows), total)


def _begins(thing: InstrumentedAttribute[int], of: InstrumentedAttribute[int], term: Word) -> ColumnElement[bool]:
    """Whether a word of `thing` begins like the term. `of` is the column of the words' table that points at it."""
    words = of.class_
    return thing.in_(select(of).where(words.bare >= term.bare, words.bare < term.bare + LAST))


def _closeness(
    thing: InstrumentedAttribute[int], of: InstrumentedAttribute[int], terms: Sequence[Word]
) -> ColumnElement[int]:
    """For each term 2 where it is a whole word as it is written, 1 where it is one but for the marks, added up."""
    words = of.class_
    ranks = [
        case(
            (thing.in_(select(of).where(words.bare == term.bare, words.marked == term.marked)), 2),
            (thing.in_(select(of).where(words.bare == term.bare)), 1),
            else_=0,
        )
        for term in terms
    ]
    return sum(ranks[1:], start=ranks[0])


def _posts(session: Session, officials: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    """Title, name and key of the unit of each post of these officials (rows' ids), the main one first."""
    wanted = select(PostRow.official, PostRow.title, UnitRow.name, UnitRow.key)
    wanted = wanted.join(UnitRow, UnitRow.id == PostRow.unit).where(PostRow.official.in_(officials))
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for official, *post in session.execute(wanted.order_by(PostRow.official, PostRow.position)):
        found[official].append((post[0], post[1], post[2]))
    return found


def _with_posts(official_id: str, name: str, posts: Sequence[tuple[str, str, str]]) -> FoundOfficial:
    title, unit, _key = posts[0] if posts else ("", "", "")
    return FoundOfficial(official_id, name, title, unit, tuple(dict.fromkeys(post[2] for post in posts)))


def _within(actor: Actor) -> frozenset[str] | None:
    """The keys of the units whose people the actor may find; None for every unit. Raises `ForbiddenError`."""
    require(actor, Permission.CORE_DIRECTORY_READ)
    return actor.reach(Permission.CORE_DIRECTORY_READ).units
