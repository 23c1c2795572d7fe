"""Readers for programs that put officials and units one at a time: what SCIM shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.directory.models import (
    AliasRow,
    MailboxRow,
    OfficialRow,
    PostRow,
    ProvisionedOfficial,
    ProvisionedUnit,
    UnitRow,
)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: an attribute's name in small letters, `eq` or `sw`, and the value it has or begins with."""

    attribute: str
    operator: str
    value: str | bool


@dataclass(frozen=True, slots=True)
class ProvisionedPerson:
    """An official as a program is shown them; of one who left, what was said of them last."""

    row_id: int
    official_id: str
    name: str
    user_name: str
    external_id: str | None
    active: bool
    unit: str
    title: str
    rank: str
    addresses: tuple[str, ...]
    units: tuple[tuple[int, str], ...]
    """Id and key of every unit the official is in."""
    created_at: datetime | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProvisionedGroup:
    """A unit as a program is shown it; `members` are ids and names of officials."""

    row_id: int
    key: str
    external_id: str | None
    members: tuple[tuple[int, str], ...]


_FIRST_BOX = (
    select(MailboxRow.address)
    .where(MailboxRow.owner == OfficialRow.id, MailboxRow.kind == "personal", MailboxRow.gone_at.is_(None))
    .order_by(MailboxRow.id)
    .limit(1)
    .correlate(OfficialRow)
    .scalar_subquery()
)
_USER_NAME = func.coalesce(ProvisionedOfficial.user_name_key, _FIRST_BOX, func.lower(OfficialRow.official_id))


def people(
    session: Session, terms: Sequence[Term], *, first: int, count: int, today: date
) -> tuple[int, list[ProvisionedPerson]]:
    """How many officials fit, and those of one page, in the order of their ids. At most six queries."""
    base = select(OfficialRow, ProvisionedOfficial).outerjoin(
        ProvisionedOfficial, ProvisionedOfficial.official == OfficialRow.id
    )
    there = and_(
        ProvisionedOfficial.deleted_at.is_(None),
        or_(OfficialRow.gone_at.is_(None), ProvisionedOfficial.official.is_not(None)),
    )
    wanted = base.where(there, *(_of_person(term) for term in terms))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(wanted.order_by(OfficialRow.id).offset(first).limit(count)).all() if count else []
    return total, _persons(session, rows, today)


def groups(
    session: Session, terms: Sequence[Term], *, first: int, count: int, today: date, with_members: bool = True
) -> tuple[int, list[ProvisionedGroup]]:
    """How many units fit, and those of one page, in the order of their ids."""
    wanted = (
        select(UnitRow, ProvisionedUnit.external_id)
        .outerjoin(ProvisionedUnit, ProvisionedUnit.unit == UnitRow.id)
        .where(UnitRow.gone_at.is_(None), *(_of_group(term) for term in terms))
    )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(wanted.order_by(UnitRow.id).offset(first).limit(count)).all() if count else []
    ids = [row.id for row, _ in rows]
    members: dict[int, list[tuple[int, str]]] = {}
    if with_members and ids:
        inside = _open_posts(today).where(PostRow.unit.in_(ids), OfficialRow.gone_at.is_(None))
        found = inside.with_only_columns(PostRow.unit, OfficialRow.id, OfficialRow.name).distinct()
        for unit, official, name in session.execute(found.order_by(PostRow.unit, OfficialRow.id)):
            members.setdefault(unit, []).append((official, name))
    return total, [ProvisionedGroup(row.id, row.key, said, tuple(members.get(row.id, ()))) for row, said in rows]


def _open_posts(today: date) -> Select[Any]:
    is_open = or_(PostRow.until.is_(None), PostRow.until >= today)
    return select(PostRow).join(OfficialRow, OfficialRow.id == PostRow.official).where(is_open)


def _of_person(term: Term) -> ColumnElement[bool]:
    if term.attribute == "active":
        return OfficialRow.gone_at.is_(None) if term.value else OfficialRow.gone_at.is_not(None)
    value = str(term.value)
    if term.attribute == "username":
        low = value.lower()
        if term.operator == "eq":  # found by an index first, then held against what is shown
            named = select(ProvisionedOfficial.official).where(ProvisionedOfficial.user_name_key == low)
            owners = select(MailboxRow.owner).where(MailboxRow.address == low)
            numbers = select(OfficialRow.id).where(func.lower(OfficialRow.official_id) == low)
            return and_(OfficialRow.id.in_(named.union(owners, numbers)), _USER_NAME == low)  # noqa: SIM300
        return _begins(_USER_NAME, low)
    if term.attribute == "emails.value":
        box = _compared(MailboxRow.address.expression, term.operator, value.lower())
        alias = _compared(AliasRow.address.expression, term.operator, value.lower())
        there = (MailboxRow.kind == "personal", MailboxRow.gone_at.is_(None))
        called = select(MailboxRow.owner).join(AliasRow, AliasRow.mailbox == MailboxRow.id).where(alias, *there)
        return OfficialRow.id.in_(select(MailboxRow.owner).where(box, *there).union(called))
    if term.attribute == "id" and term.operator == "eq":
        return _numbered(OfficialRow.id, value)
    columns: dict[str, ColumnElement[Any]] = {
        "id": cast(OfficialRow.id, String),
        "externalid": ProvisionedOfficial.external_id.expression,
        "employeenumber": OfficialRow.official_id.expression,
    }
    return _compared(columns[term.attribute], term.operator, value)


