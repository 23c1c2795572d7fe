"""Logs collected night by night give the figures of one audit of all the files, whole JSON."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from core.db import unit_of_work
from core.settings import Settings
from mail_audit.measure import Rules
from mail_audit.pipeline import run
from mail_audit.queries import standing as reading
from mail_audit.report.model import Report
from mail_audit.reporting import build_report
from mail_audit.services import standing
from mail_audit.standing import rows_digests
from mail_audit.thresholds import Thresholds
from mail_audit.zones import Zone
from tests.mail_audit.standing.nights import NightlyCity, collect, document

pytestmark = pytest.mark.slow


def stored(settings: Settings, city: NightlyCity, first: date, last: date) -> Report:
    """The report of the facts as they are, with nothing measured for it."""
    with unit_of_work(settings) as session:
        facts = reading.standing(session, first, last)
    rules = Rules(city.roster, Zone.named(settings.timezone), Thresholds())
    return build_report(rules, facts, first, last)


def test_thirty_one_nights(settings: Settings, tmp_path: Path) -> None:
    """Two months, three rotations, lines cut in the middle, a week without logs; measured after every night."""
    city = NightlyCity(tmp_path, date(2026, 10, 8), 31)
    source = city.follow(settings)
    for day in city.nights():
        collect(settings, source)
        if day.weekday() in {1, 4} or day == city.last:
            standing.measure_marked(settings, actor="test")
    for first, last in (
        (city.first, city.last),
        (date(2026, 10, 12), date(2026, 10, 30)),
        (date(2026, 11, 1), date(2026, 11, 7)),
        (date(2026, 10, 28), date(2026, 11, 4)),
    ):
        audited = run([city.folder], city.roster, first=first, last=last)
        assert document(stored(settings, city, first, last)) == document(audited.report)
    with unit_of_work(settings) as session:
        assert reading.marked(session) == []


def test_a_week_on_either_database(either: Settings, tmp_path: Path) -> None:
    """The same on SQLite and on PostgreSQL; made again from the events, nothing differs."""
    city = NightlyCity(tmp_path, date(2026, 10, 27), 7)
    source = city.follow(either)
    for _ in city.nights():
        collect(either, source)
    standing.measure_marked(either, actor="test")
    before = stored(either, city, city.first, city.last)
    assert document(before) == document(run([city.folder], city.roster).report)
    with unit_of_work(either) as session:
        rows = reading.day_rows(session, city.first, city.last)
        known = [row.days or {} for row in reading.standing_months(session).values()]
    assert known[0] | known[1] == rows_digests(rows)
    assert all(known)
    outcome = standing.rebuild(either, actor="test")
    assert [month.name for month in outcome.measured] == ["2026-10", "2026-11"]
    with unit_of_work(either) as session:
        assert reading.day_rows(session, city.first, city.last).equals(rows)
    assert stored(either, city, city.first, city.last) == before


def test_nothing_new_is_nothing_to_do(settings: Settings, tmp_path: Path) -> None:
    city = NightlyCity(tmp_path, date(2026, 10, 12), 3)
    source = city.follow(settings)
    for _ in city.nights():
        collect(settings, source)
    first = standing.measure_marked(settings, actor="test")
    assert [month.name for month in first.measured] == ["2026-10"]
    nothing = standing.measure_marked(settings, actor="test")
    assert (nothing.measured, nothing.unchanged, nothing.late) == ([], [], [])
    again = standing.measure_months(settings, first.measured, actor="test")
    assert (again.measured, again.unchanged) == ([], first.measured)
    assert city.last - city.first == timedelta(days=2)
