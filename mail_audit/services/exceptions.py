"""Exceptions on record: put in, ended, withdrawn, brought in from a file. Nothing is ever deleted.

They change no report that was made. The next report takes into account what is on record then, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import record
from core.db import utc_now
from core.directory.models import OfficialRow
from core.directory.queries import official_row, unit_keys_of
from core.permissions import Actor, Permission, require
from core.words import Text
from mail_audit.actions import AuditAction
from mail_audit.errors import ExceptionEndedError, ExceptionInputError, ExceptionNotFoundError
from mail_audit.exception_file import EARLIEST, LATEST, ExceptionRow, refuse_strangers, station_address
from mail_audit.models import UsageException
from mail_audit.models.contests import EXCEPTION_KINDS
from mail_audit.permissions import can_record_exception_of
from mail_audit.queries.reached import officials_in_reach
from mail_audit.services import notices
from mail_audit.services.collecting.marks import mark_months
from mail_audit.written import LONGEST, cleaned


@dataclass(frozen=True, slots=True)
class ExceptionsImported:
    """What a file of exceptions came to: how many rows were new, changed their last day, stood already, were left.

    `left` rows are of exceptions that somebody ended or withdrew here by hand: a file does not undo that.
    """

    recorded: int
    changed: int
    known: int
    left: int


def record_exception(
    session: Session,
    actor: Actor,
    *,
    official_id: str,
    kind: str,
    first: date,
    last: date | None = None,
    note: str = "",
    address: str | None = None,
    delegate: str | None = None,
) -> int:
    """Put an exception on record (see `usage.exceptions` for kinds and effects); its id.

    `address` (an IP address) with shared_station, `delegate` (an official's number) with agreed_delegate. `last` None:
    until it is ended. ForbiddenError, ExceptionInputError.
    """
    require(actor, Permission.MAIL_AUDIT_EXCEPTION_RECORD)
    if kind not in EXCEPTION_KINDS:
        raise _wrong("Hãy chọn loại ngoại lệ.", "Please choose the kind of exception.", kind)
    _check_days(first, last)
    row = UsageException(
        official=_official(session, official_id, reached_by=actor).id,
        kind=kind,
        first_day=first,
        last_day=last,
        note=_note(note),
        address=_address(address) if kind == "shared_station" else None,
        delegate=_official(session, delegate or "").id if kind == "agreed_delegate" else None,
        recorded_at=utc_now(),
        recorded_by=actor.name,
    )
    if row.delegate == row.official:
        raise _wrong("Người làm thay phải là người khác.", "The delegate must be somebody else.", official_id)
    session.add(row)
    session.flush()
    _to_measure(session, row)
    notices.exception_recorded(session, row)
    facts = {"official": official_id, "kind": kind, "first": first.isoformat(), "last": _iso(last)}
    facts |= {"address": row.address} if row.address else {}
    facts |= {"delegate": delegate} if row.delegate else {}
    record(session, actor=actor.name, action=AuditAction.EXCEPTION_RECORDED, subject=_subject(row.id), facts=facts)
    return row.id


def end_exception(session: Session, actor: Actor, *, exception_id: int, last: date) -> None:
    """Set the last day of an exception. ForbiddenError, ExceptionNotFoundError, ExceptionInputError for a day before
    the first, ExceptionEndedError for one that was withdrawn.
    """
    require(actor, Permission.MAIL_AUDIT_EXCEPTION_RECORD)
    row = _standing(session, actor, exception_id)
    _check_days(row.first_day, last)
    before = _iso(row.last_day)
    _to_measure(session, row)
    row.last_day, row.ended_at, row.ended_by = last, utc_now(), actor.name
    session.flush()
    _to_measure(session, row)
    facts = {"last": last.isoformat(), "before": before}
    record(session, actor=actor.name, action=AuditAction.EXCEPTION_ENDED, subject=_subject(row.id), facts=facts)


def withdraw_exception(session: Session, actor: Actor, *, exception_id: int, why: str) -> None:
    """Say that an exception should not have been recorded: reports made from now on do without it.

    ForbiddenError, ExceptionNotFoundError, ExceptionInputError without a reason, ExceptionEndedError for one that was
    withdrawn already.
    """
    require(actor, Permission.MAIL_AUDIT_EXCEPTION_RECORD)
    row = _standing(session, actor, exception_id)
    said = _note(why)
    if not said:
        raise _wrong("Hãy ghi lý do rút ngoại lệ.", "Please write why it is withdrawn.", "")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = utc_now(), actor.name, said
    session.flush()
    _to_measure(session, row)
    record(session, actor=actor.name, action=AuditAction.EXCEPTION_WITHDRAWN, subject=_subject(row.id), facts={})


def import_exceptions(session: Session, actor: Actor, *, rows: Sequence[ExceptionRow], file: str) -> ExceptionsImported:
    """Put the exceptions of a file on record; the same file again changes nothing.

    A row is known by official, kind, first day, station and delegate. Where the file has another last day than the
    record, the record takes it, unless somebody ended or withdrew that exception here. Rows whose people are not in
    the directory are named, and then nothing is recorded (`RosterError`). ForbiddenError.
    """
    require(actor, Permission.MAIL_AUDIT_EXCEPTION_RECORD)
    people = _people(session, actor, rows)
    refuse_strangers(rows, people, file)
    known = {_key(row): row for row in session.scalars(select(UsageException).order_by(UsageException.id))}
    new: list[UsageException] = []
    changed: list[int] = []
    left = 0
    for given in rows:
        row = _of(given, people, actor)
        there = known.get(_key(row))
        if there is None:
            known[_key(row)] = row
            new.append(row)
            _to_measure(session, row)
        elif there.withdrawn_at is not None or there.ended_at is not None:
            left += 1
        elif there.last_day != given.last:
            _to_measure(session, there)
            there.last_day = given.last
            _to_measure(session, there)
            if not any(there is one for one in new):
                changed.append(there.id)
    session.add_all(new)
    session.flush()
    for row in new:
        notices.exception_recorded(session, row)
    if new or changed:
        facts = {"file": file, "recorded": [row.id for row in new], "changed": changed}
        record(session, actor=actor.name, action=AuditAction.EXCEPTIONS_IMPORTED, subject="exceptions", facts=facts)
    return ExceptionsImported(len(new), len(changed), len(rows) - len(new) - len(changed) - left, left)


def _to_measure(session: Session, row: UsageException) -> None:
    """Whose station an address is, is decided when a month is measured: the months it touches are to be done again."""
    if row.kind != "shared_station":
        return
    last = min(row.last_day or utc_now().date(), utc_now().date())
    days = [row.first_day + timedelta(days=offset) for offset in range(max(0, (last - row.first_day).days) + 1)]
    mark_months(session, days, cause="shared_station")


def _people(session: Session, actor: Actor, rows: Sequence[ExceptionRow]) -> dict[str, int]:
    """Number -> row of the officials in reach that a file speaks of; one query."""
    reach = actor.reach(Permission.MAIL_AUDIT_EXCEPTION_RECORD)
    numbers = {row.official_id for row in rows} | {row.delegate for row in rows if row.delegate is not None}
    found = select(OfficialRow.official_id, OfficialRow.id)
    if not reach.whole:
        found = found.where(OfficialRow.official_id.in_(officials_in_reach(reach)))
    return {number: key for number, key in session.execute(found) if number in numbers}


def _of(given: ExceptionRow, people: dict[str, int], actor: Actor) -> UsageException:
    return UsageException(
        official=people[given.official_id],
        kind=given.kind,
        first_day=given.first,
        last_day=given.last,
        note=given.note,
        address=given.address,
        delegate=people[given.delegate] if given.delegate is not None else None,
        recorded_at=utc_now(),
        recorded_by=actor.name,
    )


def _key(row: UsageException) -> tuple[int, str, date, str | None, int | None]:
    return (row.official, row.kind, row.first_day, row.address, row.delegate)


def _standing(session: Session, actor: Actor, exception_id: int) -> UsageException:
    """The exception, locked, as it is now; of an official in reach, and not one that was withdrawn."""
    wanted = select(UsageException).where(UsageException.id == exception_id).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None or not _reaches(session, actor, session.get_one(OfficialRow, row.official)):
        raise ExceptionNotFoundError(exception_id)
    if row.withdrawn_at is not None:
        raise ExceptionEndedError(Text("Ngoại lệ này đã được rút.", "This exception has been withdrawn already."))
    return row


def _reaches(session: Session, actor: Actor, official: OfficialRow) -> bool:
    return can_record_exception_of(actor, official.official_id, unit_keys_of(session, official.id))


def _official(session: Session, official_id: str, *, reached_by: Actor | None = None) -> OfficialRow:
    """The official of that number; whom the actor does not reach is as if not in the directory."""
    found = official_row(session, official_id.strip())
    if found is None or (reached_by is not None and not _reaches(session, reached_by, found)):
        raise _wrong(
            f"Danh bạ không có cán bộ nào mang mã “{official_id}”.",
            f"There is no official with the number “{official_id}” in the directory.",
            official_id,
        )
    return found


def _check_days(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise _wrong("Ngày cuối phải sau hoặc trùng ngày đầu.", "The last day must not be before the first.", "")
    if not EARLIEST <= first <= LATEST or (last is not None and last > LATEST):
        raise _wrong("Ngày phải trong khoảng 2000–2100.", "The days must lie between 2000 and 2100.", "")


def _note(text: str) -> str:
    said = cleaned(text)
    if len(said) > LONGEST:
        raise _wrong(f"Ghi chú dài quá {LONGEST} ký tự.", f"The note is longer than {LONGEST} characters.", "")
    return said


def _address(text: str | None) -> str:
    address = station_address(text or "")
    if address is None:
        raise _wrong(
            "Hãy ghi địa chỉ IP của máy, ví dụ 10.0.0.7.", "Please write the station's IP address, like 10.0.0.7.", ""
        )
    return address


def _wrong(vi: str, en: str, detail: str) -> ExceptionInputError:
    return ExceptionInputError(Text(vi, en), detail=detail)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _subject(exception_id: int) -> str:
    return f"exception:{exception_id}"
