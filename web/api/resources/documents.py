"""Documents on their way: what waits, one of them, what people decide about it, its whole story, what is overdue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Annotated

from pydantic import Field

from core.permissions import Permission
from core.words import Language, Text
from eoffice.queries import Colleague, DraftPage, WaitingTask, colleagues, tasks_waiting
from eoffice.queries.board import LateTask, UnitBoard, board
from eoffice.queries.finding import FoundDraft, find_drafts
from eoffice.queries.story import story
from eoffice.services import deciding, looking, sending_round
from eoffice.services.deciding import Done
from eoffice.story import Story, as_pdf
from web import auth, looks, work
from web.api.operations import Download, Section
from web.api.parameters import Asked, AskedPart, Body, Id, Key, Line, Lines, Part, Place, part_of
from web.guards import needs
from web.views.document_words import moment, type_words
from web.views.drafts.frame import page_of

section = Section("documents", Text("Văn bản trình và ý kiến", "Documents on their way"))
VIA = "api"
"""The door, as remarks and decisions keep it."""
PDF = "application/pdf"
Comment = Annotated[Lines, Field(description="Remarks that go with it")]


class TextAsked(AskedPart):
    """Words of the title or the text, with or without diacritics."""

    text: Annotated[Line, Field(min_length=1, max_length=100)]


class PeopleAsked(Asked):
    """The beginning of words of a name; without any, those of the own unit."""

    text: Annotated[Line, Field(max_length=100)] = ""


class Decision(Body):
    """On which revision it was decided, at which step (without one: the own), and what is said beside it."""

    seen_revision: Id
    position: Place | None = None
    comment: Comment = ""


class Return(Decision):
    """To its author, or `to` an earlier step; with remarks."""

    to: Place | None = None


class Question(Body):
    """Whom to ask, by their numbers, and what."""

    whom: Annotated[tuple[Key, ...], Field(min_length=1, max_length=50)]
    position: Place | None = None
    question: Comment = ""


class TakenBack(Body):
    """At which step the own decision was made."""

    position: Place


@dataclass(frozen=True, slots=True)
class Decided:
    """At which step it was decided, and the document as it stands since."""

    position: int
    document: DraftPage


@dataclass(frozen=True, slots=True)
class Overdue:
    """A unit: how many turns wait and are late, by how many days the latest is; which, for those who lead it."""

    unit: str
    name: str
    waiting: int
    late: int
    longest: int
    is_led: bool
    lines: tuple[LateTask, ...]


@section.get("/documents", Text("Tìm văn bản theo chữ.", "Documents that one may see and that hold the words."))
@needs(Permission.EOFFICE_DRAFT_READ)
def find_documents(asked: TextAsked) -> Part[FoundDraft]:
    """Those with the words in the title first."""
    found, total = find_drafts(
        work.session(), auth.required(), question=asked.text, today=moment().today, offset=asked.offset,
        limit=asked.limit,
    )  # fmt: skip
    return part_of(found, asked, total)


@section.get("/documents/waiting", Text("Những văn bản đang chờ.", "What waits, the most urgent first."))
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def waiting_documents(asked: AskedPart) -> Part[WaitingTask]:
    """For whoever the token stands for, and for those they act for."""
    return part_of(tasks_waiting(work.session(), auth.required(), today=moment().today), asked)


@section.get("/documents/overdue", Text("Việc quá hạn theo đơn vị.", "What is overdue, unit by unit."))
@needs(Permission.EOFFICE_BOARD_READ)
def overdue_documents(asked: AskedPart) -> Part[Overdue]:
    """The units in reach where anything waits, the latest first."""
    units = board(work.session(), auth.required(), today=moment().today)
    looks.at_board(units)
    return part_of([_overdue(one) for one in units], asked)


@section.get("/documents/colleagues", Text("Tìm người để xin ý kiến.", "Whom one can ask, by name."))
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def find_colleagues(asked: PeopleAsked) -> tuple[Colleague, ...]:
    """At most twenty."""
    return tuple(colleagues(work.session(), auth.required(), question=asked.text))


@section.get("/documents/{draft_id}", Text("Một văn bản. Việc mở xem được ghi lại.", "One document. The look is kept."))
@needs(Permission.EOFFICE_DRAFT_READ)
def document(draft_id: Id) -> DraftPage:
    """Its text, what changed since the last look, opinions, steps, whose turn it is; seen from now on."""
    page = page_of(draft_id)
    looking.look(work.session(), auth.required(), draft_id=draft_id, moment=moment(), shown=page.newest)
    return page


@section.post("/documents/{draft_id}/agree", Text("Đồng ý.", "Agree at the step whose turn it is."))
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def agree(draft_id: Id, wanted: Decision) -> Decided:
    """409 where the text was changed since `seen_revision`, or it is nobody's turn any more."""
    return _decided_by(deciding.approve, draft_id, wanted)


