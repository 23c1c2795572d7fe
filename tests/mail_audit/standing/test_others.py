"""Journal and census tell only of days that no log covers, and a report says which those are."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from mail_audit.measure import Rules
from mail_audit.report.model import OfficialFigures
from mail_audit.reporting import build_report
from mail_audit.standing import SCHEMA, Held, Standing, Tells
from mail_audit.standing.others import Other, with_others
from mail_audit.usage.coverage import Told
from mail_audit.usage.days import COUNTS
from mail_audit.zones import Zone

MON, TUE, WED, THU, FRI = (date(2026, 10, day) for day in range(5, 10))
BOX = "an.so@tp.example.gov.vn"
ROSTER = Roster(
    {"Sở": Unit("Sở", "Sở", None)},
    {"CB1": Official("CB1", "Nguyễn Văn Ân")},
    (Post("CB1", "Sở", "Giám đốc", "leader"),),
    {BOX: Mailbox(BOX, "personal", "Sở", "CB1")},
)
RULES = Rules(ROSTER, Zone("Asia/Ho_Chi_Minh"))
KNOWS = Tells(Told(True, True, True, True, True, False), ended=True)
NOTHING = Tells(Told(False, False, False, False, True, False), ended=False)


def facts(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of facts: what is not said is zero, or not there."""
    zero: dict[str, Any] = dict.fromkeys(COUNTS, 0) | {"outside": 0, "blind": False, "scheduled": False}
    return pl.DataFrame([{"mailbox": BOX, **zero, **row} for row in rows], schema=SCHEMA, orient="row")


def told(source: str, *rows: dict[str, Any], covered: set[date] | None = None) -> Other:
    """What a witness tells of the mailbox: it never knows what was opened."""
    zero: dict[str, Any] = dict.fromkeys(COUNTS, 0) | {"opened": None, "rung": "A"}
    schema: dict[str, Any] = {
        "mailbox": pl.String,
        "day": pl.Date,
        **dict.fromkeys(COUNTS, pl.Int64),
        "rung": pl.String,
    }
    frame = pl.DataFrame([{"mailbox": BOX, **zero, **row} for row in rows], schema=schema, orient="row")
    return Other(source, frame, {BOX: covered or set()})


def figures(standing: Standing, *others: Other) -> OfficialFigures:
    """What a report of the week says of the official."""
    whole = with_others(standing, others, MON, FRI)
    return build_report(RULES, whole, MON, FRI).officials[0]


LOGS = Held("mail.log", 100, 90, 10, 0, (), {"mail1": frozenset({MON, TUE, WED})})
SEEN = facts({"day": MON, "sent": 2, "acts_a": 2, "hosts": "mail1"})


def test_nothing_is_added_to_what_logs_tell() -> None:
    alone = figures(Standing(SEEN, KNOWS, (LOGS,)))
    journal = told("journal", {"day": MON, "sent": 5, "acts_a": 5}, {"day": TUE, "sent": 1, "acts_a": 1}, covered={MON})
    assert figures(Standing(SEEN, KNOWS, (LOGS,)), journal) == alone


def test_a_day_without_logs_is_told_by_the_journal_and_said_to_be() -> None:
    journal = told("journal", {"day": THU, "sent": 3, "acts_a": 3}, covered={THU, FRI})
    found = figures(Standing(SEEN, KNOWS, (LOGS,)), journal)
    assert (found.sent, found.active_days, found.covered_working_days) == (5, 2, 5)
    assert any("1" in said.en and "journal" in said.en for said in found.reasons)
    assert found.opened == 0


def test_the_journal_is_heard_before_the_census() -> None:
    journal = told("journal", {"day": THU, "sent": 3, "acts_a": 3})
    census = told("census", {"day": THU, "acts_b": 1}, {"day": FRI, "acts_b": 1, "sent": None})
    found = figures(Standing(SEEN, KNOWS, (LOGS,)), journal, census)
    assert (found.sent, found.active_days) == (5, 3)
    assert sum("days without server logs" in said.en for said in found.reasons) == 2


def test_what_a_count_of_the_mailbox_found_is_no_reading_at_a_persons_pace() -> None:
    census = told("census", {"day": THU, "acts_b": 2, "rule_mailbox_count": 2}, covered={THU})
    said = [text.en for text in figures(Standing(SEEN, KNOWS, (LOGS,)), census).reasons]
    assert "somebody acted in the mailbox, as its count shows (rung B: by whom is not known): 2" in said
    assert not any("reading" in one for one in said)
    with_reading = facts({"day": MON, "sent": 2, "acts_a": 2, "acts_b": 3, "hosts": "mail1"})
    beside = [text.en for text in figures(Standing(with_reading, KNOWS, (LOGS,)), census).reasons]
    assert "signs of reading at a person's pace (rung B): 3" in beside


def test_without_any_log_the_witness_is_all_there_is() -> None:
    """What it counts is known, what it cannot is not; its silence is no verdict."""
    journal = told("journal", {"day": THU, "sent": 3, "sent_recipients": 4, "acts_a": 3}, covered={THU, FRI})
    found = figures(Standing(facts(), NOTHING, ()), journal)
    assert (found.sent, found.sent_recipients, found.opened, found.logins) == (3, 4, None, None)
    assert found.usage_class == "regular"
    silent = figures(Standing(facts(), KNOWS, ()), told("journal", covered={MON, TUE, WED, THU, FRI}))
    assert (silent.usage_class, silent.rung) == ("unknown", "U")
