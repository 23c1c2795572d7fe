"""Readers of the directory; what is gone is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.directory.models import AliasRow, MailboxRow, OfficialRow, PostRow, UnitRow
from core.directory.roster import Mailbox, MailboxKind, Official, Post, Rank, Roster, Unit
from core.errors import NotFoundError
from core.permissions import Reach
from core.words import Text


def roster(session: Session) -> Roster:
    """The whole directory, equal to the file that was imported last; five queries."""
    unit_rows = session.scalars(select(UnitRow).order_by(UnitRow.id)).all()
    keys = {row.id: row.key for row in unit_rows}
    units = {
        row.key: Unit(row.key, row.name, keys[row.parent_id] if row.parent_id else None)
        for row in unit_rows
        if row.gone_at is None
    }
    official_rows = session.scalars(select(OfficialRow).order_by(OfficialRow.id)).all()
    numbers = {row.id: row.official_id for row in official_rows}
    officials = {row.official_id: Official(row.official_id, row.name) for row in official_rows if row.gone_at is None}
    posts = [
        Post(numbers[row.official], keys[row.unit], row.title, cast("Rank", row.rank), row.since, row.until)
        for row in session.scalars(select(PostRow).order_by(PostRow.official, PostRow.position))
    ]
    return Roster(
        units, officials, tuple(sorted(posts, key=lambda post: post.official_id)), _mailboxes(session, keys, numbers)
    )


def _mailboxes(session: Session, keys: dict[int, str], numbers: dict[int, str]) -> dict[str, Mailbox]:
    aliases: dict[int, list[str]] = {}
    for alias in session.scalars(select(AliasRow).order_by(AliasRow.address)):
        aliases.setdefault(alias.mailbox, []).append(alias.address)
    return {
        row.address: Mailbox(
            row.address,
            cast("MailboxKind", row.kind),
            keys[row.unit],
            numbers[row.owner] if row.owner is not None else None,
            tuple(sorted(aliases.get(row.id, ()))),
        )
        for row in session.scalars(select(MailboxRow).where(MailboxRow.gone_at.is_(None)).order_by(MailboxRow.id))
    }


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are in the directory now."""

    units: int
    officials: int
    mailboxes: int


def counts(session: Session, *, reach: Reach) -> Counts:
    """How many units, officials (by any post) and mailboxes there are in reach. Three SQL queries."""
    inside: list[ColumnElement[bool]] = [] if reach.units is None else [UnitRow.key.in_(reach.units)]
    units = select(func.count(UnitRow.id)).where(UnitRow.gone_at.is_(None), *inside)
    officials = select(func.count(OfficialRow.id)).where(OfficialRow.gone_at.is_(None))
    boxes = select(func.count(MailboxRow.id)).where(MailboxRow.gone_at.is_(None))
    if inside:
        posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(*inside)
        officials = officials.where(OfficialRow.id.in_(posts))
        boxes = boxes.join(UnitRow, UnitRow.id == MailboxRow.unit).where(*inside)
    return Counts(session.scalar(units) or 0, session.scalar(officials) or 0, session.scalar(boxes) or 0)


def unit_key(session: Session, written: str) -> str:
    """The key of the unit of that key or (where it is the only one) that name; raises `NotFoundError`."""
    said = written.strip()
    found = session.scalars(select(UnitRow.key).where(or_(UnitRow.key == said, UnitRow.name == said))).all()
    if said in found or len(found) == 1:
        return said if said in found else found[0]
    raise NotFoundError(Text(f"Không có đơn vị {said}.", f"There is no unit {said}."))


def official_row(session: Session, official_id: str) -> OfficialRow | None:
    """The row of an official by number, of one who has left too; None where there never was one."""
    return session.scalars(select(OfficialRow).where(OfficialRow.official_id == official_id)).one_or_none()


def in_post(first: date, last: date | None = None, *, row: type[PostRow] = PostRow) -> ColumnElement[bool]:
    """As a condition on `PostRow` (or an alias of it): held on the day `first`, or on any day until `last`.

    Without dates it always is.
    """
    return and_(
        or_(row.since.is_(None), row.since <= (last or first)),
        or_(row.until.is_(None), row.until >= first),
    )


def main_unit(session: Session, official: int, day: date) -> int | None:
    """The unit of the main post that an official (keys of the tables) holds on that day; None for nobody in post."""
    wanted = select(PostRow.unit).where(PostRow.official == official, in_post(day)).order_by(PostRow.position).limit(1)
    return session.scalars(wanted).first()


def units_above(session: Session, unit: int) -> list[int]:
    """The unit (key of the table) and those above it, the nearest first."""
    found, at = list[int](), [unit]
    while at and at[0] not in found:
        found += at
        wanted = select(UnitRow.parent_id).where(UnitRow.id == at[0])
        at = [one for one in session.scalars(wanted) if one is not None]
    return found
