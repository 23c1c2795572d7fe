"""What the journal says of a mailbox's day, on which rung, which days it knows, and its line for whoever asks."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.calendar import is_working_day
from core.cli import vanthu
from core.db import unit_of_work
from core.settings import Settings
from mail_audit.journaling.entry import Entry
from mail_audit.journaling.report import Recipient
from mail_audit.models import JournalHour, JournalRun
from mail_audit.queries.journal import journal_coverage, journal_days, journal_known_days, journal_status
from mail_audit.services.journal import beat, begin_run, end_run, keep_copies
from mail_audit.usage.days import COUNTS
from tests.mail_audit.journal.cases import DOMAIN, address, entry
from tests.mail_audit.journal.conftest import ADMINISTRATOR, fill_directory

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAY = date(2026, 11, 19)
_keys = itertools.count()


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session on a directory of seven officials."""
    fill_directory(settings)
    with unit_of_work(settings) as opened:
        yield opened


def at(day: date, hour: int = 9, minute: int = 15, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE).astimezone(UTC)


def sent(day: date = DAY, hour: int = 9, **changes: Any) -> Entry:
    """A message submitted by log-in, unless told otherwise."""
    base: dict[str, Any] = {"key": f"{next(_keys):032}", "at": at(day, hour, next(_keys) % 60, next(_keys) * 7 % 60)}
    return dataclasses.replace(entry("postfix-submitted"), **(base | changes))


def keep(session: Session, *entries: Entry) -> None:
    keep_copies(session, entries=entries, at=at(DAY))


def days(session: Session, first: date = FIRST, last: date = LAST) -> dict[tuple[str, date], dict[str, Any]]:
    """Local part and day -> what is not zero."""
    frame = journal_days(session, first, last)
    assert frame.columns == ["mailbox", "day", *COUNTS, "rung"]
    return {
        (row["mailbox"].partition("@")[0], row["day"]): {
            name: value for name, value in row.items() if value != 0 and name not in ("mailbox", "day", "opened")
        }
        for row in frame.iter_rows(named=True)
    }


def to(*names: str) -> tuple[Recipient, ...]:
    return tuple(Recipient(address(name)) for name in names)


@pytest.mark.parametrize(
    ("changes", "who", "told"),
    [
        ({}, "xd.cv1", {"sent": 1, "acts_a": 1, "rung": "A"}),
        ({"log_in": "XD.VT@tp.example.gov.vn".lower()}, "xd.vt", {"sent": 1, "acts_a": 1, "rung": "A"}),
        ({"log_in": "xd.vt"}, "xd.vt", {"sent": 1, "acts_a": 1, "rung": "A"}),
        (
            {"proof": "nameless", "log_in": None},
            "xd.cv1",
            {"sent": 1, "acts_b": 1, "rule_sender_address": 1, "rung": "B"},
        ),
        ({"proof": "inside", "log_in": None}, "xd.cv1", {"acts_b": 1, "rule_sender_address": 1, "rung": "B"}),
        (
            {"proof": "nameless", "log_in": None, "sender": f"bac.si@{DOMAIN}"},
            "yt.gd",
            {"sent": 1, "acts_b": 1, "rule_sender_address": 1, "rung": "B", "received": 1},
        ),
        ({"automatic": "submitted"}, "xd.cv1", {"sent": 1, "acts_d": 1, "rule_auto_reply": 1, "rung": "D"}),
        (
            {"proof": "nameless", "log_in": None, "automatic": "list"},
            "xd.cv1",
            {"sent": 1, "acts_d": 1, "rule_auto_reply": 1, "rung": "D"},
        ),
    ],
)
def test_rungs(session: Session, changes: dict[str, Any], who: str, told: dict[str, Any]) -> None:
    keep(session, sent(**changes))
    recipients = {"sent_recipients": 1} if "sent" in told else {}
    assert days(session)[who, DAY] == told | recipients


def test_nobody_vouched_for(session: Session) -> None:
    """Rung C and not a message sent; and nothing at all for what came from outside under an official's name."""
    keep(session, sent(proof="claimed", log_in=None), sent(proof="outside", log_in=None, sender=address("xd.gd")))
    told = days(session)
    assert told["xd.cv1", DAY] == {"acts_c": 1, "rule_claimed_sender": 1, "rung": "C"}
    assert told["yt.gd", DAY] == {"received": 2, "rung": None}
    assert set(told) == {("xd.cv1", DAY), ("yt.gd", DAY)}


def test_a_shared_log_in_and_a_stranger_are_nobody(session: Session) -> None:
    keep(session, sent(log_in="la@out.test", recipients=()), sent(log_in="khong.ai", recipients=()))
    assert days(session) == {}


