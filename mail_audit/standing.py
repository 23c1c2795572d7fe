"""Standing facts: what is kept of a measurement, one row a mailbox and day, and all that a report is made of.

`Standing` is what both doors give to `reporting.build_report`: an audit makes it from files, the store keeps it in
tables. So the two can only differ where their facts do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from core.directory.roster import Roster
from core.words import Text
from mail_audit.events.reading import SAMPLES_KEPT
from mail_audit.months import Month
from mail_audit.usage.classes import Surroundings
from mail_audit.usage.coverage import CoveredDays, Seen, Told, covered, told
from mail_audit.usage.days import COUNTS
from mail_audit.zones import Zone, to_date

AROUND: dict[str, type[pl.DataType]] = {
    "outside": pl.Int64,
    "blind": pl.Boolean,
    "scheduled": pl.Boolean,
    "hosts": pl.String,
    "delegates": pl.String,
    "targets": pl.String,
}
"""What a row holds beside `COUNTS`: messages received from outside the directory's domains; whether a session was on a
server that writes no flag changes; whether a schedule sent; servers that speak of the mailbox; who acted in it from
elsewhere, as `count mailbox`; domains its mail was forwarded to. Several texts stand on lines of their own, sorted;
null where there is none."""
SCHEMA: dict[str, type[pl.DataType]] = {
    "mailbox": pl.String,
    "day": pl.Date,
    **dict.fromkeys(COUNTS, pl.Int64),
    **AROUND,
}
_BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Tells:
    """What events can tell, so that it can be added up over months: `told`, and whether any session ended in them."""

    told: Told
    ended: bool

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> Tells:
        """What these events can tell."""
        return cls(told(dict(frames)), not frames["session_ended"].is_empty())

    @classmethod
    def together(cls, parts: Iterable[Tells]) -> Tells:
        """What all of them tell; nothing where there is none."""
        every = list(parts)
        names = ("submissions", "deliveries", "log_ins", "flag_changes", "literal_format")
        flags = {name: any(getattr(one.told, name) for one in every) for name in names}
        ended = any(one.ended for one in every)
        counters = any(one.ended and one.told.counters for one in every) or not ended
        return cls(Told(counters=counters, **flags), ended)


@dataclass(frozen=True, slots=True)
class Held:
    """What a log file holds, or a stream of the store: its lines by what became of them, and its days.

    `samples` are offset and reason of its first broken lines; `days` maps servers to local days with events (`""` where
    no server is named), `other_days` are days of readable lines that are no events.
    """

    name: str
    lines: int = 0
    events: int = 0
    not_of_interest: int = 0
    broken: int = 0
    samples: tuple[tuple[int, Text], ...] = ()
    days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    other_days: frozenset[date] = frozenset()

    @property
    def every_day(self) -> frozenset[date]:
        """All days it speaks of."""
        return self.other_days.union(*self.days.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """Facts of at least the period's days (`rows`, as `SCHEMA`), what the logs tell, and what they hold."""

    rows: pl.DataFrame
    tells: Tells
    held: tuple[Held, ...]

    def within(self, first: date, last: date) -> Standing:
        """Only what bears on the days from `first` to `last`."""
        rows = self.rows.filter(pl.col("day").is_between(first, last))
        return replace(self, rows=rows, held=of_period(self.held, first, last))


def of_period(held: Sequence[Held], first: date, last: date) -> tuple[Held, ...]:
    """The files that bear on a period: those with a day that helps to judge its months, and those without any day.

    All of them where none has such a day, so that a report says what was read in vain.
    """
    opens, closes = Month.of(first).opens, Month.of(last).closes

    def bears(one: Held) -> bool:
        return any(opens <= day <= closes for day in one.every_day)

    if not any(bears(one) for one in held):
        return tuple(held)
    return tuple(one for one in held if bears(one) or (one.lines and not one.every_day))


def event_days(frames: Mapping[str, pl.DataFrame], zone: Zone) -> dict[int, dict[str, frozenset[date]]]:
    """File number -> server -> local days with its events."""
    found: dict[int, dict[str, set[date]]] = {}
    for frame in frames.values():
        if frame.is_empty():
            continue
        seen = frame.select("file", "host").with_columns(day=zone.days(frame["at"])).unique()
        for file, host, day in seen.iter_rows():
            found.setdefault(file, {}).setdefault(host, set()).add(to_date(day))
    return {file: {host: frozenset(days) for host, days in hosts.items()} for file, hosts in found.items()}


