"""Readers of the directory part by part, as a page or a program asks for it: never more rows than are wanted.

Of the units in reach; what is gone is left out. Everything in the order of the file that was imported last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from core.directory.models import AliasRow, MailboxRow, OfficialRow, PostRow, UnitRow
from core.directory.roster import Mailbox, MailboxKind, Official, Post, Rank, Unit
from core.permissions import Reach

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """A part of a list, and how many rows the whole has."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An official with the posts in reach, the main one first."""

    official: Official
    posts: tuple[Post, ...]


def units_part(session: Session, *, reach: Reach, offset: int = 0, limit: int = 50) -> Rows[Unit]:
    """A part of the units in reach. Two SQL queries."""
    above = aliased(UnitRow)
    inside = [UnitRow.gone_at.is_(None), *_units_in(reach)]
    found = select(UnitRow.key, UnitRow.name, above.key).outerjoin(above, above.id == UnitRow.parent_id).where(*inside)
    rows = session.execute(found.order_by(UnitRow.id).offset(offset).limit(limit))
    total = session.scalar(select(func.count()).select_from(UnitRow).where(*inside)) or 0
    return Rows(tuple(Unit(*row) for row in rows), total)


def officials_part(session: Session, *, reach: Reach, offset: int = 0, limit: int = 50) -> Rows[Listed]:
    """A part of the officials with any post in reach, each with the posts there. Three SQL queries."""
    inside: list[ColumnElement[bool]] = [OfficialRow.gone_at.is_(None)]
    if not reach.whole:
        inside.append(OfficialRow.id.in_(_posts_in(reach).with_only_columns(PostRow.official)))
    found = select(OfficialRow.id, OfficialRow.official_id, OfficialRow.name).where(*inside)
    rows = session.execute(found.order_by(OfficialRow.id).offset(offset).limit(limit)).all()
    total = session.scalar(select(func.count()).select_from(OfficialRow).where(*inside)) or 0
    posts = _posts_of(session, {row.id: row.official_id for row in rows}, reach)
    people = (Listed(Official(row.official_id, row.name), tuple(posts[row.id])) for row in rows)
    return Rows(tuple(people), total)


def mailboxes_part(session: Session, *, reach: Reach, offset: int = 0, limit: int = 50) -> Rows[Mailbox]:
    """A part of the mailboxes of units in reach. Three SQL queries."""
    inside: list[ColumnElement[bool]] = [MailboxRow.gone_at.is_(None)]
    if not reach.whole:
        inside.append(MailboxRow.unit.in_(select(UnitRow.id).where(*_units_in(reach))))
    part = select(MailboxRow.id).where(*inside).order_by(MailboxRow.id).offset(offset).limit(limit)
    found = (
        select(MailboxRow.id, MailboxRow.address, MailboxRow.kind, UnitRow.key, OfficialRow.official_id)
        .join(UnitRow, UnitRow.id == MailboxRow.unit)
        .outerjoin(OfficialRow, OfficialRow.id == MailboxRow.owner)
        .where(MailboxRow.id.in_(part.subquery().select()))
    )
    rows = session.execute(found.order_by(MailboxRow.id)).all()
    total = session.scalar(select(func.count()).select_from(MailboxRow).where(*inside)) or 0
    aliases: dict[int, list[str]] = defaultdict(list)
    named = select(AliasRow).where(AliasRow.mailbox.in_([row.id for row in rows])).order_by(AliasRow.address)
    for alias in session.scalars(named):
        aliases[alias.mailbox].append(alias.address)
    boxes = (Mailbox(row[1], cast("MailboxKind", row[2]), row[3], row[4], tuple(aliases[row[0]])) for row in rows)
    return Rows(tuple(boxes), total)


def _units_in(reach: Reach) -> list[ColumnElement[bool]]:
    return [] if reach.units is None else [UnitRow.key.in_(reach.units)]


def _posts_in(reach: Reach) -> Select[PostRow, str]:
    return select(PostRow, UnitRow.key).join(UnitRow, UnitRow.id == PostRow.unit).where(*_units_in(reach))


def _posts_of(session: Session, number: Mapping[int, str], reach: Reach) -> dict[int, list[Post]]:
    """The posts in reach of these officials (rows' ids, with their numbers)."""
    held: dict[int, list[Post]] = defaultdict(list)
    wanted = _posts_in(reach).where(PostRow.official.in_(number)).order_by(PostRow.official, PostRow.position)
    for row, key in session.execute(wanted):
        post = Post(number[row.official], key, row.title, cast("Rank", row.rank), row.since, row.until)
        held[row.official].append(post)
    return held
