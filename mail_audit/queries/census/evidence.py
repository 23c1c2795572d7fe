"""What the census tells of days: somebody acted (rung B), or that it could have told and there was nothing.

- The last message in the folder of sent messages was saved on day D: somebody acted on D. Rung B and not A, because a
  mailbox does not say by whom: the person, a clerk with the password, a program.
- Between two counts more messages are seen, or more are answered: somebody acted between them. A fall of the unseen
  that is no larger than the fall of the messages says nothing: the server may have cleared away what nobody read.
- An unseen pile is nobody's act, and no proof of none either: it is shown, and gives no row here.

A span between two counts covers its days only where it can tell: something rose, or no message left the inbox. Who
reads and files everything away leaves no count behind, and must not be taken for one who does nothing. The silence
behind the last sent message covers the days up to the count, but only of the month of that message: alone, it is no
proof of anything.

Where logs tell of some days of a span, what rose in it may have been done on those, and the logs have told it: such a
span says nothing of its other days, neither that somebody acted nor that nobody did. Hours of the night count for no
day here, so that two nightly counts tell of the day between them and of no other.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.calendar import working_days
from core.db import settings_of
from mail_audit.models import CensusMailbox
from mail_audit.usage.days import COUNTS
from mail_audit.usage.rules import Rule, count_column
from mail_audit.zones import Zone

LONGEST_SPAN = timedelta(days=35)
"""Two counts further apart than this tell nothing of the days between."""
HALF_DAY = 43_200_000_000
DAY = 2 * HALF_DAY
MORNING, EVENING = DAY // 24 * 6, DAY // 24 * 22
"""Between these, local time, somebody may be at work; what of a span lies in the night alone is not looked at."""
TellsOf = Callable[[str], AbstractSet[date]]
"""Mailbox -> the local days that others tell of: logs, and whoever is heard before the census."""
RUNG = "B"
_RULE = count_column(Rule.MAILBOX_COUNT)
_ROWS_AT_ONCE = 20_000
_SCHEMA: dict[str, type[pl.DataType]] = {
    "mailbox": pl.String, "at": pl.Int64, "messages": pl.Int64, "unseen": pl.Int64, "answered": pl.Int64,
    "uid_validity": pl.Int64, "uid_next": pl.Int64, "sent_at": pl.Int64,
}  # fmt: skip
"""One count of one mailbox; moments in microseconds UTC."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the census tells of a range of days.

    `days`: `mailbox`, `day`, `COUNTS`, `rung`, sorted; `coverage`: mailbox -> the days it could tell of.
    """

    days: pl.DataFrame
    coverage: dict[str, set[date]]


def census_days(session: Session, first: date, last: date) -> pl.DataFrame:
    """A row for each mailbox and local day, from `first` to `last`, on which somebody acted: see `Told.days`."""
    return census_told(session, first, last).days


def census_coverage(session: Session, first: date, last: date) -> dict[str, set[date]]:
    """Mailbox -> the local days, from `first` to `last`, of which the census can tell whether somebody acted."""
    return census_told(session, first, last).coverage


def census_told(session: Session, first: date, last: date, *, others: TellsOf | None = None) -> Told:
    """Days with acts and the days covered, from `first` to `last`, both included; two questions.

    `others` should know the days of `LONGEST_SPAN` on either side too: spans reach there.
    """
    zone = Zone.named(settings_of(session).timezone)
    start = datetime.combine(first, datetime.min.time(), ZoneInfo(zone.name)).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(zone.name)).astimezone(UTC)
    spans = _spans(_counts(session, start - LONGEST_SPAN, end + LONGEST_SPAN), zone)
    spans = spans if others is None else _without_told(spans, others)
    sent = _sent(session, start, end, zone)
    within = pl.col("day").is_between(first, last)
    acts = pl.concat([_acts_of_sent(sent), _acts_of_spans(spans, sent, first, last)])
    summed = acts.filter(within).group_by("mailbox", "day").agg(pl.col("acts_b").sum())
    covered = pl.concat([_covered_by_spans(spans), _covered_by_sent(sent), summed.select("mailbox", "day")])
    found = covered.filter(within).unique().group_by("mailbox").agg("day")
    return Told(_as_facts(summed), {mailbox: set(days) for mailbox, days in found.iter_rows()})


def _as_facts(summed: pl.DataFrame) -> pl.DataFrame:
    others = {name: None if name == "opened" else 0 for name in COUNTS if name not in {"acts_b", _RULE}}
    columns = [pl.lit(value, dtype=pl.Int64).alias(name) for name, value in others.items()]
    return (
        summed.with_columns(*columns, pl.col("acts_b").alias(_RULE), pl.lit(RUNG).alias("rung"))
        .select("mailbox", "day", *COUNTS, "rung")
        .sort("mailbox", "day")
    )


# --- rows ------------------------------------------------------------------------------------------------------------


def _counts(session: Session, start: datetime, end: datetime) -> pl.DataFrame:
    """Every count from `start` to `end`, in `_SCHEMA`, those of a mailbox in order."""
    row = CensusMailbox
    wanted = (
        select(
            row.mailbox, row.asked_at, row.messages, row.unseen, row.answered,
            row.uid_validity, row.uid_next, row.last_sent_at,
        )
        .where(row.state == "counted", row.asked_at >= start, row.asked_at < end)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )  # fmt: skip
    frames = [pl.DataFrame(schema=_SCHEMA)]
    for part in session.execute(wanted).partitions():
        rows = [(one[0], _micros(one[1]), *one[2:7], _micros(one[7])) for one in part]
        frames.append(pl.DataFrame(rows, schema=_SCHEMA, orient="row"))
    return pl.concat(frames).sort("mailbox", "at")


def _sent(session: Session, start: datetime, end: datetime, zone: Zone) -> pl.DataFrame:
    """Each last sent message of that time once: `mailbox`, `day`, and `until`, the local day it was last seen last."""
    row = CensusMailbox
    wanted = (
        select(row.mailbox, row.last_sent_at, func.max(row.asked_at))
        .where(row.last_sent_at >= start, row.last_sent_at < end, row.asked_at >= start - timedelta(days=1))
        .group_by(row.mailbox, row.last_sent_at)
    )
    rows = [(mailbox, _micros(sent), _micros(asked)) for mailbox, sent, asked in session.execute(wanted)]
    schema = {"mailbox": pl.String, "sent_at": pl.Int64, "at": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(
        day=zone.days(frame["sent_at"]).cast(pl.Date), until=zone.days(frame["at"]).cast(pl.Date)
    ).select("mailbox", "day", "until")


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


# --- between two counts ----------------------------------------------------------------------------------------------


def _spans(counts: pl.DataFrame, zone: Zone) -> pl.DataFrame:
    """Each pair of neighbouring counts that can be compared, once for each day it touches.

    `span`, `mailbox`, `day`, `inside` (microseconds of the day inside the span), `by_day` (whether hours between
    morning and evening are among them), `has_act`, `can_tell`.
    """
    names = ("at", "messages", "unseen", "answered", "uid_validity", "uid_next")
    pairs = counts.with_columns(pl.col(name).shift(1).over("mailbox").alias(f"{name}_0") for name in names).filter(
        pl.col("uid_validity") == pl.col("uid_validity_0"),
        pl.col("at") - pl.col("at_0") <= LONGEST_SPAN // timedelta(microseconds=1),
        (pl.col("uid_next") >= pl.col("uid_next_0")).fill_null(value=True),
    )
    seen_rose = (pl.col("messages") - pl.col("unseen")) > (pl.col("messages_0") - pl.col("unseen_0"))
    left = pl.col("messages_0") + pl.col("uid_next") - pl.col("uid_next_0") - pl.col("messages")
    pairs = pairs.with_columns(
        has_act=seen_rose | (pl.col("answered") > pl.col("answered_0")), nothing_left=(left <= 0).fill_null(value=False)
    )
    pairs = pairs.with_columns(
        span=pl.int_range(pl.len(), dtype=pl.Int64),
        can_tell=pl.col("has_act") | pl.col("nothing_left"),
        start=zone.local(pairs["at_0"]),
        end=zone.local(pairs["at"]),
    )
    days = pairs.select(
        "span", "mailbox", "has_act", "can_tell", "start", "end",
        number=pl.int_ranges(pl.col("start") // DAY, pl.col("end") // DAY + 1),
    ).explode("number", empty_as_null=False)  # fmt: skip
    begins = pl.col("number") * DAY
    inside = pl.min_horizontal("end", begins + DAY) - pl.max_horizontal("start", begins)
    by_day = pl.min_horizontal("end", begins + EVENING) > pl.max_horizontal("start", begins + MORNING)
    return days.with_columns(day=pl.col("number").cast(pl.Int32).cast(pl.Date), inside=inside, by_day=by_day).select(
        "span", "mailbox", "day", "inside", "by_day", "has_act", "can_tell"
    )


def _without_told(spans: pl.DataFrame, others: TellsOf) -> pl.DataFrame:
    """The spans; those in which something rose, and others tell of one of their days, tell nothing."""
    asked = spans.filter("has_act", "by_day")
    is_told = [day in others(mailbox) for mailbox, day in asked.select("mailbox", "day").iter_rows()]
    told = asked.filter(pl.Series(is_told, dtype=pl.Boolean))["span"].unique()
    left = ~pl.col("span").is_in(told.implode())
    return spans.with_columns(has_act=pl.col("has_act") & left, can_tell=pl.col("can_tell") & left)


def _covered_by_spans(spans: pl.DataFrame) -> pl.DataFrame:
    """Days of which at least half lie between counts that can tell."""
    told = spans.filter("can_tell").group_by("mailbox", "day").agg(pl.col("inside").sum())
    return told.filter(pl.col("inside") >= HALF_DAY).select("mailbox", "day")


def _acts_of_spans(spans: pl.DataFrame, sent: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """One act for each span in which something rose, on the day it claims least by.

    That is a day on which a message was saved to Sent; else the last working day of which at least half lies in the
    span; else its last day so; else the day with most of it (a span of a few hours).
    """
    margin = LONGEST_SPAN + timedelta(days=1)
    working = pl.Series(working_days(first - margin, last + margin), dtype=pl.Date)
    is_sent = sent.select("mailbox", "day", is_sent=pl.lit(value=True)).unique()
    ranked = (
        spans.filter("has_act")
        .join(is_sent, on=["mailbox", "day"], how="left")
        .with_columns(
            pl.col("is_sent").fill_null(value=False),
            is_half=pl.col("inside") >= HALF_DAY,
            is_working=pl.col("day").is_in(working.implode()),
        )
        .with_columns(order=pl.when("is_half").then(DAY).otherwise(pl.col("inside")))
        .sort("span", "is_sent", "is_half", "is_working", "order", "day", descending=[False, *[True] * 5])
    )
    return _single(ranked.group_by("span", maintain_order=True).first())


# --- the last message in Sent ----------------------------------------------------------------------------------------


def _acts_of_sent(sent: pl.DataFrame) -> pl.DataFrame:
    return _single(sent)


def _covered_by_sent(sent: pl.DataFrame) -> pl.DataFrame:
    """From the last sent message to the count that still found it last, within the month of the message."""
    ends = pl.min_horizontal(pl.max_horizontal("until", "day"), pl.col("day").dt.month_end())
    days = sent.select("mailbox", day=pl.date_ranges("day", ends))
    return days.explode("day", empty_as_null=False).select("mailbox", "day")


def _single(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("mailbox", "day", pl.lit(1, dtype=pl.Int64).alias("acts_b"))
