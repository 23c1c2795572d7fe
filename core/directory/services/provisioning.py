"""Officials and units one at a time, as a personnel system says them by SCIM: who joins, moves, leaves.

Each takes its turn, changes what differs, and leaves one entry in the trail (and `leaving` its own where there was
anything to end); what is so already leaves none. The caller asks the day and the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from core import audit
from core.directory.errors import FixedError, TakenError, UnfitPersonError
from core.directory.feeds.following import follow
from core.directory.models import AliasRow, MailboxRow, OfficialRow, PostRow, ProvisionedOfficial, UnitRow
from core.directory.permissions import can_provision
from core.directory.roster import Post, Rank
from core.directory.rosterfile import Line
from core.directory.rosterfile.rows import REQUIRED, read_rows
from core.directory.services import leaving
from core.directory.services.taking_turns import take_turn
from core.directory.services.wording import put_words
from core.permissions import Actor, Permission, require
from core.words import Text


class ProvisionAction(StrEnum):
    """What the trail says of officials and units that a program puts."""

    PUT = "core:official:put"
    REMOVE = "core:official:remove"
    UNIT_PUT = "core:unit:put"
    UNIT_REMOVE = "core:unit:remove"


@dataclass(frozen=True, slots=True)
class Person:
    """An official as a program says them; `unit` is a key or a name, the first of `addresses` the mailbox."""

    official_id: str
    name: str
    unit: str
    title: str
    rank: Rank
    addresses: tuple[str, ...]
    user_name: str
    external_id: str | None

    def said(self) -> dict[str, object]:
        """What is kept for the day they come back."""
        return {"unit": self.unit, "title": self.title, "rank": self.rank, "addresses": list(self.addresses)}


def begin(session: Session, actor: Actor) -> None:
    """Nobody else changes the directory until this transaction ends. Raises `ForbiddenError`."""
    if not can_provision(actor):
        require(actor, Permission.CORE_DIRECTORY_PROVISION)
    take_turn(session)


def put_person(
    session: Session, actor: Actor, *, person: Person, active: bool, row: OfficialRow | None, today: date, now: datetime
) -> OfficialRow:
    """The official as the program says; `row` is who it is about (None: somebody new).

    An official who is not active leaves; one who is again comes back under the old number. Raises `UnfitPersonError`
    for values that cannot be, `TakenError` for a number, name or address that is another's, `FixedError` for another
    number.
    """
    begin(session, actor)
    checked = _checked(person)
    known = session.scalars(select(OfficialRow).where(OfficialRow.official_id == checked.official_id)).one_or_none()
    if row is None:
        row = _newcomer(session, checked, known)
    elif known is not row:
        raise FixedError(
            Text("Mã cán bộ không thay đổi được.", "The number of an official does not change."),
            detail="employeeNumber",
        )
    facts = _remember(session, row, checked, now)
    if active:
        facts |= _active(session, row, checked, today=today, now=now)
    elif row.gone_at is None:
        _gone(session, actor, row, now=now)
    session.flush()
    if facts:
        put_words(session, units=[], officials=[row.id])
        subject = f"official:{row.official_id}"
        audit.record(session, actor=actor.in_trail, action=ProvisionAction.PUT, subject=subject, facts=facts)
    return row


def remove_person(session: Session, actor: Actor, *, row: OfficialRow, now: datetime) -> None:
    """The official leaves and the program knows them no more. Raises `LastAdministratorError`."""
    begin(session, actor)
    if row.gone_at is None:
        _gone(session, actor, row, now=now)
    kept = session.get(ProvisionedOfficial, row.id)
    if kept is not None:
        kept.deleted_at = now
    session.flush()


def _gone(session: Session, actor: Actor, row: OfficialRow, *, now: datetime) -> None:
    row.gone_at = now
    boxes = session.scalars(select(MailboxRow).where(MailboxRow.owner == row.id, MailboxRow.gone_at.is_(None))).all()
    for box in boxes:
        box.gone_at = now
    session.execute(delete(AliasRow).where(AliasRow.mailbox.in_([box.id for box in boxes])))
    session.execute(delete(PostRow).where(PostRow.official == row.id))
    session.flush()
    leaving.see_off(session, actor, [row], now=now)
    put_words(session, units=[], officials=[row.id])
    subject = f"official:{row.official_id}"
    audit.record(session, actor=actor.in_trail, action=ProvisionAction.REMOVE, subject=subject)


def _checked(person: Person) -> Person:
    """The values as a file's cells are read. Raises `UnfitPersonError`."""
    cells = (person.unit, person.official_id, person.name, person.title, person.rank, " ".join(person.addresses[:1]))
    header, line = Line(0, [*REQUIRED, "aliases"]), Line(1, [*cells, " ".join(person.addresses[1:])])
    rows, problems = read_rows([header, line], "SCIM")
    if not person.official_id.strip():
        raise UnfitPersonError(
            Text("Thiếu mã cán bộ.", "The number of the official is missing."), detail="employeeNumber"
        )
    if not person.user_name.strip() or problems or not rows:
        words = problems[0].words if problems else Text("trống", "empty")
        column = problems[0].column if problems else "userName"
        raise UnfitPersonError(Text(f"{column}: {words.vi}.", f"{column}: {words.en}."), detail=column)
    row = rows[0]
    addresses = tuple(dict.fromkeys(one for one in (row.email, *row.aliases) if one))
    return Person(
        row.official_id, row.name, row.unit, row.title, cast("Rank", row.rank), addresses, person.user_name.strip(),
        person.external_id,
    )  # fmt: skip


