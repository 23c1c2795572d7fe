"""Readers of the standing facts: rows of days, what the collected logs tell, what a month is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory import queries as directory
from core.directory.coded import practice_addresses
from core.settings import Settings
from mail_audit.errors import ManifestNotFoundError
from mail_audit.measure import Rules
from mail_audit.models import (
    CensusMailbox,
    JournalMessage,
    LogPiece,
    LogSegment,
    LogStream,
    MonthToMeasure,
    StandingDay,
    StandingMonth,
    StandingReport,
)
from mail_audit.months import Month, months
from mail_audit.plain import from_plain
from mail_audit.queries.census import LONGEST_SPAN, census_told
from mail_audit.queries.exceptions import exemptions
from mail_audit.queries.held import held
from mail_audit.queries.journal import journal_coverage, journal_days
from mail_audit.standing import SCHEMA, Standing, Tells, no_rows
from mail_audit.standing.others import Other, days_of_logs, with_others
from mail_audit.thresholds import Thresholds
from mail_audit.usage.days import COUNTS
from mail_audit.zones import Zone

COLUMNS = tuple(column.name for column in StandingDay.__table__.columns)
MORE_COUNTS = tuple(name for name in COUNTS if name not in COLUMNS)
"""Counts without a column of their own: they stand in `more`."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a month is measured from: folders with the numbers of their streams, and a digest of all it depends on.

    `streams` are the ids of the streams, by number; `pieces` what was read, each as it is known by its content.
    """

    segments: tuple[tuple[str, int], ...]
    streams: tuple[int, ...]
    pieces: tuple[tuple[Any, ...], ...]
    digest: str


def rules_of(session: Session, settings: Settings) -> Rules:
    """By what the store's facts are measured and judged now."""
    return Rules(
        directory.roster(session),
        Zone.named(settings.timezone),
        Thresholds.of(settings.thresholds),
        exemptions(session),
        practice_addresses(settings),
    )


def inputs_of(session: Session, month: Month, rules: Rules) -> Inputs:
    """What the facts of `month` are to be made of, as the store is now."""
    low, high = (_moment(at) for at in month.bounds(rules.zone))
    inside = (LogSegment.removed_at.is_(None), LogSegment.first_at < high, LogSegment.last_at >= low)
    segments = session.execute(
        select(LogSegment.id, LogSegment.folder, LogSegment.stream_id)
        .where(*inside)
        .order_by(LogSegment.stream_id, LogSegment.id)
    ).all()
    streams = tuple(sorted({row.stream_id for row in segments}))
    numbers = {stream: number for number, stream in enumerate(streams)}
    found = session.execute(
        select(
            LogStream.first_line,
            LogStream.fork,
            LogPiece.kind,
            LogPiece.start,
            LogPiece.stop,
            LogPiece.sha256,
            LogPiece.host_days,
        )
        .join(LogStream, LogStream.id == LogPiece.stream_id)
        .join(LogSegment, LogSegment.id == LogPiece.segment_id)
        .where(*inside)
        .order_by(LogStream.first_line, LogStream.fork, LogPiece.kind, LogPiece.start)
    )
    days = {(month.opens + timedelta(days=n)).isoformat() for n in range((month.closes - month.opens).days + 1)}
    pieces = tuple(tuple(row[:6]) for row in found if any(not days.isdisjoint(on) for on in row.host_days.values()))
    digest = hashlib.sha256(_canonical([month.name, rules_digest(rules), pieces]).encode()).hexdigest()
    return Inputs(tuple((row.folder, numbers[row.stream_id]) for row in segments), streams, pieces, digest)


def pieces_of(session: Session, first: date, last: date, rules: Rules) -> list[tuple[Any, ...]]:
    """The pieces that the facts of a period are made of, each once, as they are known by their content."""
    every = {piece for month in months(first, last) for piece in inputs_of(session, month, rules).pieces}
    return sorted(every)


def rules_digest(rules: Rules) -> str:
    """SHA-256 of everything but events that facts depend on; names, titles and units of people are not part of it."""
    roster = rules.roster
    told = {
        "version": version("vanthu"),
        "zone": rules.zone.name,
        "thresholds": asdict(rules.thresholds),
        "mailboxes": [[box.address, box.kind, box.owner, box.aliases] for box in roster.mailboxes.values()],
        "leaders": sorted({post.official_id for post in roster.posts if post.rank == "leader"}),
        "stations": [[one.address, str(one.first), str(one.last)] for one in rules.stations],
    }
    if rules.practice is not None:
        told["practice"] = rules.practice.spelling
    return hashlib.sha256(_canonical(told).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=list)


def _moment(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)


def marked(session: Session) -> list[tuple[Month, datetime]]:
    """The months in which something was collected since they were measured, and when that was last."""
    rows = session.execute(select(MonthToMeasure.month, MonthToMeasure.marked_at).order_by(MonthToMeasure.month))
    return [(Month.of(row.month), row.marked_at) for row in rows]


