"""Readers that find units and officials by a few letters of their names, with or without diacritics.

Every word of the question must be the beginning of a word of the name, the number or the mailbox. Both tables of words
are indexed by the word without marks, so that a question among 140,000 officials is a few ranges of an index; they are
compared byte by byte on every database, because only there all words with one beginning lie side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.directory.models import MailboxRow, OfficialRow, PostRow, UnitRow
from core.directory.models.words import OfficialWord, UnitWord
from core.directory.spelling import Word, terms_of
from core.permissions import WHOLE, Actor, Permission, Reach, require

LAST = "\U0010ffff"
"""No letter comes after it: the words that begin with `x` lie between `x` and `x` + LAST."""
MANY = 10_000
"""So many words are counted to tell which term is the rarest."""


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit that was found; `above` is the name of the unit above it, empty where there is none."""

    key: str
    name: str
    above: str


@dataclass(frozen=True, slots=True)
class FoundOfficial:
    """An official that was found, with the main post and the official mailbox (both empty for who has none), and the
    units of all posts.
    """

    official_id: str
    name: str
    title: str
    unit: str
    unit_keys: tuple[str, ...]
    mailbox: str = ""


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


@dataclass(frozen=True, slots=True)
class Colleague:
    """An official with the main post: what everybody in an office may know of everybody."""

    official_id: str
    name: str
    title: str
    unit: str


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
    inside = None if within is None else select(UnitRow.id).where(UnitRow.key.in_(within))
    match = _matches(UnitWord.unit, _rarest_first(session, UnitWord.unit, terms), inside)
    wanted = select(UnitRow.key, UnitRow.name, func.coalesce(above.name, ""), func.count().over())
    wanted = wanted.outerjoin(above, above.id == UnitRow.parent_id).where(UnitRow.gone_at.is_(None))
    wanted = wanted.join(match, match.c.thing == UnitRow.id)
    rows = session.execute(wanted.order_by(match.c.closeness.desc(), UnitRow.name).limit(limit)).all()
    return FoundUnits(tuple(FoundUnit(*row[:3]) for row in rows), rows[0][3] if rows else 0)


def find_officials(
    session: Session, actor: Actor, *, question: str, offset: int = 0, limit: int = 20
) -> FoundOfficials:
    """Officials whose name, number or mailbox hold the words of `question`: those first who are written as it is.

    `ha` finds Hà, Hạ and Hải; `hà` finds them too, but every Hà comes first. Then in the order of given names. Of the
    units the actor reaches (by any post). None for a question without a word. Raises `ForbiddenError`. Four queries.
    """
    terms, within = terms_of(question), _within(actor)
    if not terms:
        return FoundOfficials((), 0)
    inside = None if within is None else _in_units(within)
    match = _matches(OfficialWord.official, _rarest_first(session, OfficialWord.official, terms), inside)
    wanted = select(OfficialRow.id, OfficialRow.official_id, OfficialRow.name, func.count().over())
    wanted = wanted.where(OfficialRow.gone_at.is_(None))
    wanted = wanted.join(match, match.c.thing == OfficialRow.id)
    order = wanted.order_by(match.c.closeness.desc(), OfficialRow.name_order, OfficialRow.id)
    rows = session.execute(order.offset(max(0, offset)).limit(max(1, limit))).all()
    if not rows and offset:  # past the end: how many there are is asked from the beginning
        return FoundOfficials((), find_officials(session, actor, question=question, limit=1).total)
    numbers = [row[0] for row in rows]
    posts_of, boxes = _posts(session, numbers), _mailboxes(session, numbers)
    found = tuple(_with_posts(row[1], row[2], posts_of[row[0]], boxes.get(row[0], "")) for row in rows)
    return FoundOfficials(found, rows[0][3] if rows else 0)


def find_colleagues(
    session: Session, *, question: str = "", of: str | None = None, reach: Reach = WHOLE, limit: int = 20
) -> list[Colleague]:
    """People to choose one from: those with the words of `question`, as it is written first; never `of`.

    Without a word, those of the unit of the official `of`, leaders first. `reach`: of which units, by any post. To be
    asked for whoever may choose somebody: a name and a post are all that is told. Two SQL queries.
    """
    terms = terms_of(question)
    inside = None if reach.units is None else _in_units(reach.units)
    if terms:
        match = _matches(OfficialWord.official, _rarest_first(session, OfficialWord.official, terms), inside)
        nearest = _nearest(match, limit if of is None else limit + 1)
        wanted = _with_main_post().join(nearest, nearest.c.thing == OfficialRow.id)
        wanted = wanted.order_by(nearest.c.closeness.desc())
    else:
        own = select(PostRow.unit).join(OfficialRow, OfficialRow.id == PostRow.official)
        wanted = _with_main_post().where(PostRow.unit.in_(own.where(OfficialRow.official_id == of)))
        wanted = wanted if inside is None else wanted.where(OfficialRow.id.in_(inside))
    if of is not None:
        wanted = wanted.where(OfficialRow.official_id != of)
    ordered = wanted.order_by(_IS_STAFF, OfficialRow.name_order, OfficialRow.id).limit(limit)
    return [Colleague(*row) for row in session.execute(ordered)]


_IS_STAFF = PostRow.rank != "leader"


