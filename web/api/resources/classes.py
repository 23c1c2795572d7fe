"""Classes for those who plan and teach them: the list, one with its people, its sheet, the code of its screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Annotated

from pydantic import Field

from core.permissions import Permission
from core.words import Language, Text
from training import presence
from training.papers import sheet as paper
from training.queries import class_people
from training.queries import classes as queries
from training.queries.class_people import CouldCome
from training.queries.classes import ClassLine, ClassPage, When
from training.services import classes as services
from training.services.classes import ClassPlan, TakenBack
from web import auth, work
from web.api.operations import Download, Section
from web.api.parameters import PLAINLY, AskedPart, Body, Clock, Day, Id, Key, Line, Lines, Part, part_of
from web.guards import needs
from web.views.classes import PDF, paper_of
from web.views.learning import moment

section = Section("classes", Text("Lớp học", "Classes"))
CHANGE = Permission.TRAINING_CLASS_CHANGE
ATTEND = Permission.TRAINING_CLASS_ATTEND
"""Of a class, its sheet and its code: its teacher may see them too."""
MOST_AT_ONCE = 200


class ClassesAsked(AskedPart):
    """Those to come (and running), or the past ones."""

    when: When = "coming"


class Planned(Body):
    """When, where, by whom and for how many. `teacher` is the number of an official, or somebody's name."""

    day: Day
    starts: Clock
    ends: Clock
    room: Annotated[Line, Field(min_length=1, max_length=200)]
    places: Annotated[int, Field(ge=1, le=1000), PLAINLY]
    teacher: Annotated[Line, Field(min_length=1, max_length=200)]
    note: Annotated[Lines, Field(max_length=2000)] = ""

    @property
    def plan(self) -> ClassPlan:
        """The same as the services take it."""
        return ClassPlan(self.day, self.starts, self.ends, self.room, self.places, self.teacher, self.note)


class NewClass(Planned):
    """A class of a course, for a unit and all below it (null: the whole city). `step_key`: the step it proves."""

    course_key: Key
    step_key: Key | None = None
    unit_key: Key | None = None


class ChangedClass(Planned):
    """What is to hold from now on, and the `changes` of the class that it was decided on."""

    seen_changes: Annotated[int, Field(ge=0, le=2_147_483_647), PLAINLY]


class WhyCancelled(Body):
    """Why it does not take place."""

    why: Annotated[Line, Field(min_length=1, max_length=200)]