def _of_group(term: Term) -> ColumnElement[bool]:
    if term.attribute == "id" and term.operator == "eq":
        return _numbered(UnitRow.id, str(term.value))
    columns: dict[str, ColumnElement[Any]] = {
        "id": cast(UnitRow.id, String),
        "externalid": ProvisionedUnit.external_id.expression,
        "displayname": UnitRow.key.expression,
    }
    return _compared(columns[term.attribute], term.operator, str(term.value))


def _numbered(column: InstrumentedAttribute[int], value: str) -> ColumnElement[bool]:
    """The row of that id, by its key; none for what is written otherwise than we write ids."""
    written = value.isascii() and value.isdecimal() and len(value) < 10 and not value.startswith("0")
    return column == int(value) if written else false()


def _compared(column: ColumnElement[Any], operator: str, value: str) -> ColumnElement[bool]:
    return column == value if operator == "eq" else _begins(column, value)


def _begins(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """With capitals as they are; LIKE would not be the same on every database."""
    return func.substr(column, 1, len(value)) == value


def _persons(
    session: Session, rows: Sequence[tuple[OfficialRow, ProvisionedOfficial | None]], today: date
) -> list[ProvisionedPerson]:
    ids = [row.id for row, _ in rows]
    posts: dict[int, list[tuple[int, str, str, str]]] = {}
    wanted = _open_posts(today).join(UnitRow, UnitRow.id == PostRow.unit).where(PostRow.official.in_(ids))
    columns = wanted.with_only_columns(PostRow.official, PostRow.unit, UnitRow.key, PostRow.title, PostRow.rank)
    for official, unit, key, title, rank in session.execute(columns.order_by(PostRow.official, PostRow.position)):
        posts.setdefault(official, []).append((unit, key, title, rank))
    addresses: dict[int, list[str]] = {}
    boxes = select(MailboxRow.owner, MailboxRow.address, MailboxRow.id).where(
        MailboxRow.owner.in_(ids), MailboxRow.kind == "personal", MailboxRow.gone_at.is_(None)
    )
    owners: dict[int, int] = {}
    for owner, address, box in session.execute(boxes.order_by(MailboxRow.id)):
        addresses.setdefault(owner or 0, []).append(address)
        owners[box] = owner or 0
    aliases = select(AliasRow.mailbox, AliasRow.address).where(AliasRow.mailbox.in_(owners))
    for mailbox, address in session.execute(aliases.order_by(AliasRow.address)):
        addresses[owners[mailbox]].append(address)
    return [_person(row, kept, posts.get(row.id, []), addresses.get(row.id, [])) for row, kept in rows]


def _person(
    row: OfficialRow, kept: ProvisionedOfficial | None, posts: list[tuple[int, str, str, str]], addresses: list[str]
) -> ProvisionedPerson:
    active = row.gone_at is None
    said: dict[str, Any] = {"unit": "", "title": "", "rank": "staff", "addresses": []}
    if posts:
        said |= {"unit": posts[0][1], "title": posts[0][2], "rank": posts[0][3]}
    said["addresses"] = addresses
    if kept is not None and not active:
        said = kept.said
    elif kept is not None and addresses:  # the mailbox that the program called the main one stands first
        main = next(iter(kept.said["addresses"]), None)
        said["addresses"] = sorted(addresses, key=lambda one: one != main)
    shown = tuple(dict.fromkeys((key, name) for key, name, *_ in posts)) if active else ()
    name = kept.user_name if kept is not None else (addresses or [row.official_id])[0]
    return ProvisionedPerson(
        row.id, row.official_id, row.name, name, None if kept is None else kept.external_id, active, said["unit"],
        said["title"], said["rank"], tuple(said["addresses"]), shown, None if kept is None else kept.created_at,
        None if kept is None else kept.changed_at,
    )  # fmt: skip
