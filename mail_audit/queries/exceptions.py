"""Readers of the exceptions on record: as a report takes them into account, as a list, and of one official."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.directory.models import OfficialRow
from core.directory.queries.search import officials_with
from core.directory.spelling import terms_of
from core.permissions import Reach
from mail_audit.errors import ExceptionNotFoundError
from mail_audit.models import Audit, UsageException
from mail_audit.queries.reached import officials_in_reach
from mail_audit.usage.exceptions import ABSENCES, Exemption, Kind

Standing = Literal["standing", "ended", "withdrawn"]


@dataclass(frozen=True, slots=True)
class RecordedException:
    """An exception with its trail; `delegate` and `delegate_name` are of the official who works for another.

    `state`: standing (its last day is not reached, or there is none), ended (its last day has passed), withdrawn.
    """

    exception_id: int
    official_id: str
    name: str
    kind: Kind
    first: date
    last: date | None
    note: str
    address: str | None
    delegate: str | None
    delegate_name: str | None
    recorded_at: datetime
    recorded_by: str
    ended_at: datetime | None
    ended_by: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_why: str | None
    state: Standing
    in_report: bool | None = None
    """Whether the report that was asked about took it into account; None where none was."""


@dataclass(frozen=True, slots=True)
class ExceptionList:
    """A part of the exceptions, and how many the whole has."""

    rows: tuple[RecordedException, ...]
    total: int


def exemptions(session: Session) -> tuple[Exemption, ...]:
    """Every exception that was not withdrawn, in an order that does not depend on when it was recorded.

    What a report takes into account: `reporting.build_report` and the measurement take what falls into their days.
    A report's manifest holds it, so it says no more than a report needs: no note, and of sickness only that somebody
    was away.
    """
    delegate = aliased(OfficialRow)
    found = (
        select(UsageException, OfficialRow.official_id, delegate.official_id)
        .join(OfficialRow, OfficialRow.id == UsageException.official)
        .outerjoin(delegate, delegate.id == UsageException.delegate)
        .where(UsageException.withdrawn_at.is_(None))
    )
    every = (
        Exemption(
            official_id=row[1],
            kind="leave" if row[0].kind in ABSENCES else cast("Kind", row[0].kind),
            first=row[0].first_day,
            last=row[0].last_day,
            note="",
            author=row[0].recorded_by,
            address=row[0].address,
            delegate=row[2],
        )
        for row in session.execute(found)
    )
    return tuple(sorted(every, key=lambda one: (one.official_id, one.first, str(one))))


def exceptions(
    session: Session,
    *,
    reach: Reach,
    today: date,
    state: Standing | None = None,
    text: str = "",
    offset: int = 0,
    limit: int = 50,
) -> ExceptionList:
    """A part of the exceptions of officials in reach, the newest first.

    Of one state, or of officials who have words that begin like those of `text` (`core.directory.spelling`).
    """
    wanted = _in_reach(reach)
    if state is not None:
        wanted.append(_in_state(state, today))
    if text.strip():
        terms = terms_of(text)
        wanted.append(UsageException.official.in_(officials_with(terms)) if terms else false())
    chosen = select(UsageException.id).where(*wanted)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    shown = chosen.order_by(UsageException.id.desc()).offset(max(0, offset)).limit(max(0, limit)).subquery()
    part = _all().join(shown, shown.c.id == UsageException.id).order_by(UsageException.id.desc())
    return ExceptionList(tuple(_recorded(row, today, None) for row in session.execute(part)), total)


def exception(session: Session, exception_id: int, *, reach: Reach, today: date) -> RecordedException:
    """One exception; ExceptionNotFoundError, also for one of an official out of reach."""
    row = session.execute(_all().where(UsageException.id == exception_id, *_in_reach(reach))).first()
    if row is None:
        raise ExceptionNotFoundError(exception_id)
    return _recorded(row, today, None)


def exceptions_of(session: Session, audit_id: int, official_id: str, *, today: date) -> tuple[RecordedException, ...]:
    """The exceptions of an official that meet the period of a report, the earliest first, each with `in_report`."""
    measured = func.coalesce(Audit.reading_since, Audit.created_at)
    audit = session.execute(select(Audit.first_day, Audit.last_day, measured).where(Audit.id == audit_id)).first()
    if audit is None or audit[0] is None or audit[1] is None:
        return ()
    found = (
        _all()
        .where(
            OfficialRow.official_id == official_id,
            UsageException.first_day <= audit[1],
            or_(UsageException.last_day.is_(None), UsageException.last_day >= audit[0]),
        )
        .order_by(UsageException.first_day, UsageException.id)
    )
    return tuple(_recorded(row, today, audit[2]) for row in session.execute(found))


def changed_since(session: Session, audit_id: int, *, reach: Reach) -> int:
    """How many exceptions in reach, for the period of a report, were recorded or withdrawn after it was measured."""
    measured = func.coalesce(Audit.reading_since, Audit.created_at)
    found = (
        select(func.count())
        .select_from(UsageException)
        .join(Audit, Audit.id == audit_id)
        .join(OfficialRow, OfficialRow.id == UsageException.official)
        .where(
            *_in_reach(reach),
            UsageException.first_day <= Audit.last_day,
            or_(UsageException.last_day.is_(None), UsageException.last_day >= Audit.first_day),
            or_(
                and_(UsageException.recorded_at > measured, UsageException.withdrawn_at.is_(None)),
                and_(UsageException.recorded_at <= measured, UsageException.withdrawn_at > measured),
            ),
        )
    )
    return session.scalar(found) or 0


_DELEGATE = aliased(OfficialRow)


def _all() -> Select[UsageException, OfficialRow, OfficialRow]:
    return (
        select(UsageException, OfficialRow, _DELEGATE)
        .join(OfficialRow, OfficialRow.id == UsageException.official)
        .outerjoin(_DELEGATE, _DELEGATE.id == UsageException.delegate)
    )


def _in_reach(reach: Reach) -> list[ColumnElement[bool]]:
    if reach.whole:
        return []
    people = select(OfficialRow.id).where(OfficialRow.official_id.in_(officials_in_reach(reach)))
    return [UsageException.official.in_(people)]


def _in_state(state: Standing, today: date) -> ColumnElement[bool]:
    over = and_(UsageException.withdrawn_at.is_(None), UsageException.last_day < today)
    if state == "withdrawn":
        return UsageException.withdrawn_at.is_not(None)
    if state == "ended":
        return over
    return and_(
        UsageException.withdrawn_at.is_(None), or_(UsageException.last_day.is_(None), UsageException.last_day >= today)
    )


def _recorded(
    row: tuple[UsageException, OfficialRow, OfficialRow | None], today: date, measured: datetime | None
) -> RecordedException:
    one, official, delegate = row[0], row[1], row[2]
    state: Standing = "standing" if one.last_day is None or one.last_day >= today else "ended"
    in_report = None
    if measured is not None:
        in_report = one.recorded_at <= measured and (one.withdrawn_at is None or one.withdrawn_at > measured)
    return RecordedException(
        exception_id=one.id,
        official_id=official.official_id,
        name=official.name,
        kind=cast("Kind", one.kind),
        first=one.first_day,
        last=one.last_day,
        note=one.note,
        address=one.address,
        delegate=delegate.official_id if delegate is not None else None,
        delegate_name=delegate.name if delegate is not None else None,
        recorded_at=one.recorded_at,
        recorded_by=one.recorded_by,
        ended_at=one.ended_at,
        ended_by=one.ended_by,
        withdrawn_at=one.withdrawn_at,
        withdrawn_by=one.withdrawn_by,
        withdrawn_why=one.withdrawn_why,
        state="withdrawn" if one.withdrawn_at is not None else state,
        in_report=in_report,
    )