class WantedSeats(Body):
    """Who is put on the list, by number and in this order."""

    official_ids: Annotated[tuple[Key, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class SomebodyPresent(Body):
    """Who was there, and what the signed sheet says."""

    official_id: Key
    note: Annotated[Line, Field(max_length=200)] = ""


class WronglyPresent(Body):
    """Who was entered by mistake, and why that is said."""

    official_id: Key
    why: Annotated[Line, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class EntryTakenBack:
    """The class as it is now, and what taking the entry back came to; null where there was none (any more)."""

    page: ClassPage
    came_to: TakenBack | None


@dataclass(frozen=True, slots=True)
class Seated:
    """What became of somebody: on a chair, or at this place of the waiting list (1 gets the next free chair)."""

    official_id: str
    seated: bool
    place_in_line: int | None


@dataclass(frozen=True, slots=True)
class ScreenCode:
    """The code to check in with at this moment (null outside the time for it), and until when it is shown."""

    code: str | None
    opens_at: datetime
    closes_at: datetime
    changes_at: datetime | None


@section.get("/classes", Text("Các lớp học.", "The classes that are planned, or taught."))
@needs(CHANGE)
def classes(asked: ClassesAsked) -> Part[ClassLine]:
    """Those to come soonest first, past ones the last one first."""
    rows, total = queries.classes(
        work.session(), auth.required(), now=moment().now, when=asked.when, offset=asked.offset, limit=asked.limit
    )
    return part_of(rows, asked, total)


@section.post("/classes", Text("Lập một lớp học.", "Plan a class."), status=201)
@needs(CHANGE)
def make_class(wanted: NewClass) -> ClassPage:
    """Nobody is on its list yet."""
    made = services.make_class(
        work.session(), auth.required(), course_key=wanted.course_key, step_key=wanted.step_key,
        unit_key=wanted.unit_key, plan=wanted.plan, moment=moment(),
    )  # fmt: skip
    return _page(made)


@section.get("/classes/{class_id}", Text("Một lớp học.", "A class with its list: who has a seat, waits, was there."))
@needs(CHANGE, ATTEND)
def training_class(class_id: Id) -> ClassPage:
    """For whoever plans or teaches it."""
    return _page(class_id)


@section.post("/classes/{class_id}/change", Text("Sửa lớp học.", "Change a class; who is on its list is told."))
@needs(CHANGE)
def change_class(class_id: Id, wanted: ChangedClass) -> ClassPage:
    """409 where somebody changed it meanwhile."""
    services.change_class(
        work.session(), auth.required(), class_id=class_id, seen_changes=wanted.seen_changes, plan=wanted.plan,
        moment=moment(),
    )  # fmt: skip
    return _page(class_id)


@section.post("/classes/{class_id}/cancel", Text("Hủy lớp học.", "Cancel a class; who is on its list is told."))
@needs(CHANGE)
def cancel_class(class_id: Id, wanted: WhyCancelled) -> ClassPage:
    """Twice is once."""
    services.cancel_class(work.session(), auth.required(), class_id=class_id, why=wanted.why, moment=moment())
    return _page(class_id)


@section.get("/classes/{class_id}/could-come", Text("Ai có thể đến học.", "Who has its course to do and no seat."))
@needs(CHANGE)
def could_come(class_id: Id) -> list[CouldCome]:
    """The first fifty, the most urgent first."""
    _page(class_id)
    return class_people.could_come(work.session(), auth.required(), class_id=class_id)


@section.post("/classes/{class_id}/seats", Text("Xếp người vào lớp.", "Put people on the list of a class."))
@needs(CHANGE)
def give_seats(class_id: Id, wanted: WantedSeats) -> tuple[Seated, ...]:
    """All of them or nobody; whoever finds no free chair waits."""
    given = []
    for number in wanted.official_ids:
        one = services.give_seat(
            work.session(), auth.required(), class_id=class_id, official_id=number, moment=moment()
        )  # fmt: skip
        given.append(Seated(number, one.seated, one.place_in_line))
    return tuple(given)


@section.delete("/classes/{class_id}/seats/{official_id}", Text("Bỏ khỏi lớp.", "Take somebody off the list."))
@needs(CHANGE)
def take_seat_away(class_id: Id, official_id: Key) -> None:
    """Who waited first has the seat then."""
    services.take_seat_away(
        work.session(), auth.required(), class_id=class_id, official_id=official_id, moment=moment()
    )  # fmt: skip


@section.post("/classes/{class_id}/present", Text("Ghi người có mặt.", "Put on record who was there, from the sheet."))
@needs(CHANGE)
def enter_present(class_id: Id, wanted: SomebodyPresent) -> ClassPage:
    """Twice is once; nobody enters themselves."""
    services.enter(
        work.session(), auth.required(), class_id=class_id, official_id=wanted.official_id, note=wanted.note,
        moment=moment(),
    )  # fmt: skip
    return _page(class_id)


@section.post(
    "/classes/{class_id}/present/take-back", Text("Rút ghi nhận nhập nhầm.", "Take back a wrong entry of attendance.")
)
@needs(CHANGE)
def take_back_present(class_id: Id, wanted: WronglyPresent) -> EntryTakenBack:
    """What it proved goes with it, unless another class proves the same. Twice is once."""
    found = services.take_back(
        work.session(), auth.required(), class_id=class_id, official_id=wanted.official_id, why=wanted.why,
        moment=moment(),
    )  # fmt: skip
    return EntryTakenBack(_page(class_id), found)


@section.get(
    "/classes/{class_id}/sheet/{language}", Text("Danh sách ký tên.", "The sheet to sign, as PDF/A."),
    media_types=(PDF,),
)  # fmt: skip
@needs(CHANGE, ATTEND)
def class_sheet(class_id: Id, language: Language) -> Download:
    """With empty rows for those who come unasked."""
    made = paper.render(paper_of(_page(class_id), language), zone=work.settings().timezone, language=language)
    return Download(BytesIO(made), PDF, f"class-{class_id}-{language}.pdf")


@section.get("/classes/{class_id}/code", Text("Mã trên màn hình của lớp.", "The code on the screen in the room."))
@needs(CHANGE, ATTEND)
def class_code(class_id: Id) -> ScreenCode:
    """Another one every half minute, for a screen of one's own."""
    page, now = _page(class_id), moment().now
    when = presence.Session(page.uid, page.line.starts_at, page.line.ends_at, cancelled=page.line.cancelled)
    code = presence.code(work.settings().secret_key, when, now)
    return ScreenCode(code, when.opens_at, when.closes_at, presence.changes_at(now) if code else None)


def _page(class_id: int) -> ClassPage:
    return queries.class_page(work.session(), auth.required(), class_id=class_id)
