"""Remarks on a passage: which words, what about them; answered and settled."""

from __future__ import annotations

import re

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from eoffice.queries import DraftPage
from eoffice.services import remarking
from eoffice.writing import Passage
from web import auth, undo, work
from web.forms.drafts import RemarkForm
from web.guards import needs
from web.views.asked import number
from web.views.drafts.frame import REFUSALS, moment, page_of, pages, part_words, refused, tell

_SENTENCE = re.compile(r"[^.;!?…\n]+(?:[.;!?…]+(?=\s|$)|\n|$)|[^\n]+?(?=\n|$)")
LONGEST_SENTENCE = 1_000


@pages.get("/drafts/<int:draft_id>/remarks/new")
@needs(Permission.EOFFICE_REMARK_MAKE)
def remark_page(draft_id: int) -> str:
    """Choose a passage; then the words in it and the remark."""
    return _page(page_of(draft_id), RemarkForm(formdata=None))


@pages.post("/drafts/<int:draft_id>/remarks")
@needs(Permission.EOFFICE_REMARK_MAKE)
def remark(draft_id: int) -> Response | tuple[str, int]:
    """Keep the remark."""
    page, form = page_of(draft_id), RemarkForm()
    if not form.validate():
        return _page(page, form), 422
    try:
        with work.session().begin_nested():
            remarking.remark(
                work.session(), auth.required(), draft_id=draft_id, text=form.text.data or "",
                revision=form.revision.data, passage=request.form.get("passage") or None,
                quote=form.about.data or "", moment=moment(),
            )  # fmt: skip
    except REFUSALS as wrong:
        form.text.errors = [refused(wrong)]
        return _page(page, form), 422
    tell(_("Your remark is there for everybody who sees the document."))
    return redirect(url_for("documents.document", draft_id=draft_id, _anchor="opinions"), 303)


@pages.post("/drafts/<int:draft_id>/remarks/<int:remark_id>/answer")
@needs(Permission.EOFFICE_REMARK_MAKE)
def answer(draft_id: int, remark_id: int) -> Response:
    """Answer a remark."""
    page_of(draft_id)
    try:
        with work.session().begin_nested():
            remarking.remark(
                work.session(), auth.required(), draft_id=draft_id, text=request.form.get("text") or "",
                parent=remark_id, moment=moment(),
            )  # fmt: skip
        tell(_("Answered."))
    except REFUSALS as wrong:
        tell(refused(wrong))
    return _back(draft_id, remark_id)


@pages.post("/drafts/<int:draft_id>/remarks/<int:remark_id>/resolve")
@needs(Permission.EOFFICE_REMARK_MAKE)
def resolve(draft_id: int, remark_id: int) -> Response:
    """The remark is dealt with."""
    page_of(draft_id)
    try:
        with work.session().begin_nested():
            remarking.resolve(work.session(), auth.required(), draft_id=draft_id, remark_id=remark_id, moment=moment())
        back = url_for("drafts.reopen", draft_id=draft_id, remark_id=remark_id)
        undo.offer(_("The remark is done with."), back)
    except REFUSALS as wrong:
        tell(refused(wrong))
    return _back(draft_id, remark_id)


@pages.post("/drafts/<int:draft_id>/remarks/<int:remark_id>/reopen")
@needs(Permission.EOFFICE_REMARK_MAKE)
def reopen(draft_id: int, remark_id: int) -> Response:
    """It is not, after all."""
    page_of(draft_id)
    try:
        with work.session().begin_nested():
            remarking.reopen(work.session(), auth.required(), draft_id=draft_id, remark_id=remark_id, moment=moment())
    except REFUSALS as wrong:
        tell(refused(wrong))
    return _back(draft_id, remark_id)


def sentences(passage: Passage) -> list[str]:
    """The sentences of a passage, to choose from; one that stands twice is offered once."""
    found = (" ".join(one.split()) for one in _SENTENCE.findall(passage.text))
    return list(dict.fromkeys(one for one in found if one and len(one) <= LONGEST_SENTENCE and one in passage.text))


def _page(page: DraftPage, form: RemarkForm) -> str:
    chosen = request.values.get("passage")
    passage = page.text.passage(chosen) if chosen else None
    if chosen and passage is None and number(request.values.get("revision")) == page.revision:
        abort(404)
    return render_template(
        "draft_remark.html", page=page, form=form, passage=passage, part_words=part_words,
        sentences=[] if passage is None else sentences(passage),
    )  # fmt: skip


def _back(draft_id: int, remark_id: int) -> Response:
    page = page_of(draft_id)
    noun = "drafts.write" if page.can_change else "documents.document"
    return redirect(url_for(noun, draft_id=draft_id, _anchor=f"remark-{remark_id}"), 303)
