"""Drafts: one's own, a new one, its text and revisions, what the form check says, and sending it off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from core.permissions import Permission
from core.words import Text
from eoffice.errors import MoveError
from eoffice.queries import DraftLine, DraftPage, drafts_of, form
from eoffice.queries import revisions as stored
from eoffice.queries.revisions import RevisionLine
from eoffice.services import describing, drafting, mending, sending_round, uploading
from eoffice.services.choosing_route import Way, ways
from eoffice.services.drafting import Saved
from eoffice.writing import ChangedPassage, Passage
from web import auth, work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import LINES, Asked, AskedPart, Body, Day, Id, Key, Line, Part, Sent, part_of
from web.guards import needs
from web.intake import takes_files
from web.views.drafts.frame import moment, page_of, rules
from web.views.drafts.writing import findings_of

section = Section("drafts", Text("Dự thảo", "Drafts"))
State = Literal["drafting", "on_route", "returned", "approved", "withdrawn"]
Urgency = Literal["normal", "urgent", "very_urgent", "express"]
Title = Annotated[Line, Field(min_length=1, max_length=500)]


class DraftsAsked(AskedPart):
    """Those in one state, or all."""

    state: State | None = None


class NewDraft(Body):
    """Its type (as the rules of form name it), subject, urgency and deadline."""

    kind: Key
    title: Title
    urgency: Urgency = "normal"
    due: Day | None = None


class NewFromFile(Asked):
    """The same of a draft that is a Word file."""

    kind: Key
    title: Title
    urgency: Urgency = "normal"
    due: Day | None = None


class PassageSent(Body):
    """A passage: its id (a new one for what is new), the part of the document it is, its words (100,000 signs)."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
    role: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z_]+$")]
    # The service says how long it may be: with such a length beside the pattern, whoever checks requests against the
    # document builds an automaton of a hundred thousand states.
    text: Annotated[str, StringConstraints(pattern=LINES)]


class SavedText(Body):
    """The whole text as it was written from the revision `base`; others' changes since are put together with it.

    `seen_title` is the subject as it was then: with it, a change of it by others is put together with `title` too.
    """

    base: Id
    passages: Annotated[tuple[PassageSent, ...], Field(max_length=2_000)]
    title: Title | None = None
    seen_title: Title | None = None


class FileAsked(Asked):
    """The revision that the changed file was made from."""

    base: Id


class Mend(Body):
    """What can safely be mended in the revision `base`: all of it, or of one rule and passage (text written here)."""

    base: Id
    rule: Line = ""
    passage: Line = ""


class Sending(Body):
    """By which route, and the revision that was read last."""

    template_id: Id
    seen_revision: Id


class RevisionsAsked(Asked):
    """Two revisions."""

    old: Id
    new: Id


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft that was begun."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of form: the rule and where it stands in the law, in which passage ("": none), and its words there."""

    rule: str
    severity: str
    says: Text
    place: Text
    passage: str
    quote: str
    found: Text | None
    can_be_mended: bool


@section.get("/drafts", Text("Dự thảo của mình.", "The own drafts, with whom each of them is."))
@needs(Permission.EOFFICE_DRAFT_READ)
def drafts(asked: DraftsAsked) -> Part[DraftLine]:
    """The last changed first."""
    states = None if asked.state is None else (asked.state,)
    rows, total = drafts_of(
        work.session(), reach.official(), today=moment().today, states=states, offset=asked.offset, limit=asked.limit
    )
    return part_of(rows, asked, total)


@section.post("/drafts", Text("Bắt đầu một dự thảo.", "Begin a draft."), status=201)
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def begin_draft(wanted: NewDraft) -> Begun:
    """With the parts of its type."""
    draft_id = drafting.create_draft(
        work.session(), reach.official(), kind=wanted.kind, title=wanted.title, urgency=wanted.urgency, due=wanted.due,
        moment=moment(),
    )  # fmt: skip
    return Begun(draft_id)


@section.post("/drafts/file", Text("Bắt đầu bằng một tệp Word.", "Begin with a Word file."), status=201)
@needs(Permission.EOFFICE_DRAFT_CHANGE)
@takes_files
def begin_draft_with_file(file: Sent, asked: NewFromFile) -> Begun:
    """A DOCX that was written elsewhere."""
    draft_id = uploading.create_from_docx(
        work.session(), reach.official(), store=work.settings().store, name=file.filename or "", content=file.read(),
        kind=asked.kind, title=asked.title, urgency=asked.urgency, due=asked.due, moment=moment(),
    )  # fmt: skip
    return Begun(draft_id)