@section.post("/documents/{draft_id}/opinion", Text("Cho ý kiến.", "Give the opinion that was asked for."))
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def give_opinion(draft_id: Id, wanted: Decision) -> Decided:
    """It needs words."""
    return _decided_by(deciding.give_opinion, draft_id, wanted)


@section.post("/documents/{draft_id}/return", Text("Trả lại kèm ý kiến.", "Return it with remarks."))
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def return_document(draft_id: Id, wanted: Return) -> Decided:
    """To its author, or to an earlier step."""
    return _decided_by(partial(deciding.return_to, to=wanted.to), draft_id, wanted)


@section.post("/documents/{draft_id}/ask", Text("Xin ý kiến người khác.", "Ask others for their opinion."))
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def ask_opinion(draft_id: Id, wanted: Question) -> Decided:
    """The document goes on waiting meanwhile."""
    page_of(draft_id)
    done = deciding.ask_opinion(
        work.session(), auth.required(), draft_id=draft_id, whom=wanted.whom, position=wanted.position,
        question=wanted.question, moment=moment(),
    )  # fmt: skip
    return _decided(done)


@section.post("/documents/{draft_id}/undo", Text("Rút lại quyết định vừa rồi.", "Take the own decision back."))
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def undo_decision(draft_id: Id, wanted: TakenBack) -> Decided:
    """Within a minute, and before anybody saw what followed."""
    page_of(draft_id)
    done = deciding.undo(
        work.session(), auth.required(), draft_id=draft_id, position=wanted.position, moment=moment()
    )  # fmt: skip
    return _decided(done)


@section.post("/documents/{draft_id}/pull-back", Text("Thu hồi để sửa.", "Pull it back to work on it."))
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def pull_back_document(draft_id: Id) -> DraftPage:
    """Its author, until somebody has opened it."""
    page_of(draft_id)
    sending_round.pull_back(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    return page_of(draft_id)


@section.get("/documents/{draft_id}/story", Text("Toàn bộ quá trình.", "Everything that happened to it."))
@needs(Permission.EOFFICE_DRAFT_READ)
def document_story(draft_id: Id) -> Story:
    """The first first."""
    return story(work.session(), auth.required(), draft_id=draft_id, today=moment().today)


@section.get(
    "/documents/{draft_id}/story/{language}", Text("Toàn bộ quá trình, PDF/A.", "The same as a paper."),
    media_types=(PDF,),
)  # fmt: skip
@needs(Permission.EOFFICE_DRAFT_READ)
def document_story_paper(draft_id: Id, language: Language) -> Download:
    """PDF/A, in one of the languages."""
    found = document_story(draft_id)
    made = as_pdf.render(found, type_words=type_words(found.type), zone=work.settings().timezone, language=language)
    return Download(BytesIO(made), PDF, f"vanthu-{draft_id}-{language}.pdf")


def _decided_by(decide: Callable[..., Done], draft_id: int, wanted: Decision) -> Decided:
    """A decision of the kind that needs the revision it was made on. 404 before anything else for what is not seen."""
    page_of(draft_id)
    done = decide(
        work.session(), auth.required(), draft_id=draft_id, seen_revision=wanted.seen_revision,
        position=wanted.position, comment=wanted.comment, moment=moment(), via=VIA,
    )  # fmt: skip
    return _decided(done)


def _decided(done: Done) -> Decided:
    return Decided(done.position, page_of(done.draft_id))


def _overdue(one: UnitBoard) -> Overdue:
    return Overdue(one.key, one.name, one.waiting, one.late, one.longest, one.is_led, tuple(one.lines))
