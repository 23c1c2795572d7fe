"""Use of the e-office: who answers, remarks and writes, and how long it waits, by official and unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from flask import abort
from pydantic import Field

from core.calendar import day_in
from core.db import utc_now
from core.permissions import NOTHING, Permission
from core.words import Text
from eoffice.queries.use import (
    OfficialUse,
    UnitUse,
    UseCoverage,
    UsePeriod,
    UseSort,
    official_use,
    officials_use,
    units_part,
    use_coverage,
    whole_use,
)
from eoffice.services.keeping_use import want
from web import auth, looks, work
from web.api.operations import Section
from web.api.parameters import Asked, AskedPart, Day, Key, Part, part_of
from web.guards import needs

section = Section("use", Text("Dùng văn phòng điện tử", "Use of the e-office"))
THIRTY = 30
"""Days that are meant where none are named."""
FirstDay = Annotated[Day | None, Field(description="The first day; without it, thirty days before the last")]
LastDay = Annotated[
    Day | None, Field(description="The last day, at most a year after the first; without it, yesterday")
]


class PeriodAsked(Asked):
    """Which days, both included."""

    first: FirstDay = None
    last: LastDay = None


class UnitsAsked(AskedPart):
    """Which days, both included."""

    first: FirstDay = None
    last: LastDay = None


class OfficialsAsked(UnitsAsked):
    """Of one unit with what lies below it, or of everybody in reach."""

    unit: Key | None = None
    sort: UseSort = "name"


@dataclass(frozen=True, slots=True)
class WholeUse:
    """The sum over all that is reached; `coverage` none: there was no document in the period, and nothing is known."""

    coverage: UseCoverage | None
    figures: UnitUse


@section.get("/use", Text("Toàn bộ phạm vi được xem.", "All that the account reaches, and what it rests on."))
@needs(Permission.EOFFICE_USE_READ)
def use_of_all(asked: PeriodAsked) -> WholeUse:
    """One sum."""
    period = _period(asked.first, asked.last)
    return WholeUse(use_coverage(work.session(), period), whole_use(work.session(), auth.required(), period=period))


@section.get("/use/units", Text("Từng đơn vị.", "Each unit with what lies below it."))
@needs(Permission.EOFFICE_USE_READ)
def use_of_units(asked: UnitsAsked) -> Part[UnitUse]:
    """By name."""
    period = _period(asked.first, asked.last)
    rows, total = units_part(work.session(), auth.required(), period=period, offset=asked.offset, limit=asked.limit)
    return part_of(rows, asked, total)


@section.get("/use/officials", Text("Từng người.", "Each official."))
@needs(Permission.EOFFICE_USE_READ)
def use_of_officials(asked: OfficialsAsked) -> Part[OfficialUse]:
    """Everybody in reach, in the order that was asked for."""
    period = _period(asked.first, asked.last)
    rows, total = officials_use(
        work.session(), auth.required(), period=period, unit_key=asked.unit, sort=asked.sort, offset=asked.offset,
        limit=asked.limit,
    )  # fmt: skip
    if rows:
        looks.at_use(period)
    return part_of(rows, asked, total)


@section.get("/use/officials/{official_id}", Text("Một người.", "One official; the own figures are everybody's."))
@needs(Permission.EOFFICE_USE_READ)
def use_of_official(official_id: Key, asked: PeriodAsked) -> OfficialUse:
    """404 for whoever is not in reach."""
    period = _days(asked.first, asked.last)
    return official_use(work.session(), auth.required(), official_id=official_id, period=period)


def _period(first: date | None, last: date | None) -> UsePeriod:
    """The period, for whoever reaches anybody's figures."""
    if auth.required().reach(Permission.EOFFICE_USE_READ) == NOTHING:
        abort(404)
    return _days(first, last)


def _days(first: date | None, last: date | None) -> UsePeriod:
    zone, now = work.settings().timezone, utc_now()
    end = last or day_in(zone, now) - timedelta(days=1)
    period = UsePeriod(first or end - timedelta(days=THIRTY - 1), end, zone, now)
    want(work.session(), period=period, today=work.today())
    return period
