"""Figures of use taken away as a file: the same as on the pages; whoever does leaves a line in the trail."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Any, Literal

from sqlalchemy.orm import Session

from core import audit
from core.permissions import Actor, Permission, require
from eoffice.actions import EofficeAction
from eoffice.queries.use import OfficialUse, UnitUse, UsePeriod, officials_use, units_use, use_coverage

What = Literal["officials", "units"]
Ending = Literal["csv", "json"]
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""With these a cell is a formula to a spreadsheet."""


def export_use(session: Session, actor: Actor, *, what: What, ending: Ending, period: UsePeriod) -> bytes:
    """The figures of everybody in the actor's reach, as UTF-8. Raises `ForbiddenError`.

    CSV has a byte order mark, for the spreadsheets that ask for it; what is not known is an empty cell, or null.
    """
    require(actor, Permission.EOFFICE_USE_READ)
    rows: list[dict[str, Any]]
    if what == "officials":
        rows = [_official(one) for one in officials_use(session, actor, period=period, limit=None)[0]]
    else:
        rows = [_unit(one) for one in units_use(session, actor, period=period)]
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    facts = {"what": what, **days, "form": ending, "rows": len(rows)}
    audit.record(session, actor=actor.in_trail, action=EofficeAction.USE_EXPORTED, subject="use", facts=facts)
    if ending == "csv":
        return _csv(rows)
    coverage = use_coverage(session, period)
    rests_on = None if coverage is None else asdict(coverage) | {"since": coverage.since.isoformat()}
    whole = {"vanthu_use": 1, **days, "coverage": rests_on, what: rows}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _official(one: OfficialUse) -> dict[str, Any]:
    """Who, the class, then the counts as columns of their own."""
    plain: dict[str, Any] = asdict(one)
    counts = plain.pop("turns") | plain.pop("acts")
    hours = {name: plain.pop(name) for name in ("median_hours", "waiting_hours")}
    found: dict[str, Any] = plain | counts | hours
    return found


def _unit(one: UnitUse) -> dict[str, Any]:
    ranks = {
        f"{name}_{count}": getattr(rank, count)
        for name, rank in (("leaders", one.leaders), ("staff", one.staff))
        for count in ("total", "using", "unknown", "rate")
    }
    classes = {f"class_{name}": number for name, number in one.classes.items()}
    return (
        {"unit": one.unit, "parent": one.parent}
        | ranks
        | classes
        | asdict(one.turns)
        | {"median_hours": one.median_hours}
    )


def _csv(rows: list[dict[str, Any]]) -> bytes:
    made = io.StringIO(newline="")
    if rows:
        table = csv.DictWriter(made, list(rows[0]), lineterminator="\r\n")
        table.writeheader()
        table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return ("\ufeff" + made.getvalue()).encode()


def _cell(value: Any) -> Any:
    """Names are text: one that looks like a formula is shown, not run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value
