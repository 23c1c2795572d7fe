"""Readers of what the collected logs hold: which days of which servers, and how many lines of each kind.

What came for a month after it was closed is not counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, func, or_, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from core.words import Text
from mail_audit.models import LogPiece, LogStream, StandingMonth
from mail_audit.months import Month, months
from mail_audit.standing import Held, bears, of_period


def held(session: Session, first: date, last: date) -> tuple[Held, ...]:
    """What the streams hold that may bear on the days from `first` to `last`; all streams where none does."""
    closed = _closed(session)
    latest = _latest(closed, first, last)

    def read(wanted: Select[Any]) -> tuple[Held, ...]:
        rows = session.execute(wanted).all()
        return _held([row for row in rows if latest is None or row.collected_at <= latest], closed)

    found = of_period(read(_pieces().where(_of_recent_streams(first))), first, last)
    return found if any(bears(one, first, last) for one in found) else read(_pieces())


def held_days(session: Session, first: date, last: date) -> tuple[Held, ...]:
    """The days that `held` tells of, without names and lines: a tenth of the work, since many pieces hold one day."""
    closed = _closed(session)
    streams: dict[int, list[_Piece]] = {}
    for stream, piece in _days(session, _of_recent_streams(first), closed, _latest(closed, first, last)):
        streams.setdefault(stream, []).append(piece)
    return tuple(Held("", days=_host_days(pieces), other_days=_other_days(pieces)) for pieces in streams.values())


def days_logged(session: Session, first: date, last: date) -> set[date]:
    """The days from `first` to `last` that `held` would tell of; of pieces that end before them nothing is read."""
    closed = _closed(session)
    recent = or_(LogPiece.newest_at.is_(None), LogPiece.newest_at >= _opens(first))
    found: set[date] = set()
    for _, piece in _days(session, recent, closed, _latest(closed, first, last)):
        found.update(piece.other_days, *piece.days.values())
    return {day for day in found if first <= day <= last}


def _opens(first: date) -> datetime:
    """No piece that ends before this holds anything of the month of `first` or later, wherever its clock stands."""
    return datetime.combine(Month.of(first).opens - timedelta(days=1), datetime.min.time(), tzinfo=UTC)


def _of_recent_streams(first: date) -> ColumnElement[bool]:
    """As a condition on `LogPiece`: of a stream that goes on until the month of `first`, or has no time at all."""
    newest = func.max(LogPiece.newest_at)
    goes_on = or_(newest.is_(None), newest >= _opens(first))
    return LogPiece.stream_id.in_(select(LogPiece.stream_id).group_by(LogPiece.stream_id).having(goes_on))


@dataclass(frozen=True, slots=True)
class _Said:
    """What pieces say of their days, alike."""

    host_days: dict[str, list[str]]
    other_days: list[str]
    collected_at: datetime


def _days(
    session: Session, where: ColumnElement[bool], closed: Mapping[Month, datetime], latest: datetime | None
) -> Iterator[tuple[int, _Piece]]:
    """Stream and days of pieces that came in time. Those of a stream that say the same come as one, unless a month was
    closed between them: then each is looked at by itself.
    """
    texts = [as_type(column, String) for column in (LogPiece.host_days, LogPiece.other_days)]
    came = LogPiece.collected_at
    alike = select(LogPiece.stream_id, *texts, func.min(came), func.max(came)).where(where)
    rows: Sequence[Any] = session.execute(alike.group_by(LogPiece.stream_id, *texts)).all()
    if any(row[3] <= at < row[4] for row in rows for at in closed.values()):
        rows = session.execute(select(LogPiece.stream_id, *texts, came, came).where(where)).all()
    read = lru_cache(maxsize=None)(json.loads)
    for stream, host_days, other_days, _, collected_at in rows:
        if latest is None or collected_at <= latest:
            piece = _piece(_Said(read(host_days), read(other_days), collected_at), closed)
            if piece is not None:
                yield stream, piece


def _closed(session: Session) -> dict[Month, datetime]:
    """Month that is closed -> since when."""
    wanted = select(StandingMonth.month, StandingMonth.closed_at).where(StandingMonth.closed_at.is_not(None))
    return {Month.of(month): at for month, at in session.execute(wanted) if at is not None}


def _latest(closed: Mapping[Month, datetime], first: date, last: date) -> datetime | None:
    """What was collected later tells nothing of these days: all their months are closed. None where they are not."""
    asked = list(months(first, last))
    return max(closed[month] for month in asked) if set(asked) <= set(closed) else None


def _pieces() -> Select[Any]:
    return (
        select(
            LogPiece.stream_id,
            LogStream.name,
            LogPiece.lines,
            LogPiece.events,
            LogPiece.not_of_interest,
            LogPiece.broken,
            LogPiece.samples,
            LogPiece.host_days,
            LogPiece.other_days,
            LogPiece.collected_at,
        )
        .join(LogStream, LogStream.id == LogPiece.stream_id)
        .order_by(LogStream.name, LogPiece.stream_id, LogPiece.start)
    )


def _held(rows: Sequence[Row[Any]], closed: Mapping[Month, datetime]) -> tuple[Held, ...]:
    streams: dict[int, list[_Piece]] = {}
    for row in rows:
        piece = _piece(row, closed)
        if piece is not None:
            streams.setdefault(row.stream_id, []).append(piece)
    return tuple(_of_stream(pieces) for pieces in streams.values())


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece, with the days that it came in time for."""

    row: Any
    days: dict[str, set[date]]
    other_days: set[date]


