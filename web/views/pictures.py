"""What the pages of the city and of a unit have in common."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template, url_for

from core.words import Text
from mail_audit.queries import AuditSummary, UnitPicture
from mail_audit.report import headline, numbers
from mail_audit.report.model import CLASSES
from web.language import language


def picture_page(picture: UnitPicture) -> str:
    """The page of a city's or a unit's picture."""
    return render_template(
        "picture.html",
        picture=picture,
        sentence=_sentence(picture).to(language()),
        classes=CLASSES,
        officials_address=_officials_address(picture),
    )


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
