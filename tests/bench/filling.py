"""Fills a home with a city and a year of its figures; what was filled once is kept for the next bench.

The directory, and the reports of two periods of four weeks, go in as they do in operation (`import_roster`,
`store_result`); the other periods of the year are copies of these two, and what stands around them (accounts, sessions,
trail, mail, jobs, pieces of logs) is written in bulk.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import Base, bring_up_to_date, engine, unit_of_work, utc_now
from core.directory.models import OfficialRow
from core.directory.services import create_account, import_roster
from core.permissions import command_line_actor
from core.settings import Settings
from eoffice.queries.use import UsePeriod
from eoffice.services.keeping_use import keep_use, want
from mail_audit.models import (
    Audit,
    AuditFinding,
    MailboxDay,
    OfficialColumns,
    OfficialFigure,
    UnassignedMailboxFigure,
    UnitFigure,
    UnitWeek,
)
from mail_audit.plain import to_plain
from mail_audit.report.model import Period
from mail_audit.services import store_result
from mail_audit.services.unit_lines import keep_lines
from tests.bench import around, documents, learning, rooms
from tests.bench.people import ZONE, measured, roster
from tests.bench.rows import put

PERIODS = 13
"""Of four weeks each: a year."""
WEEKS = timedelta(days=28)
LAST = date(2026, 11, 8)
COPIED: tuple[type[Base], ...] = (
    OfficialFigure, UnitFigure, AuditFinding, UnassignedMailboxFigure, MailboxDay, UnitWeek, OfficialColumns,
)  # fmt: skip
PASSWORD = "bốn con mèo uống trà"
ADMINISTRATOR, LEADER, OFFICIAL = "quantri", "lanhdao", "canbo"


def fill(settings: Settings, officials: int) -> None:
    """The city in the home of `settings`, unless it is there already."""
    mark, like = settings.home / "filled.json", json.dumps({"officials": officials, "form": 2})
    bring_up_to_date(settings)
    if not mark.exists() or mark.read_text("utf-8") != like:
        _fill(settings, officials)
        mark.write_text(like, "utf-8")
    started = time.perf_counter()
    with unit_of_work(settings) as session:
        latest = select(Audit.id).where(Audit.stored_at.is_not(None)).order_by(Audit.last_day.desc(), Audit.id.desc())
        audit_ids = list(session.scalars(latest.limit(2)))
        days = session.execute(select(Audit.first_day, Audit.last_day).where(Audit.id.in_(audit_ids))).all()
    now = utc_now()
    yesterday = day_in(ZONE, now) - timedelta(days=1)
    for first, last in [*days, (yesterday - timedelta(days=29), yesterday)]:
        period = UsePeriod(cast("date", first), cast("date", last), ZONE, now)
        with unit_of_work(settings) as session:
            want(session, period=period, today=now.date())
            keep_use(session, period=period)
    for audit_id in audit_ids:
        with unit_of_work(settings) as session:
            keep_lines(session, audit_id=audit_id)
    print(f"  counted: use and lines of two audits {time.perf_counter() - started:6.0f} s", flush=True)


def _fill(settings: Settings, officials: int) -> None:
    for step in (_directory, _mornings, _figures, _around, _documents, _school):
        started = time.perf_counter()
        with unit_of_work(settings) as session:
            step(session, officials)
        print(f"  filled: {step.__name__[1:]:<10} {time.perf_counter() - started:6.0f} s", flush=True)
    with engine(settings).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def _directory(session: Session, officials: int) -> None:
    actor = command_line_actor()
    import_roster(session, actor, roster=roster(officials))
    create_account(session, actor, name=ADMINISTRATOR, password=PASSWORD, role="administrator")
    create_account(
        session, actor, name=LEADER, password=PASSWORD, role="leader", unit_key=around.LED, official_id="CB000002"
    )
    create_account(session, actor, name=OFFICIAL, password=PASSWORD, official_id="CB000003")


def _figures(session: Session, officials: int) -> None:
    """The oldest two periods are stored as audits store them, the others copied from them in turn."""
    whole = roster(officials)
    stored: list[int] = []
    for back in range(PERIODS - 1, -1, -1):
        last = LAST - back * WEEKS
        first = last - timedelta(days=27)
        turn = PERIODS - 1 - back
        if turn < 2:
            found = measured(whole, first, last, seed=turn)
            run = _run(session, "kiemtra")
            store_result(session, audit_id=run.id, report=found.report, days=found.days, actor="kiemtra")
            run.state, run.finished_at = "finished", utc_now()
            session.flush()
            stored.append(run.id)
        else:
            _copy(session, stored[turn % 2], days=(turn // 2) * 2 * 28)
    around.standing(session, [LAST - back * WEEKS for back in range(PERIODS)])


def _run(session: Session, by: str) -> Audit:
    run = Audit(created_by=by, created_at=utc_now(), state="waiting", timezone=ZONE, asked_paths=["/srv/logs"])
    session.add(run)
    session.flush()
    return run


def _copy(session: Session, audit_id: int, *, days: int) -> None:
    """The audit and all it found once more, so many days later."""
    known = session.get_one(Audit, audit_id)
    later = timedelta(days=days)
    coverage = dict(cast("dict[str, Any]", known.coverage))
    coverage["covered_days"] = [(date.fromisoformat(day) + later).isoformat() for day in coverage["covered_days"]]
    values = {one.name: getattr(known, one.name) for one in Audit.__table__.columns if one.name != "id"}
    first, last = cast("date", known.first_day) + later, cast("date", known.last_day) + later
    copy = Audit(**values | {"coverage": coverage, "first_day": first, "last_day": last})
    session.add(copy)
    session.flush()
    for model in COPIED:
        _copy_rows(session, cast("Table", model.__table__), audit_id, copy.id, days)


def _copy_rows(session: Session, table: Table, old: int, new: int, days: int) -> None:
    is_postgres = session.get_bind().dialect.name == "postgresql"
    chosen = []
    for column in table.columns:
        if column.name == "id":
            continue
        taken = str(new) if column.name == "audit_id" else column.name
        if column.name in {"day", "start"}:
            taken = f"{column.name} + {days}" if is_postgres else f"date({column.name}, '+{days} days')"
        chosen.append((column.name, taken))
    into, taken_from = ", ".join(one for one, _ in chosen), ", ".join(one for _, one in chosen)
    session.execute(
        text(f"INSERT INTO {table.name} ({into}) SELECT {taken_from} FROM {table.name} WHERE audit_id = :old"),
        {"old": old},
    )


def _mornings(session: Session, officials: int) -> None:
    """The two reports of every morning of the year, as the list of audits shows them, and runs that came to nothing."""
    figures = measured(roster(max(1000, officials // 100)), LAST - timedelta(days=27), LAST, seed=9).report
    city, coverage = figures.city, to_plain(figures.coverage)
    for back in range(395, 30, -1):
        last = LAST - timedelta(days=back)
        for first in (last.replace(day=1), last - timedelta(days=29)):
            run = _run(session, "scheduler")
            run.state, run.finished_at, run.stored_at = "finished", utc_now(), utc_now()
            run.first_day, run.last_day, run.working_days = first, last, Period(first, last, ZONE, 20).working_days
            run.covered_days, run.officials, run.coverage = (last - first).days + 1, officials, coverage
            run.asked_first, run.asked_last = first, last
            around.city_row(session, run.id, city)
        if back % 5 == 0:
            failed = _run(session, "kiemtra")
            failed.state, failed.finished_at, failed.error_vi, failed.error_en = "failed", utc_now(), "Hỏng.", "Broken."


def _people(session: Session) -> list[tuple[int, str]]:
    """The officials but those whose accounts were made by hand."""
    numbers = session.execute(select(OfficialRow.id, OfficialRow.official_id).order_by(OfficialRow.id)).all()
    return [(int(one), str(number)) for one, number in numbers][3:]


def _documents(session: Session, officials: int) -> None:
    del officials
    documents.fill(session, _people(session))


def _school(session: Session, officials: int) -> None:
    """The leader and the official who ask learn as well."""
    del officials
    own = session.execute(select(OfficialRow.id, OfficialRow.official_id).order_by(OfficialRow.id).limit(3)).all()[1:]
    rooms.fill(session, learning.fill(session, [(int(one), str(number)) for one, number in own] + _people(session)))


def _around(session: Session, officials: int) -> None:
    latest = session.scalar(select(func.max(Audit.id))) or 0
    people = _people(session)
    del officials
    steps: Sequence[tuple[type[Base], Callable[[Sequence[tuple[int, str]], int], Iterable[dict[str, Any]]]]]
    steps = around.STEPS
    for model, rows in steps:
        put(session, cast("Table", model.__table__), rows(people, latest))
    around.trail(session, len(people))