def _piece(row: Row[*tuple[Any, ...]] | _Said, closed: Mapping[Month, datetime]) -> _Piece | None:
    """None where all that the piece holds came too late."""

    def in_time(texts: Iterable[str]) -> set[date]:
        days = {date.fromisoformat(text) for text in texts}
        late = {month for month, at in closed.items() if row.collected_at > at}
        return {day for day in days if Month.of(day) not in late} if late else days

    days = {host: kept for host, on in row.host_days.items() if (kept := in_time(on))}
    other_days = in_time(row.other_days)
    if (row.host_days or row.other_days) and not days and not other_days:
        return None
    return _Piece(row, days, other_days)


def _host_days(pieces: Sequence[_Piece]) -> dict[str, frozenset[date]]:
    days: dict[str, set[date]] = {}
    for piece in pieces:
        for host, on in piece.days.items():
            days.setdefault(host, set()).update(on)
    return {host: frozenset(on) for host, on in days.items()}


def _other_days(pieces: Sequence[_Piece]) -> frozenset[date]:
    return frozenset().union(*(piece.other_days for piece in pieces))


def _of_stream(pieces: Sequence[_Piece]) -> Held:
    rows = [piece.row for piece in pieces]
    samples = [(int(offset), Text(vi, en)) for row in rows for offset, vi, en in row.samples]
    return Held(
        name=rows[0].name,
        lines=sum(row.lines for row in rows),
        events=sum(row.events for row in rows),
        not_of_interest=sum(row.not_of_interest for row in rows),
        broken=sum(row.broken for row in rows),
        samples=tuple(sorted(samples, key=lambda one: one[0])),
        days=_host_days(pieces),
        other_days=_other_days(pieces),
    )


def late_lines(session: Session) -> dict[Month, int]:
    """Month that is closed -> lines of the pieces that came for it afterwards; only months with such."""
    closed = _closed(session)
    if not closed:
        return {}
    wanted = _pieces().where(LogPiece.collected_at > min(closed.values()))
    late: dict[Month, int] = {}
    for row in session.execute(wanted):
        texts = {text for on in (*row.host_days.values(), row.other_days) for text in on}
        for month in {Month.of(date.fromisoformat(text)) for text in texts}:
            if month in closed and row.collected_at > closed[month]:
                late[month] = late.get(month, 0) + row.lines
    return dict(sorted(late.items()))