def days_held(held: Sequence[Held], first: date | None, last: date | None) -> CoveredDays:
    """The covered days from `first` to `last`; without them, as far as any event goes."""
    seen = Seen({}, {})
    for number, one in enumerate(held):
        for host, days in one.days.items():
            seen.days.setdefault(host, set()).update(days)
            seen.files.setdefault(host, set()).add(number)
    return covered(seen, {number: set(one.other_days) for number, one in enumerate(held)}, first, last)


def broken_samples(held: Iterable[Held]) -> list[tuple[str, int, Text]]:
    """Where the first broken lines stand, in the order of file names."""
    every = [(one.name, offset, reason) for one in held for offset, reason in one.samples]
    return sorted(every, key=lambda one: one[:2])[:SAMPLES_KEPT]


def fact_rows(
    days: pl.DataFrame, acts: pl.DataFrame, received: pl.DataFrame, forwards: pl.DataFrame, seeing: pl.Series
) -> pl.DataFrame:
    """`days` (of `usage.days`) as `SCHEMA`; the others have `mailbox` and `day`.

    `received` has `outside` (whether the sender is outside the directory's domains), `forwards` their `target`;
    `seeing` are the servers that write flag changes.
    """
    key = ["mailbox", "day"]
    places = pl.concat([acts.select(*key, "host"), received.select(*key, "host")]).unique()
    delegated = acts.filter("is_delegated").group_by(*key, "delegate").agg(pl.len().alias("count"))
    targets = forwards.select(*key, target=pl.col("target").str.split("@").list.last()).unique()
    blind = acts.filter(pl.col("kind").str.ends_with("_session") & ~pl.col("host").is_in(seeing.implode()))
    parts = (
        received.filter("outside").group_by(key).agg(pl.len().cast(pl.Int64).alias("outside")),
        blind.select(*key, blind=True).unique(),
        acts.filter(pl.col("kind") == "sent_by_schedule").select(*key, scheduled=True).unique(),
        _listed(places, "host", "hosts"),
        _listed(delegated.with_columns(pl.format("{} {}", "count", "delegate").alias("who")), "who", "delegates"),
        _listed(targets, "target", "targets"),
    )
    table = days
    for part in parts:
        table = table.join(part, on=key, how="left", maintain_order="left")
    filled = table.with_columns(
        pl.col("outside").fill_null(0), pl.col("blind").fill_null(False), pl.col("scheduled").fill_null(False)
    )
    return filled.select(list(SCHEMA))


def _listed(table: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """The texts of `column` of each mailbox and day, sorted, on lines of their own."""
    return table.group_by("mailbox", "day").agg(pl.col(column).unique().sort().str.join(_BREAK).alias(name))


def no_rows() -> pl.DataFrame:
    """A table of facts without rows."""
    return pl.DataFrame(schema=SCHEMA)


def surroundings(rows: pl.DataFrame, roster: Roster) -> Surroundings:
    """What the facts of a period say around the counts; delegates by the name of their owner where one is known."""
    names = {
        box.address: roster.officials[box.owner].name for box in roster.mailboxes.values() if box.owner is not None
    }
    hosts = _lines(rows, "hosts").group_by("mailbox").agg(pl.col("hosts").unique())
    targets = _lines(rows, "targets").group_by("mailbox").agg(pl.col("targets").unique().sort().str.join(", "))
    return Surroundings(
        hosts={mailbox: frozenset(found) for mailbox, found in hosts.iter_rows()},
        blind=frozenset(rows.filter("blind")["mailbox"].unique()),
        delegates={box: names.get(delegate, delegate) for box, delegate in _delegates(rows).iter_rows()},
        targets=dict(targets.iter_rows()),
        schedules=frozenset(rows.filter("scheduled")["mailbox"].unique()),
    )


def _delegates(rows: pl.DataFrame) -> pl.DataFrame:
    """Columns `mailbox`, `delegate`: who acted in it most often; of equals, the first by name."""
    said = _lines(rows, "delegates", each=True).with_columns(pl.col("delegates").str.splitn(" ", 2).struct.unnest())
    said = said.rename({"field_0": "count", "field_1": "delegate"}).with_columns(pl.col("count").cast(pl.Int64))
    sums = said.group_by("mailbox", "delegate").agg(pl.col("count").sum())
    ordered = sums.sort("mailbox", "count", "delegate", descending=[False, True, False])
    return ordered.unique("mailbox", keep="first", maintain_order=True).select("mailbox", "delegate")


def _lines(rows: pl.DataFrame, column: str, *, each: bool = False) -> pl.DataFrame:
    """Columns `mailbox` and `column`: one row a text; days that say the same only once, unless `each` counts."""
    some = rows.filter(pl.col(column).is_not_null()).select("mailbox", column)
    some = some if each else some.unique()
    return some.with_columns(pl.col(column).str.split(_BREAK)).explode(column)
