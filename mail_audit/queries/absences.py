"""Who is away when, by the exceptions on record: of leave and sickness alike only that somebody is not there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.directory.models import OfficialRow
from core.permissions import Reach
from mail_audit.models import UsageException
from mail_audit.queries.reached import officials_in_reach
from mail_audit.usage.exceptions import ABSENCES

AT_ONCE = 5_000
Span = tuple[date, date | None]
"""First and last day of an absence, both included; None: until it is ended."""


def absences(
    session: Session, officials: Collection[int], first: date, last: date, *, reach: Reach
) -> dict[int, tuple[Span, ...]]:
    """Row of an official -> the absences on record that meet the days from `first` to `last`; only who has any.

    Of officials in reach. One SQL query for every five thousand officials.
    """
    found: dict[int, list[Span]] = {}
    every = sorted(set(officials))
    for begin in range(0, len(every), AT_ONCE):
        wanted = select(UsageException.official, UsageException.first_day, UsageException.last_day).where(
            UsageException.official.in_(every[begin : begin + AT_ONCE]),
            UsageException.kind.in_(ABSENCES),
            UsageException.withdrawn_at.is_(None),
            UsageException.first_day <= last,
            or_(UsageException.last_day.is_(None), UsageException.last_day >= first),
        )
        if not reach.whole:
            inside = select(OfficialRow.id).where(OfficialRow.official_id.in_(officials_in_reach(reach)))
            wanted = wanted.where(UsageException.official.in_(inside))
        for official, begins, ends in session.execute(wanted.order_by(UsageException.first_day, UsageException.id)):
            found.setdefault(official, []).append((begins, ends))
    return {official: tuple(spans) for official, spans in found.items()}


def on_record(official: InstrumentedAttribute[int], since: Collection[Any]) -> ColumnElement[bool]:
    """As a condition: the official (a column of rows) has an absence that lasts to one of the days `since`."""
    return exists().where(UsageException.official == official, *_lasts(since))


def ever_on_record(since: Collection[Any]) -> Select[int]:
    """Rows of the officials who have an absence that lasts to one of the days `since`."""
    return select(UsageException.official).where(*_lasts(since))


def _lasts(since: Collection[Any]) -> tuple[ColumnElement[bool], ...]:
    return (
        UsageException.kind.in_(ABSENCES),
        UsageException.withdrawn_at.is_(None),
        or_(UsageException.last_day.is_(None), *(UsageException.last_day >= one for one in since)),
    )
