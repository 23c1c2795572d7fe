"""Two audits side by side: which two, what changed unit by unit, who moved, who came and went."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, cast

from flask import Blueprint, render_template, request, url_for

from core.permissions import Permission
from mail_audit import queries
from mail_audit.comparison import DIRECTIONS, Direction, words
from mail_audit.queries import AuditPair, AuditPeriod
from mail_audit.queries.unit_lines import top_of
from web import auth, work
from web.formats import day
from web.guards import needs
from web.views.asked import flag, number, offset, one_of

pages = Blueprint("comparison", __name__)
LIMIT = 50
UNITS = 100
MOST_NAMES = 200
MOST_CHOICES = 100
"""So many of the latest audits are offered; those that are looked at always are."""


@pages.get("/comparison")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def comparison() -> str:
    """The two audits that the address names; without, the latest beside the one before it. One is too few."""
    session = work.session()
    audits = queries.audit_periods(session)
    chosen = _chosen(audits, number(request.args.get("earlier")), number(request.args.get("later")))
    if chosen is None:
        return render_template("comparison.html", choices=_choices(audits, ()), pair=None)
    pair = queries.comparison(session, chosen, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ))
    return render_template(
        "comparison.html",
        choices=_choices(audits, chosen),
        pair=pair,
        say=words,
        joined=pair.people.only_in("later", limit=MOST_NAMES),
        left=pair.people.only_in("earlier", limit=MOST_NAMES),
        **_units(pair),
        **_moves(pair),
    )


def _chosen(audits: list[AuditPeriod], earlier: int | None, later: int | None) -> tuple[int, int] | None:
    """What was asked for; else the latest and the newest one whose period ended before it began."""
    if earlier is not None and later is not None:
        return (earlier, later)
    for after in audits:
        if later in {None, after.audit_id}:
            for before in audits:
                if before.last < after.first:
                    return (before.audit_id, after.audit_id)
    return (audits[1].audit_id, audits[0].audit_id) if len(audits) > 1 else None


def _choices(audits: list[AuditPeriod], chosen: Collection[int]) -> list[dict[str, Any]]:
    offered = [one for place, one in enumerate(audits) if place < MOST_CHOICES or one.audit_id in chosen]
    return [{"value": one.audit_id, "text": f"{day(one.first)} – {day(one.last)} (#{one.audit_id})"} for one in offered]


def _units(pair: AuditPair) -> dict[str, Any]:
    """A part of the departments and districts; with `all` of every office below them too."""
    every = {unit.unit: unit for unit in pair.changes.units}
    tops = top_of({unit.unit: unit.parent for unit in pair.changes.units})
    with_all, begin = flag(request.args.get("all")), offset(request.args.get("units"))
    chosen = list(every) if with_all else tops
    return {
        "units": [every[unit] for unit in chosen[begin : begin + UNITS]],
        "units_total": len(chosen),
        "units_offset": begin,
        "units_limit": UNITS,
        "units_address": lambda offset: f"{_address(pair)(units=offset)}#units",
        "with_all": with_all,
        "every": len(every),
        "tops": len(tops),
    }


def _moves(pair: AuditPair) -> dict[str, Any]:
    """Who moved in one direction, a part at a time, with the reasons of both audits."""
    counts = pair.people.directions()
    first = next((one for one in DIRECTIONS if counts[one]), DIRECTIONS[0])
    direction = cast("Direction", one_of(request.args.get("moved"), DIRECTIONS, first))
    begin = offset(request.args.get("offset"))
    part = pair.people.moved_part(direction, offset=begin, limit=LIMIT)
    return {
        "counts": counts,
        "direction": direction,
        "moved": part.rows,
        "total": part.total,
        "offset": begin,
        "limit": LIMIT,
        "address": lambda **changed: _address(pair)(**({"moved": direction} | changed)),
    }


def _address(pair: AuditPair) -> Callable[..., str]:
    """The address of this comparison with some of its choices changed."""
    kept: dict[str, Any] = {"earlier": pair.earlier.audit_id, "later": pair.later.audit_id}
    if flag(request.args.get("all")):
        kept["all"] = 1
    return lambda **changed: url_for("comparison.comparison", **(kept | changed))