def months_with_events(session: Session, zone: Zone) -> list[Month]:
    """The months of which the store holds events, in order."""
    spans = select(LogSegment.first_at, LogSegment.last_at).where(
        LogSegment.removed_at.is_(None), LogSegment.first_at.is_not(None)
    )
    found: set[Month] = set()
    for first, last in session.execute(spans):
        if first is not None and last is not None:
            found.update(months(day_of(first, zone), day_of(last, zone)))
    return sorted(found)


def day_of(moment: datetime, zone: Zone) -> date:
    """The local day of a moment."""
    at = pl.Series([int(moment.timestamp() * 1_000_000)], dtype=pl.Int64)
    return date(1970, 1, 1) + timedelta(days=int(zone.days(at)[0]))


def standing_months(session: Session) -> dict[Month, StandingMonth]:
    """The months that have facts."""
    rows = session.scalars(
        select(StandingMonth).order_by(StandingMonth.month).execution_options(populate_existing=True)
    )
    return {Month.of(row.month): row for row in rows}


def standing(session: Session, first: date, last: date) -> Standing:
    """What a report of the days from `first` to `last` is made of."""
    known = standing_months(session)
    of_period = [known[month] for month in months(first, last) if month in known]
    tells = Tells.together(from_plain(Tells, row.tells) for row in of_period or known.values())
    of_logs = Standing(day_rows(session, first, last), tells, held(session, first, last))
    return with_others(of_logs, _others(session, of_logs, first, last), first, last)


def _others(session: Session, of_logs: Standing, first: date, last: date) -> list[Other]:
    """The witnesses beside the logs, in the order in which they are heard."""
    census = census_told(session, first, last, others=_logs_around(session, of_logs, first, last))
    return [
        Other("journal", journal_days(session, first, last), journal_coverage(session, first, last)),
        Other("census", census.days, census.coverage),
    ]


def beside_logs(session: Session, first: date, last: date) -> pl.DataFrame:
    """Rows (`mail_audit.standing.SCHEMA`) of the days that no log covers and others tell of; `source` says who.

    Nothing is worked out where neither the journal nor the census has anything that late.
    """
    since = datetime.combine(first, datetime.min.time(), tzinfo=UTC) - timedelta(days=1)
    later = (
        select(JournalMessage.key).where(JournalMessage.at >= since).limit(1),
        select(CensusMailbox.mailbox).where(CensusMailbox.asked_at >= since).limit(1),
    )
    if all(session.scalar(one) is None for one in later):
        return no_rows()
    of_logs = Standing(day_rows(session, first, last), Tells.together(()), held(session, first, last))
    rows = with_others(of_logs, _others(session, of_logs, first, last), first, last).rows
    return rows.filter(pl.col("source").is_not_null())


def _logs_around(session: Session, of_logs: Standing, first: date, last: date) -> Callable[[str], frozenset[date]]:
    """Mailbox -> the days that logs cover, as far around the period as a span of the census reaches.

    What lies outside the period is asked for only when the first mailbox is.
    """
    inside = days_of_logs(of_logs, first, last)
    low, high = first - LONGEST_SPAN - timedelta(days=1), last + LONGEST_SPAN + timedelta(days=1)

    @cache
    def around() -> Callable[[str], frozenset[date]]:
        return days_of_logs(replace(of_logs, held=held(session, low, high)), low, high)

    @cache
    def known(mailbox: str) -> frozenset[date]:
        return inside(mailbox) | {day for day in around()(mailbox) if not first <= day <= last}

    return known


def day_rows(session: Session, first: date, last: date) -> pl.DataFrame:
    """The facts of the days from `first` to `last` as `mail_audit.standing.SCHEMA`, by mailbox and day."""
    table = StandingDay.__table__
    found = session.execute(select(table).where(table.c.day.between(first, last))).all()
    if not found:
        return no_rows()
    schema = {name: SCHEMA.get(name, pl.String) for name in COLUMNS}
    frame = pl.DataFrame([tuple(row) for row in found], schema=schema, orient="row")
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias("source"))
    return _with_more(frame).select(list(SCHEMA)).sort("mailbox", "day")


def _with_more(frame: pl.DataFrame) -> pl.DataFrame:
    """The counts that stand in `more`, as columns; zero where they do not stand."""
    counts = [
        pl.col("more").str.extract(rf"(?m)^{name}=(\d+)$", 1).cast(pl.Int64).fill_null(0).alias(name)
        for name in MORE_COUNTS
    ]
    return frame.with_columns(counts)


def stream_names(session: Session) -> pl.DataFrame:
    """Columns `stream`, `file`: the name under which each stream was last read."""
    rows = [tuple(row) for row in session.execute(select(LogStream.id, LogStream.name))]
    return pl.DataFrame(rows, schema={"stream": pl.Int64, "file": pl.String}, orient="row")


def manifest(session: Session, audit_id: int) -> dict[str, Any]:
    """What a report of the store was made from, as JSON values; NotFoundError for any other run."""
    found: dict[str, Any] | None = session.scalar(
        select(StandingReport.manifest).where(StandingReport.audit_id == audit_id)
    )
    if found is None:
        raise ManifestNotFoundError(audit_id)
    return found


def is_from_store(session: Session, audit_id: int) -> bool:
    """Whether a run's report was made from the store."""
    return session.scalar(select(StandingReport.audit_id).where(StandingReport.audit_id == audit_id)) is not None
