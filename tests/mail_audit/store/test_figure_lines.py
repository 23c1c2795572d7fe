"""In the store too, every figure of every official of a city is the sum of its lines; pages of it are the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.db import forget, unit_of_work, utc_now
from core.directory.rosterfile import read_roster
from core.directory.services import import_roster
from core.permissions import command_line_actor
from core.settings import Settings, load
from core.store import FolderStore
from mail_audit import kept, queries
from mail_audit.errors import OfficialNotFoundError
from mail_audit.figure_lines import FIGURES
from mail_audit.models import Audit
from mail_audit.pipeline import run
from mail_audit.queries.lines import figure_lines
from mail_audit.queries.officials import periods_of
from mail_audit.sample import Truth, Volume, build
from mail_audit.services import store_result
from tests.core.store import folder_of

VOLUME = Volume(citizens=0.05, bulletin=0.05, poll_gap=7200, report_hours=6, attacks=8)


@dataclass(frozen=True, slots=True)
class City:
    """A city whose audit is stored."""

    settings: Settings
    truth: Truth
    audit_id: int


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    truth = build(folder, first=date(2026, 10, 5), days=4, volume=VOLUME, subjects=True)
    settings = load({"VANTHU_HOME": str(folder / "home")})
    with unit_of_work(settings) as session:
        audit = Audit(created_by="quantri", created_at=utc_now(), timezone="Asia/Ho_Chi_Minh", asked_paths=[])
        session.add(audit)
        session.flush()
        token = kept.new_token()
        evidence = folder_of(settings.store) / kept.evidence_file(audit.id, token)
        evidence.parent.mkdir(parents=True)
        measured = run([folder / "logs"], read_roster(folder / "officials.csv"), evidence=evidence)
        store_result(session, audit_id=audit.id, report=measured.report, days=measured.days, actor="quantri")
        audit.state, audit.finished_at, audit.measured = "finished", utc_now(), token
        audit_id = audit.id
    yield City(settings, truth, audit_id)
    forget(settings)


@pytest.fixture
def session(city: City) -> Iterator[Session]:
    with unit_of_work(city.settings) as opened:
        yield opened


def test_the_lines_of_every_figure_are_the_figure(city: City, session: Session) -> None:
    shown = 0
    for official in city.truth.officials:
        page = queries.official(session, city.audit_id, official.official_id)
        assert tuple(page.values) == tuple(FIGURES)
        for name, value in page.values.items():
            lines = figure_lines(session, city.audit_id, official.official_id, name, store=city.settings.store)
            assert (lines.sum, lines.kept or not official.mailboxes) == (value or 0, True), (official.name, name)
            shown += lines.total
    assert shown > 1000


def test_the_parts_of_a_list_are_the_list(city: City, session: Session) -> None:
    busiest = max(city.truth.officials, key=lambda one: one.received or 0)
    asked = (session, city.audit_id, busiest.official_id, "received")
    whole = figure_lines(*asked, store=city.settings.store, limit=10_000)
    parts = [
        line
        for offset in range(0, whole.total, 7)
        for line in figure_lines(*asked, store=city.settings.store, offset=offset, limit=7).rows
    ]
    assert tuple(parts) == whole.rows
    assert len(parts) == whole.total == busiest.received
    assert [line.at for line in parts] == sorted(line.at for line in parts)
    assert all("subject=" not in line.line.replace("subject=…", "") and line.line for line in parts)


def test_a_day_in_use_counts_once(city: City, session: Session) -> None:
    busiest = max(city.truth.officials, key=lambda one: one.sent or 0)
    lines = figure_lines(
        session, city.audit_id, busiest.official_id, "active_days", store=city.settings.store, limit=10_000
    )
    firsts = [line for line in lines.rows if line.count]
    assert [line.day for line in firsts] == sorted({line.day for line in lines.rows})
    assert len(firsts) == busiest.active_days


def test_what_is_not_there(city: City, session: Session) -> None:
    number = city.truth.officials[0].official_id
    with pytest.raises(KeyError):
        figure_lines(session, city.audit_id, number, "rung", store=city.settings.store)
    with pytest.raises(OfficialNotFoundError):
        figure_lines(session, city.audit_id, "nobody", "sent", store=city.settings.store)
    gone = figure_lines(session, city.audit_id, number, "sent", store=FolderStore(Path("/nowhere")))
    assert gone.problem is not None
    assert (gone.kept, "evidence.parquet is no longer in the store" in gone.problem.en) == (False, True)


def test_the_periods_of_an_official(city: City, session: Session) -> None:
    one = city.truth.officials[0]
    (found,) = periods_of(session, one.official_id)
    assert (found.audit_id, found.usage_class, found.covered_working_days) == (
        city.audit_id,
        one.usage_class,
        one.covered_working_days,
    )
    assert periods_of(session, "nobody") == ()


def test_who_acts_for_somebody_is_called_by_name(city: City, session: Session) -> None:
    roster = read_roster(city.settings.home.parent / "officials.csv")
    import_roster(session, command_line_actor(), roster=roster)
    helped = next(one for one in city.truth.officials if one.usage_class == "delegated")
    lines = figure_lines(session, city.audit_id, helped.official_id, "delegated", store=city.settings.store)
    assert lines.total
    for line in lines.rows:
        owner = roster.officials[roster.mailboxes[line.delegate or ""].owner or ""]
        assert line.words.vi.endswith(f"của {owner.name} ({line.delegate}).")
