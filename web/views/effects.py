"""Whether training helped: reports of effect, each as it was made, and having a new one made."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from training.charts import before_after, dot_and_bar
from training.charts.before_after import since_words
from training.effect import Effect
from training.effect.measuring import WARNING
from training.effect.words import HEADINGS, LABEL_WORDS, VERDICT_WORDS, days, headline, without_an_end
from training.queries.effects import EffectReport, effect_report, effect_reports, measurable
from training.services.effects import ask_for_effect
from web import auth, work
from web.guards import needs
from web.language import language
from web.views.asked import number

pages = Blueprint("effects", __name__)


@pages.get("/training/effect")
@needs(Permission.TRAINING_EFFECT_READ)
def effects() -> str:
    """The newest report in full, and every other one by its sentence."""
    reports = effect_reports(work.session(), auth.required())
    return _page(reports[0] if reports else None, reports)


@pages.get("/training/effect/<int:report_id>")
@needs(Permission.TRAINING_EFFECT_READ)
def effect(report_id: int) -> str:
    """One report, as it was made."""
    reports = effect_reports(work.session(), auth.required())
    return _page(effect_report(work.session(), auth.required(), report_id=report_id), reports)


@pages.post("/training/effect")
@needs(Permission.TRAINING_EFFECT_REPORT)
def report() -> Response:
    """Have a campaign's effect reported from what is known now."""
    campaign_id = number(request.form.get("campaign"))
    if campaign_id is None:
        abort(404)
    ask_for_effect(work.session(), auth.required(), campaign_id=campaign_id)
    flash(_("The effect is being worked out; look here again in a minute. Where nothing is new, no report is made."))
    return redirect(url_for("effects.effects"), 303)


def _page(report: EffectReport | None, reports: list[EffectReport]) -> str:
    spoken = language()

    def figure(value: float | None) -> str:
        return "–" if value is None else days(value, spoken)

    def chance(value: float) -> str:
        return f"{value:.3f}".replace(".", "," if spoken == "vi" else ".")

    return render_template(
        "effects.html",
        report=report,
        reports=[(one, headline(one.effect).to(spoken)) for one in reports],
        said=headline(report.effect).to(spoken) if report else "",
        picture=dot_and_bar(report.effect, spoken) if report else "",
        columns=before_after(report.effect, spoken) if report else "",
        campaigns=measurable(work.session(), auth.required()),
        may_report=auth.required().may(Permission.TRAINING_EFFECT_REPORT),
        warning=WARNING,
        headings=HEADINGS,
        labels=LABEL_WORDS,
        verdicts=VERDICT_WORDS,
        between=_between(report.effect) if report else "",
        since=since_words,
        figure=figure,
        chance=chance,
    )


def _between(effect: Effect) -> str:
    """How far the estimate may be off, with the signs of its ends."""
    if effect.low is None or effect.high is None:
        return without_an_end(effect).to(language())
    low, high = (days(end, language()) for end in (effect.low, effect.high))
    return str(_("from %(low)s to %(high)s", low=low, high=high))
