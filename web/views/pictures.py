"""What the pages of the city and of a unit have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from core.permissions import Permission
from core.words import Text
from mail_audit import queries
from mail_audit.queries import AuditSummary, UnitPicture, UnitRow
from mail_audit.report import headline, numbers
from mail_audit.report.model import CLASSES, Finding
from mail_audit.targets import TITLE, WHOLE_CITY
from web import auth, looks, work
from web.language import language
from web.views import use
from web.views.asked import offset

MOST_FINDINGS = 20
MOST_UNITS = 50
OF_CLASS = frozenset({"delegated", "forwarded", "machine"})
"""Findings about the whole city whose numbers are the officials of the class of the same name."""


def picture_page(picture: UnitPicture) -> str:
    """The page of a city's or a unit's picture."""
    return render_template("picture.html", **picture_values(picture))


def picture_values(picture: UnitPicture) -> dict[str, Any]:
    """What the template `picture_body.html` shows, by name."""
    first, more = _findings(picture, picture.sub_units)
    own = WHOLE_CITY if picture.is_city else picture.figures.unit
    if picture.officials:
        looks.at_officials(picture.summary.audit_id, None if picture.is_city else picture.figures.unit)
    reach = auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)
    return {
        "picture": picture,
        "name": name_of(picture),
        "targets": queries.target_results(work.session(), picture.summary, reach=reach, unit=own),
        "target_title": TITLE,
        "rows": picture.sub_units,
        "units_total": picture.sub_units_total,
        "units_offset": units_part().start,
        "units_limit": MOST_UNITS,
        "units_address": _units_address(picture),
        "findings": first,
        "more_findings": more,
        "sentence": _sentence(picture).to(language()),
        "classes": CLASSES,
        "officials_address": _officials_address(picture),
        "use": use.of_unit(picture.summary, None if picture.is_city else picture.figures.unit),
    }


def units_part() -> slice:
    """Which rows of the table of units the address asks for."""
    first = offset(request.args.get("units"))
    return slice(first, first + MOST_UNITS)


def name_of(picture: UnitPicture) -> str:
    """What a picture is of: the whole city, all that its reader reaches of it, or one unit."""
    if picture.is_part:
        return str(_("Your units"))
    return str(_("The whole city")) if picture.is_city else picture.figures.unit


def period_words(summary: AuditSummary) -> str:
    """`Từ 01/10/2026 đến 10/10/2026`, as a heading; nothing while there are no figures."""
    if summary.period is None:
        return ""
    words = numbers.in_period(summary.period).to(language())
    return words[:1].upper() + words[1:]


def _sentence(picture: UnitPicture) -> Text:
    """The figure a council asks for, with what it rests on."""
    summary = picture.summary
    if summary.period is None:
        return Text("", "")
    said = headline.sentence(picture.figures.leaders, summary.period)
    all_days = numbers.days_of(summary.period)
    return Text(
        f"{said.vi}; số liệu phủ {summary.covered_days}/{all_days} ngày.",
        f"{said.en}; the figures cover {summary.covered_days} of {all_days} days.",
    )


def _units_address(picture: UnitPicture) -> Callable[..., str]:
    """Addresses of the parts of the table of units."""

    def address(**changed: int) -> str:
        asked = {"audit_id": picture.summary.audit_id, "units": changed["offset"] or None, "_anchor": "units"}
        if picture.is_city:
            return url_for("city.city", **asked)  # type: ignore[arg-type]
        return url_for("units.unit", unit_key=picture.figures.unit, **asked)  # type: ignore[arg-type]

    return address


def _findings(picture: UnitPicture, rows: Sequence[UnitRow]) -> tuple[list[Finding], list[Finding]]:
    """What is said of the whole and of the units of the table, and apart from it what is said of units below those.

    That the leaders' rate is what it is stands at the top of the page already.
    """
    shown = {row.figures.unit for row in rows} | {None, picture.figures.unit}
    told = [finding for finding in picture.findings if finding.kind != "leaders_rate"]
    first = [finding for finding in told if finding.unit in shown]
    rest = [finding for finding in told if finding.unit not in shown]
    return first[:MOST_FINDINGS], first[MOST_FINDINGS:] + rest


def finding_address(finding: Finding, audit_id: int) -> str | None:
    """Where the numbers of a finding are shown: the unit it is about, or the list of the officials it counts."""
    if finding.unit is not None:
        return url_for("units.unit", audit_id=audit_id, unit_key=finding.unit)
    if finding.kind in OF_CLASS:
        return url_for("officials.officials", audit_id=audit_id, **{"class": finding.kind})  # type: ignore[arg-type]
    if finding.kind == "no_mailbox":
        return url_for("officials.officials", audit_id=audit_id, **{"class": "none"})  # type: ignore[arg-type]
    return None


def _officials_address(picture: UnitPicture) -> Callable[..., str]:
    """Addresses of lists of the officials behind a number of this picture."""

    def address(**asked: str) -> str:
        query = {"class": asked["usage_class"]} if "usage_class" in asked else {}
        if "rank" in asked:
            query["rank"] = asked["rank"]
        if not picture.is_city:
            query["unit"] = picture.figures.unit
        return url_for("officials.officials", audit_id=picture.summary.audit_id, **query)  # type: ignore[arg-type]

    return address