def _newcomer(session: Session, person: Person, known: OfficialRow | None) -> OfficialRow:
    if known is None:
        known = OfficialRow(official_id=person.official_id, name=person.name)
        session.add(known)
        session.flush()
        return known
    kept = session.get(ProvisionedOfficial, known.id)
    if known.gone_at is None or (kept is not None and kept.deleted_at is None):
        raise TakenError(
            Text(f"Mã {person.official_id} đã có.", f"The number {person.official_id} is there already."),
            detail="employeeNumber",
        )
    return known


def _remember(session: Session, row: OfficialRow, person: Person, now: datetime) -> dict[str, object]:
    """What the program calls them and said of them; which of it is new."""
    key = person.user_name.lower()
    other = session.scalars(
        select(ProvisionedOfficial).where(
            ProvisionedOfficial.user_name_key == key, ProvisionedOfficial.official != row.id
        )
    ).one_or_none()
    if other is not None and other.deleted_at is not None:
        session.delete(other)
        session.flush()
    elif other is not None:
        raise TakenError(
            Text(f"Tên {person.user_name} đã có người dùng.", f"The name {person.user_name} is another's."),
            detail="userName",
        )
    values: dict[str, object] = {
        "user_name": person.user_name, "user_name_key": key, "external_id": person.external_id,
        "said": person.said(), "deleted_at": None,
    }  # fmt: skip
    kept = session.get(ProvisionedOfficial, row.id)
    if kept is None:
        kept = ProvisionedOfficial(official=row.id, created_at=now, changed_at=now, **values)
        session.add(kept)
        return {"user_name": person.user_name}
    changed = {name: value for name, value in values.items() if getattr(kept, name) != value}
    for name, value in changed.items():
        setattr(kept, name, value)
    kept.changed_at = now if changed else kept.changed_at
    return {"user_name": person.user_name} if changed else {}


def _active(session: Session, row: OfficialRow, person: Person, *, today: date, now: datetime) -> dict[str, object]:
    facts: dict[str, object] = {}
    if row.gone_at is not None or row.name != person.name or not has_posts(session, row):
        facts["name"] = person.name
    row.name, row.gone_at = person.name, None
    unit = unit_named(session, person.unit)
    before = posts_of(session, row)
    open_ = [post for _, post in before if post.until is None or post.until >= today]
    main = Post(row.official_id, unit.key, person.title, person.rank)
    wanted = [main, *(post for post in open_[1:] if post.unit_key != unit.key)]
    after = follow([post for _, post in before], wanted, today=today, since=today)
    if list(after) != [post for _, post in before]:
        write_posts(session, row, after)
        facts |= {"unit": unit.key, "title": person.title, "rank": person.rank}
    if _put_addresses(session, row, person.addresses, unit, now):
        facts["addresses"] = len(person.addresses)
    return facts


