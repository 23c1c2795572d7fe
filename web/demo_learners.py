"""The demonstration's learners: each reads, answers, comes to class, by the services that their own clicks call."""

from __future__ import annotations

import io
import random
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import Account, OfficialRow
from core.errors import ConflictError
from core.permissions import Actor, Role
from training import quizzes
from training.errors import SeatError
from training.lessons import SHIPPED
from training.models import AssignmentRow, AttemptRow, ClassRow, StepDoneRow
from training.moments import Moment
from training.queries.courses import course_of, edition_course
from training.services import classes, learning, quizzing

COURSE = "mailbox_class"
"""A course as a personnel office makes its own: the mailbox's lessons, with an hour together instead of an exercise."""
CLASS = "together"
TITLE = ("Hộp thư công vụ: học cùng nhau", "Your official mailbox, learnt together")
ROOM = "Phòng họp số 2, Trung tâm hành chính thành phố"
TEACHER = "Tổ hỗ trợ thư điện tử"
PLACES = 60


@dataclass(frozen=True, slots=True)
class Days:
    """The office's clock: any hour of any day as a moment."""

    zone: str

    def at(self, day: date, hour: int, minute: int = 0) -> Moment:
        """That hour by the office's clock."""
        return Moment(datetime.combine(day, time(hour, minute), ZoneInfo(self.zone)).astimezone(UTC), day)


def package() -> bytes:
    """The personnel office's own course, as the zip that its page takes."""
    shipped = SHIPPED / "mailbox"
    told = (shipped / "course.toml").read_text("utf-8")
    known = tomllib.loads(told)
    told = told.replace(f'key = "{known["key"]}"', f'key = "{COURSE}"', 1)
    for before, after in zip(known["title"].values(), TITLE, strict=True):
        told = told.replace(f'"{before}"', f'"{after}"', 1)
    told = told.replace('"exercise:send"', f'"class:{CLASS}"', 1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(one for one in shipped.rglob("*") if one.is_file()):
            name = file.relative_to(shipped).as_posix()
            archive.writestr(name, told.encode() if name == "course.toml" else file.read_bytes())
    return packed.getvalue()


def learner(session: Session, official: OfficialRow) -> Actor:
    """Somebody at their own page, by the account where there is one, else by name."""
    account = session.scalars(select(Account.name).where(Account.official == official.id)).first()
    return Actor(account or official.name, frozenset({Role.OFFICIAL}), official.official_id)


def read_lessons(session: Session, who: Actor, assignment: AssignmentRow, moment: Moment, most: int = 99) -> None:
    """Open and finish the first so many lessons of the course."""
    _, course = course_of(session, assignment.course_key)
    for lesson in course.lessons[:most]:
        learning.open_lesson(session, who, assignment_id=assignment.id, lesson=lesson.key, moment=moment)
        learning.finish_lesson(session, who, assignment_id=assignment.id, lesson=lesson.key, moment=moment)


def pass_quiz(session: Session, who: Actor, assignment: AssignmentRow, moment: Moment) -> None:
    """Answer every question rightly."""
    attempt_id = quizzing.begin(session, who, assignment_id=assignment.id, moment=moment)
    attempt = session.get_one(AttemptRow, attempt_id)
    course = edition_course(session, attempt.edition)
    right = {one.key: one.right for one in course.questions}
    asked = quizzes.draw(course.questions, seed=attempt.seed, count=course.draw)
    sent = {one.number: _fields(one, right[one.question]) for one in asked}
    quizzing.hand_in(session, who, attempt_id=attempt_id, sent=sent, seen_changes=attempt.changes, moment=moment)


def _fields(asked: quizzes.Asked, right: tuple[str, ...]) -> Mapping[str, list[str]]:
    """What a page sends of somebody who knows: a partner for each, or every choice that is right."""
    pairs = list(zip(asked.choices, asked.choice_keys, strict=True))
    if asked.paired:
        partner = {key: asked.partner_keys.index(one) + 1 for key, one in zip(asked.first_keys, right, strict=True)}
        return {f"pair-{offered.value}": [str(partner[key])] for offered, key in pairs}
    return {"choice": [offered.value for offered, key in pairs if key in right]}


def teach(session: Session, hr: Actor, days: Days, *, assignment_id: int, class_id: int, everybody: float) -> None:
    """One learner of a wave, in the weeks after its first day: most do all of it, some begin, some never come.

    `everybody` is the share of those who finish. Of an assignment that is not open any more nothing is left to do, and
    nothing of one that was taught before: what a visitor took back since stays taken back.
    """
    assignment = session.get_one(AssignmentRow, assignment_id)
    official = session.get_one(OfficialRow, assignment.official)
    chance = random.Random(f"learns {official.official_id}")
    zeal = chance.random()
    taught = session.scalars(select(StepDoneRow.id).where(StepDoneRow.assignment == assignment_id)).first()
    if assignment.state != "open" or taught is not None or zeal > everybody + 0.2:
        return
    who, evening = learner(session, official), assignment.starts_on + timedelta(days=chance.randrange(1, 9))
    read_lessons(session, who, assignment, days.at(evening, 15, chance.randrange(60)), 99 if zeal < everybody else 2)
    if zeal < everybody:
        pass_quiz(session, who, assignment, days.at(evening, 16, chance.randrange(60)))
        held = session.get_one(ClassRow, class_id).starts_at.astimezone(ZoneInfo(days.zone)).date()
        classes.enter(
            session, hr, class_id=class_id, official_id=official.official_id, note="Ký tên trong danh sách",
            moment=days.at(held, 11),
        )  # fmt: skip


def class_on(session: Session, hr: Actor, days: Days, *, day: date, planned: date) -> int:
    """The class of that day, planned some days before; the one there is, where there is one."""
    starts = days.at(day, 9).now
    wanted = select(ClassRow.id).where(ClassRow.course_key == COURSE, ClassRow.starts_at == starts)
    known = session.scalars(wanted).first()
    if known is not None:
        return known
    plan = classes.ClassPlan(day, time(9), time(10, 30), ROOM, PLACES, TEACHER, "Mang theo điện thoại.")
    return classes.make_class(
        session, hr, course_key=COURSE, step_key=CLASS, unit_key=None, plan=plan, moment=days.at(planned, 8)
    )


def seat(session: Session, hr: Actor, *, class_id: int, official_id: str, moment: Moment) -> None:
    """Put somebody on a class's list; whoever is on it already stays."""
    try:
        classes.give_seat(session, hr, class_id=class_id, official_id=official_id, moment=moment)
    except (ConflictError, SeatError):
        return