def _with_main_post() -> Select[str, str, str, str]:
    """Number, name, and title and unit of the main post of who is here and holds one."""
    return (
        select(OfficialRow.official_id, OfficialRow.name, PostRow.title, UnitRow.name)
        .join(PostRow, (PostRow.official == OfficialRow.id) & (PostRow.position == 0))
        .join(UnitRow, UnitRow.id == PostRow.unit)
        .where(OfficialRow.gone_at.is_(None))
    )


def _nearest(match: Subquery, number: int) -> Subquery:
    """Of those that match, leaders and staff as near as the first `number`, whom names put in order; maybe more.

    Among ten thousand with one name, the names, posts and units of a few hundred are read so. Only who holds a post is
    counted; who is gone holds none.
    """
    place = func.rank().over(order_by=(match.c.closeness.desc(), _IS_STAFF)).label("place")
    joined = (PostRow.official == match.c.thing) & (PostRow.position == 0)
    ranked = select(match.c.thing, match.c.closeness, place).join(PostRow, joined).subquery()
    return select(ranked.c.thing, ranked.c.closeness).where(ranked.c.place <= number).subquery()


def officials_with(terms: Sequence[Word]) -> Select[int]:
    """The officials (rows' ids) who have, for every term, a word that begins like it; whether reached or not.

    Of one term the words alone are asked for, some officials twice: how close they are, nobody wants to know.
    """
    if len(terms) == 1:
        return select(OfficialWord.official).where(_begins(OfficialWord.official, terms[0]))
    return select(_matches(OfficialWord.official, terms).c.thing)


def _rarest_first(session: Session, of: InstrumentedAttribute[int], terms: Sequence[Word]) -> Sequence[Word]:
    """The terms by how many words begin like them, as far as the first `MANY` tell; one SQL query for several terms."""
    if len(terms) < 2:
        return terms
    some = [select(of).where(_begins(of, term)).limit(MANY).subquery() for term in terms]
    counted = select(*(select(func.count()).select_from(one).scalar_subquery() for one in some))
    number = dict(zip(terms, session.execute(counted).one(), strict=True))
    return sorted(terms, key=number.__getitem__)


def _matches(of: InstrumentedAttribute[int], terms: Sequence[Word], inside: Select[int] | None = None) -> Subquery:
    """The things that have, for every term, a word that begins like it; `of` is the column that says whose word it is.

    `closeness` adds up, over the terms: 2 for a word as it is written, 1 for one but for the marks, else 0. Of the
    things `inside` alone where these are given. For the terms after the first only what has the first is looked at, so
    the rarest should come first. The ranges of the terms are laid end to end and counted: joined, they would leave a
    planner guessing how names go together.
    """
    first = _having(of, terms[0])
    if inside is not None:
        first = first.where(of.in_(inside))
    if len(terms) == 1:
        return first.subquery()
    rarest = first.cte("rarest")
    others = (_having(of, term).where(of.in_(select(rarest.c.thing))) for term in terms[1:])
    every = union_all(select(rarest.c.thing, rarest.c.closeness), *others).subquery()
    whole = select(every.c.thing, func.sum(every.c.closeness).label("closeness"))
    return whole.group_by(every.c.thing).having(func.count() == len(terms)).subquery()


def _having(of: InstrumentedAttribute[int], term: Word) -> Select[int, int]:
    """The things that have a word that begins like the term, and how close the closest of these is."""
    words = of.class_
    as_written = and_(words.bare == term.bare, words.marked == term.marked)
    closeness = func.max(case((as_written, 2), (words.bare == term.bare, 1), else_=0))
    return select(of.label("thing"), closeness.label("closeness")).where(_begins(of, term)).group_by(of)


def _begins(of: InstrumentedAttribute[int], term: Word) -> ColumnElement[bool]:
    words = of.class_
    return and_(words.bare >= term.bare, words.bare < term.bare + LAST)


def _in_units(keys: frozenset[str]) -> Select[int]:
    """The officials (rows' ids) with any post in these units."""
    return select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(keys))


def _posts(session: Session, officials: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    """Title, name and key of the unit of each post of these officials (rows' ids), the main one first."""
    wanted = select(PostRow.official, PostRow.title, UnitRow.name, UnitRow.key)
    wanted = wanted.join(UnitRow, UnitRow.id == PostRow.unit).where(PostRow.official.in_(officials))
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for official, *post in session.execute(wanted.order_by(PostRow.official, PostRow.position)):
        found[official].append((post[0], post[1], post[2]))
    return found


def _mailboxes(session: Session, officials: Sequence[int]) -> dict[int, str]:
    """Address of the official mailbox of these officials (rows' ids), the first one there was."""
    wanted = select(MailboxRow.owner, MailboxRow.address).where(
        MailboxRow.owner.in_(officials), MailboxRow.kind == "personal", MailboxRow.gone_at.is_(None)
    )
    return {owner: address for owner, address in session.execute(wanted.order_by(MailboxRow.id.desc())) if owner}


def _with_posts(official_id: str, name: str, posts: Sequence[tuple[str, str, str]], mailbox: str) -> FoundOfficial:
    title, unit, _key = posts[0] if posts else ("", "", "")
    return FoundOfficial(official_id, name, title, unit, tuple(dict.fromkeys(post[2] for post in posts)), mailbox)


def _within(actor: Actor) -> frozenset[str] | None:
    """The keys of the units whose people the actor may find; None for every unit. Raises `ForbiddenError`."""
    require(actor, Permission.CORE_DIRECTORY_READ)
    return actor.reach(Permission.CORE_DIRECTORY_READ).units
