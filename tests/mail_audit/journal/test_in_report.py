"""A report of days of which there is no log at all, only the journal: what it may say, and what it must not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core import db
from core.calendar import working_days
from core.cli import main, vanthu
from core.db import unit_of_work
from core.settings import Settings, load
from mail_audit.models import Audit, JournalHour
from mail_audit.queries.lines import figure_lines
from mail_audit.services.journal import beat, begin_run, keep_copies
from tests.mail_audit.journal.cases import address, entry
from tests.mail_audit.journal.conftest import ADMINISTRATOR, fill_directory

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
DAYS = working_days(FIRST, LAST)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    made = load({"VANTHU_HOME": str(tmp_path_factory.mktemp("town") / "home")})
    yield made
    db.forget(made)


@pytest.fixture(scope="module")
def report(settings: Settings) -> dict[str, dict[str, Any]]:
    """The report of October by local part: one official writes daily, one twice, one is pretended by a stranger."""
    fill_directory(settings)
    base = entry("postfix-submitted")
    sent = [
        dataclasses.replace(base, key=f"{who}{day}", at=at(day, 9 + number % 7, 11 * number % 60), log_in=address(who))
        for who, some in (("xd.cv1", DAYS), ("xd.vt", DAYS[3:5]))
        for number, day in enumerate(some)
    ]
    pretended = dataclasses.replace(
        base, key="p", at=at(DAYS[2], 9), proof="outside", log_in=None, sender=address("xd.gd")
    )
    with unit_of_work(settings) as session:
        run = begin_run(session, ADMINISTRATOR, listen="x", protocol="lmtp", at=at(FIRST - timedelta(1), 0))
        beat(session, run_id=run, at=at(LAST + timedelta(1), 1), taken=0, refused=0)
        keep_copies(session, entries=[*sent, pretended], at=at(LAST, 20))
        hours = {(row.server, row.hour) for row in session.scalars(select(JournalHour))}
        heard = {(base.server, at(day, hour)) for day in DAYS for hour in range(8, 18)}
        session.add_all(JournalHour(server=server, hour=hour) for server, hour in heard - hours)
    target = settings.home / "report.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VANTHU_HOME", str(settings.home))
        assert main(["report", "--from", str(FIRST), "--to", str(LAST), "--report", str(target)]) == 0
    told = json.loads(target.read_text("utf-8"))
    return {official["mailboxes"][0].partition("@")[0]: official for official in told["officials"]}


def test_who_writes_uses_and_who_was_not_seen_is_unknown(report: dict[str, dict[str, Any]]) -> None:
    classes = {name: official["class"] for name, official in report.items()}
    assert classes.pop("xd.cv1") == "regular"
    assert classes.pop("xd.vt") == "occasional"
    assert set(classes.values()) == {"unknown"}
    assert (report["xd.cv1"]["sent"], report["xd.cv1"]["rung"]) == (len(DAYS), "A")
    assert report["xd.cv1"]["active_working_days"] == len(DAYS)


def test_reading_is_not_known_by_copies(report: dict[str, dict[str, Any]]) -> None:
    assert [report["xd.cv1"][name] for name in ("opened", "logins", "failed_logins")] == [None] * 3


def test_the_reasons_say_where_it_comes_from(report: dict[str, dict[str, Any]]) -> None:
    assert any("nhật ký bản sao" in str(reason) for reason in report["xd.cv1"]["reasons"])


def test_a_figure_opens_into_its_copies(settings: Settings, report: dict[str, dict[str, Any]]) -> None:
    """In the pages and by `vanthu explain`: as many lines as the figure, each with its envelope and who vouches."""
    official = report["xd.cv1"]
    with unit_of_work(settings) as session:
        audit = session.scalars(select(Audit.id)).one()
        behind = figure_lines(session, audit, official["official_id"], "sent", store=settings.store)
        received = figure_lines(session, audit, report["yt.gd"]["official_id"], "received", store=settings.store)
    assert behind.sum == behind.total == official["sent"]
    first = behind.rows[0]
    assert (first.host, first.file, first.rung, first.kind) == ("thu.tp.example.gov.vn", "journal", "A", "sent")
    assert first.line.startswith("2026-10-01T09:00:00+07:00 thu.tp.example.gov.vn journal: copy=")
    assert first.line.endswith(f"proof=login log-in={address('xd.cv1')} recipients=1")
    assert received.sum == len(DAYS) + 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VANTHU_HOME", str(settings.home))
        asked = ["explain", address("xd.cv1"), "--from", str(FIRST), "--to", str(LAST), "--all"]
        said = CliRunner().invoke(vanthu, asked).output
    assert said.count(f"log-in={address('xd.cv1')}") >= len(DAYS)
