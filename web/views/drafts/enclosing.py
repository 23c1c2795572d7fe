"""What goes with a draft: its Word file, attachments, links to other documents; each can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from eoffice.files import kept_file
from eoffice.queries import revisions
from eoffice.queries.finding import find_drafts
from eoffice.queries.revisions import StoredFile
from eoffice.services import enclosing, uploading
from web import auth, intake, undo, work
from web.forms.drafts import LINK_KINDS, FileForm, LinkForm
from web.guards import needs
from web.views.asked import number
from web.views.drafts.frame import REFUSALS, moment, page_of, pages, refused, tell

MOST_FOUND = 10
"""Documents to choose from when one is linked."""


@pages.get("/drafts/<int:draft_id>/enclosures")
@needs(Permission.EOFFICE_DRAFT_READ)
def enclosures(draft_id: int) -> str:
    """Attached files and related documents, for whoever may see the draft; its author changes them."""
    page, session, actor, today = page_of(draft_id), work.session(), auth.required(), moment().today
    sought = " ".join((request.args.get("q") or "").split())[:100]
    found, _total = find_drafts(session, actor, question=sought, today=today, limit=MOST_FOUND) if sought else ([], 0)
    return render_template(
        "draft_enclosures.html", sought=sought, found=[one for one in found if one.draft_id != draft_id],
        page=page, open=page.can_change, kinds=dict(LINK_KINDS),
        attachments=revisions.attachments(session, actor, draft_id=draft_id, today=today),
        links=revisions.links(session, actor, draft_id=draft_id, today=today),
        file_form=FileForm(formdata=None), link_form=LinkForm(formdata=None),
    )  # fmt: skip


@pages.post("/drafts/<int:draft_id>/file")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
@intake.takes_files
def upload(draft_id: int) -> Response:
    """Upload the changed Word file: the next revision."""
    name, content = _sent()
    base = number(request.form.get("base")) or 0

    def do() -> None:
        saved = uploading.upload_docx(
            work.session(), auth.required(), store=work.settings().store, draft_id=draft_id, base=base, name=name,
            content=content, moment=moment(),
        )  # fmt: skip
        tell(_("Saved as version %(number)s.", number=saved.revision))

    return _done(draft_id, "file", do)


@pages.post("/drafts/<int:draft_id>/file/mend")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def mend(draft_id: int) -> Response:
    """Mend the faults of form in the Word file that can safely be mended."""
    base = number(request.form.get("base")) or 0

    def do() -> None:
        saved = uploading.mend_file(
            work.session(), auth.required(), store=work.settings().store, draft_id=draft_id, base=base, moment=moment()
        )
        tell(_("Mended. The file is version %(number)s now; the one before is kept.", number=saved.revision))

    return _done(draft_id, "form", do)


@pages.post("/drafts/<int:draft_id>/attachments")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
@intake.takes_files
def attach(draft_id: int) -> Response:
    """Attach a file."""
    name, content = _sent()

    def do() -> None:
        enclosing.attach(
            work.session(), auth.required(), store=work.settings().store, draft_id=draft_id, name=name,
            content=content, moment=moment(),
        )  # fmt: skip
        tell(_("The file is attached."))

    return _done(draft_id, "attachments", do)


@pages.post("/drafts/<int:draft_id>/attachments/<int:attachment_id>/remove")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def remove_attachment(draft_id: int, attachment_id: int) -> Response:
    """Take an attachment away; it can be put back."""

    def do() -> None:
        enclosing.remove_attachment(
            work.session(), auth.required(), draft_id=draft_id, attachment_id=attachment_id, moment=moment()
        )
        back = url_for("drafts.restore_attachment", draft_id=draft_id, attachment_id=attachment_id)
        undo.offer(_("The attachment is taken away."), back)

    return _done(draft_id, "attachments", do)


@pages.post("/drafts/<int:draft_id>/attachments/<int:attachment_id>/restore")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def restore_attachment(draft_id: int, attachment_id: int) -> Response:
    """Put it back."""

    def do() -> None:
        enclosing.restore_attachment(
            work.session(), auth.required(), draft_id=draft_id, attachment_id=attachment_id, moment=moment()
        )
        tell(_("The file is attached."))

    return _done(draft_id, "attachments", do)


@pages.get("/drafts/<int:draft_id>/attachments/<int:attachment_id>")
@needs(Permission.EOFFICE_DRAFT_READ)
def attachment(draft_id: int, attachment_id: int) -> Response:
    """An attachment, for whoever may see the draft."""
    page_of(draft_id)
    file = revisions.attached_file(
        work.session(), auth.required(), draft_id=draft_id, attachment_id=attachment_id, today=moment().today
    )
    return _handed_out(file)


@pages.get("/drafts/<int:draft_id>/revisions/<int:revision>/file")
@needs(Permission.EOFFICE_DRAFT_READ)
def original(draft_id: int, revision: int) -> Response:
    """The Word file of a revision as it was uploaded."""
    page_of(draft_id)
    file = revisions.uploaded_file(
        work.session(), auth.required(), draft_id=draft_id, number=revision, today=moment().today
    )
    return _handed_out(file)


@pages.post("/drafts/<int:draft_id>/links")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def link(draft_id: int) -> Response:
    """Link another document: one that is here and was chosen, or one by its number."""
    said, other = " ".join((request.form.get("named") or "").split()), number(request.form.get("other"))
    given: dict[str, Any] = {"named": said} if other is None else {"other": other}

    def do() -> None:
        enclosing.link(
            work.session(), auth.required(), draft_id=draft_id, kind=request.form.get("relation") or "",
            moment=moment(), **given,
        )  # fmt: skip
        tell(_("The documents are linked."))

    return _done(draft_id, "links", do)


@pages.post("/drafts/<int:draft_id>/links/<int:link_id>/remove")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def unlink(draft_id: int, link_id: int) -> Response:
    """Take a link away."""

    def do() -> None:
        enclosing.unlink(work.session(), auth.required(), draft_id=draft_id, link_id=link_id, moment=moment())
        tell(_("The link is taken away."))

    return _done(draft_id, "links", do)


def _sent() -> tuple[str, bytes]:
    """Name and content of the file that was sent; empty where there is none, which the services refuse."""
    intake.scan_files()
    file = request.files.get("file")
    return ("", b"") if file is None or not file.filename else (file.filename, file.read())


def _done(draft_id: int, place: str, do: Callable[[], None]) -> Response:
    """Do it and go back to its place on the page; a refusal is told there."""
    try:
        with work.session().begin_nested():
            do()
    except REFUSALS as wrong:
        tell(refused(wrong))
    noun = "drafts.write" if place in {"file", "form"} else "drafts.enclosures"
    return redirect(url_for(noun, draft_id=draft_id, _anchor=place), 303)


def _handed_out(file: StoredFile) -> Response:
    """The file to be saved, never shown in a page of this site: whoever wrote it does not speak for it."""
    response = make_response(kept_file(work.settings().store, file.digest))
    response.headers["Content-Type"] = file.media_type
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
