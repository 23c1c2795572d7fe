"""Two audits side by side: which two, what changed unit by unit, who moved, who came and went."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from flask import Blueprint, render_template, request, url_for

from core.permissions import Permission
from mail_audit import queries
from mail_audit.comparison import DIRECTIONS, Direction, UnitChange, words
from mail_audit.queries import AuditPair, AuditSummary, comparing
from web import auth, work
from web.formats import day
from web.guards import needs
from web.views.asked import flag, number, offset, one_of

pages = Blueprint("comparison", __name__)
LIMIT = 50
MOST_NAMES = 200
MOST_CHOICES = 200
"""So many of the latest audits are offered; those that are looked at always are."""


@pages.get("/comparison")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def comparison() -> str:
    """The two audits that the address names; without, the latest beside the one before it. One is too few."""
    session = work.session()
    audits = queries.audits_with_figures(session, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ))
    chosen = _chosen(audits, number(request.args.get("earlier")), number(request.args.get("later")))
    if chosen is None:
        return render_template("comparison.html", audits=audits, choices=_choices(audits, ()), pair=None, chosen=None)
    pair = queries.comparison(session, chosen, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ))
    return render_template(
        "comparison.html",
        audits=audits,
        choices=_choices(audits, chosen),
        chosen=chosen,
        pair=pair,
        found=pair.comparison,
        say=words,
        most_names=MOST_NAMES,
        **_units(pair),
        **_moves(pair),
    )


def _chosen(audits: list[AuditSummary], earlier: int | None, later: int | None) -> tuple[int, int] | None:
    """What was asked for; else the latest and the newest one whose period ended before it began."""
    if earlier is not None and later is not None:
        return (earlier, later)
    for after in audits:
        if later in {None, after.audit_id}:
            for before in audits:
                if before.period and after.period and before.period.last < after.period.first:
                    return (before.audit_id, after.audit_id)
    return (audits[1].audit_id, audits[0].audit_id) if len(audits) > 1 else None


def _choices(audits: list[AuditSummary], chosen: Collection[int]) -> list[dict[str, Any]]:
    offered = [one for place, one in enumerate(audits) if place < MOST_CHOICES or one.audit_id in chosen]
    return [
        {"value": one.audit_id, "text": f"{day(one.period.first)} – {day(one.period.last)} (#{one.audit_id})"}
        for one in offered
        if one.period is not None
    ]


def _units(pair: AuditPair) -> dict[str, Any]:
    """The departments and districts; with `all` every office below them too."""
    every = pair.comparison.units
    known = {unit.unit for unit in every}
    tops: list[UnitChange] = [unit for unit in every if unit.parent not in known]
    if len(tops) == 1:
        tops = [unit for unit in every if unit.parent == tops[0].unit] or tops
    with_all = flag(request.args.get("all"))
    return {"units": every if with_all else tops, "with_all": with_all, "every": len(every), "tops": len(tops)}


def _moves(pair: AuditPair) -> dict[str, Any]:
    """Who moved in one direction, a part at a time, with the reasons of both audits."""
    moved = pair.comparison.moved
    counts = {one: sum(move.direction == one for move in moved) for one in DIRECTIONS}
    first = next((one for one in DIRECTIONS if counts[one]), DIRECTIONS[0])
    direction = cast("Direction", one_of(request.args.get("moved"), DIRECTIONS, first))
    begin = offset(request.args.get("offset"))
    chosen = [move for move in moved if move.direction == direction]
    shown = comparing.with_reasons(work.session(), pair, chosen[begin : begin + LIMIT])

    def address(**changed: Any) -> str:
        kept: dict[str, Any] = {"earlier": pair.earlier.audit_id, "later": pair.later.audit_id, "moved": direction}
        if flag(request.args.get("all")):
            kept["all"] = 1
        return url_for("comparison.comparison", **(kept | changed))

    return {
        "counts": counts,
        "direction": direction,
        "moved": shown,
        "total": len(chosen),
        "offset": begin,
        "limit": LIMIT,
        "address": address,
    }