def test_recipients_as_the_sender_addressed_them(session: Session) -> None:
    """A list counts once, one outside is counted as such, a mailbox that two ways lead to received once."""
    people = (
        *to("yt.gd", "cong.dan@out.test", "bac.si"),
        Recipient(address("yt.cv1"), "to", "expanded", address("phong.yt")),
        Recipient(address("gt.gd"), "to", "expanded", address("phong.yt")),
        Recipient("rieng@gmail.test", "cc", "forwarded", address("tc.gd")),
    )
    keep(session, sent(recipients=people))
    told = days(session)
    assert (told["xd.cv1", DAY]["sent_recipients"], told["xd.cv1", DAY]["sent_external"]) == (5, 1)
    assert {name for (name, _), row in told.items() if row.get("received") == 1} == {
        "yt.gd",
        "yt.cv1",
        "gt.gd",
        "tc.gd",
    }
    assert {name for (name, _), row in told.items() if row.get("forwards")} == {"tc.gd"}


def test_unknown_recipients_are_not_none(session: Session) -> None:
    keep(session, sent(recipients=()), sent(recipients=to("yt.gd")))
    told = days(session)["xd.cv1", DAY]
    assert (told["sent"], told["sent_recipients"], told["sent_external"]) == (2, None, None)


def test_days_are_those_of_the_offices(session: Session) -> None:
    keep(session, sent(at=at(DAY, 0, 1)), sent(at=at(DAY, 23, 59)), sent(at=at(DAY + timedelta(1), 0, 0)))
    told = days(session)
    assert [told["xd.cv1", DAY + timedelta(n)]["sent"] for n in (0, 1)] == [2, 1]
    assert ("xd.cv1", DAY) not in days(session, DAY + timedelta(1))
    assert ("xd.cv1", DAY + timedelta(1)) not in days(session, last=DAY)


def test_what_keeps_to_a_schedule_is_a_machine(session: Session) -> None:
    keep(session, *(sent(at=at(DAY, hour, 0, 3), key=f"s{hour}") for hour in range(24)))
    keep(
        session, *(sent(at=at(DAY, 8 + n, 7 * n, 13 * n % 60), key=f"p{n}", log_in=address("xd.vt")) for n in range(8))
    )
    told = days(session)
    assert [told["xd.cv1", DAY][name] for name in ("acts_d", "rule_schedule", "rung")] == [24, 24, "D"]
    assert (told["xd.vt", DAY]["acts_a"], told["xd.vt", DAY]["rung"]) == (8, "A")


