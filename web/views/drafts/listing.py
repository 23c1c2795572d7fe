"""The own drafts, and a new one: few fields, the rest is in the text."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from core.permissions import Permission
from eoffice.queries import drafts_of
from eoffice.services import drafting, uploading
from web import auth, intake, work
from web.forms.drafts import NewDraftForm
from web.guards import needs
from web.language import language
from web.views.asked import offset, optional
from web.views.document_words import STATES
from web.views.drafts.frame import REFUSALS, moment, pages, refused, rules, type_words

LIMIT = 20
USUAL = ("cong_van", "to_trinh", "bao_cao", "ke_hoach", "thong_bao", "quyet_dinh", "giay_moi")
"""What is written most stands first."""


@pages.get("/drafts")
@needs(Permission.EOFFICE_DRAFT_READ)
def drafts() -> str:
    """Those the visitor writes, the last changed first, with whom each of them is."""
    _officials_only()
    state, first = optional(request.args.get("state"), STATES), offset(request.args.get("offset"))
    found, total = drafts_of(
        work.session(), auth.required(), today=moment().today, states=None if state is None else (state,),
        offset=first, limit=LIMIT,
    )  # fmt: skip

    def address(**changed: Any) -> str:
        return url_for("drafts.drafts", **({"state": state} | changed))

    return render_template(
        "drafts.html", drafts=found, total=total, state=state, states=STATES, offset=first, limit=LIMIT,
        address=address, type_words=type_words, today=moment().today,
    )  # fmt: skip


@pages.get("/drafts/new")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def new() -> str:
    """What a new draft is asked for."""
    _officials_only()
    return _new_page(NewDraftForm(formdata=None, data={"kind": request.args.get("kind") or USUAL[0]}))


@pages.post("/drafts")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
@intake.takes_files
def create() -> Response | tuple[str, int]:
    """Begin it: with the parts of its type, or with the Word file that was sent."""
    _officials_only()
    intake.scan_files()
    form = NewDraftForm()
    form.kind.choices = kinds()
    if not form.validate():
        return _new_page(form), 422
    given: dict[str, Any] = {
        "kind": form.kind.data, "title": form.title.data or "", "urgency": form.urgency.data, "due": form.due.data,
        "moment": moment(),
    }  # fmt: skip
    file = request.files.get("file")
    try:
        with work.session().begin_nested():
            draft_id = _begun(file, given)
    except REFUSALS as wrong:
        (form.file if file is not None and file.filename else form.title).errors = [refused(wrong)]
        return _new_page(form), 422
    return redirect(url_for("drafts.write", draft_id=draft_id), 303)


def _begun(file: FileStorage | None, given: dict[str, Any]) -> int:
    if file is None or not file.filename:
        return drafting.create_draft(work.session(), auth.required(), **given)
    return uploading.create_from_docx(
        work.session(), auth.required(), store=work.settings().store, name=file.filename, content=file.read(), **given
    )


def _new_page(form: NewDraftForm) -> str:
    form.kind.choices = kinds()
    return render_template("draft_new.html", form=form)


def kinds() -> list[SelectChoice]:
    """The types of the rule set, the usual ones first, the others by name."""
    known = {key: one.words.to(language()) for key, one in rules().types.items() if key}
    others = sorted((key for key in known if key not in USUAL), key=lambda key: known[key])
    return [SelectChoice(key, known[key]) for key in (*(one for one in USUAL if one in known), *others)]


def _officials_only() -> None:
    """An account that is tied to nobody in the directory writes nothing: there are no such pages for it."""
    if auth.required().official_id is None:
        abort(404)
