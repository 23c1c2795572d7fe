"""Targets: which are set and how the latest figures stand to them, setting one or many, taking one back."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from core.directory.errors import RosterError
from core.permissions import Permission
from mail_audit import queries, services, targetfile
from mail_audit import targets as words
from mail_audit.queries.unit_lines import top_of, units_of
from mail_audit.report import terms
from mail_audit.targetfile import TargetFileError
from mail_audit.targets import Target
from web import auth, undo, work
from web.forms.targets import CITY, EVERY_TOP, TargetFileForm, TargetForm, WithdrawForm
from web.guards import needs
from web.intake import takes_files
from web.language import language
from web.views.asked import offset

pages = Blueprint("targets", __name__)
LIMIT = 50
MOST_OFFERED = 300
"""More units than this are not to choose from: then the topmost are, and the one that the address names."""


@pages.get("/targets")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def targets() -> str:
    """All targets beside the latest figures, and (for those who may) the forms that set them."""
    return _page(_form(formdata=None), TargetFileForm(formdata=None))


@pages.post("/targets")
@needs(Permission.MAIL_AUDIT_TARGET_SET)
def set_target() -> Response | tuple[str, int]:
    """Set one target, or the same for each department and district."""
    form = _form()
    if not form.validate():
        return _page(form, TargetFileForm(formdata=None)), 422
    units = {CITY: [words.WHOLE_CITY], EVERY_TOP: _tops()}.get(form.unit.data, [form.unit.data])
    wanted = [Target(unit, form.rank.data, round(float(form.share.data) / 100, 6), form.due.data) for unit in units]
    return _set(wanted)


@pages.post("/targets/file")
@needs(Permission.MAIL_AUDIT_TARGET_SET)
@takes_files
def import_targets() -> Response | tuple[str, int]:
    """Set every target of a file, or none and say which rows are wrong."""
    form = TargetFileForm()
    if not form.validate():
        return _page(_form(formdata=None), form), 422
    name = str(form.file.data.filename)
    ending = ".xlsx" if name.lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory(prefix="vanthu-") as folder:
        path = Path(folder) / f"targets{ending}"
        form.file.data.save(path)
        try:
            wanted = targetfile.read(path, queries.units_for_targets(work.session()))
        except (TargetFileError, RosterError) as wrong:
            form.file.errors = [wrong.message.to(language()).replace(path.name, name).replace(str(path), name)]
            problems = [one.to(language()) for one in getattr(wrong, "problems", ())]
            return _page(_form(formdata=None), form, problems), 422
    return _set(wanted)


@pages.post("/targets/<int:target_id>/withdraw")
@needs(Permission.MAIL_AUDIT_TARGET_SET)
def withdraw(target_id: int) -> Response:
    """Take one target back; it may be set again at once."""
    actor, session = auth.required(), work.session()
    reach = actor.reach(Permission.MAIL_AUDIT_AUDIT_READ)
    present = {one.target_id: _fields(one.target) for one in queries.targets(session, reach=reach)}
    services.withdraw_target(session, actor, target_id=target_id)
    undo.offer(_("The target is taken back."), url_for("targets.set_target"), present[target_id])
    return redirect(url_for("targets.targets"), 303)


def _fields(target: Target) -> dict[str, str]:
    """What the form sends to set this very target."""
    unit = CITY if target.unit == words.WHOLE_CITY else target.unit
    share = f"{target.share * 100:.4f}".rstrip("0").rstrip(".")
    return {"unit": unit, "rank": target.rank, "share": share, "due": target.due.isoformat()}


def _set(wanted: Sequence[Target]) -> Response:
    changes = services.set_targets(work.session(), auth.required(), targets=wanted)
    flash(
        _(
            "Targets: %(added)s new, %(changed)s changed, %(same)s as they were.",
            added=changes.added,
            changed=changes.changed,
            same=changes.same,
        )
    )
    return redirect(url_for("targets.targets"), 303)


def _form(**given: Any) -> TargetForm:
    """The form with the units there are to choose from."""
    form = TargetForm(**given)
    units = queries.units_for_targets(work.session())
    if len(units) > MOST_OFFERED:
        known = set(units)
        units = list(dict.fromkeys(one for one in (request.values.get("unit"), *_tops()) if one in known))
    offered = {CITY: _("The whole city, all together"), EVERY_TOP: _("Each department and district")}
    form.unit.choices = [SelectChoice(*one) for one in (*offered.items(), *((unit, unit) for unit in units if unit))]
    if form.unit.data is None and request.args.get("unit") in units:
        form.unit.data = request.args.get("unit")
    form.rank.choices = [SelectChoice(rank, text.to(language())) for rank, text in terms.RANK_WORDS.items()]
    return form


def _tops() -> list[str]:
    """The units without one above, of the latest audit; all that are known where there is none."""
    session = work.session()
    latest = queries.latest_audit(session, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ))
    if latest is None:
        return queries.units_for_targets(session)
    return top_of(units_of(session, latest.audit_id, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)))


def _page(form: TargetForm, file_form: TargetFileForm, problems: Sequence[str] = ()) -> str:
    session, first = work.session(), offset(request.args.get("offset"))
    every = queries.targets(session, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ))
    return render_template(
        "targets.html",
        targets=every[first : first + LIMIT],
        total=len(every),
        offset=first,
        limit=LIMIT,
        address=lambda **changed: url_for("targets.targets", **changed),
        latest=queries.latest_audit(session, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)),
        form=form,
        file_form=file_form,
        withdraw_form=WithdrawForm(formdata=None),
        problems=problems,
        say=words,
        may_set=auth.required().may(Permission.MAIL_AUDIT_TARGET_SET),
    )