def test_pieces_of_the_question_make_no_difference(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    people = ("yt.gd", "tc.gd", "gt.gd")
    keep(session, *(sent(recipients=to(*people[: 1 + n % 3]), hour=8 + n % 9) for n in range(40)))
    whole = journal_days(session, FIRST, LAST)
    for rows in (1, 2, 3, 7):
        monkeypatch.setattr("mail_audit.queries.journal_facts.AT_ONCE", rows)
        assert journal_days(session, FIRST, LAST).equals(whole)


def test_nothing_is_an_empty_table(session: Session) -> None:
    frame = journal_days(session, FIRST, LAST)
    assert frame.is_empty()
    assert frame.columns == ["mailbox", "day", *COUNTS, "rung"]
    assert journal_coverage(session, FIRST, LAST) == {}


def test_both_databases_say_the_same(each_database: Settings) -> None:
    fill_directory(each_database)
    with unit_of_work(each_database) as session:
        keep(session, sent(), sent(recipients=to("tc.gd", "gt.gd")), sent(proof="claimed", log_in=None))
        run = begin_run(session, ADMINISTRATOR, listen="x", protocol="smtp", at=at(date(2026, 11, 1), 0))
        beat(session, run_id=run, at=NOW, taken=3, refused=0)
        heard(session, span(2, 29))
    with unit_of_work(each_database) as session:
        told = days(session)
        own = {"sent": 2, "sent_recipients": 3, "acts_a": 2, "acts_c": 1, "rule_claimed_sender": 1, "rung": "A"}
        assert told["xd.cv1", DAY] == own
        assert {name: row["received"] for (name, _), row in told.items() if name != "xd.cv1"} == {
            "yt.gd": 2, "tc.gd": 1, "gt.gd": 1,
        }  # fmt: skip
        assert journal_coverage(session, FIRST, LAST, now=NOW) == {address("xd.cv1"): set(span(19, 29))}
        assert journal_status(session, now=NOW).messages == 3


# Which days are known


def ran(session: Session, start: datetime, end: datetime) -> None:
    run = begin_run(session, ADMINISTRATOR, listen="x", protocol="smtp", at=start)
    beat(session, run_id=run, at=end, taken=0, refused=0)


def heard(session: Session, some: Iterable[date], hours: Iterable[int] = range(8, 18, 2), server: str = "thu") -> None:
    rows = [(server, at(day, hour, 0)) for day in some for hour in hours]
    session.add_all(JournalHour(server=name, hour=hour) for name, hour in rows)
    session.flush()


def span(first: int, last: int) -> list[date]:
    return [date(2026, 11, day) for day in range(first, last + 1)]


def working(some: Iterable[date]) -> set[date]:
    return {day for day in some if is_working_day(day)}


NOW = at(date(2026, 11, 30), 6)


def test_days_that_it_ran_and_heard_are_known(session: Session) -> None:
    """Not the day it began in the middle of, not the day that has not ended."""
    ran(session, at(date(2026, 11, 3), 11), NOW)
    heard(session, span(3, 30))
    assert journal_known_days(session, FIRST, LAST, now=NOW) == set(span(4, 29))


def test_a_silent_server_makes_a_day_unknown(session: Session) -> None:
    ran(session, at(date(2026, 11, 1), 0), NOW)
    heard(session, span(2, 29))
    heard(session, (day for day in span(2, 27) if day.day != 18), server="kho")
    known = journal_known_days(session, FIRST, LAST, now=NOW)
    unknown = working(span(2, 29)) - known
    assert unknown == {date(2026, 11, 18)}


def test_a_long_silence_in_working_time_makes_a_day_unknown(session: Session) -> None:
    ran(session, at(date(2026, 11, 1), 0), NOW)
    heard(session, (day for day in span(2, 29) if day != DAY))
    heard(session, [DAY], hours=(8, 9, 14, 15, 16))
    assert working(span(2, 29)) - journal_known_days(session, FIRST, LAST, now=NOW) == {DAY}
    heard(session, [DAY], hours=(12,))
    assert DAY in journal_known_days(session, FIRST, LAST, now=NOW)


def test_a_gap_that_queues_bridge_is_none(session: Session) -> None:
    """Away from the 10th to the 12th: the copies came later, stamped with their days. Ten days are too long."""
    ran(session, at(date(2026, 11, 1), 0), at(date(2026, 11, 10), 12))
    ran(session, at(date(2026, 11, 12), 12), NOW)
    heard(session, span(2, 29))
    assert working(span(2, 29)) <= journal_known_days(session, FIRST, LAST, now=NOW)
    session.execute(delete(JournalRun))
    ran(session, at(date(2026, 11, 1), 0), at(date(2026, 11, 10), 12))
    assert journal_known_days(session, FIRST, LAST, now=NOW) == set(span(2, 9))
    ran(session, at(date(2026, 11, 20), 12), NOW)
    assert journal_known_days(session, FIRST, LAST, now=NOW) == {*span(2, 9), *span(21, 29)}


def test_a_journal_that_never_ran_knows_nothing(session: Session) -> None:
    heard(session, span(2, 29))
    assert journal_known_days(session, FIRST, LAST, now=NOW) == set()


def test_only_who_was_seen_to_send_is_covered(session: Session) -> None:
    """From the first act on, for as long as `act_days`; a reader who never sends, and a machine, stay unknown."""
    ran(session, at(date(2026, 9, 30), 0), NOW)
    october = [date(2026, 10, day) for day in range(1, 32)]
    heard(session, [*october, *span(1, 29)])
    keep(
        session,
        sent(date(2026, 11, 10), recipients=to("yt.gd")),
        sent(date(2026, 10, 5), log_in=address("xd.vt"), recipients=()),
        sent(date(2026, 11, 10), automatic="submitted", log_in=address("gt.gd"), recipients=()),
        sent(date(2026, 11, 10), proof="claimed", log_in=None, sender=address("tc.gd"), recipients=()),
    )
    covered = journal_coverage(session, FIRST, LAST, now=NOW)
    assert set(covered) == {address("xd.cv1"), address("xd.vt")}
    assert covered[address("xd.cv1")] == set(span(10, 29))
    assert covered[address("xd.vt")] == set(span(1, 4))


# How it is


def test_the_line_for_whoever_asks(session: Session) -> None:
    assert journal_status(session).line("UTC").en == "Journal: has never run"
    run = begin_run(session, ADMINISTRATOR, listen="127.0.0.1:2525", protocol="lmtp", at=at(DAY, 8))
    keep(session, sent())
    status = journal_status(session, now=at(DAY, 8) + timedelta(minutes=1))
    assert (status.is_running, status.messages, [name for name, _ in status.heard]) == (True, 1, [f"thu.{DOMAIN}"])
    assert status.line("Asia/Ho_Chi_Minh").en == (
        "Journal: taking copies at 127.0.0.1:2525; 1 messages; thu.tp.example.gov.vn last heard "
        "between 09:00 and 10:00 on 19 November 2026"
    )
    assert not journal_status(session, now=at(DAY, 9)).is_running
    end_run(session, ADMINISTRATOR, run_id=run, at=at(DAY, 8, 30), taken=1, refused=0)
    assert "ĐÃ DỪNG từ 19/11/2026 08:30" in journal_status(session, now=at(DAY, 8, 31)).line("Asia/Ho_Chi_Minh").vi
    assert session.scalars(select(JournalRun.taken)).all() == [1]


def test_status_tells_of_a_journal_that_ran(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANTHU_HOME", str(settings.home))
    command = CliRunner().invoke
    assert "Journal" not in command(vanthu, ["--language", "en", "status"]).output
    with unit_of_work(settings) as session:
        begin_run(session, ADMINISTRATOR, listen="x", protocol="smtp", at=datetime(2026, 11, 19, tzinfo=UTC))
    assert (
        "Journal: STOPPED since 07:00 on 19 November 2026; 0 messages"
        in command(vanthu, ["--language", "en", "status"]).output
    )
