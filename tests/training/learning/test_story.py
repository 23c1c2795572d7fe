"""A course from its assignment to its end, and what on the way is done twice, too late, or by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.errors import ForbiddenError
from core.permissions import SCHEDULER
from core.settings import Settings
from core.words import Text
from tests.training.learning.answering import right_answers
from tests.training.learning.conftest import ANH, BINH, HR, moment
from training import lessons
from training.errors import (
    AssignmentNotFoundError,
    AttemptsUsedError,
    CourseFileError,
    CourseNotFoundError,
    MovedOnError,
    NotOpenError,
    StaleAttemptError,
)
from training.lessons.model import ATTEMPTS_A_DAY
from training.models import AssignmentRow, AttemptRow, CertificateRow, CourseRow, StepDoneRow
from training.queries.courses import course_of, editions, shelf
from training.queries.learning import attempt_page, courses_due, lesson_page, own_course, own_courses, result_page
from training.queries.questions import bank
from training.services import courses, learning, quizzing
from training.services.completing import step_done

LESSONS = ("what-it-is", "logging-in", "first-message", "what-is-counted")


def actions(session: Session) -> list[str]:
    wanted = select(AuditEntry.action).where(AuditEntry.action.like("training:%")).order_by(AuditEntry.id)
    return [one for one in session.scalars(wanted) if not one.startswith("training:course:")]


def read_all(session: Session, assigned: int) -> None:
    for at, key in enumerate(LESSONS):
        learning.open_lesson(session, ANH, assignment_id=assigned, lesson=key, moment=moment(at))
        learning.finish_lesson(session, ANH, assignment_id=assigned, lesson=key, moment=moment(at))


def test_from_assignment_to_certificate(session: Session, assigned: int) -> None:
    assert [one.assignment_id for one in courses_due(session, ANH)] == [assigned]
    first = own_courses(session, ANH)[0]
    assert (first.done, first.next and first.next.key) == (0, "what-it-is")
    read_all(session, assigned)
    found = own_course(session, ANH, assigned)
    assert (found.done, found.next and found.next.kind) == (4, "quiz")
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment(60))
    assert quizzing.hand_in(
        session, ANH, attempt_id=attempt, sent=right_answers(session, attempt), seen_changes=0, moment=moment(90)
    )
    assert own_course(session, ANH, assigned).state == "open", "the exercise is still to come"
    assert step_done(
        session, SCHEDULER, assignment_id=assigned, kind="exercise", key="send", proof={"event": 7}, moment=moment(99)
    )
    row = session.get_one(AssignmentRow, assigned)
    assert (row.state, row.done_at) == ("done", moment(99).now)
    assert session.scalars(select(CertificateRow.course_key)).one() == "mailbox"
    assert courses_due(session, ANH) == []
    kinds = actions(session)
    assert kinds.count("training:step:done") == 6
    assert kinds.count("training:lesson:open") == 4
    assert (kinds.count("training:attempt:begin"), kinds.count("training:attempt:hand_in")) == (1, 1)
    assert session.scalars(select(StepDoneRow.by).where(StepDoneRow.kind == "exercise")).one() == "scheduler"


def test_a_course_goes_on_where_it_was_left(session: Session, assigned: int) -> None:
    learning.open_lesson(session, ANH, assignment_id=assigned, lesson="first-message", moment=moment(5))
    learning.open_lesson(session, ANH, assignment_id=assigned, lesson="first-message", moment=moment(9))
    found = own_course(session, ANH, assigned)
    assert found.next is not None
    assert found.next.key == "first-message"
    assert actions(session).count("training:lesson:open") == 1
    learning.finish_lesson(session, ANH, assignment_id=assigned, lesson="first-message", moment=moment(10))
    found = own_course(session, ANH, assigned)
    assert found.next is not None
    assert found.next.key == "what-it-is"
    page = lesson_page(session, ANH, assigned, "first-message")
    assert (page.number, page.count, page.before) == (3, 4, "logging-in")


def test_done_twice_is_done_once(session: Session, assigned: int) -> None:
    assert learning.finish_lesson(session, ANH, assignment_id=assigned, lesson="logging-in", moment=moment(1))
    assert not learning.finish_lesson(session, ANH, assignment_id=assigned, lesson="logging-in", moment=moment(2))
    assert session.scalar(select(func.count()).select_from(StepDoneRow)) == 1
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment(3))
    assert quizzing.begin(session, ANH, assignment_id=assigned, moment=moment(4)) == attempt
    sent = right_answers(session, attempt)
    handed = replace(moment(5))
    assert quizzing.hand_in(session, ANH, attempt_id=attempt, sent=sent, seen_changes=0, moment=handed)
    assert quizzing.hand_in(session, ANH, attempt_id=attempt, sent={}, seen_changes=0, moment=moment(6))
    row = session.get_one(AttemptRow, attempt)
    assert (row.percent, row.handed_in_at) == (100, handed.now)
    with pytest.raises(NotOpenError):
        quizzing.begin(session, ANH, assignment_id=assigned, moment=moment(7))
    with pytest.raises(NotOpenError):
        quizzing.save(session, ANH, attempt_id=attempt, sent={}, seen_changes=1, moment=moment(8))


def test_a_stale_page_changes_nothing(session: Session, assigned: int) -> None:
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    some = right_answers(session, attempt, leave=4)
    all_of_them = right_answers(session, attempt)
    assert quizzing.save(session, ANH, attempt_id=attempt, sent=some, seen_changes=0, moment=moment(1)) == 1
    assert quizzing.save(session, ANH, attempt_id=attempt, sent=some, seen_changes=0, moment=moment(2)) == 1, "the same"
    for call in (quizzing.save, quizzing.hand_in):
        with pytest.raises(StaleAttemptError):
            call(session, ANH, attempt_id=attempt, sent=all_of_them, seen_changes=0, moment=moment(3))
    assert session.get_one(AttemptRow, attempt).handed_in_at is None
    assert len(attempt_page(session, ANH, attempt).answers) == 2


def test_not_passed_tried_again_and_no_more_today(session: Session, assigned: int) -> None:
    seeds = set()
    for number in range(ATTEMPTS_A_DAY):
        attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment(number))
        seeds.add(session.get_one(AttemptRow, attempt).seed)
        sent = right_answers(session, attempt, leave=2)
        assert not quizzing.hand_in(session, ANH, attempt_id=attempt, sent=sent, seen_changes=0, moment=moment(number))
        result = result_page(session, ANH, attempt)
        assert result is not None
        assert (result.percent, result.passed, result.number) == (66, False, number + 1)
    assert len(seeds) == ATTEMPTS_A_DAY
    with pytest.raises(AttemptsUsedError):
        quizzing.begin(session, ANH, assignment_id=assigned, moment=moment(60))
    assert quizzing.begin(session, ANH, assignment_id=assigned, moment=moment(86_400)), "tomorrow again"
    assert session.scalar(select(func.count()).select_from(StepDoneRow)) == 0


def at_once(settings: Settings, call: Callable[[Session], object], times: int = 3) -> list[object]:
    """What comes of the same call in several sessions at the same time: values and errors."""

    def one(_number: int) -> object:
        try:
            with unit_of_work(settings) as session:
                return call(session)
        except Exception as refused:  # noqa: BLE001 - what was refused is the answer
            return type(refused)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_two_at_once(settings: Settings, committed: int) -> None:
    """One attempt is begun, one result stands, each step is proved once, and the course is done once."""
    begun = at_once(settings, lambda s: quizzing.begin(s, ANH, assignment_id=committed, moment=moment()))
    assert len(set(begun)) == 1
    attempt = int(str(begun[0]))
    with unit_of_work(settings) as session:
        sent = right_answers(session, attempt)
    handed = at_once(
        settings,
        lambda s: quizzing.hand_in(s, ANH, attempt_id=attempt, sent=sent, seen_changes=0, moment=moment(9)),
    )
    assert handed == [True] * 3
    steps = [("lesson", key) for key in LESSONS] + [("exercise", "send")]
    for kind, key in steps:
        proved = at_once(
            settings,
            lambda s, kind=kind, key=key: step_done(  # type: ignore[misc]
                s, SCHEDULER, assignment_id=committed, kind=kind, key=key, proof={}, moment=moment(10)
            ),
        )
        assert sorted(map(str, proved)) == ["False", "False", "True"]
    with unit_of_work(settings) as session:
        assert session.get_one(AssignmentRow, committed).state == "done"
        assert session.scalar(select(func.count()).select_from(CertificateRow)) == 1
        assert actions(session).count("training:attempt:hand_in") == 1
        assert actions(session).count("training:step:done") == 6


class Killed(BaseException):
    """The process ends here."""


def test_killed_before_the_commit_it_is_as_if_nothing_had_been_sent(settings: Settings, committed: int) -> None:
    with unit_of_work(settings) as session:
        attempt = quizzing.begin(session, ANH, assignment_id=committed, moment=moment())
        sent = right_answers(session, attempt)

    def handed_in_and_killed() -> None:
        with unit_of_work(settings) as session:
            quizzing.hand_in(session, ANH, attempt_id=attempt, sent=sent, seen_changes=0, moment=moment(1))
            raise Killed

    with pytest.raises(Killed):
        handed_in_and_killed()
    with unit_of_work(settings) as session:
        assert session.get_one(AttemptRow, attempt).handed_in_at is None
        assert quizzing.hand_in(session, ANH, attempt_id=attempt, sent=sent, seen_changes=0, moment=moment(2))
        assert session.scalar(select(func.count()).select_from(StepDoneRow)) == 1


def test_nobody_else_comes_near(session: Session, assigned: int) -> None:
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    for call in (
        lambda: own_course(session, BINH, assigned),
        lambda: lesson_page(session, BINH, assigned, "what-it-is"),
        lambda: attempt_page(session, BINH, attempt),
        lambda: quizzing.begin(session, BINH, assignment_id=assigned, moment=moment()),
        lambda: learning.finish_lesson(session, BINH, assignment_id=assigned, lesson="logging-in", moment=moment()),
        lambda: quizzing.hand_in(session, BINH, attempt_id=attempt, sent={}, seen_changes=0, moment=moment()),
    ):
        with pytest.raises(AssignmentNotFoundError):
            call()
    with pytest.raises(ForbiddenError):
        quizzing.begin(session, HR, assignment_id=assigned, moment=moment())
    with pytest.raises(CourseNotFoundError):
        learning.finish_lesson(session, ANH, assignment_id=assigned, lesson="nothing", moment=moment())


@pytest.mark.parametrize("state", ["waiting", "withdrawn"])
def test_what_has_not_begun_or_was_taken_back_is_not_learned(session: Session, assigned: int, state: str) -> None:
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    row = session.get_one(AssignmentRow, assigned)
    row.state = state
    if state == "withdrawn":
        row.ended_at, row.ended_by, row.ended_why = moment().now, "x", "x"
    session.flush()
    with pytest.raises(NotOpenError):
        learning.finish_lesson(session, ANH, assignment_id=assigned, lesson="logging-in", moment=moment())
    with pytest.raises(NotOpenError):
        quizzing.hand_in(session, ANH, attempt_id=attempt, sent={}, seen_changes=0, moment=moment())
    assert not step_done(
        session, SCHEDULER, assignment_id=assigned, kind="lesson", key="logging-in", proof={}, moment=moment()
    )
    learning.open_lesson(session, ANH, assignment_id=assigned, lesson="logging-in", moment=moment())
    assert actions(session).count("training:lesson:open") == 0


def test_shipped_courses_are_loaded_once_and_leave_the_citys_alone(session: Session) -> None:
    assert courses.ensure_shipped(session, moment=moment()) == []
    assert len(shelf(session)) == 9
    row, course = course_of(session, "phone")
    courses.change_lesson(
        session, HR, course_key="phone", lesson="open-it", source=Text("# Khác\n", "# Other\n"), seen_version=1,
        moment=moment(),
    )  # fmt: skip
    assert courses.ensure_shipped(session, moment=moment()) == [], "what the city wrote is the city's"
    older = session.scalars(select(CourseRow).where(CourseRow.key == "records")).one()
    older.digest = "0" * 64
    session.flush()
    assert courses.ensure_shipped(session, moment=moment()) == ["records"]
    assert [one.number for one in editions(session, older)] == [2, 1]
    assert course != course_of(session, "phone")[1]
    assert row.version == 2


def test_lessons_are_changed_by_one_at_a_time(session: Session) -> None:
    kept = course_of(session, "phone")[1]
    given: dict[str, Any] = {"course_key": "phone", "lesson": "open-it", "moment": moment()}
    with pytest.raises(CourseFileError, match=r"vi/open-it\.md, line 3"):
        courses.change_lesson(
            session, HR, source=Text("# A\n\n<b>x</b>\n", "# A\n"), seen_version=1, **given,
        )  # fmt: skip
    assert courses.change_lesson(session, HR, source=Text("# A\r\n\r\nx", "# A"), seen_version=1, **given) == 2
    assert courses.change_lesson(session, HR, source=Text("# A\n\nx\n", "# A\n"), seen_version=2, **given) == 2, (
        "the same"
    )
    with pytest.raises(MovedOnError):
        courses.change_lesson(session, HR, source=Text("# B", "# B"), seen_version=1, **given)
    with pytest.raises(ForbiddenError):
        courses.change_lesson(session, ANH, source=Text("# B", "# B"), seen_version=2, **given)
    back = courses.bring_back_edition(session, HR, course_key="phone", number=1, seen_version=2, moment=moment())
    assert (back, course_of(session, "phone")[1]) == (3, kept)
    courses.retire(session, HR, course_key="phone", moment=moment())
    courses.retire(session, HR, course_key="phone", moment=moment())
    assert [one.key for one in shelf(session) if one.retired_at] == ["phone"]
    courses.bring_back(session, HR, course_key="phone")
    assert not [one for one in shelf(session) if one.retired_at]


def test_an_attempt_keeps_the_edition_it_was_drawn_from(session: Session, assigned: int) -> None:
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    before = attempt_page(session, ANH, attempt)
    sent = right_answers(session, attempt)
    course, pictures = next(one for one in courses.shipped() if one[0].key == "mailbox")
    files = lessons.files_of(
        replace(course, questions=course.questions[:2], draw=2), {p.digest: p.content for p in pictures}
    )
    courses.take_package(session, HR, content=lessons.as_zip(files), moment=moment())
    assert len(editions(session, course_of(session, "mailbox")[0])) == 2
    assert attempt_page(session, ANH, attempt) == before
    assert quizzing.hand_in(session, ANH, attempt_id=attempt, sent=sent, seen_changes=0, moment=moment(1))


def test_items_are_judged_by_first_attempts(session: Session, assigned: int) -> None:
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    sent = right_answers(session, attempt, leave=3)
    quizzing.hand_in(session, ANH, attempt_id=attempt, sent=sent, seen_changes=0, moment=moment())
    again = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    quizzing.hand_in(
        session, ANH, attempt_id=again, sent=right_answers(session, again), seen_changes=0, moment=moment()
    )
    figures = {one.question.key: one.figures for one in bank(session, "mailbox").questions if one.figures}
    assert sum(one.asked for one in figures.values()) == 6
    assert {one.notice for one in figures.values()} == {"too_few"}
