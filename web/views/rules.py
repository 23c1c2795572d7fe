"""Rules: the list, a new one, one with its lists, a change, whom it would pick and why, activating and retiring it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.jobs import Job
from core.permissions import Permission
from core.words import Text
from mail_audit.services import running
from training.errors import AssigningError, NotJudgedError
from training.permissions import can_change_rule
from training.queries import preview as trying
from training.queries import rules as reading
from training.queries.names import course_names, unit_names
from training.queries.rules import RuleLine
from training.rules import Rule
from training.services import campaigns
from training.services import rules as services
from training.services.showing import show_preview
from web import auth, formats, work
from web.forms.rules import LISTED, RuleForm
from web.guards import needs
from web.language import language
from web.views.asked import offset
from web.views.learning import moment
from web.views.progress import Shown

pages = Blueprint("rules", __name__)
LIMIT = 50
"""People that a page of a preview shows by name."""


@pages.get("/training/rules")
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def rules() -> str:
    """Every rule, those that stand first."""
    return render_template("rules.html", rules=reading.rules(work.session()), may_change=_may(()))


@pages.get("/training/rules/new")
@needs(Permission.TRAINING_RULE_CHANGE)
def new() -> str:
    """The form of a new rule."""
    return _form_page(_form(RuleForm(formdata=None)))


@pages.post("/training/rules")
@needs(Permission.TRAINING_RULE_CHANGE)
def make() -> Response | tuple[str, int]:
    """Make a rule, or a new version of the one that is changed: tried first, it picks nobody before it is activated."""
    form = _form(RuleForm())
    if not form.validate():
        return _form_page(form), 422
    try:
        rule_id = services.make_rule(work.session(), auth.required(), plan=_plan(form), moment=moment())
    except AssigningError as wrong:
        form.name.errors = [wrong.message.to(language())]
        return _form_page(form), 422
    flash(_("The rule is kept. It picks nobody before it is activated: look first whom it would pick."))
    return redirect(url_for("rules.preview", rule_id=rule_id), 303)


@pages.get("/training/rules/<int:rule_id>")
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def rule(rule_id: int) -> str:
    """One rule, what became of it, and what can be done with it."""
    found = reading.rule(work.session(), rule_id)
    lists, _total = reading.lists(work.session(), rule_id=rule_id)
    return render_template("rule.html", rule=found, lists=lists, may_change=_may(found.rule.units))


@pages.get("/training/rules/<int:rule_id>/change")
@needs(Permission.TRAINING_RULE_CHANGE)
def change(rule_id: int) -> str:
    """The form, filled with what the rule says now."""
    found = reading.rule(work.session(), rule_id)
    said: dict[str, Any] = {name: list(getattr(found.rule, name)) for name in LISTED}
    said |= {name: getattr(found.rule, name) for name in ("active_below", "rank", "done_days_ago")}
    said |= {name: getattr(found, name) for name in ("name", "course_key", "waves", "wave_days", "due_days")}
    said |= {"post_words": ", ".join(found.rule.post_words), "changes": found.name}
    return _form_page(_form(RuleForm(formdata=None, data=said)))


@pages.get("/training/rules/<int:rule_id>/preview")
@needs(Permission.TRAINING_RULE_CHANGE)
def preview(rule_id: int) -> str | tuple[str, int]:
    """Whom the rule would pick today and why; and why not somebody who is asked after.

    Where it must be judged first how everybody uses e-mail, how far that is.
    """
    found, who = reading.rule(work.session(), rule_id), (request.args.get("who") or "").strip()[:64]
    problem = ""
    first = offset(request.args.get("offset"))
    given: dict[str, Any] = {"rule": found.rule, "course_key": found.course_key, "moment": moment()}
    given |= {"offset": first, "limit": LIMIT}
    try:
        tried = trying.preview(work.session(), auth.required(), official_id=who, **given)
    except AssigningError as wrong:
        problem = wrong.message.to(language())
        tried = trying.preview(work.session(), auth.required(), **given)
    except NotJudgedError:
        return _judging_page(found)
    show_preview(work.session(), auth.required(), rule_id=rule_id, day=work.today())
    page = render_template(
        "rule_preview.html", rule=found, tried=tried, who=who, problem=problem, limit=LIMIT, offset=first,
        address=lambda **asked: url_for("rules.preview", rule_id=rule_id, _anchor="who-and-why", **asked),
        may_activate=found.state == "tried" and _may(found.rule.units),
    )  # fmt: skip
    return (page, 422) if problem else page


@pages.get("/training/rules/<int:rule_id>/preview/progress")
@needs(Permission.TRAINING_RULE_CHANGE)
def preview_progress(rule_id: int) -> dict[str, object]:
    """What the page shows while everybody's use of e-mail is judged, for its script."""
    reading.rule(work.session(), rule_id)
    job = running.want(work.session(), today=moment().today)
    now = _judging(job)
    return {"values": now.words, "bar": now.bar, "moving": job is not None and job.error_vi is None}