def has_posts(session: Session, row: OfficialRow) -> bool:
    """Whether the official holds or held any post that is known."""
    return session.scalar(select(func.count()).where(PostRow.official == row.id)) != 0


def unit_named(session: Session, written: str) -> UnitRow:
    """The unit of that key, or the only one of that name. Raises `UnfitPersonError`: a misspelt one is not made."""
    wanted = select(UnitRow).where(or_(UnitRow.key == written, UnitRow.name == written), UnitRow.gone_at.is_(None))
    rows = session.scalars(wanted).all()
    exact = [row for row in rows if row.key == written] or rows
    if len(exact) != 1:
        raise UnfitPersonError(
            Text(f"Không có (hoặc có nhiều) đơn vị “{written}”.", f"There is no unit “{written}”, or more than one."),
            detail="department",
        )
    return exact[0]


def posts_of(session: Session, row: OfficialRow) -> list[tuple[int, Post]]:
    """The posts with the ids of their units, the main one first."""
    wanted = select(PostRow, UnitRow.key).join(UnitRow, UnitRow.id == PostRow.unit).where(PostRow.official == row.id)
    return [
        (post.unit, Post(row.official_id, key, post.title, cast("Rank", post.rank), post.since, post.until))
        for post, key in session.execute(wanted.order_by(PostRow.position))
    ]


def write_posts(session: Session, row: OfficialRow, posts: Sequence[Post]) -> None:
    """These posts in the place of all the official has."""
    keys = {one.unit_key for one in posts}
    ids = dict(session.execute(select(UnitRow.key, UnitRow.id).where(UnitRow.key.in_(keys))).all())
    session.execute(delete(PostRow).where(PostRow.official == row.id))
    rows = [
        {"official": row.id, "position": at, "unit": ids[one.unit_key], "title": one.title, "rank": one.rank,
         "since": one.since, "until": one.until}
        for at, one in enumerate(posts)
    ]  # fmt: skip
    if rows:
        session.execute(insert(PostRow), rows)


def _refuse_taken(session: Session, row: OfficialRow, address: str) -> None:
    """Raises `TakenError` for an address that is somebody else's, or a shared mailbox's."""
    box = session.scalars(select(MailboxRow).where(MailboxRow.address == address)).one_or_none()
    if box is None:
        wanted = select(MailboxRow).join(AliasRow, AliasRow.mailbox == MailboxRow.id).where(AliasRow.address == address)
        box = session.scalars(wanted).one_or_none()
    if box is not None and box.gone_at is None and (box.owner != row.id or box.kind != "personal"):
        raise TakenError(Text(f"Địa chỉ {address} đã có chủ.", f"The address {address} is another's."), detail="emails")


def _put_addresses(session: Session, row: OfficialRow, addresses: Sequence[str], unit: UnitRow, now: datetime) -> bool:
    """The first address is a mailbox, others stay the mailboxes they were or become aliases of it; whether any changed.

    Raises `TakenError` for one that is somebody else's.
    """
    mine = {box.address: box for box in session.scalars(select(MailboxRow).where(MailboxRow.owner == row.id))}
    live = {address for address, box in mine.items() if box.gone_at is None and box.kind == "personal"}
    aliases = select(AliasRow).where(AliasRow.mailbox.in_([mine[one].id for one in live]))
    before = {one.address for one in session.scalars(aliases)}
    if (live | before) == set(addresses) and (not addresses or addresses[0] in live):
        return False
    for address in addresses:
        _refuse_taken(session, row, address)
    boxes = {*addresses[:1], *(one for one in addresses if one in live)}
    session.execute(delete(AliasRow).where(AliasRow.address.in_(before)))
    for address in boxes:
        box = session.scalars(select(MailboxRow).where(MailboxRow.address == address)).one_or_none()
        if box is None:
            box = MailboxRow(address=address)
            session.add(box)
        box.kind, box.owner, box.unit, box.gone_at = "personal", row.id, unit.id, None
    for address in live - boxes:
        mine[address].gone_at = now
    session.flush()
    main = session.scalars(select(MailboxRow.id).where(MailboxRow.address == addresses[0])).one() if addresses else None
    session.add_all(AliasRow(address=one, mailbox=main) for one in addresses if one not in boxes)
    session.flush()
    return True
