"""What follows from an exception on record: days that do not count, a station that is nobody's, what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from mail_audit.models import MailboxDay
from mail_audit.queries.days import calendar
from mail_audit.report.model import DaySpan
from mail_audit.usage.exceptions import Exemption
from tests.mail_audit.small_town import BOSS, CLERK, DAYS, DEPUTY, audit, official
from tests.mail_audit.usage.test_machines_and_delegates import at_the_clerk_s_station, desk

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 9)
LEAVE = Exemption("CB1", "leave", FIRST, date(2026, 10, 7), "Đơn số 12: mổ ruột thừa", "quantri")
SHARED = Exemption("CB1", "shared_station", FIRST, None, "", "quantri", address="10.0.0.20")
AGREED = Exemption("CB1", "agreed_delegate", date(2026, 10, 6), None, "", "quantri", delegate="CB3")
TWO_DAYS = [line for n, day in enumerate(DAYS[3:]) for line in desk(BOSS, day, 30_000 + n * 777, n, "10.0.0.7")]


def test_days_away_leave_the_covered_working_days(tmp_path: Path) -> None:
    without = official(audit(tmp_path, TWO_DAYS), BOSS)
    boss = official(audit(tmp_path, TWO_DAYS, exemptions=[LEAVE]), BOSS)
    assert (without.usage_class, without.covered_working_days) == ("occasional", 5)
    assert (boss.usage_class, boss.covered_working_days, boss.active_working_days) == ("regular", 2, 2)
    assert boss.excused == (DaySpan(FIRST, date(2026, 10, 7)),)
    assert (boss.opened, boss.logins, boss.active_days) == (without.opened, without.logins, without.active_days)


def test_the_report_says_so_but_not_why_somebody_was_away(tmp_path: Path) -> None:
    sick = replace(LEAVE, kind="sickness")
    for one in (LEAVE, sick):
        said = official(audit(tmp_path, TWO_DAYS, exemptions=[one]), BOSS).reasons[-1]
        left_out = "working days left out of the period: 3 (recorded by quantri)"
        assert said.en == f"excused from 5 October 2026 to 7 October 2026: {left_out}"
        assert "quantri" in said.vi
        assert "ruột" not in said.vi
    by_command = replace(LEAVE, author="cli:root")
    said = official(audit(tmp_path, TWO_DAYS, exemptions=[by_command]), BOSS).reasons[-1]
    assert said.vi.endswith("(ghi nhận bởi lệnh trên máy chủ (root))")


def test_away_all_the_time_is_not_unused(tmp_path: Path) -> None:
    """The deputy did nothing: not used; on leave for the whole period: nothing is concluded."""
    away = Exemption("CB2", "leave", date(2026, 9, 1), None, "", "quantri")
    assert official(audit(tmp_path, TWO_DAYS), DEPUTY).usage_class == "none"
    deputy = official(audit(tmp_path, TWO_DAYS, exemptions=[away]), DEPUTY)
    assert (deputy.usage_class, deputy.rung, deputy.covered_working_days) == ("unknown", "U", 0)
    nearly = replace(away, last=date(2026, 10, 8))
    assert official(audit(tmp_path, TWO_DAYS, exemptions=[nearly]), DEPUTY).usage_class == "none"


def test_acts_on_a_day_of_leave_still_show(tmp_path: Path) -> None:
    """Who works on leave acted; the day is no working day of theirs all the same."""
    whole = replace(LEAVE, last=LAST)
    boss = official(audit(tmp_path, TWO_DAYS, exemptions=[whole]), BOSS)
    assert (boss.usage_class, boss.active_days, boss.active_working_days, boss.covered_working_days) == (
        "regular", 2, 0, 0,
    )  # fmt: skip


def test_other_people_s_exceptions_are_theirs(tmp_path: Path) -> None:
    before = audit(tmp_path, TWO_DAYS).report
    after = audit(tmp_path, TWO_DAYS, exemptions=[replace(LEAVE, first=date(2026, 8, 1), last=date(2026, 8, 2))]).report
    assert before == after
    after = audit(tmp_path, TWO_DAYS, exemptions=[LEAVE]).report
    assert [one for one in before.officials if one.official_id != "CB1"] == [
        one for one in after.officials if one.official_id != "CB1"
    ]


def test_a_shared_station_is_nobody_s(tmp_path: Path) -> None:
    lines = at_the_clerk_s_station(BOSS, CLERK, "10.0.0.20")
    assert official(audit(tmp_path, lines), BOSS).usage_class == "delegated"
    boss = official(audit(tmp_path, lines, exemptions=[SHARED]), BOSS)
    assert (boss.usage_class, boss.active_days) == ("regular", 5)
    assert "10.0.0.20" in boss.reasons[-1].en
    elsewhere = replace(SHARED, address="10.0.0.21")
    assert official(audit(tmp_path, lines, exemptions=[elsewhere]), BOSS).usage_class == "delegated"


def test_a_station_is_shared_only_while_it_is(tmp_path: Path) -> None:
    """Shared on the first day: that day's acts are the leader's own, the others' are the clerk's as before."""
    lines = at_the_clerk_s_station(BOSS, CLERK, "10.0.0.20")
    boss = official(audit(tmp_path, lines, exemptions=[replace(SHARED, last=FIRST)]), BOSS)
    assert (boss.usage_class, boss.active_days) == ("occasional", 1)
    later = replace(SHARED, first=date(2026, 10, 12))
    assert official(audit(tmp_path, lines, exemptions=[later]), BOSS).usage_class == "delegated"


def test_acts_at_a_shared_station_do_not_make_another_one_own_all(tmp_path: Path) -> None:
    """Most of the leader's acts are at the shared station, so the few at the clerk's are not nearly all."""
    lines = at_the_clerk_s_station(BOSS, CLERK, "10.0.0.20")
    for number, day in enumerate(DAYS):
        for n, second in enumerate((36_000, 37_250, 43_900, 52_300)):
            lines += desk(BOSS, day, second + number * 401, 300 + 10 * number + n, "10.0.0.7")
    shared = replace(SHARED, address="10.0.0.7")
    assert official(audit(tmp_path, lines, exemptions=[shared]), BOSS).usage_class == "regular"


def test_an_agreed_delegate_is_said(tmp_path: Path) -> None:
    lines = at_the_clerk_s_station(BOSS, CLERK, "10.0.0.20")
    boss = official(audit(tmp_path, lines, exemptions=[AGREED]), BOSS)
    assert boss.usage_class == "delegated"
    assert boss.reasons[-1].en == (
        "Phạm Cúc works in this mailbox by agreement from 6 October 2026 to 9 October 2026 (recorded by quantri)"
    )


def test_the_calendar_says_which_days_do_not_count(tmp_path: Path) -> None:
    report = audit(tmp_path, TWO_DAYS, exemptions=[LEAVE]).report
    boss = next(one for one in report.officials if BOSS in one.mailboxes)
    acted = MailboxDay(mailbox=BOSS, day=LAST, **dict.fromkeys(_counts(), 0) | {"acts_a": 1})
    squares = calendar(report.period, report.coverage, boss, [acted])
    assert [one.state for one in squares] == ["day_off", "day_off", "day_off", "nothing", "acted"]
    assert squares[0].words.en == "Excused."
    newcomer = replace(boss, in_post=(DaySpan(date(2026, 10, 8), LAST),), excused=())
    squares = calendar(report.period, report.coverage, newcomer, [acted])
    assert [one.state for one in squares] == ["no_data", "no_data", "no_data", "nothing", "acted"]
    assert squares[0].words.en == "Not in post on this day."


def _counts() -> list[str]:
    return [column.name for column in MailboxDay.__table__.columns if column.name not in ("audit_id", "mailbox", "day")]
