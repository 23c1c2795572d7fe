"""Who learns what and why, who is done, what reminders are to come, and all of it as xAPI statements."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from training.errors import AssignmentNotFoundError
from training.queries import learnt
from training.queries.board import Asked as Wanted
from training.queries.board import BoardRow, Standing, board
from training.queries.coming import Reminders
from training.queries.coming import reminders as reminders_to_come
from training.queries.told_courses import ToldCourse, told_courses
from web import auth, looks, work
from web.api.operations import Section
from web.api.parameters import AskedPart, Day, Id, Key, Line, Part, part_of
from web.guards import needs

section = Section("assignments", Text("Khóa học được giao", "Assigned courses"))
Since = Annotated[Day | None, Field(description="Nothing before this day")]


class AssignmentsAsked(AskedPart):
    """Of a unit, a standing, a course, a campaign and its wave; of officials whom `text` finds, or of one by number."""

    unit: Key | None = None
    standing: Standing | None = None
    course: Key | None = None
    campaign: Id | None = None
    wave: Id | None = None
    official: Key | None = None
    text: Annotated[Line, Field(max_length=100)] = ""


class CompletionsAsked(AskedPart):
    """Done since a day; of a unit, a course, an official."""

    since: Since = None
    unit: Key | None = None
    course: Key | None = None
    official: Key | None = None


class RemindersAsked(AskedPart):
    """Of those to come, today's first."""


class StatementsAsked(AskedPart):
    """Learnt since a day."""

    since: Since = None


@section.get("/assignments", Text("Ai học gì, vì sao.", "Who learns what and why: who is late first, then by day."))
@needs(Permission.TRAINING_BOARD_READ)
def assignments(asked: AssignmentsAsked) -> Part[BoardRow]:
    """A part of them; without a standing all but those that were excused or taken back."""
    wanted = Wanted(
        unit=asked.unit, standing=asked.standing, course=asked.course, campaign=asked.campaign, wave=asked.wave,
        text=asked.text, official_id=asked.official,
    )  # fmt: skip
    return _part(wanted, asked)


@section.get("/assignments/{assignment_id}", Text("Một lượt học.", "One assignment."))
@needs(Permission.TRAINING_BOARD_READ)
def assignment(assignment_id: Id) -> BoardRow:
    """404 for one of somebody out of reach."""
    wanted = Wanted(assignment_id=assignment_id, standing=None, everything=True)
    found = board(work.session(), auth.required(), asked=wanted, today=work.today(), limit=1)
    if not found.rows:
        raise AssignmentNotFoundError(assignment_id)
    looks.at_following(None)
    return found.rows[0]


@section.get("/completions", Text("Ai đã học xong.", "Who is done with what, the latest first."))
@needs(Permission.TRAINING_BOARD_READ)
def completions(asked: CompletionsAsked) -> Part[BoardRow]:
    """A part of them."""
    wanted = Wanted(
        unit=asked.unit, standing="done", course=asked.course, official_id=asked.official,
        done_since=_moment(asked.since),
    )  # fmt: skip
    return _part(wanted, asked)


@section.get("/courses", Text("Các khóa học.", "The courses there are: their steps, without lessons and answers."))
@needs(Permission.TRAINING_BOARD_READ)
def courses(asked: AskedPart) -> Part[ToldCourse]:
    """By key."""
    return part_of(told_courses(work.session(), auth.required()), asked)


@section.get("/reminders", Text("Lịch nhắc học.", "Reminders of the next two weeks, and the last ones sent."))
@needs(Permission.TRAINING_BOARD_READ)
def reminders(asked: RemindersAsked) -> Reminders:
    """As they will go out if nothing changes; a part of those to come, of `total`."""
    part = slice(asked.offset, asked.offset + asked.limit)
    found = reminders_to_come(work.session(), auth.required(), today=work.today(), part=part)
    if found.coming or found.sent:
        looks.at_following(None)
    return found


@section.get("/statements", Text("Bản ghi học tập xAPI.", "What was learnt as xAPI statements, the earliest first."))
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def statements(asked: StatementsAsked) -> Part[dict[str, Any]]:
    """A part of them; the id of a statement is the same whenever it is asked for."""
    since = _moment(asked.since)
    session, actor = work.session(), auth.required()
    rows = tuple(learnt.statements(session, actor, since=since, offset=asked.offset, limit=asked.limit))
    if rows:
        looks.at_following(None)
    return part_of(rows, asked, learnt.count_statements(session, actor, since=since))


def _part(wanted: Wanted, asked: AskedPart) -> Part[BoardRow]:
    found = board(
        work.session(), auth.required(), asked=wanted, today=work.today(), offset=asked.offset, limit=asked.limit
    )
    if found.rows:
        looks.at_following(wanted.unit)
    return part_of(found.rows, asked, found.total)


def _moment(day: Day | None) -> datetime | None:
    """When a day begins in the offices."""
    return None if day is None else datetime.combine(day, time.min, ZoneInfo(work.settings().timezone))
