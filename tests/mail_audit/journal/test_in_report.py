"""A report of days of which there is no log at all, only the journal: what it may say, and what it must not."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core import db
from core.calendar import working_days
from core.cli import main
from core.db import unit_of_work
from core.settings import load
from mail_audit.models import JournalHour
from mail_audit.services.journal import beat, begin_run, keep_copies
from tests.mail_audit.journal.cases import address, entry
from tests.mail_audit.journal.conftest import ADMINISTRATOR, fill_directory

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
DAYS = working_days(FIRST, LAST)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The report of October by local part: one official writes daily, one twice, one is pretended by a stranger."""
    folder = tmp_path_factory.mktemp("town")
    settings = load({"VANTHU_HOME": str(folder / "home")})
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
    target = folder / "report.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VANTHU_HOME", str(settings.home))
        assert main(["report", "--from", str(FIRST), "--to", str(LAST), "--report", str(target)]) == 0
    db.forget(settings)
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
