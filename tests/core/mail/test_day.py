"""The story of a day: ten things happen to an official, and one message tells of them, with why, and no second one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import jobs
from core.db import unit_of_work, utc_now
from core.directory.services import create_account
from core.jobs import Job, sweep
from core.mail import MailKind, preferences, tell
from core.mail.digests import digest_due, make_digests
from core.mail.kinds import TOLD
from core.mail.models import MailNotice
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from core.words import Text
from tests.core.mail.post_office import NOW, SITE, PostOffice, account_named, outbox, send_at, text_of

PASSWORD = "bốn từ chẳng liên quan"
ANSWERED = MailKind.MAIL_AUDIT_CONTEST_ANSWERED
RECORDED = MailKind.MAIL_AUDIT_EXCEPTION_RECORDED
TODAY = NOW.date()


@pytest.fixture
def official(settings: Settings) -> Actor:
    """CB1 with an account of their own."""
    with unit_of_work(settings) as session:
        create_account(session, command_line_actor(), name="can.bo", password=PASSWORD, official_id="CB1")
    return Actor("can.bo", frozenset({Role.OFFICIAL}), "CB1")


def _tell(settings: Settings, name: str, number: int, kind: MailKind = ANSWERED, now: datetime = NOW) -> int:
    with unit_of_work(settings) as session:
        account = account_named(settings, name).id
        said = Text(f"Đề nghị số {number} đã có trả lời.", f"Request no. {number} has an answer.")
        return tell(session, accounts=[account], kind=kind, said=said, thing=f"contest:{number}", now=now)


def test_ten_things_are_one_message(settings: Settings, office: PostOffice, official: Actor) -> None:
    for number in range(9):
        assert _tell(settings, "can.bo", number) == 1
    assert _tell(settings, "can.bo", 9, RECORDED) == 1
    assert _tell(settings, "can.bo", 4) == 0  # told once
    assert make_digests(settings, day=TODAY, now=NOW) == 1
    assert make_digests(settings, day=TODAY, now=NOW) == 0
    assert send_at(settings, NOW).sent == 1
    (message,) = office.taken
    assert message["To"] == "cb1@tp.example.gov.vn"
    assert message["Subject"] == "Vanthu: 10 điều mới, ngày 23/11/2026"
    text = text_of(message)
    assert text.startswith("Kính gửi Ông/Bà Nguyễn Thị Ngọc Ánh,\n")
    assert text.count(TOLD[ANSWERED].why.vi) == 9
    assert text.count(TOLD[RECORDED].why.vi) == 1
    assert text.count(f"{SITE}/told/") == 10


def test_what_is_told_later_that_day_waits_for_the_next(settings: Settings, official: Actor) -> None:
    _tell(settings, "can.bo", 1)
    make_digests(settings, day=TODAY, now=NOW)
    _tell(settings, "can.bo", 2)
    assert make_digests(settings, day=TODAY, now=NOW) == 0
    assert make_digests(settings, day=TODAY + timedelta(days=1), now=NOW + timedelta(days=1)) == 1
    assert [one.digest_day for one in outbox(settings)] == [TODAY, TODAY + timedelta(days=1)]


def test_at_once_for_who_wants_it_so_and_in_english(settings: Settings, office: PostOffice, official: Actor) -> None:
    with unit_of_work(settings) as session:
        preferences.choose(session, official, every="once", language="en", wanted=list(TOLD))
    _tell(settings, "can.bo", 7, now=utc_now())
    jobs.run_waiting(settings)  # asked for by the telling itself
    (message,) = office.taken
    assert message["X-Vanthu"] == ANSWERED.value
    assert "Dear Nguyễn Thị Ngọc Ánh," in text_of(message)
    assert make_digests(settings, day=TODAY, now=NOW) == 0


@pytest.mark.parametrize(("every", "wanted"), [("never", list(TOLD)), ("day", [RECORDED])])
def test_who_wants_none_gets_none(settings: Settings, official: Actor, every: str, wanted: list[MailKind]) -> None:
    with unit_of_work(settings) as session:
        preferences.choose(session, official, every=every, language="vi", wanted=wanted)
    assert _tell(settings, "can.bo", 1) == 0
    with unit_of_work(settings) as session:
        assert session.scalars(select(MailNotice)).all() == []


def test_a_change_that_is_rolled_back_tells_nothing(settings: Settings, official: Actor) -> None:
    def fails() -> None:
        with unit_of_work(settings) as session:
            preferences.choose(session, official, every="once", language="vi", wanted=list(TOLD))
            tell(session, accounts=[1], kind=ANSWERED, said=Text("a", "a"), thing="contest:1", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert outbox(settings) == []
    with unit_of_work(settings) as session:
        assert session.scalars(select(Job)).all() == []


def test_once_a_working_day_from_the_hour_on(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        assert digest_due(session, None, NOW) == {"day": "2026-11-23"}
        assert digest_due(session, NOW - timedelta(hours=20), NOW) == {"day": "2026-11-23"}
        assert digest_due(session, NOW - timedelta(minutes=30), NOW) is None  # made today
        assert digest_due(session, None, NOW - timedelta(hours=2)) is None  # before seven
        assert digest_due(session, None, NOW + timedelta(days=5)) is None  # a Saturday


def test_the_scheduler_does_it_all(settings: Settings, office: PostOffice, official: Actor) -> None:
    _tell(settings, "can.bo", 3)
    sweep(settings, now=NOW)
    jobs.run_waiting(settings)
    assert [message["To"] for message in office.taken] == ["cb1@tp.example.gov.vn"]


def test_an_account_of_nobody_is_written_to_where_it_says(settings: Settings, office: PostOffice) -> None:
    with unit_of_work(settings) as session:
        create_account(session, command_line_actor(), name="quan.tri", password=PASSWORD)
    assert _tell(settings, "quan.tri", 1) == 0  # no address yet
    actor = Actor("quan.tri", frozenset({Role.ADMINISTRATOR}))
    with unit_of_work(settings) as session:
        preferences.choose(
            session, actor, every="once", language="vi", wanted=list(TOLD), address="it@tp.example.gov.vn"
        )
    assert _tell(settings, "quan.tri", 1) == 1
    assert send_at(settings, NOW + timedelta(seconds=1)).sent == 1
    assert office.addresses == ["it@tp.example.gov.vn"]
