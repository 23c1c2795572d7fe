"""The text of a draft as plain form fields, with the form check beside it; or the Word file it is.

Everything on the page is one form: whatever button is pressed, what was typed is saved first. The script that saves
now and then sends the same form to the same address and is answered in JSON.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from flask import Response as FlaskResponse
from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from eoffice.documents.checking import Finding
from eoffice.queries import DraftPage, form, revisions
from eoffice.services import drafting, mending, remarking
from eoffice.services.drafting import Saved
from eoffice.writing import Passage
from web import auth, formats, undo, work
from web.forms.drafts import FileForm
from web.guards import needs
from web.views.asked import number
from web.views.document_words import STATES, URGENCIES
from web.views.drafts.frame import (
    OPEN_STATES,
    REFUSALS,
    moment,
    page_of,
    pages,
    part_words,
    refused,
    rules,
    tell,
    type_words,
)

ONE_LINE = frozenset(
    {"emblem", "motto", "parent", "issuer", "number", "date", "title", "authority", "signer", "archive"}
)
ADDED = ("body", "heading", "article", "clause", "point", "ground", "recipient", "addressee_item")
"""Parts that can be added, the most usual first."""


@pages.get("/drafts/<int:draft_id>/write")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def write(draft_id: int) -> str | Response:
    """The text to be written; for whom it cannot be changed by now, the page where it is read."""
    page = page_of(draft_id)
    if not page.can_change and not (page.writes and page.state == "withdrawn"):
        return redirect(url_for("documents.document", draft_id=draft_id), 303)
    return _page(page)


@pages.post("/drafts/<int:draft_id>/write")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def save(draft_id: int) -> Response | FlaskResponse | tuple[str, int] | tuple[FlaskResponse, int]:
    """Save what was typed and do what the button says: add or take out a passage, mend a fault, send it off."""
    base, asked = number(request.form.get("base")) or 0, request.form.get("do") or "save"
    typed = _typed()
    try:
        with work.session().begin_nested():
            saved = _saved(draft_id, base, typed, asked)
    except REFUSALS as wrong:
        if _by_script():
            return jsonify(refused=refused(wrong)), 422
        page = page_of(draft_id)
        page = replace(page, text=replace(page.text, passages=typed))
        return _page(page, refused(wrong), base=base, title=request.form.get("title")), 422
    if _by_script():
        return _as_json(draft_id, saved)
    if saved.both:
        tell(_("Somebody else wrote at the same place; both are in the text now. Please look at what is marked."))
    elif saved.merged:
        tell(_("Saved. Somebody else wrote meanwhile; what both of you wrote is in the text."))
    elif asked == "save":
        tell(_("Saved as version %(number)s.", number=saved.revision))
    return _onward(draft_id, asked, saved)


def _saved(draft_id: int, base: int, typed: tuple[Passage, ...], asked: str) -> Saved:
    session, actor, now = work.session(), auth.required(), moment()
    saved = drafting.save(
        session, actor, draft_id=draft_id, base=base, passages=_changed(typed, asked), moment=now,
        title=request.form.get("title"), seen_title=request.form.get("title-base"),
    )  # fmt: skip
    word, _colon, wanted = asked.partition(":")
    if word in {"answer", "resolve"}:
        _settle(draft_id, word, number(wanted) or 0)
    if word != "mend":
        return saved
    rule, _colon, passage = wanted.partition(":")
    return mending.mend_text(
        session, actor, draft_id=draft_id, base=saved.revision, rule=rule, passage=passage, moment=now
    )


def _settle(draft_id: int, word: str, remark_id: int) -> None:
    """Answer a remark, or note that it is dealt with."""
    session, actor, now = work.session(), auth.required(), moment()
    if word == "resolve":
        remarking.resolve(session, actor, draft_id=draft_id, remark_id=remark_id, moment=now)
        undo.offer(_("The remark is done with."), url_for("drafts.reopen", draft_id=draft_id, remark_id=remark_id))
        return
    said = request.form.get(f"answer-{remark_id}") or ""
    remarking.remark(session, actor, draft_id=draft_id, text=said, parent=remark_id, moment=now)
    tell(_("Answered."))


def _onward(draft_id: int, asked: str, saved: Saved) -> Response:
    """Where the button leads: to the page of sending, or back to the text at the passage it was about."""
    if asked in {"send", "enclosures", "about"}:
        return redirect(url_for(f"drafts.{asked}", draft_id=draft_id), 303)
    word, _colon, about = asked.partition(":")
    place = {"answer": "remark", "add": "passage", "up": "passage", "mend": "passage"}.get(word)
    anchor = f"{place}-{about.rpartition(':')[2]}" if place and about else None
    marked = ",".join(saved.both)[:500] or None
    return redirect(url_for("drafts.write", draft_id=draft_id, both=marked, _anchor=anchor), 303)


def _typed() -> tuple[Passage, ...]:
    """The passages of the form, in its order; a part that no rule set knows is a passage of the body."""
    known = rules().parts
    found = []
    for passage_id in request.form.getlist("passage")[:2_001]:
        role = request.form.get(f"role-{passage_id}") or "body"
        text = (request.form.get(f"text-{passage_id}") or "").replace("\r\n", "\n").replace("\r", "\n")
        found.append(Passage(passage_id, role if role in known else "body", text))
    return tuple(found)


def _changed(typed: tuple[Passage, ...], asked: str) -> tuple[Passage, ...]:
    """What was typed, with a passage added, taken out, or moved up where the button says so."""
    word, _colon, about = asked.partition(":")
    at = next((place for place, one in enumerate(typed) if one.id == about), None)
    if at is None:
        return typed
    if word == "add":
        wanted = request.form.get("part") or ""
        role = wanted if wanted in ADDED else _following(typed[at].role)
        return (*typed[: at + 1], Passage(f"n{secrets.token_hex(4)}", role, ""), *typed[at + 1 :])
    if word == "remove":
        return (*typed[:at], *typed[at + 1 :])
    if word == "up" and at:
        return (*typed[: at - 1], typed[at], typed[at - 1], *typed[at + 1 :])
    return typed


def _following(role: str) -> str:
    """What is most likely written below a part."""
    return role if role in ADDED else {"recipients": "recipient", "addressee": "addressee_item"}.get(role, "body")


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _as_json(draft_id: int, saved: Saved) -> FlaskResponse:
    """What a script needs: the revision; where others wrote meanwhile, the words of every passage too."""
    texts = {one.id: one.text for one in page_of(draft_id).text.passages} if saved.merged else {}
    said = _("Saved at %(time)s", time=formats.local(moment().now).strftime("%H:%M"))
    return jsonify(
        revision=saved.revision, merged=saved.merged, both=saved.both, texts=texts, title=saved.title, said=said
    )


def _page(page: DraftPage, error: str = "", *, base: int | None = None, title: str | None = None) -> str:
    session, actor, today = work.session(), auth.required(), moment().today
    findings = findings_of(page)
    return render_template(
        "draft_write.html",
        page=page,
        base=page.revision if base is None else base,
        title=page.title if title is None else title,
        title_base=page.title if title is None else request.form.get("title-base", page.title),
        error=error,
        findings=findings,
        by_passage={one.id: [two for two in findings if two.block == one.id] for one in page.text.passages},
        mendable=[one for one in findings if (form.mends_text(one) if page.source == "text" else one.fixable)],
        remarks=[one for one in page.opinions if not one.resolved and one.parent is None],
        answers=[one for one in page.opinions if one.parent is not None],
        both=set((request.args.get("both") or "").split(",")),
        attachments=revisions.attachments(session, actor, draft_id=page.draft_id, today=today),
        links=revisions.links(session, actor, draft_id=page.draft_id, today=today),
        original=next((one for one in revisions.revisions(session, actor, draft_id=page.draft_id, today=today)), None),
        file_form=FileForm(formdata=None),
        open=page.state in OPEN_STATES,
        states=STATES,
        urgencies=URGENCIES,
        one_line=ONE_LINE,
        added=ADDED,
        type_words=type_words,
        part_words=part_words,
    )


def findings_of(page: DraftPage) -> tuple[Finding, ...]:
    """What the form check says of the text on the page, or of the file behind it."""
    if page.source == "text":
        return form.findings_in_text(page.text, rules())
    file = revisions.uploaded_file(
        work.session(), auth.required(), draft_id=page.draft_id, number=page.revision, today=moment().today
    )
    return form.findings_in_file(work.settings().store, file.digest, file.name, page.type, rules())
