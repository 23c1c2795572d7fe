"""Remarks on a document: made on its whole, a passage or some words; answered, settled, opened again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from eoffice.queries import Opinion
from eoffice.services import remarking
from web import auth, work
from web.api.operations import Section
from web.api.parameters import AskedPart, Body, Id, Line, Lines, Part, part_of
from web.api.resources.documents import VIA
from web.guards import needs
from web.views.drafts.frame import moment, page_of

section = Section("remarks", Text("Ý kiến góp ý", "Remarks"))
Words = Annotated[Lines, Field(min_length=1)]


class NewRemark(Body):
    """What is said: on the whole, or on a passage of the `revision` that was read, or on the words `quote` in it."""

    text: Words
    revision: Id | None = None
    passage: Line | None = None
    quote: Annotated[Lines, Field(max_length=1_000)] = ""


class NewAnswer(Body):
    """What is answered."""

    text: Words


@dataclass(frozen=True, slots=True)
class Remarked:
    """A remark that was made; the same words said twice are one."""

    remark_id: int


@section.get("/documents/{draft_id}/remarks", Text("Các ý kiến góp ý.", "The remarks, the newest first."))
@needs(Permission.EOFFICE_DRAFT_READ)
def remarks(draft_id: Id, asked: AskedPart) -> Part[Opinion]:
    """Each with the words it is about, as they are found again in the text."""
    return part_of(page_of(draft_id).opinions, asked)


@section.post("/documents/{draft_id}/remarks", Text("Góp ý.", "Make a remark."), status=201)
@needs(Permission.EOFFICE_REMARK_MAKE)
def make_remark(draft_id: Id, wanted: NewRemark) -> Remarked:
    """Everybody who sees the document sees it."""
    page_of(draft_id)
    remark_id = remarking.remark(
        work.session(), auth.required(), draft_id=draft_id, text=wanted.text, revision=wanted.revision,
        passage=wanted.passage, quote=wanted.quote, moment=moment(), via=VIA,
    )  # fmt: skip
    return Remarked(remark_id)


@section.post("/documents/{draft_id}/remarks/{remark_id}/answer", Text("Trả lời ý kiến.", "Answer it."), status=201)
@needs(Permission.EOFFICE_REMARK_MAKE)
def answer_remark(draft_id: Id, remark_id: Id, wanted: NewAnswer) -> Remarked:
    """An answer to an answer answers the remark that began it."""
    page_of(draft_id)
    answered = remarking.remark(
        work.session(), auth.required(), draft_id=draft_id, text=wanted.text, parent=remark_id, moment=moment(), via=VIA
    )
    return Remarked(answered)


@section.post("/documents/{draft_id}/remarks/{remark_id}/resolve", Text("Đã xử lý.", "It is dealt with."))
@needs(Permission.EOFFICE_REMARK_MAKE)
def resolve_remark(draft_id: Id, remark_id: Id) -> None:
    """By who writes the draft, or who made it."""
    page_of(draft_id)
    remarking.resolve(work.session(), auth.required(), draft_id=draft_id, remark_id=remark_id, moment=moment())


@section.post("/documents/{draft_id}/remarks/{remark_id}/reopen", Text("Mở lại.", "It is not, after all."))
@needs(Permission.EOFFICE_REMARK_MAKE)
def reopen_remark(draft_id: Id, remark_id: Id) -> None:
    """Open again."""
    page_of(draft_id)
    remarking.reopen(work.session(), auth.required(), draft_id=draft_id, remark_id=remark_id, moment=moment())
