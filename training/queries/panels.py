"""A campaign's people, period by period: what an estimate of its effect is made of.

Periods have 28 days and begin on the day after the first wave's first day; three of them lie before it. Whoever was
assigned to a wave counts as trained from the first period that begins after the wave's first day, whatever became of
the assignment: excused, withdrawn or never opened. The unit is the one within which the order was drawn.

A figure is the person's active working days, for a whole period: where some of its days are not known or the person was
away, the share of the days that count is taken of all its working days. Of too few such days it stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import working_days
from core.permissions import WHOLE
from mail_audit.queries.active_days import ActiveDays, Period, active_days, known_until
from training.effect import Panel
from training.errors import CampaignNotFoundError, TooEarlyError
from training.models import AssignmentRow, CampaignMemberRow, CampaignRow

DAYS = 28
BEFORE = 3
"""Periods before the first wave."""
AFTER = 10
"""Periods after the first wave at most: later ones only tell how it goes on."""
ENOUGH_KNOWN = 0.75
"""Share of the days somebody was at work that must be known."""
ENOUGH_THERE = 0.5
"""Share of a period's working days that must be left after absences and what is not known."""


@dataclass(frozen=True, slots=True)
class CampaignPanel:
    """The panel with its periods, and who of the list is not in it, by reason."""

    panel: Panel
    periods: tuple[Period, ...]
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Member:
    official: int
    unit: str
    starts_on: date
    drawn: bool


def campaign_panel(session: Session, campaign_id: int, *, today: date) -> CampaignPanel:
    """What is known of a campaign's people until `today`.

    Raises `CampaignNotFoundError`, and `TooEarlyError` before the first period after the first wave is over and known.
    """
    if session.get(CampaignRow, campaign_id) is None:
        raise CampaignNotFoundError(campaign_id)
    members, unassigned = _members(session, campaign_id)
    if not members:
        raise TooEarlyError(None)
    begin = min(one.starts_on for one in members) + timedelta(days=1)
    periods = _periods(session, begin, today)
    found = active_days(session, [one.official for one in members], periods, reach=WHOLE)
    full = [len(working_days(*period)) for period in periods]
    days = [_figures(found[one.official], full) for one in members]
    units = sorted({one.unit for one in members})
    panel = Panel(
        unit=np.array([units.index(one.unit) for one in members], dtype=np.int64),
        start=np.array([_start(one.starts_on, periods) for one in members], dtype=np.int64),
        drawn=np.array([one.drawn for one in members], dtype=np.bool_),
        days=np.array(days, dtype=np.float64),
    ).in_order()[0]
    known = int((~np.isnan(panel.days)).any(axis=1).sum())
    left_out = {"not_assigned": unassigned, "not_drawn": int((~panel.drawn).sum()), "unknown": panel.people - known}
    return CampaignPanel(panel, periods, left_out)


def _members(session: Session, campaign_id: int) -> tuple[list[_Member], int]:
    """Who was assigned, as it was decided then; and how many of the list were not."""
    wanted = (
        select(CampaignMemberRow.official, CampaignMemberRow.unit, AssignmentRow.starts_on, AssignmentRow.drawn)
        .outerjoin(
            AssignmentRow,
            (AssignmentRow.campaign == CampaignMemberRow.campaign)
            & (AssignmentRow.official == CampaignMemberRow.official),
        )
        .where(CampaignMemberRow.campaign == campaign_id)
        .order_by(CampaignMemberRow.official)
    )
    members, unassigned = [], 0
    for official, unit, starts_on, drawn in session.execute(wanted):
        member = _member(official, unit, starts_on, drawn)
        members += [] if member is None else [member]
        unassigned += member is None
    return members, unassigned


def _member(official: int, unit: str, starts_on: date | None, drawn: bool | None) -> _Member | None:
    """None for whom the outer join found no assignment."""
    return None if starts_on is None else _Member(official, unit, starts_on, bool(drawn))


def _periods(session: Session, begin: date, today: date) -> tuple[Period, ...]:
    """Whole periods around `begin`, as far as the logs go. Raises `TooEarlyError` where none has passed since."""
    last = known_until(session, begin, today - timedelta(days=1))
    after = 0 if last is None else min(AFTER, ((last - begin).days + 1) // DAYS)
    if after < 1:
        raise TooEarlyError(begin + timedelta(days=DAYS))
    return tuple(_period(begin, number) for number in range(-BEFORE, after))


def _period(begin: date, number: int) -> Period:
    first = begin + timedelta(days=DAYS * number)
    return first, first + timedelta(days=DAYS - 1)


def _start(starts_on: date, periods: Sequence[Period]) -> int:
    return next((number for number, period in enumerate(periods) if period[0] > starts_on), len(periods))


def _figures(found: Iterable[ActiveDays], full: Sequence[int]) -> list[float]:
    return [_figure(one, whole) for one, whole in zip(found, full, strict=True)]


def _figure(one: ActiveDays, full: int) -> float:
    """Active days for a whole period of `full` working days; NaN where that cannot be told."""
    if not full or one.known < max(1.0, ENOUGH_THERE * full, ENOUGH_KNOWN * one.expected):
        return float("nan")
    return one.active / one.known * full
