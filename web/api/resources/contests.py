"""Asking for a review of a figure, what waits, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from mail_audit.queries import contests as reading
from mail_audit.queries.contests import ContestedFigure
from mail_audit.services.contests import answer_contest, ask_contest
from web import auth, looks, work
from web.api.operations import Section
from web.api.parameters import AskedPart, Body, Day, Id, Key, Lines, Part, part_of
from web.guards import needs

section = Section("contests", Text("Đề nghị xem lại số liệu", "Reviews of figures"))
About = Literal[
    "usage_class",
    "day",
    "active_days",
    "delegated",
    "failed_logins",
    "forwards",
    "logins",
    "opened",
    "received",
    "sent",
    "sent_external",
    "sent_recipients",
]
"""What may be contested; a test holds that it is what the table takes."""


class ContestsAsked(AskedPart):
    """Those that wait or those that are answered; of one audit."""

    state: Literal["open", "answered"] | None = None
    audit_id: Id | None = None


class NewContest(Body):
    """Whose figure is not right, which (`about` a `day`: that day), and why."""

    official_id: Key
    about: About
    day: Day | None = None
    reason: Annotated[Lines, Field(min_length=1)]


class Answer(Body):
    """Whether the figure was wrong, and what is answered."""

    verdict: Literal["accepted", "explained"]
    answer: Annotated[Lines, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A contest that was sent."""

    contest_id: int


@section.get(
    "/contests",
    Text("Các đề nghị, việc đang chờ trước.", "What was asked, what waits first."),
)
@needs(Permission.MAIL_AUDIT_CONTEST_READ)
def contests(asked: ContestsAsked) -> Part[ContestedFigure]:
    """A part of them."""
    found = reading.contests(
        work.session(),
        auth.required(),
        state=asked.state,
        audit_id=asked.audit_id,
        offset=asked.offset,
        limit=asked.limit,
    )
    if found.rows:
        looks.at_contests()
    return part_of(found.rows, asked, found.total)


@section.get("/contests/{contest_id}", Text("Một đề nghị.", "One contest with its reason and its answer."))
@needs(Permission.MAIL_AUDIT_CONTEST_READ)
def contest(contest_id: Id) -> ContestedFigure:
    """One of them."""
    return reading.contest(work.session(), auth.required(), contest_id)


@section.post(
    "/audits/{audit_id}/contests", Text("Đề nghị xem lại một số liệu.", "Ask for a review of a figure."), status=201
)
@needs(Permission.MAIL_AUDIT_CONTEST_ASK)
def ask_review(audit_id: Id, wanted: NewContest) -> Asked:
    """Send it."""
    contest_id = ask_contest(
        work.session(),
        auth.required(),
        audit_id=audit_id,
        official_id=wanted.official_id,
        about=wanted.about,
        day=wanted.day,
        reason=wanted.reason,
    )
    return Asked(contest_id)


@section.post("/contests/{contest_id}/answer", Text("Trả lời một đề nghị.", "Answer a contest, once."))
@needs(Permission.MAIL_AUDIT_CONTEST_ANSWER)
def answer_review(contest_id: Id, wanted: Answer) -> ContestedFigure:
    """The contest with its answer."""
    session, actor = work.session(), auth.required()
    answer_contest(session, actor, contest_id=contest_id, verdict=wanted.verdict, answer=wanted.answer)
    return reading.contest(session, actor, contest_id)
