"""What stands: facts outlive their events, late lines change nothing, a report is made again bit for bit."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from core import jobs
from core.db import unit_of_work, utc_now
from core.jobs import run_job
from core.permissions import WHOLE
from core.settings import Settings
from mail_audit import queries, services
from mail_audit.models import LogSegment
from mail_audit.queries.held import held, held_days, late_lines
from mail_audit.report.render import write
from mail_audit.segments import EVENTS
from mail_audit.services import standing
from mail_audit.standing import Held
from mail_audit.standing.manifest import Manifest, manifest_of, read_manifest
from tests.core.store import folder_of
from tests.mail_audit.standing.nights import ADMINISTRATOR, NightlyCity, collect
from tests.mail_audit.standing.test_nights import stored

FIRST, LAST = date(2026, 10, 28), date(2026, 11, 3)
LONG_AFTER = date(2027, 8, 1)


@pytest.fixture
def city(settings: Settings, tmp_path: Path) -> tuple[NightlyCity, int]:
    """A week over the end of a month, collected and measured; and its source."""
    made = NightlyCity(tmp_path, FIRST, 7)
    source = made.follow(settings)
    for _ in made.nights():
        pass
    collect(settings, source)
    standing.measure_marked(settings, actor="test")
    return made, source


def reported(settings: Settings, first: date = FIRST, last: date = LAST) -> int:
    """A report of the store, made as the worker makes it: its run."""
    with unit_of_work(settings) as session:
        audit_id, job_id = standing.ask_report(
            session, ADMINISTRATOR, timezone=settings.timezone, first=first, last=last
        )
    assert run_job(settings, job_id)
    return audit_id


def manifest(settings: Settings, audit_id: int) -> Manifest:
    with unit_of_work(settings) as session:
        return manifest_of(queries.manifest(session, audit_id))


def test_facts_stay_when_events_go(settings: Settings, city: tuple[NightlyCity, int]) -> None:
    made, source = city
    audit_id = reported(settings)
    before = stored(settings, made, FIRST, LAST)
    removed = standing.remove_old_events(settings, actor="test", today=LONG_AFTER)
    assert ([month.name for month in removed.closed], removed.events > 0) == (["2026-10", "2026-11"], True)
    assert settings.store.listed(EVENTS) == []
    assert stored(settings, made, FIRST, LAST) == before
    again = standing.rebuild(settings, actor="test")
    assert (again.measured, len(again.unchanged) + len(again.late)) == ([], 2)
    assert stored(settings, made, FIRST, LAST) == before
    assert reported(settings) == audit_id + 1
    with unit_of_work(settings) as session:
        assert queries.report(session, audit_id + 1) == before == queries.report(session, audit_id)
    del source


def test_what_comes_too_late_is_told_and_changes_nothing(settings: Settings, city: tuple[NightlyCity, int]) -> None:
    made, source = city
    standing.remove_old_events(settings, actor="test", today=LONG_AFTER)
    before = stored(settings, made, FIRST, LAST)
    late = made.folder / "other.log"
    line = (
        "Oct 31 09:00:00 mail7 postfix/submission/smtpd[9]: 4F1A2B3C4D: client=unknown[10.2.0.9], sasl_method=PLAIN, "
    )
    box = next(iter(made.roster.mailboxes))
    late.write_text(f"{line}sasl_username={box}\nNov  1 09:00:00 mail7 postfix/qmgr[9]: 4F1A2B3C4D: removed\n")
    os.utime(late, (1_793_600_000, 1_793_600_000))
    collect(settings, source)
    outcome = standing.measure_marked(settings, actor="test")
    assert ([month.name for month in outcome.late], outcome.measured) == (["2026-10", "2026-11"], [])
    assert stored(settings, made, FIRST, LAST) == before
    with unit_of_work(settings) as session:
        assert {month.name: lines for month, lines in late_lines(session).items()} == {
            "2026-10": 2, "2026-11": 2,
        }  # fmt: skip
        whole, days = held(session, FIRST, LAST), held_days(session, FIRST, LAST)
        assert sum(one.lines for one in whole) > 2
        assert _days(days) == _days(whole), "the days alone are read together, and piece by piece where it matters"


def _days(found: Sequence[Held]) -> list[str]:
    """Of each stream, in no order."""
    hosts = [sorted((host, sorted(on)) for host, on in one.days.items()) for one in found]
    return sorted(f"{own} {sorted(one.other_days)}" for own, one in zip(hosts, found, strict=True))


def test_a_month_that_another_needs_keeps_its_events(settings: Settings, city: tuple[NightlyCity, int]) -> None:
    """October is long over, but November, which looks back into it, is not."""
    del city
    removed = standing.remove_old_events(settings, actor="test", today=date(2027, 5, 6))
    assert ([month.name for month in removed.closed], removed.segments) == (["2026-10"], 0)
    with unit_of_work(settings) as session:
        assert session.query(LogSegment).filter(LogSegment.removed_at.is_not(None)).count() == 0


def test_a_report_is_made_again_bit_for_bit(settings: Settings, city: tuple[NightlyCity, int], tmp_path: Path) -> None:
    """After the directory, the facts and the logs have changed: every form of the report is the same file."""
    made, source = city
    audit_id = reported(settings, FIRST, date(2026, 11, 1))
    with unit_of_work(settings) as session:
        first = queries.report(session, audit_id)
    kept = read_manifest(manifest(settings, audit_id).text())
    (made.folder / "other.log").write_bytes(made.text.splitlines(keepends=True)[0].replace(b"mail1", b"mail9"))
    collect(settings, source)
    standing.measure_marked(settings, actor="test")
    again = standing.made_again(settings.store, kept)
    for ending in (".json", ".html", ".xlsx", ".csv", ".pdf"):
        one, other = tmp_path / f"one{ending}", tmp_path / f"other{ending}"
        write(first, one)
        write(again, other)
        assert one.read_bytes() == other.read_bytes(), ending


@pytest.mark.parametrize("lost", ["roster", "held", "rows", "pieces"])
def test_an_input_that_is_gone_is_named(lost: str, settings: Settings, city: tuple[NightlyCity, int]) -> None:
    del city
    kept = manifest(settings, reported(settings))
    (path,) = (folder_of(settings.store) / "inputs").glob(f"{kept.kept[lost]}*")
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(standing.InputGoneError, match=kept.kept[lost][:12]):
        standing.made_again(settings.store, kept)
    path.unlink()
    with pytest.raises(standing.InputGoneError, match=kept.kept[lost][:12]):
        standing.made_again(settings.store, kept)


def test_a_manifest_that_was_changed_makes_no_report(settings: Settings, city: tuple[NightlyCity, int]) -> None:
    del city
    plain = json.loads(manifest(settings, reported(settings)).text())
    plain["thresholds"]["regular_share"] = 0.01
    with pytest.raises(standing.InputGoneError):
        standing.made_again(settings.store, manifest_of(plain))


def test_the_mornings(settings: Settings, city: tuple[NightlyCity, int]) -> None:
    """Asked for once however often the job runs; after some weeks their files go, and can be made again."""
    del city
    for _ in range(2):
        with unit_of_work(settings) as session:
            job = jobs.queue(session, "mail_audit.morning", subject="schedule", args={"day": "2026-11-04"})
        assert jobs.run_job(settings, job.id)
    while jobs.run_waiting(settings):
        pass
    with unit_of_work(settings) as session:
        made = [(one.asked_first, one.asked_last, one.state) for one in queries.audits(session, reach=WHOLE).rows]
    assert made == [(date(2026, 10, 5), LAST, "finished"), (date(2026, 11, 1), LAST, "finished")]
    assert standing.remove_morning_files(settings, actor="test", now=utc_now() + timedelta(days=30)) == 0
    assert standing.remove_morning_files(settings, actor="test", now=utc_now() + timedelta(days=36)) == 2
    with unit_of_work(settings) as session:
        detail, report = queries.audit(session, 1, reach=WHOLE), queries.report(session, 1)
    assert {file.size for file in detail.reports} == {None}
    assert standing.made_again(settings.store, manifest(settings, 1)) == report
    assert standing.remove_old_mornings(settings, now=utc_now() + timedelta(days=90)) == ()
    assert standing.remove_old_mornings(settings, now=utc_now() + timedelta(days=93)) == ()  # the newest stay


def test_inputs_of_a_deleted_report_go(settings: Settings, city: tuple[NightlyCity, int]) -> None:
    """Those that another report was made from too stay."""
    del city
    one, other = reported(settings), reported(settings, FIRST, date(2026, 10, 30))
    lost = manifest(settings, one)
    kept = manifest(settings, other)
    with unit_of_work(settings) as session:
        services.cancel(session, ADMINISTRATOR, audit_id=one)
        services.delete_audit(session, ADMINISTRATOR, audit_id=one)
    assert standing.sweep_inputs(settings) == 0, "too young"
    half = settings.store.drafts / "half"
    half.mkdir(parents=True)
    (half / "places.parquet").write_bytes(b"PAR1")
    assert standing.sweep_inputs(settings, older_than=-1.0) == 2
    assert not list((folder_of(settings.store) / "inputs").glob(f"{lost.kept['rows']}*"))
    standing.made_again(settings.store, kept)