@section.post("/drafts/{draft_id}/about", Text("Sửa loại, trích yếu, độ khẩn, hạn.", "Change what it is."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def describe_draft(draft_id: Id, wanted: NewDraft) -> DraftPage:
    """As long as it is with its author. Another type changes the parts of the text; what was written stays."""
    page_of(draft_id)
    describing.describe(
        work.session(), auth.required(), draft_id=draft_id, kind=wanted.kind, title=wanted.title,
        urgency=wanted.urgency, due=wanted.due, moment=moment(),
    )  # fmt: skip
    return page_of(draft_id)


@section.post("/drafts/{draft_id}/revisions", Text("Lưu nội dung.", "Save the text."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def save_draft(draft_id: Id, wanted: SavedText) -> Saved:
    """`both` are the passages where two people wrote at once: both are in the text."""
    page_of(draft_id)
    unknown = {one.role for one in wanted.passages} - set(rules().parts)
    if unknown:
        raise MoveError(
            f"Không có phần “{min(unknown)}” trong thể thức văn bản.", f"No document has a part “{min(unknown)}”."
        )
    return drafting.save(
        work.session(), auth.required(), draft_id=draft_id, base=wanted.base, title=wanted.title,
        seen_title=wanted.seen_title, moment=moment(),
        passages=tuple(Passage(one.id, one.role, one.text) for one in wanted.passages),
    )  # fmt: skip


@section.post("/drafts/{draft_id}/file", Text("Tải tệp Word đã sửa lên.", "Upload the changed Word file."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
@takes_files
def save_draft_file(draft_id: Id, file: Sent, asked: FileAsked) -> Saved:
    """The next revision."""
    page_of(draft_id)
    return uploading.upload_docx(
        work.session(), auth.required(), store=work.settings().store, draft_id=draft_id, base=asked.base,
        name=file.filename or "", content=file.read(), moment=moment(),
    )  # fmt: skip


@section.get("/drafts/{draft_id}/form-check", Text("Kiểm tra thể thức.", "What the form check says."))
@needs(Permission.EOFFICE_DRAFT_READ)
def check_draft(draft_id: Id) -> tuple[Fault, ...]:
    """Of the text, or of the file, as it was saved last."""
    page = page_of(draft_id)
    return tuple(
        Fault(
            one.rule.id, one.rule.severity, one.rule.words, one.rule.place, one.block, one.quote, one.found,
            form.mends_text(one) if page.source == "text" else one.fixable,
        )
        for one in findings_of(page)
    )  # fmt: skip


@section.post("/drafts/{draft_id}/mend", Text("Sửa lỗi thể thức.", "Mend faults of form."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def mend_draft(draft_id: Id, wanted: Mend) -> Saved:
    """What can safely be mended; the next revision."""
    page, session, actor = page_of(draft_id), work.session(), auth.required()
    if page.source == "text":
        return mending.mend_text(
            session, actor, draft_id=draft_id, base=wanted.base, rule=wanted.rule, passage=wanted.passage,
            moment=moment(),
        )  # fmt: skip
    return uploading.mend_file(
        session, actor, store=work.settings().store, draft_id=draft_id, base=wanted.base, moment=moment()
    )


@section.get("/drafts/{draft_id}/revisions", Text("Các bản sửa.", "Its revisions, the last first."))
@needs(Permission.EOFFICE_DRAFT_READ)
def draft_revisions(draft_id: Id, asked: AskedPart) -> Part[RevisionLine]:
    """Each with who saved it."""
    found = stored.revisions(work.session(), auth.required(), draft_id=draft_id, today=moment().today)
    return part_of(found, asked)


@section.get("/drafts/{draft_id}/difference", Text("Khác nhau giữa hai bản.", "What changed between two revisions."))
@needs(Permission.EOFFICE_DRAFT_READ)
def draft_difference(draft_id: Id, asked: RevisionsAsked) -> tuple[ChangedPassage, ...]:
    """Every passage of both, marked."""
    return stored.difference(
        work.session(), auth.required(), draft_id=draft_id, old=asked.old, new=asked.new, today=moment().today
    )


@section.get("/drafts/{draft_id}/ways", Text("Có thể trình theo quy trình nào.", "By which routes it can be sent."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def ways_of_draft(draft_id: Id) -> tuple[Way, ...]:
    """The likeliest first, each with the people who would have it."""
    page_of(draft_id)
    draft, _writer = drafting.changeable(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    return tuple(ways(work.session(), draft, moment=moment()))


@section.post("/drafts/{draft_id}/send", Text("Trình theo quy trình.", "Send it off by a route."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def send_draft(draft_id: Id, wanted: Sending) -> DraftPage:
    """The document on its way."""
    page_of(draft_id)
    sending_round.submit(
        work.session(), auth.required(), draft_id=draft_id, template_id=wanted.template_id,
        seen_revision=wanted.seen_revision, moment=moment(),
    )  # fmt: skip
    return page_of(draft_id)


@section.post("/drafts/{draft_id}/withdraw", Text("Thôi không trình.", "Give it up; what was written stays."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def withdraw_draft(draft_id: Id) -> DraftPage:
    """It can be taken up again."""
    page_of(draft_id)
    sending_round.withdraw(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    return page_of(draft_id)


@section.post("/drafts/{draft_id}/take-up", Text("Soạn tiếp.", "Go on with a draft that was given up."))
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def take_up_draft(draft_id: Id) -> DraftPage:
    """As it was."""
    page_of(draft_id)
    drafting.take_up(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    return page_of(draft_id)
