"""Units one at a time, as a personnel system says them by SCIM: made, who is in them, taken away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from core import audit
from core.directory.errors import FixedError, TakenError, UnfitPersonError
from core.directory.feeds.following import follow
from core.directory.models import MailboxRow, OfficialRow, PostRow, ProvisionedUnit, UnitRow
from core.directory.rosterfile.rows import LONGEST_TEXT, clean
from core.directory.services.provisioning import ProvisionAction, begin, posts_of, write_posts
from core.directory.services.wording import put_words
from core.permissions import Actor
from core.words import Text, showable


def put_unit(
    session: Session,
    actor: Actor,
    *,
    name: str,
    external_id: str | None,
    members: Collection[int] | None,
    row: UnitRow | None,
    today: date,
) -> UnitRow:
    """The unit with these members (ids of officials; None: as they are); `row` is which one it is (None: a new one).

    Whoever becomes a member gets a further post there from today, with the title of the main one; whoever is none any
    more held theirs until yesterday. Raises `TakenError` for a name that is there, `FixedError` for another name (a
    unit of another name is another unit) and for the only post of somebody, `UnfitPersonError`.
    """
    begin(session, actor)
    written = clean(name)
    if not written or len(written) > LONGEST_TEXT or showable(written) != written:
        raise UnfitPersonError(
            Text("Tên đơn vị không dùng được.", "The unit's name cannot be used."), detail="displayName"
        )
    facts: dict[str, object] = {}
    if row is None:
        row = _made(session, written)
        facts["made"] = True
    elif written not in {row.key, row.name}:
        raise FixedError(
            Text("Tên đơn vị không đổi được.", "The name of a unit does not change."), detail="displayName"
        )
    facts |= _called(session, row, external_id)
    if members is not None:
        facts |= _members(session, row, set(members), today)
    if facts:
        subject = f"unit:{row.key}"
        audit.record(session, actor=actor.in_trail, action=ProvisionAction.UNIT_PUT, subject=subject, facts=facts)
    return row


def remove_unit(session: Session, actor: Actor, *, row: UnitRow, now: datetime) -> None:
    """The unit goes. Raises `TakenError` while anybody or anything is or was in it: figures of the past name it."""
    begin(session, actor)
    things = (
        select(PostRow.official).where(PostRow.unit == row.id),
        select(MailboxRow.id).where(MailboxRow.unit == row.id, MailboxRow.gone_at.is_(None)),
        select(UnitRow.id).where(UnitRow.parent_id == row.id, UnitRow.gone_at.is_(None)),
    )
    if any(session.execute(one.limit(1)).first() is not None for one in things):
        raise TakenError(
            Text(
                "Đơn vị còn cán bộ, hộp thư hoặc đơn vị trực thuộc.", "Officials, mailboxes or units are still in it."
            ),
            detail="members",
        )
    row.gone_at = now
    kept = session.get(ProvisionedUnit, row.id)
    if kept is not None:
        session.delete(kept)
    session.flush()
    audit.record(session, actor=actor.in_trail, action=ProvisionAction.UNIT_REMOVE, subject=f"unit:{row.key}")


def _made(session: Session, name: str) -> UnitRow:
    there = session.scalars(select(UnitRow).where(or_(UnitRow.key == name, UnitRow.name == name))).all()
    if any(one.gone_at is None for one in there):
        raise TakenError(Text(f"Đơn vị {name} đã có.", f"The unit {name} is there already."), detail="displayName")
    row = next((one for one in there if one.key == name), None)
    if row is None:
        row = UnitRow(key=name, name=name)
        session.add(row)
    row.gone_at, row.parent_id = None, None
    session.flush()
    put_words(session, units=[row.id], officials=[])
    return row


def _called(session: Session, row: UnitRow, external_id: str | None) -> dict[str, object]:
    kept = session.get(ProvisionedUnit, row.id)
    if (None if kept is None else kept.external_id) == external_id:
        return {}
    if external_id is None and kept is not None:
        session.delete(kept)
    elif external_id is None:
        return {}
    elif kept is None:
        session.add(ProvisionedUnit(unit=row.id, external_id=external_id))
    else:
        kept.external_id = external_id
    session.flush()
    return {"external_id": external_id}


def _members(session: Session, row: UnitRow, wanted: set[int], today: date) -> dict[str, object]:
    present = set(session.scalars(members_of(row.id, today)))
    added, gone = wanted - present, present - wanted
    people = {
        one.id: one
        for one in session.scalars(select(OfficialRow).where(OfficialRow.id.in_(added | gone)))
        if one.gone_at is None
    }
    if added - set(people):
        raise UnfitPersonError(Text("Không có cán bộ này.", "There is no such official."), detail="members")
    for number in sorted(added | gone):
        official = people[number]
        before = [post for _, post in posts_of(session, official)]
        open_ = [post for post in before if post.until is None or post.until >= today]
        if number in added:
            main = open_[0] if open_ else None
            if main is None:
                raise UnfitPersonError(Text("Cán bộ chưa có chức vụ.", "The official has no post."), detail="members")
            now = [*open_, replace(main, unit_key=row.key, rank="staff", since=None, until=None)]
        else:
            now = [post for post in open_ if post.unit_key != row.key]
            if not now:
                raise FixedError(
                    Text("Cán bộ cần ít nhất một đơn vị; hãy đổi department.",
                         "An official is in one unit at least; change the department, or have them leave."),
                    detail="members",
                )  # fmt: skip
        write_posts(session, official, follow(before, now, today=today, since=today))
    numbers = {one.id: one.official_id for one in people.values()}
    told = {"added": sorted(numbers[one] for one in added), "removed": sorted(numbers[one] for one in gone)}
    return {name: found for name, found in told.items() if found}


def members_of(unit: int, today: date) -> Select[int]:
    """The ids of the officials who are in the unit on that day."""
    is_open = or_(PostRow.until.is_(None), PostRow.until >= today)
    wanted = select(PostRow.official).join(OfficialRow, OfficialRow.id == PostRow.official)
    return wanted.where(PostRow.unit == unit, is_open, OfficialRow.gone_at.is_(None)).distinct()
