"""The year of log lines that do not write it, and the zone of those that do not write that.

A yearless log is shorter than a year, so on the circle of the 366 days it leaves a gap; the log starts after its
largest gap and ends before it. The year of the end is the latest in which that day is not after the day the file was
last written (the date in a rotated name, or its last change). This does not depend on the order of the lines, and it
puts December before the January that follows it. Files last written on the same day are judged together: they were
copied or rotated as one set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from mail_audit.archives import LogFile
from mail_audit.events.found import QUARTER, QUARTERS_A_DAY, Reading
from mail_audit.events.stamps import Clock
from mail_audit.zones import DAY, Zone, to_date, to_day


@dataclass(frozen=True, slots=True)
class YearRule:
    """Days of 2000 from `start` on lie in `year - 1` where the log runs over New Year, all others in `year`."""

    year: int
    start: int
    over_new_year: bool

    def shift(self, day: int) -> int:
        """How many days lie between a day of 2000 (days since 1970) and the day that is meant."""
        meant = to_date(day)
        year = self.year - 1 if self.over_new_year and day >= self.start else self.year
        return to_day(_in_year(meant, year)) - day

    def turns(self, low: int, high: int) -> bool:
        """Whether days of 2000 from `low` to `high` are not all shifted alike: over New Year or a 29 February."""
        return any(self.shift(day) != self.shift(low) for day in range(low, high + 1))


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February: the latest year that has one
        return day.replace(year=year - year % 4)


def year_rule(days: set[int], written: date) -> YearRule:
    """The rule for a set of days (days since 1970, all in 2000) of files last written on `written`."""
    ordered = sorted(days)
    gaps = [(ordered[i] - ordered[i - 1]) % 366 or 366 for i in range(len(ordered))]
    first = max(range(len(ordered)), key=lambda index: (gaps[index], -index))
    start, end = ordered[first], ordered[first - 1]
    latest = written + timedelta(days=1)
    year = latest.year
    while _in_year(to_date(end), year) > latest:
        year -= 1
    return YearRule(year, start, start > end)


def year_rules(reading: Reading, files: Sequence[LogFile]) -> dict[int, YearRule]:
    """File number -> rule, for the files that have yearless lines."""
    by_file: dict[int, set[int]] = defaultdict(set)
    for file, clock, _, quarter in reading.times:
        if clock == Clock.YEARLESS:
            by_file[file].add(quarter // QUARTERS_A_DAY)
    together: dict[date, set[int]] = defaultdict(set)
    for file, days in by_file.items():
        together[files[file].written] |= days
    rules = {written: year_rule(days, written) for written, days in together.items()}
    return {file: rules[files[file].written] for file in by_file}


def settle(frame: pl.DataFrame, rules: dict[int, YearRule], zone: Zone) -> pl.DataFrame:
    """`frame` with `at` in microseconds UTC and without `clock`; its rows keep their order."""
    low, high = frame["clock"].min(), frame["clock"].max()
    if low == high:
        return frame.drop("clock") if low is None else _of_clock(frame, low, rules, zone)
    groups = frame.with_row_index("row").group_by("clock")
    return pl.concat(_of_clock(part, clock, rules, zone) for (clock,), part in groups).sort("row").drop("row")


def _of_clock(frame: pl.DataFrame, clock: object, rules: dict[int, YearRule], zone: Zone) -> pl.DataFrame:
    dated = _with_years(frame, rules) if clock == Clock.YEARLESS else frame["at"]
    settled = dated if clock == Clock.UTC else zone.to_utc(dated)
    return frame.select(settled if name == "at" else name for name in frame.columns if name != "clock")


def _with_years(frame: pl.DataFrame, rules: dict[int, YearRule]) -> pl.Series:
    """`at` in the years that are meant: a (file, day) has one shift, and mostly all that was read have the same."""
    at = frame["at"]
    low, high = (int(end) // DAY if isinstance(end, int) else 0 for end in (at.min(), at.max()))
    ways = {rule.shift(low) for rule in rules.values()}
    if len(ways) == 1 and not any(rule.turns(low, high) for rule in rules.values()):
        return at + ways.pop() * DAY
    placed = frame.select("file", "at", day=at // DAY)
    pairs = placed.select("file", "day").unique()
    shifts = pairs.with_columns(
        pl.Series("shift", [rules[file].shift(number) * DAY for file, number in pairs.iter_rows()], dtype=pl.Int64)
    )
    shift = placed.join(shifts, on=["file", "day"], how="left", maintain_order="left")["shift"]
    return at + shift


@dataclass(frozen=True, slots=True)
class Written:
    """On which local days readable lines were written, by file number.

    hosts: server -> days with events of it (`""` where no server is named); others: days of lines that are no events.
    """

    hosts: dict[int, dict[str, frozenset[date]]]
    others: dict[int, frozenset[date]]


def written_days(reading: Reading, rules: dict[int, YearRule], zone: Zone) -> Written:
    """The days of all lines that were read."""
    quarters = sorted({quarter for _, clock, _, quarter in reading.times if clock == Clock.UTC})
    local = zone.days(pl.Series([quarter * QUARTER for quarter in quarters], dtype=pl.Int64))
    days = dict(zip(quarters, local, strict=True))
    found: dict[tuple[int, str | None], set[date]] = defaultdict(set)
    for file, clock, host, quarter in reading.times:
        day = days[quarter] if clock == Clock.UTC else quarter // QUARTERS_A_DAY
        if clock == Clock.YEARLESS:
            day += rules[file].shift(day)
        found[file, host].add(to_date(day))
    hosts: dict[int, dict[str, frozenset[date]]] = defaultdict(dict)
    for (file, host), on in found.items():
        if host is not None:
            hosts[file][host] = frozenset(on)
    others = {file: frozenset(on) for (file, host), on in found.items() if host is None}
    return Written(dict(hosts), others)
