"""The demonstration's practice by e-mail: exercises that are begun, what was sent for them, and what the logs prove.

Most do as they are asked; somebody has a colleague send the message, sends it from a colleague's computer, or forgets
it. The generator writes just that into the city's logs (`mail_audit.sample.practised`), and the verdicts are those of
the services that judge everybody.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import day_in, is_working_day, working_day_after
from core.db import settings_of
from core.directory.coded import CodedAddresses, practice_addresses
from core.directory.models import Account, OfficialRow
from core.permissions import Actor
from core.words import Text
from mail_audit.sample import PracticeMessage
from mail_audit.sample.people import Town
from training.models import AssignmentRow, ExerciseRow
from training.moments import Moment
from training.queries.practice import evidence_of, latest
from training.services import assigning, practising
from web import demo_learners
from web.demo_learners import Days

SPELLING = "thuchanh+{code}@tp.example.gov.vn"
"""Where the demonstration's practice messages go to."""
REASON = Text(
    "Ít dùng thư điện tử công vụ trong các kỳ đo gần đây.",
    "Little use of official e-mail in the last periods measured.",
)
STAYS_AWAY = frozenset({"silent", "phone", "idle", "syncs"})
"""Habits of those whom the personnel office has practise."""
How = Literal["sent", "by_colleague", "at_colleague", "forgotten"]


@dataclass(frozen=True, slots=True)
class Try:
    """How somebody practises: the course and its exercise, begun at least so many days ago. `account`: whose it is;
    without one it is somebody's who uses little e-mail.
    """

    how: How
    ago: int
    account: str | None = None
    course: str = "mailbox"
    kind: str = "send"


TRIES = (
    Try("sent", 3, "vanthu", "records", "send_copy"),
    Try("at_colleague", 3, "canbo"),
    Try("sent", 10),
    Try("sent", 8),
    Try("sent", 5),
    Try("by_colleague", 6),
    Try("at_colleague", 4),
    Try("forgotten", 2),
    Try("forgotten", 24),
)


def practised(session: Session, hr: Actor, days: Days, *, town: Town, today: date) -> list[PracticeMessage]:
    """Begin the exercises, where they are not begun yet; what was sent for them until yesterday.

    Nothing where e-mail is not practised.
    """
    addresses = practice_addresses(settings_of(session))
    if addresses is None:
        return []
    found = []
    for one, learner, colleague in _people(session, town):
        begun = _begun(session, hr, days, one, learner, today)
        message = _message(one, begun, learner, colleague, addresses, days) if begun is not None else None
        if message is not None and message.day < today:
            found.append(message)
    return found


def judge(session: Session, *, moment: Moment) -> None:
    """Judge what is open by what was collected, at this very moment: a look that is to come would hide what comes."""
    rows = list(session.scalars(select(ExerciseRow).where(ExerciseRow.state == "open").order_by(ExerciseRow.id)))
    for exercise_id, known in evidence_of(session, rows, moment=moment).items():
        practising.judge(session, exercise_id=exercise_id, known=known, moment=moment)


def _people(session: Session, town: Town) -> list[tuple[Try, str, str]]:
    """Who tries how, and somebody else who uses e-mail at a computer of their own: by official_id, always the same."""
    wanted = select(Account.name, OfficialRow.official_id).join(OfficialRow, OfficialRow.id == Account.official)
    accounts = {name: number for name, number in session.execute(wanted)}  # noqa: C416 - rows are no pairs
    boxes = [one for one in town.people if one.address is not None]
    desks = Counter(one.station for one in town.people)
    writers = [one for one in boxes if one.habit == "writes" and one.frequent and desks[one.station] == 1]
    others = iter(one for one in boxes if one.habit in STAYS_AWAY and one.official_id not in accounts.values())
    found = []
    for one in TRIES:
        number = accounts.get(one.account) if one.account is not None else next(others).official_id
        learner = next((each for each in boxes if each.official_id == number), None)
        if learner is not None:
            colleagues = [each for each in writers if each.number not in {learner.number, learner.clerk}]
            near = [each for each in colleagues if each.top == learner.top] or colleagues
            found.append((one, learner.official_id, near[0].official_id))
    return found


def _begun(session: Session, hr: Actor, days: Days, one: Try, learner: str, today: date) -> ExerciseRow | None:
    """The exercise; the lessons are read and the quiz is passed before. None where the course is over."""
    wanted = select(AssignmentRow).join(OfficialRow, OfficialRow.id == AssignmentRow.official)
    wanted = wanted.where(OfficialRow.official_id == learner, AssignmentRow.course_key == one.course)
    assignment = session.scalars(wanted.order_by(AssignmentRow.id)).first()
    day = _working_day(today - timedelta(days=one.ago))
    if assignment is None:
        made = assigning.assign_by_hand(
            session, hr, official_id=learner, course_key=one.course, due_on=working_day_after(today, 10),
            reason=REASON, moment=days.at(_working_day(day - timedelta(days=4)), 8),
        )  # fmt: skip
        assignment = session.get_one(AssignmentRow, made)
    begun = latest(session, assignment.id, one.kind)
    if begun is None and assignment.state == "open":
        who = demo_learners.learner(session, session.get_one(OfficialRow, assignment.official))
        demo_learners.read_lessons(session, who, assignment, days.at(day, 9))
        demo_learners.pass_quiz(session, who, assignment, days.at(day, 10))
        practising.begin(session, who, assignment_id=assignment.id, kind=one.kind, moment=days.at(day, 11))
        begun = latest(session, assignment.id, one.kind)
    return begun


def _message(
    one: Try, begun: ExerciseRow, learner: str, colleague: str, addresses: CodedAddresses, days: Days
) -> PracticeMessage | None:
    """What was sent on the afternoon of the day on which it was begun."""
    if one.how == "forgotten":
        return None
    to = tuple(addresses.address(code) for code in (begun.code, begun.second_code) if code is not None)
    return PracticeMessage(
        day=day_in(days.zone, begun.issued_at),
        log_in=colleague if one.how == "by_colleague" else learner,
        desk=learner if one.how == "sent" else colleague,
        to=to,
    )


def _working_day(day: date) -> date:
    """That day, or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
