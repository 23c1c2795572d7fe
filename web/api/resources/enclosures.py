"""What goes with a draft: attached files, the files of its revisions, links to other documents."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Annotated, Literal

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from eoffice.files import kept_file
from eoffice.files.kinds import DOCX, KINDS
from eoffice.queries import revisions as stored
from eoffice.queries.revisions import Enclosed, Linked, StoredFile
from eoffice.services import enclosing
from web import auth, work
from web.api.operations import Download, Section
from web.api.parameters import Body, Id, Line, Sent
from web.guards import needs
from web.intake import takes_files
from web.views.drafts.frame import moment, page_of

section = Section("enclosures", Text("Tệp đính kèm và liên kết", "Attachments and links"))


class NewLink(Body):
    """How it is related, and to which: one that is here (`other`), or one by its number and date (`named`)."""

    relation: Literal["replies_to", "replaces", "amends", "related"]
    other: Id | None = None
    named: Annotated[Line, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class Enclosures:
    """The files that are attached, and the documents it is linked to."""

    attachments: tuple[Enclosed, ...]
    links: tuple[Linked, ...]


@section.get("/drafts/{draft_id}/enclosures", Text("Tệp đính kèm, liên kết.", "Its attachments and links."))
@needs(Permission.EOFFICE_DRAFT_READ)
def enclosures(draft_id: Id) -> Enclosures:
    """Their names; the content of each is another request."""
    session, actor, today = work.session(), auth.required(), moment().today
    return Enclosures(
        tuple(stored.attachments(session, actor, draft_id=draft_id, today=today)),
        tuple(stored.links(session, actor, draft_id=draft_id, today=today)),
    )


@section.post("/drafts/{draft_id}/attachments", Text("Đính kèm một tệp.", "Attach a file."), status=201)
@needs(Permission.EOFFICE_DRAFT_CHANGE)
@takes_files
def attach_file(draft_id: Id, file: Sent) -> Enclosures:
    """The same file under the same name is attached once."""
    page_of(draft_id)
    enclosing.attach(
        work.session(), auth.required(), store=work.settings().store, draft_id=draft_id, name=file.filename or "",
        content=file.read(), moment=moment(),
    )  # fmt: skip
    return enclosures(draft_id)


@section.get(
    "/drafts/{draft_id}/attachments/{attachment_id}", Text("Một tệp đính kèm.", "One attachment."),
    media_types=tuple(one.media_type for one in KINDS),
)  # fmt: skip
@needs(Permission.EOFFICE_DRAFT_READ)
def attached_file(draft_id: Id, attachment_id: Id) -> Download:
    """To be saved, as it was sent."""
    return _taken(
        stored.attached_file(
            work.session(), auth.required(), draft_id=draft_id, attachment_id=attachment_id, today=moment().today
        )
    )


@section.post("/drafts/{draft_id}/attachments/{attachment_id}/remove", Text("Gỡ một tệp.", "Take an attachment away."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def remove_attachment(draft_id: Id, attachment_id: Id) -> Enclosures:
    """It can be put back."""
    page_of(draft_id)
    enclosing.remove_attachment(
        work.session(), auth.required(), draft_id=draft_id, attachment_id=attachment_id, moment=moment()
    )
    return enclosures(draft_id)


@section.post("/drafts/{draft_id}/attachments/{attachment_id}/restore", Text("Đính kèm lại.", "Put it back."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def restore_attachment(draft_id: Id, attachment_id: Id) -> Enclosures:
    """As it was."""
    page_of(draft_id)
    enclosing.restore_attachment(
        work.session(), auth.required(), draft_id=draft_id, attachment_id=attachment_id, moment=moment()
    )
    return enclosures(draft_id)


@section.get(
    "/drafts/{draft_id}/revisions/{number}/file", Text("Tệp Word của một bản.", "The Word file of a revision."),
    media_types=(DOCX.media_type,),
)  # fmt: skip
@needs(Permission.EOFFICE_DRAFT_READ)
def revision_file(draft_id: Id, number: Id) -> Download:
    """As it was uploaded."""
    return _taken(
        stored.uploaded_file(work.session(), auth.required(), draft_id=draft_id, number=number, today=moment().today)
    )


@section.post("/drafts/{draft_id}/links", Text("Gắn với văn bản khác.", "Link another document."), status=201)
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def link_document(draft_id: Id, wanted: NewLink) -> Enclosures:
    """The same link is made once."""
    page_of(draft_id)
    enclosing.link(
        work.session(), auth.required(), draft_id=draft_id, kind=wanted.relation, other=wanted.other,
        named=wanted.named, moment=moment(),
    )  # fmt: skip
    return enclosures(draft_id)


@section.delete("/drafts/{draft_id}/links/{link_id}", Text("Bỏ một liên kết.", "Take a link away."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def unlink_document(draft_id: Id, link_id: Id) -> None:
    """One that is gone stays gone."""
    page_of(draft_id)
    enclosing.unlink(work.session(), auth.required(), draft_id=draft_id, link_id=link_id, moment=moment())


def _taken(file: StoredFile) -> Download:
    return Download(BytesIO(kept_file(work.settings().store, file.digest)), file.media_type, file.name)
