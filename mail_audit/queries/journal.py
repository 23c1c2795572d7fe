"""What the journal knows: facts per mailbox and day, for days that no log covers; which days it knows; how it is.

The rungs of the journal:

- A: a server that the settings name says which log-in sent the message.
- B: it says that somebody had logged in and not who, or that the message came from the offices' own networks. The
  sender's address is then all there is, and an address is not the person: others may send under it.
- C: nobody vouches for the sender; anybody can write any address.
- D: the message says of itself that a machine wrote it, or it keeps to a schedule.

`sent` counts what a log-in submitted, as everywhere. What came from outside without a log-in is nobody's act, whatever
its sender. Reading leaves no trace here at all: an official of whom the journal saw nothing sent is *unknown*, not
*none*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import settings_of, utc_now
from core.words import Text, day_words, moment_words
from mail_audit.journaling.options import JournalOptions
from mail_audit.models import JournalHour, JournalMessage, JournalRun
from mail_audit.queries.journal_days_known import known_days
from mail_audit.queries.journal_facts import RULES, facts, has_messages
from mail_audit.usage.days import COUNTS
from mail_audit.usage.rules import Rule, count_column
from mail_audit.zones import Zone

SILENT_AFTER = timedelta(minutes=3)
"""A run whose last sign of life is older than this has ended, as it should or not."""
_DAYS: dict[str, Any] = {"mailbox": pl.String, "day": pl.Date, **dict.fromkeys(COUNTS, pl.Int64), "rung": pl.String}


@dataclass(frozen=True, slots=True)
class JournalStatus:
    """How the journal is. `heard` names each server with the last hour (UTC) that it gave a copy of."""

    is_running: bool
    listen: str | None
    started_at: datetime | None
    beat_at: datetime | None
    taken: int
    refused: int
    messages: int
    heard: tuple[tuple[str, datetime], ...]

    def line(self, timezone: str) -> Text:
        """One line for whoever asks how things are, on the offices' clock."""
        said = self.said(timezone)
        return Text(f"Nhật ký bản sao: {said.vi}", f"Journal: {said.en}")

    def said(self, timezone: str) -> Text:
        """The same without its name."""
        if self.beat_at is None:
            return Text("chưa từng chạy", "has never run")
        zone = ZoneInfo(timezone)
        since = moment_words(self.beat_at.astimezone(zone))
        state_vi = f"đang nhận ở {self.listen}" if self.is_running else f"ĐÃ DỪNG từ {since.vi}"
        state_en = f"taking copies at {self.listen}" if self.is_running else f"STOPPED since {since.en}"
        parts_vi = [f"{server} nghe lần cuối {_hour(hour, zone).vi}" for server, hour in self.heard]
        parts_en = [f"{server} last heard {_hour(hour, zone).en}" for server, hour in self.heard]
        return Text(
            "; ".join([state_vi, f"{self.messages:,} thư".replace(",", "."), *parts_vi]),
            "; ".join([state_en, f"{self.messages:,} messages", *parts_en]),
        )


def _hour(hour: datetime, zone: ZoneInfo) -> Text:
    """The hour that begins at `hour`."""
    there = hour.astimezone(zone)
    day, until = day_words(there), there + timedelta(hours=1)
    return Text(f"{day.vi} {there:%H}h", f"between {there:%H:%M} and {until:%H:%M} on {day.en}")


def journal_status(session: Session, *, now: datetime | None = None) -> JournalStatus:
    """How the journal is at `now`; three queries."""
    latest = session.scalars(select(JournalRun).order_by(JournalRun.beat_at.desc(), JournalRun.id.desc()).limit(1))
    run = latest.first()
    hours = select(JournalHour.server, func.max(JournalHour.hour)).group_by(JournalHour.server)
    heard = tuple(sorted((server, hour) for server, hour in session.execute(hours)))
    alive = run is not None and run.ended_at is None and (now or utc_now()) - run.beat_at <= SILENT_AFTER
    return JournalStatus(
        is_running=alive,
        listen=run.listen if run else None,
        started_at=run.started_at if run else None,
        beat_at=run.beat_at if run else None,
        taken=run.taken if run else 0,
        refused=run.refused if run else 0,
        messages=session.scalar(select(func.count()).select_from(JournalMessage)) or 0,
        heard=heard,
    )


