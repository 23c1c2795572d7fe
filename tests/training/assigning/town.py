"""A small town whose standing facts are written as a measured month leaves them: who acted on which days.

`TODAY` is the day on which rules look; the two windows before it are `EARLIER` and `LATER`, 28 days each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.calendar import working_days
from core.db import Base
from core.directory.models import MailboxRow, OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Granted, Role
from mail_audit.models import LogPiece, LogSource, LogStream, StandingDay, StandingMonth
from training.models import CourseRow
from training.moments import Moment

ZONE = "Asia/Ho_Chi_Minh"
TODAY = date(2026, 11, 9)
WINDOW = timedelta(days=28)
DAY = timedelta(days=1)
LATER = (TODAY - WINDOW, TODAY - DAY)
EARLIER = (TODAY - 2 * WINDOW, TODAY - WINDOW - DAY)
WORKING = (working_days(*EARLIER), working_days(*LATER))
UNITS = (("city", None), ("works", "city"), ("roads", "works"), ("health", "city"))
PEOPLE: Mapping[str, tuple[str, str, str]] = {
    "never": ("roads", "Trưởng phòng", "leader"),
    "once": ("roads", "Chuyên viên", "staff"),
    "daily": ("works", "Giám đốc", "leader"),
    "lately": ("works", "Phó Giám đốc", "leader"),
    "stopped": ("works", "Chuyên viên", "staff"),
    "gap": ("health", "Giám đốc", "leader"),
    "newcomer": ("health", "Phó Giám đốc", "leader"),
    "boxless": ("health", "Chuyên viên", "staff"),
    "clerk": ("health", "Văn thư", "staff"),
}
"""Number -> unit, title, rank."""
ACTS: Mapping[str, tuple[int, int]] = {
    "never": (0, 0), "once": (1, 1), "daily": (20, 20), "lately": (0, 12), "stopped": (15, 0), "gap": (0, 0),
    "newcomer": (0, 0), "boxless": (0, 0), "clerk": (0, 0),
}  # fmt: skip
"""Number -> on how many of the first working days of each window they acted."""
HR = Actor("nhansu", frozenset({Role.HR}))
OFFICE_HR = Actor("nhansu.works", granted=(Granted(Role.HR, frozenset({"works", "roads"})),))
TOLD = dict.fromkeys(("submissions", "deliveries", "log_ins", "flag_changes", "counters"), True)
TELLS = {"told": TOLD | {"literal_format": False}, "ended": True}
COURSES = ("mailbox", "phone")


def moment(day: date = TODAY, hour: int = 3) -> Moment:
    """A moment of that day; ten in the morning in Viet Nam."""
    return Moment(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), day)


def settle_town(session: Session) -> None:
    """Units, people and their mailboxes; courses; and two windows of facts, one server silent for a week."""
    units: dict[str, int] = {}
    for key, parent in UNITS:
        row = UnitRow(key=key, name=key.title(), parent_id=None if parent is None else units[parent])
        session.add(row)
        session.flush()
        units[key] = row.id
    for number, (unit, title, rank) in PEOPLE.items():
        person = OfficialRow(official_id=number, name=f"Người {number}")
        session.add(person)
        session.flush()
        since = TODAY - timedelta(days=20) if number == "newcomer" else None
        session.add(PostRow(official=person.id, position=0, unit=units[unit], title=title, rank=rank, since=since))
        if number != "boxless":
            session.add(MailboxRow(address=box(number), kind="personal", unit=units[unit], owner=person.id))
    session.add_all(course_row(key) for key in COURSES)
    session.flush()
    log(session, "mx1", every_day(EARLIER[0], LATER[1]), lambda number: number != "gap")
    week = every_day(EARLIER[0] + 7 * DAY, EARLIER[0] + 13 * DAY)
    log(session, "mx2", {*every_day(EARLIER[0], LATER[1])} - {*week}, lambda number: number == "gap")


def box(number: str) -> str:
    """Their address."""
    return f"{number}@tp.example.gov.vn"


def every_day(first: date, last: date) -> list[date]:
    """All days from `first` to `last`."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def log(session: Session, host: str, days: Iterable[date], whose: Callable[[str], bool]) -> None:
    """What was collected of a server's log on these days, and measured: a row for each day on which somebody did
    something, and one on every covered day for those whose server must be known.
    """
    covered = sorted(days)
    source = LogSource(
        name=host, paths=[f"/var/log/{host}"], patterns=[], created_at=_at(covered[0]), created_by="test"
    )
    session.add(source)
    session.flush()
    stream = LogStream(
        source_id=source.id, first_line=f"{host:0>64}", fork=0, name=f"{host}.log", created_at=_at(covered[0])
    )
    session.add(stream)
    session.flush()
    session.add(
        LogPiece(
            stream_id=stream.id, segment_id=None, kind="lines", start=0, stop=1, sha256="0" * 64, blocks=b"", lines=1,
            events=0, not_of_interest=1, broken=0, samples=[], host_days={host: [one.isoformat() for one in covered]},
            other_days=[], newest_at=_at(covered[-1]), collected_at=_at(covered[-1]),
        )
    )  # fmt: skip
    months(session, covered)
    for number in PEOPLE:
        if number != "boxless" and whose(number):
            session.add_all(facts(number, host, covered))
    session.flush()


def months(session: Session, days: Iterable[date]) -> None:
    """The months of these days as measured ones."""
    for month in sorted({day.replace(day=1) for day in days}):
        if session.get(StandingMonth, month) is None:
            session.add(
                StandingMonth(
                    month=month, timezone=ZONE, inputs="0" * 64, facts="0" * 64, tells=TELLS, mailbox_days=1,
                    measured_at=_at(month),
                )
            )  # fmt: skip
    session.flush()


def facts(number: str, host: str, covered: Iterable[date]) -> list[Base]:
    """Their rows: the server received something for them on every covered day; on some days they wrote."""
    active = {day for days, number_of in zip(WORKING, ACTS[number], strict=True) for day in days[:number_of]}
    return [
        StandingDay(
            day=day, mailbox=box(number), sent=int(day in active), sent_recipients=int(day in active), sent_external=0,
            received=1, logins=0, failed_logins=0, opened=0, acts_a=int(day in active), acts_b=0, acts_c=0, acts_d=0,
            uncounted=0, delegated=0, forwards=0, outside=0, blind=False, scheduled=False, hosts=host,
        )
        for day in covered
    ]  # fmt: skip


def act(session: Session, number: str, days: Iterable[date]) -> None:
    """They wrote on these days after all."""
    chosen = {*days}
    wanted = select(StandingDay).where(StandingDay.mailbox == box(number))
    for row in session.scalars(wanted):
        if row.day in chosen:
            row.sent = row.sent_recipients = row.acts_a = 1
    session.flush()


def forget_logs(session: Session) -> None:
    """As if no log had ever been collected."""
    for model in (StandingDay, StandingMonth, LogPiece):
        session.execute(delete(model))


def course_row(key: str) -> CourseRow:
    """A course without steps, as far as assigning asks."""
    return CourseRow(
        key=key, version=1, title_vi=f"Khóa {key}", title_en=f"Course {key}", summary_vi="", summary_en="",
        audience="everybody", minutes=10, pass_mark=80, needs=[], digest="0" * 64,
    )  # fmt: skip


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
