"""How every official used e-mail in two windows that follow one another, straight from the standing facts.

A window is 28 days: four whole weeks, so that no weekday weighs more than another. What is said of an official in it is
what a report of these days would say, by the same function; here it comes with the days on which the official could
have acted at all, so that whoever reads it can tell *few* from *not known*.

Judging a city takes a minute, so what came of it is kept (`services.running`) and read from there as long as nothing
changed of what it rests on (`running_basis`). Where nothing is kept, it is judged at once, to the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import working_days
from core.db import AS_BYTES, settings_of
from mail_audit.measure import Rules
from mail_audit.models import RunningUse
from mail_audit.months import months
from mail_audit.queries.held import days_logged
from mail_audit.queries.running_basis import Days, basis_of
from mail_audit.queries.standing import marked, rules_of, standing
from mail_audit.report.model import DaySpan, OfficialFigures
from mail_audit.reporting import officials_in
from mail_audit.standing import Standing

WINDOW_DAYS = 28
WINDOWS = 2
LATEST_AGE = 28
"""Logs whose newest day is longer ago than so many days say nothing of now: the windows then end yesterday."""
USE: dict[str, Any] = {
    "official_id": pl.String,
    "usage_class": pl.String,
    "active_days": pl.Int32,
    "covered_days": pl.Int32,
    "own_days": pl.Int32,
    "has_mailbox": pl.Boolean,
}
"""A row an official in one window. All days are working days.

`own_days`: those on which the official was in post and not on leave; `covered_days`: of these, those that are in the
logs (or on which they acted); `active_days`: of these, those on which they acted. `has_mailbox`: any at all.
"""
TOLD_EACH = 1_000
"""Officials between two words of how far judging is."""
Tell = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class MailWindow:
    """The days from `first` to `last`, and a row (`USE`) an official; of who has no row nothing is known."""

    first: date
    last: date
    use: pl.DataFrame


Windows = tuple[MailWindow, MailWindow]


def running_windows(session: Session, *, today: date) -> Windows:
    """The two windows before `today`, the earlier one first, of all officials.

    They end yesterday, or on the newest day of the logs where that is not too long ago.
    """
    days = window_days(session, today=today)
    found = kept_windows(session, days)
    if found is None:
        rules, known = rules_of(session, settings_of(session)), standing(session, days[0][0], days[1][1])
        found = judged(rules, known, days)
    return found


def window_days(session: Session, *, today: date) -> tuple[Days, Days]:
    """First and last day of the two windows before `today`, the earlier one first."""
    yesterday = today - timedelta(days=1)
    oldest = yesterday - timedelta(days=LATEST_AGE)
    last = max(days_logged(session, oldest, yesterday), default=yesterday)
    length = timedelta(days=WINDOW_DAYS)
    day = timedelta(days=1)
    return (last - 2 * length + day, last - length), (last - length + day, last)


def is_being_measured(session: Session, *, today: date) -> bool:
    """Whether logs of the two windows before `today` were collected that no fact holds yet: nothing is to be judged."""
    waiting = marked(session)
    if not waiting:
        return False
    (first, _), (_, last) = window_days(session, today=today)
    asked = set(months(first, last))
    return any(month in asked for month, _ in waiting)


def are_kept(session: Session, *, today: date) -> bool:
    """Whether the two windows before `today` are there to be read, judged of what is known now."""
    return kept_windows(session, window_days(session, today=today)) is not None


def kept_windows(session: Session, days: tuple[Days, Days]) -> Windows | None:
    """What is kept of these windows; None where nothing is, or something changed of what it rests on."""
    basis = session.scalar(select(RunningUse.basis))
    if basis is None or basis != basis_of(session, days):
        return None
    data = session.scalar(select(RunningUse.data).where(RunningUse.basis == basis), execution_options=AS_BYTES)
    return None if data is None else _unpacked(data, days)


def judged(rules: Rules, known: Standing, days: tuple[Days, Days], *, tell: Tell | None = None) -> Windows:
    """What the facts say of both windows; `tell` hears how many were judged, and of how many."""
    number = 0
    total = len(days) * len(rules.roster.officials)

    def rows(first: date, last: date) -> Iterator[tuple[Any, ...]]:
        nonlocal number
        for row in _rows(officials_in(rules, known, first, last), first, last):
            number += 1
            if tell is not None and number % TOLD_EACH == 0:
                tell(number, total)
            yield row

    earlier, later = (MailWindow(*one, pl.DataFrame(list(rows(*one)), schema=USE, orient="row")) for one in days)
    return earlier, later


def packed(windows: Windows) -> bytes:
    """Both as they are kept."""
    numbered = [one.use.with_columns(window=pl.lit(number, pl.UInt8)) for number, one in enumerate(windows)]
    into = io.BytesIO()
    pl.concat(numbered).write_parquet(into, compression="zstd")
    return into.getvalue()


def _unpacked(data: bytes, days: tuple[Days, Days]) -> Windows:
    every = pl.read_parquet(io.BytesIO(data))
    earlier, later = (
        MailWindow(*one, every.filter(pl.col("window") == number).select(list(USE))) for number, one in enumerate(days)
    )
    return earlier, later


def _rows(figures: Iterable[OfficialFigures], first: date, last: date) -> Iterator[tuple[Any, ...]]:
    working = working_days(first, last)
    for one in figures:
        yield (
            one.official_id,
            one.usage_class,
            one.active_working_days,
            one.covered_working_days,
            _own_days(working, one),
            bool(one.mailboxes),
        )


def _own_days(working: list[date], figures: OfficialFigures) -> int:
    """The working days on which the official was in post and not excused; all of them where neither is limited."""
    if not figures.in_post and not figures.excused:
        return len(working)
    in_post = [day for day in working if not figures.in_post or _inside(day, figures.in_post)]
    return sum(not _inside(day, figures.excused) for day in in_post)


def _inside(day: date, spans: Iterable[DaySpan]) -> bool:
    return any(span.first <= day <= span.last for span in spans)
