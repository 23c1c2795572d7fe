"""The year and the zone of lines that do not write them: whatever the files, an event lies on its day."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.errors import InputError
from mail_audit.events.years import year_rule
from mail_audit.pipeline import run
from mail_audit.zones import Zone, to_day
from tests.mail_audit.audited import logged, roster

ROW = "VP,CB1,Lê An,Trưởng phòng,leader,a@tp.example.gov.vn,,"
BODY = "imap-login: {level}Login: user=<a@tp.example.gov.vn>, method=PLAIN, rip=10.0.0.7, lip=10.0.0.1, session=<s{n}>"


def yearless(moments: Sequence[datetime]) -> list[str]:
    return [
        f"{moment:%b} {moment.day:2} {moment:%H:%M:%S} mail dovecot: {BODY.format(level='', n=n)}"
        for n, moment in enumerate(moments)
    ]


def days(paths: Sequence[Path], folder: Path, timezone: str = "Asia/Ho_Chi_Minh") -> list[date]:
    """The days with log-ins, one item a log-in."""
    table = run(paths, roster(folder, ROW), timezone=timezone).days
    return sorted(day for day, count in table.select("day", "logins").iter_rows() for _ in range(count))


def span(first: date, count: int, hour: int = 9) -> list[datetime]:
    return [datetime(first.year, first.month, first.day, hour, tzinfo=UTC) + timedelta(n) for n in range(count)]


NEW_YEAR = span(date(2025, 12, 20), 25)


def test_over_new_year_in_one_file(tmp_path: Path) -> None:
    path = logged(tmp_path / "mail.log", yearless(NEW_YEAR), datetime(2026, 1, 13, 12, tzinfo=UTC))
    assert days([path], tmp_path) == [moment.date() for moment in NEW_YEAR]


def test_over_new_year_shuffled(tmp_path: Path) -> None:
    lines = yearless(NEW_YEAR)
    random.Random(1).shuffle(lines)
    path = logged(tmp_path / "mail.log", lines, datetime(2026, 1, 13, 12, tzinfo=UTC))
    assert days([path], tmp_path) == [moment.date() for moment in NEW_YEAR]


@pytest.mark.parametrize("cut", [1, 11, 12, 13, 24])
def test_over_new_year_split_over_files(cut: int, tmp_path: Path) -> None:
    """Each file with its own last change, or both copied much later on one day."""
    lines = yearless(NEW_YEAR)
    for late in (False, True):
        written = [NEW_YEAR[cut - 1], NEW_YEAR[-1]]
        stamps = [datetime(2026, 3, 9, tzinfo=UTC)] * 2 if late else written
        old = logged(tmp_path / "mail.log.1", lines[:cut], stamps[0])
        new = logged(tmp_path / "mail.log", lines[cut:], stamps[1])
        assert days([old, new], tmp_path) == [moment.date() for moment in NEW_YEAR]


def test_copied_late(tmp_path: Path) -> None:
    """A log of October that was copied in the March after it is not of the October to come."""
    moments = span(date(2025, 10, 1), 20)
    path = logged(tmp_path / "mail.log", yearless(moments), datetime(2026, 3, 9, tzinfo=UTC))
    assert days([path], tmp_path) == [moment.date() for moment in moments]


def test_the_date_in_the_name_goes_before_the_date_of_the_copy(tmp_path: Path) -> None:
    moments = span(date(2023, 12, 28), 8)
    path = logged(tmp_path / "mail.log-20240105", yearless(moments), datetime(2026, 6, 1, tzinfo=UTC))
    assert days([path], tmp_path) == [moment.date() for moment in moments]


def test_the_day_after_the_last_change(tmp_path: Path) -> None:
    """The server's evening is the next morning where it is audited; a day's difference is no year's."""
    moment = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    path = logged(tmp_path / "mail.log", yearless([moment]), datetime(2026, 11, 21, 18, tzinfo=UTC))
    assert days([path], tmp_path) == [moment.date()]


@pytest.mark.parametrize(("written", "day"), [((2024, 3, 1), date(2024, 2, 29)), ((2026, 3, 1), date(2024, 2, 29))])
def test_29_february(written: tuple[int, int, int], day: date, tmp_path: Path) -> None:
    """It lies in the latest year that has one."""
    path = logged(
        tmp_path / "mail.log", yearless([datetime(2024, 2, 29, 9, tzinfo=UTC)]), datetime(*written, tzinfo=UTC)
    )
    assert days([path], tmp_path) == [day]