@pages.post("/training/rules/<int:rule_id>/activate")
@needs(Permission.TRAINING_RULE_CHANGE)
def activate(rule_id: int) -> Response:
    """Let the rule pick from now on. Where everybody must be judged first, the page says how far that is."""
    try:
        trying.check_judged(work.session(), reading.rule(work.session(), rule_id).rule, moment())
    except NotJudgedError as early:
        flash(early.message.to(language()))
        return redirect(url_for("rules.preview", rule_id=rule_id), 303)
    campaign_id = campaigns.activate_rule(work.session(), auth.required(), rule_id=rule_id, moment=moment())
    if campaign_id is None:
        flash(_("The rule is active. It picks nobody today; it is looked at again every morning."))
        return redirect(url_for("rules.rule", rule_id=rule_id), 303)
    flash(_("The rule is active. The list of those it picks is frozen."))
    return redirect(url_for("waves.wave", campaign_id=campaign_id), 303)


@pages.post("/training/rules/<int:rule_id>/retire")
@needs(Permission.TRAINING_RULE_CHANGE)
def retire(rule_id: int) -> Response:
    """Let it pick nobody any more."""
    services.retire_rule(work.session(), auth.required(), rule_id=rule_id, moment=moment())
    flash(_("The rule picks nobody any more. What was assigned stays."))
    return redirect(url_for("rules.rule", rule_id=rule_id), 303)


def _judging_page(rule: RuleLine) -> str:
    job = running.want(work.session(), today=moment().today)
    failed = None if job is None or job.error_vi is None else Text(job.error_vi, job.error_en or "")
    return render_template("rule_judging.html", rule=rule, progress=_judging(job), failed=failed)


def _judging(job: Job | None) -> Shown:
    """How far the task is; of one that has just ended, that it is done."""
    if job is None:
        return Shown({"state": _("done"), "done": ""}, 1.0)
    state = _("waiting to start") if job.started_at is None else _("working out how everybody uses e-mail")
    if not job.total:
        return Shown({"state": state, "done": ""}, None)
    share = job.done / job.total
    return Shown({"state": state, "done": _("%(share)s done", share=formats.percent(share))}, share)


def _may(units: tuple[str, ...]) -> bool:
    actor = auth.required()
    return can_change_rule(actor, units) or (not units and actor.may(Permission.TRAINING_RULE_CHANGE))


def _form(form: RuleForm) -> RuleForm:
    spoken, reach = language(), auth.required().reach(Permission.TRAINING_RULE_CHANGE)
    courses = {key: title.to(spoken) for key, title in course_names(work.session(), taught=True).items()}
    units = {key: name.vi for key, name in unit_names(work.session(), standing=True).items() if reach.holds(key)}
    taken = frozenset(one.name for one in reading.rules(work.session()) if one.state != "retired")
    form.offer(courses, units, taken)
    return form


def _form_page(form: RuleForm) -> str:
    return render_template("rule_form.html", form=form)


def _plan(form: RuleForm) -> services.Plan:
    """What the form says, as a plan. Raises `AssigningError` for conditions that make no rule."""
    words = tuple(dict.fromkeys(word.strip() for word in (form.post_words.data or "").split(",") if word.strip()))
    said = Rule(
        active_below=form.active_below.data,
        rank=form.rank.data or None,
        post_words=words,
        done_days_ago=form.done_days_ago.data,
        **{name: tuple(form[name].data or ()) for name in LISTED},
    )
    return services.Plan(
        name=form.name.data or "",
        course_key=form.course_key.data,
        rule=said,
        due_days=form.due_days.data,
        waves=form.waves.data,
        wave_days=form.wave_days.data,
    )
