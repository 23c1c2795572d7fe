"""An official's own classes: asking for a seat and giving it back, being there, the file for a calendar."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from training.queries import class_calendars
from training.queries import classes as queries
from training.queries.classes import ClassLine, OwnClass
from training.services import classes as services
from training.services.classes.attending import Shown
from web import work
from web.api import reach
from web.api.operations import Download, Section
from web.api.parameters import AskedPart, Body, Id, Line, Part, part_of
from web.guards import needs
from web.language import language
from web.views.learning import moment

section = Section("own-classes", Text("Lớp học của mình", "One's own classes"))
ATTEND = Permission.TRAINING_CLASS_ATTEND
CALENDAR = "text/calendar"


class CodeSeen(Body):
    """The code that the screen in the room shows."""

    code: Annotated[Line, Field(min_length=1, max_length=20)]


@section.get("/own/classes", Text("Các lớp học của mình.", "Classes with one's name on the list, and those to choose."))
@needs(ATTEND)
def own_classes(asked: AskedPart) -> Part[OwnClass]:
    """Soonest first; past ones for a year."""
    return part_of(queries.own_classes(work.session(), reach.official(), now=moment().now), asked)


@section.get("/own/classes/taught", Text("Các lớp mình hướng dẫn.", "The classes to come that one teaches."))
@needs(ATTEND)
def classes_taught(asked: AskedPart) -> Part[ClassLine]:
    """Soonest first."""
    return part_of(queries.taught_classes(work.session(), reach.official(), now=moment().now), asked)


@section.get("/own/classes/{class_id}", Text("Một lớp học của mình.", "One class, as somebody sees it who may come."))
@needs(ATTEND)
def own_class(class_id: Id) -> OwnClass:
    """404 for one that is nothing to the official."""
    return _own(class_id)


@section.post("/own/classes/{class_id}/ask", Text("Đăng ký một chỗ.", "Ask for a seat, or a place in the line."))
@needs(ATTEND)
def ask_seat(class_id: Id) -> OwnClass:
    """Twice is once."""
    services.ask_seat(work.session(), reach.official(), class_id=class_id, moment=moment())
    return _own(class_id)


@section.post("/own/classes/{class_id}/leave", Text("Trả lại chỗ.", "Give the seat back, or wait no longer."))
@needs(ATTEND)
def leave_seat(class_id: Id) -> None:
    """Who waited first has it then."""
    services.leave_seat(work.session(), reach.official(), class_id=class_id, moment=moment())


@section.post("/own/classes/{class_id}/here", Text("Ghi nhận có mặt.", "Be there, by the code on the screen."))
@needs(ATTEND)
def check_in(class_id: Id, wanted: CodeSeen) -> OwnClass:
    """409 outside the time for it, and for any other code."""
    services.check_in(
        work.session(), reach.official(), class_id=class_id, shown=Shown(code=wanted.code), moment=moment()
    )  # fmt: skip
    return _own(class_id)


@section.get(
    "/own/classes/{class_id}/calendar", Text("Lịch của một lớp học.", "The class for one's calendar (.ics)."),
    media_types=(CALENDAR,),
)  # fmt: skip
@needs(ATTEND)
def class_calendar(class_id: Id) -> Download:
    """The same event that was sent by e-mail, so that it never stands there twice; without a seat 404."""
    made = class_calendars.own_calendar(
        work.session(), reach.official(), class_id=class_id, language=language(), now=moment().now
    )
    return Download(BytesIO(made), CALENDAR, f"class-{class_id}.ics")


def _own(class_id: int) -> OwnClass:
    return queries.own_class(work.session(), reach.official(), class_id=class_id, now=moment().now)
