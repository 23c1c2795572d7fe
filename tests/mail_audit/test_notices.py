"""Who is told of a request, its answer, an exception and a gap: by the services that make them, in one transaction."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db, log
from core.db import unit_of_work, utc_now
from core.directory.models import Account
from core.directory.services import create_account
from core.jobs import Run
from core.mail.models import MailNotice
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from mail_audit.services import notices
from mail_audit.services.collecting import collect
from mail_audit.services.collecting.sources import add_source
from mail_audit.services.contests import answer_contest, ask_contest
from mail_audit.services.exceptions import record_exception
from tests.core.mail.post_office import fill, hash_cheaply, installed
from tests.web import town

PASSWORD = "bốn từ chẳng liên quan"
CLERK = command_line_actor()
OWN = Actor("can.bo", frozenset({Role.OFFICIAL}), "CB1")
Told = dict[str, list[tuple[str, str]]]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The town and its audit; an official, IT for the whole city and for one unit, and somebody who may answer nothing.

    All are officials, so that they have a mailbox.
    """
    hash_cheaply(monkeypatch)
    log.configure("error", io.StringIO())
    made = installed(tmp_path / "home", 25)
    fill(made)
    people = (
        ("can.bo", "CB1", None, None),
        ("it.chung", "CB5", Role.AUDITOR, None),
        ("it.don.vi", "CB2", Role.AUDITOR, town.CONSTRUCTION),
        ("it.noi.khac", "CB7", Role.AUDITOR, town.HEALTH),
        ("to.chuc", "CB3", Role.HR, None),
    )
    with unit_of_work(made) as session:
        town.store(session, made.store)
        for name, number, role, unit in people:
            create_account(session, CLERK, name=name, password=PASSWORD, official_id=number, role=role, unit_key=unit)
    yield made
    db.forget(made)


def _told(settings: Settings) -> Told:
    """Account -> kind and thing of what it was told."""
    found: Told = {}
    with unit_of_work(settings) as session:
        wanted = select(Account.name, MailNotice).join(MailNotice, MailNotice.account == Account.id)
        for name, notice in session.execute(wanted.order_by(MailNotice.id)):
            found.setdefault(name, []).append((notice.kind, notice.thing))
    return found


def test_a_request_goes_to_who_may_answer_it_and_the_answer_back(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        number = ask_contest(session, OWN, audit_id=1, official_id="CB1", about="sent", reason="Nghỉ phép")
    asked = ("mail_audit:contest:asked", f"contest:{number}")
    assert _told(settings) == {"it.chung": [asked], "it.don.vi": [asked]}
    with unit_of_work(settings) as session:
        answer_contest(session, CLERK, contest_id=number, verdict="explained", answer="Đúng là như vậy")
        rows = session.scalars(select(MailNotice)).all()
    assert _told(settings)["can.bo"] == [("mail_audit:contest:answered", f"contest:{number}")]
    said = " ".join(row.said_vi + row.said_en for row in rows)
    for private in ("Nghỉ phép", "Đúng là như vậy", "CB1", "Ngọc Ánh"):
        assert private not in said


def test_a_request_that_is_refused_tells_nobody(settings: Settings) -> None:
    with pytest.raises(Exception, match="official"), unit_of_work(settings) as session:
        ask_contest(session, OWN, audit_id=1, official_id="CB5", about="sent", reason="x")
    assert _told(settings) == {}


def test_an_exception_goes_to_whom_it_is_about(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        number = record_exception(session, CLERK, official_id="CB1", kind="sickness", first=town.FIRST, note="ốm")
        record_exception(session, CLERK, official_id="CB9", kind="leave", first=town.FIRST)  # has no account
        said = session.scalars(select(MailNotice.said_vi)).one()
    assert _told(settings) == {"can.bo": [("mail_audit:exception:recorded", f"exception:{number}")]}
    assert said == "Một ngoại lệ được ghi nhận về Ông/Bà: từ 05/10/2026."


def _collected(settings: Settings, logs: Path, days: list[date]) -> None:
    """A source whose server wrote a line at noon of each of these days."""
    logs.mkdir()
    lines = [f"{day}T12:00:00+07:00 mail1 postfix/qmgr[7]: 4A1B2C3D4E: removed" for day in days]
    (logs / "mail.log").write_text("\n".join(lines) + "\n", "utf-8")
    with unit_of_work(settings) as session:
        source = add_source(session, CLERK, name="thu1", paths=[logs])
    collect(settings, CLERK, source_ids=[source])


def test_a_gap_goes_to_who_looks_after_the_sources_once(settings: Settings, tmp_path: Path) -> None:
    today = utc_now().astimezone(ZoneInfo(settings.timezone)).date()
    missing = today - timedelta(days=2)
    days = [today - timedelta(days=number) for number in range(9, 0, -1)]
    _collected(settings, tmp_path / "logs", [day for day in days if day != missing])
    for _ in range(2):
        notices.tell_gaps(_Alone(settings, 1, "x"))
    told = _told(settings)
    assert set(told) == {"it.chung"}  # sources belong to no unit
    assert told["it.chung"] == [("mail_audit:source:gap", f"source:1:{missing}:")]


class _Alone(Run):
    """A run that nobody else could take over."""

    def confirm(self, session: Session) -> None:
        """It is still ours."""


def test_gaps_are_looked_for_before_the_days_mail(settings: Settings) -> None:
    half_past_six = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with unit_of_work(settings) as session:
        assert notices.gaps_due(session, None, half_past_six) == {}
        assert notices.gaps_due(session, None, half_past_six - timedelta(minutes=1)) is None
        assert notices.gaps_due(session, half_past_six, half_past_six + timedelta(hours=3)) is None