def test_a_rule_does_not_depend_on_the_order() -> None:
    for first, count in ((date(2000, 1, 1), 366), (date(2000, 12, 30), 2), (date(2000, 6, 1), 1)):
        numbers = {to_day(first) + n for n in range(count)}
        rule = year_rule(numbers, date(2026, 12, 31))
        assert (rule.year, rule.over_new_year) == (2026, False)


def test_offsets_other_than_the_report_s_zone(tmp_path: Path) -> None:
    """ISO stamps name a moment; its day is that of the report's zone."""
    stamps = ["2026-10-05T23:30:00Z", "2026-10-05T23:30:00+07:00", "2026-10-05T23:30:00.123456-03:30"]
    lines = [f"{stamp} mail dovecot: {BODY.format(level='', n=n)}" for n, stamp in enumerate(stamps)]
    path = logged(tmp_path / "mail.log", lines)
    assert days([path], tmp_path) == [date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 6)]
    assert days([path], tmp_path, "UTC") == [date(2026, 10, 5), date(2026, 10, 5), date(2026, 10, 6)]


def test_a_dull_line_covers_its_day_in_the_report_s_zone(tmp_path: Path) -> None:
    """Lines with different offsets in one file: each covers the day it lies on."""
    lines = [
        f"2026-10-05T09:00:00+07:00 mail dovecot: {BODY.format(level='', n=1)}",
        "2026-10-06T09:00:00+07:00 mail dovecot: master: Warning: x",
        "2026-10-07T20:00:00Z mail dovecot: master: Warning: x",
        f"2026-10-09T09:00:00+07:00 mail dovecot: {BODY.format(level='', n=2)}",
    ]
    report = run([logged(tmp_path / "mail.log", lines)], roster(tmp_path, ROW)).report
    assert [day.day for day in report.coverage.covered_days] == [5, 6, 8, 9]
    assert [day.day for day in report.coverage.missing_days] == [7]


def test_one_dull_line_after_midnight_covers_its_day(tmp_path: Path) -> None:
    """However many lines of the day before stand before it in the file."""
    dull = ["Oct  5 09:00:00 mail dovecot: master: Warning: x"] * 5000
    lines = [
        *yearless([datetime(2026, 10, 5, 9, tzinfo=UTC)]),
        *dull,
        "Oct  6 00:00:01 mail dovecot: master: Warning: x",
    ]
    lines += yearless([datetime(2026, 10, 7, 9, tzinfo=UTC)])
    report = run([logged(tmp_path / "mail.log", lines)], roster(tmp_path, ROW)).report
    assert [day.day for day in report.coverage.covered_days] == [5, 6, 7]


def test_a_zone_with_summer_time(tmp_path: Path) -> None:
    """Local stamps of Dovecot's own log on both sides of the change, and in the hour that happens twice."""
    stamps = ["2026-10-24 23:30:00", "2026-10-25 02:30:00", "2026-10-25 23:30:00", "2026-03-29 02:30:00"]
    lines = [f"{stamp} {BODY.format(level='Info: ', n=n)}" for n, stamp in enumerate(stamps)]
    path = logged(tmp_path / "dovecot.log", lines)
    found = days([path], tmp_path, "Europe/Berlin")
    assert found == [date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 25)]


@pytest.mark.parametrize("name", ["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns", "UTC", "Asia/Kathmandu"])
def test_there_and_back(name: str) -> None:
    """Local time to UTC and back, every hour of a year, but for the hour that does not exist."""
    zone = Zone.named(name)
    start = to_day(date(2026, 1, 1)) * 86_400_000_000
    local = pl.Series([start + hour * 3_600_000_000 for hour in range(8760)], dtype=pl.Int64)
    back = zone.local(zone.to_utc(local))
    assert (back != local).sum() <= 1
    one = local.slice(4000, 1)
    assert zone.local(zone.to_utc(one)).equals(one)


@pytest.mark.parametrize("name", ["", "Hanoi", "Asia/Ho_Chi_Minh/x", "/etc/localtime", "../UTC", "UTC\x00"])
def test_no_such_zone(name: str) -> None:
    with pytest.raises(InputError) as error:
        Zone.named(name)
    assert "Asia/Ho_Chi_Minh" in error.value.message.en