def journal_days(session: Session, first: date, last: date) -> pl.DataFrame:
    """What the journal knows of each mailbox on each local day from `first` to `last` with anything in it.

    Columns `mailbox`, `day`, `COUNTS` and `rung`: the strongest rung of an act of that day, null where the mailbox only
    received. `opened` is always null, and `sent_recipients` and `sent_external` are null on a day with a sent message
    whose recipients no copy told. Merge a row only where no log covers that mailbox's day. Sorted.
    """
    if not has_messages(session, first, last):
        return pl.DataFrame(schema=_DAYS)
    acts, received, forwards = facts(session, first, last)
    if acts.is_empty() and received.is_empty() and forwards.is_empty():
        return pl.DataFrame(schema=_DAYS)
    zone = Zone(settings_of(session).timezone)
    sums = _sums(acts, zone, first, last)
    for name, frame in (("received", received), ("forwards", forwards)):
        counted = _daily(frame, zone, first, last).group_by("mailbox", "day").agg(pl.len().cast(pl.Int64).alias(name))
        sums = sums.join(counted, on=["mailbox", "day"], how="full", coalesce=True)
    unknown = ("opened", "sent_recipients", "sent_external")
    for name in COUNTS:
        if name not in sums.columns:
            sums = sums.with_columns(pl.lit(None if name in unknown else 0, dtype=pl.Int64).alias(name))
    nothing_sent = pl.col("sent").fill_null(0) == 0
    sums = sums.with_columns(pl.when(nothing_sent).then(0).otherwise(pl.col(name)).alias(name) for name in unknown[1:])
    told = [pl.col(name) if name in unknown else pl.col(name).fill_null(0) for name in COUNTS]
    return sums.select("mailbox", "day", *told, "rung").cast(pl.Schema(_DAYS)).sort("mailbox", "day")


def journal_coverage(session: Session, first: date, last: date, *, now: datetime | None = None) -> dict[str, set[date]]:
    """The days on which silence of the journal about a mailbox means that its owner sent nothing: mailbox -> days.

    Such a day is one that the journal knows (`journal_known_days`) and lies at most `act_days` behind an act of the
    owner on rung A or B. Of somebody who was not seen to send, nothing is known: they may read every day.
    """
    options = JournalOptions.of(settings_of(session))
    days = journal_known_days(session, first, last, now=now)
    if not days:
        return {}
    reach = timedelta(days=options.act_days)
    acts, _, _ = facts(session, first - reach, last)
    zone = Zone(settings_of(session).timezone)
    acted = _daily(acts.filter(pl.col("rung").is_in(["A", "B"])), zone, first - reach, last)
    covered: dict[str, set[date]] = {}
    for mailbox, day in acted.select("mailbox", "day").unique().iter_rows():
        covered.setdefault(mailbox, set()).update(known for known in days if day <= known <= day + reach)
    return {mailbox: known for mailbox, known in sorted(covered.items()) if known}


def journal_known_days(session: Session, first: date, last: date, *, now: datetime | None = None) -> set[date]:
    """The local days from `first` to `last` on which the journal ran and heard its servers without a long silence.

    A day that has not ended is not known yet; a gap is unknown, never zero.
    """
    settings = settings_of(session)
    return known_days(session, first, last, JournalOptions.of(settings), ZoneInfo(settings.timezone), now or utc_now())


def _daily(frame: pl.DataFrame, zone: Zone, first: date, last: date) -> pl.DataFrame:
    days = zone.days(frame["at"]).cast(pl.Date)
    return frame.with_columns(day=days).filter(pl.col("day").is_between(first, last))


def _sums(acts: pl.DataFrame, zone: Zone, first: date, last: date) -> pl.DataFrame:
    """Sums per mailbox and day, with the strongest rung."""

    def told(name: str) -> pl.Expr:
        counted = pl.col(name).filter(pl.col("sent") > 0)
        return pl.when(counted.is_null().any()).then(None).otherwise(counted.sum())

    rungs = [(pl.col("rung") == rung).sum().cast(pl.Int64).alias(f"acts_{rung.lower()}") for rung in "ABCD"]
    named = [Rule.SCHEDULE, Rule.AUTO_REPLY, *map(Rule, RULES.values())]
    rules = [(pl.col("rule") == rule.value).sum().cast(pl.Int64).alias(count_column(rule)) for rule in named]
    return (
        _daily(acts, zone, first, last)
        .group_by("mailbox", "day")
        .agg(
            pl.col("sent").sum(),
            told("recipients").alias("sent_recipients"),
            told("external").alias("sent_external"),
            *rungs,
            *rules,
            rung=pl.col("rung").min(),
        )
    )
