"""The bank changed in the browser: new editions, nothing that was answered changed, two at once, the same checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.errors import ForbiddenError
from core.settings import Settings
from tests.training.learning.answering import right_answers
from tests.training.learning.conftest import ANH, HR, moment
from tests.training.learning.test_story import at_once
from training import lessons
from training.errors import AttemptsUsedError, CourseNotFoundError, MovedOnError, QuestionError
from training.lessons import Course
from training.lessons.questionrow import KEY, new_key
from training.models import AttemptRow, StepDoneRow
from training.queries.courses import course_of, editions, pictures_of
from training.queries.learning import attempt_page, quiz_page, result_page
from training.queries.questions import bank, wordings
from training.services import courses, questions, quizzing

MAILBOX: dict[str, Any] = {"course_key": "mailbox", "moment": moment()}


def text(words: str) -> dict[str, str]:
    return {"vi": f"{words} (vi)", "en": words}


def row(kind: str, **answers: object) -> dict[str, object]:
    """A question as `questions.toml` has it, without its key."""
    return {"kind": kind, "lesson": "what-it-is", "ask": text(f"A {kind} thing?"), "why": text("So."), **answers}


NEW: dict[str, dict[str, object]] = {
    "one": row("one", choices=[{**text("a"), "right": True}, {**text("b"), "right": False}]),
    "several": row("several", choices=[{**text("a"), "right": True}, {**text("b"), "right": True}, text("c")]),
    "truth": row("truth", truth=False),
    "order": row("order", steps=[text("first"), text("second"), text("third")]),
    "match": row("match", pairs=[{**text("a"), "with": text("1")}, {**text("b"), "with": text("2")}]),
}


def course(session: Session) -> Course:
    return course_of(session, "mailbox")[1]


def facts(session: Session) -> list[dict[str, Any]]:
    wanted = select(AuditEntry.facts).where(
        AuditEntry.action == "training:course:change", AuditEntry.subject == "course:mailbox"
    )
    return [dict(one) for one in session.scalars(wanted.order_by(AuditEntry.id))]


@pytest.mark.parametrize("kind", NEW)
def test_a_question_is_written_asked_changed_and_retired(session: Session, kind: str) -> None:
    key, version = questions.add_question(session, HR, given=NEW[kind], seen_version=1, **MAILBOX)
    assert (key, version) == (f"a-{kind}-thing", 2)
    added = course(session).question(key)
    assert added is not None
    assert (added.kind, added.ask.vi, course(session).questions[-1]) == (kind, f"A {kind} thing? (vi)", added)
    other = NEW[kind] | {"ask": text("Asked otherwise?")}
    assert questions.change_question(session, HR, key=key, given=other, seen_version=2, **MAILBOX) == 3
    assert questions.change_question(session, HR, key=key, given=other, seen_version=3, **MAILBOX) == 3, "the same"
    assert questions.retire_question(session, HR, key=key, seen_version=3, **MAILBOX) == 4
    assert questions.retire_question(session, HR, key=key, seen_version=4, **MAILBOX) == 4, "retired already"
    assert key not in {one.key for one in course(session).drawn_from}
    assert questions.change_question(session, HR, key=key, given=NEW[kind], seen_version=4, **MAILBOX) == 5
    kept = course(session).question(key)
    assert kept is not None
    assert kept.retired, "writing it anew does not bring it back"
    assert questions.bring_back_question(session, HR, key=key, seen_version=5, **MAILBOX) == 6
    assert [{*one} - {"version", "origin", "digest"} for one in facts(session)[1:]] == [
        {"added"}, {"changed"}, {"retired"}, {"changed"}, {"brought_back"},
    ]  # fmt: skip
    assert len(editions(session, course_of(session, "mailbox")[0])) == 6


def test_the_checks_are_those_of_a_package(session: Session) -> None:
    """Whatever the editor keeps can be taken away as a package and is read into the very same course."""
    for one in NEW.values():
        questions.add_question(session, HR, given=one, seen_version=1, **MAILBOX)
    first = course(session).questions[0].key
    questions.retire_question(session, HR, key=first, seen_version=6, **MAILBOX)
    questions.change_quiz(session, HR, draw=4, attempts=2, pass_mark=75, seen_version=7, **MAILBOX)
    held = course(session)
    assert lessons.read_course(lessons.files_of(held, pictures_of(session, held)))[0] == held
    assert lessons.from_json(lessons.as_json(held)) == held


@pytest.mark.parametrize(
    ("kind", "spoilt", "field", "told"),
    [
        ("one", {"ask": {"vi": "Chỉ một?", "en": " "}}, "ask", "the question in both languages"),
        ("one", {"why": text("x" * 1001)}, "why", "more than 1000 characters"),
        ("one", {"lesson": "none"}, "lesson", "Choose the lesson"),
        ("one", {"choices": [text("a"), text("b")]}, "right", "exactly one choice"),
        ("one", {"choices": [{**text("a"), "right": True}]}, "choices", "Fill in 2 to 8"),
        ("several", {"choices": [text("a"), text("b")]}, "right", "at least one choice"),
        ("several", {"choices": [{**text("a"), "right": True}, text("a")]}, "choices", "say the same"),
        ("order", {"steps": [text("a"), {"vi": "b", "en": ""}]}, "choices", "choice 2 in both"),
        ("match", {"pairs": [{**text("a"), "with": text("1")}, text("b")]}, "choices", "choice 2 in both"),
        ("truth", {"truth": None}, "right", "whether it is true"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(kind: str, spoilt: dict[str, object], field: str, told: str) -> None:
    question, (fault,) = lessons.read_question({**NEW[kind], **spoilt, "key": "any"}, {"what-it-is"})
    assert question is None
    assert (fault.field, told in fault.in_form.en) == (field, True), fault.in_form.en


def test_what_cannot_be_kept_changes_nothing(session: Session) -> None:
    with pytest.raises(QuestionError) as refused:
        questions.add_question(
            session, HR, given=NEW["one"] | {"lesson": "none", "why": None}, seen_version=1, **MAILBOX
        )
    assert [field for field, _said in refused.value.faults] == ["lesson", "why"]
    assert facts(session)[1:] == []


def test_nothing_that_was_answered_changes(session: Session, assigned: int) -> None:
    """An attempt that is open is marked as it was asked, one that was handed in shows what it showed."""
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    before, sent = attempt_page(session, ANH, attempt), right_answers(session, attempt)
    for number, one in enumerate(before.asked):
        questions.change_question(
            session, HR, key=one.question, given=NEW["truth"] | {"ask": text(f"Other {number}?")},
            seen_version=number + 1, **MAILBOX,
        )  # fmt: skip
    version = course_of(session, "mailbox")[0].version
    questions.change_quiz(session, HR, draw=1, attempts=1, pass_mark=100, seen_version=version, **MAILBOX)
    assert attempt_page(session, ANH, attempt) == before
    assert quizzing.hand_in(session, ANH, attempt_id=attempt, sent=sent, seen_changes=0, moment=moment(1))
    result = result_page(session, ANH, attempt)
    assert result is not None
    assert (result.percent, result.pass_mark) == (100, before.pass_mark)
    assert [one.question.ask for one in result.marked] == [one.ask for one in before.asked]
    assert quiz_page(session, ANH, assigned).questions == 1, "the next one is asked as it is now"
    assert session.scalars(select(StepDoneRow.kind)).all() == ["quiz"]


def test_a_question_begins_anew_when_it_is_worded_anew(session: Session, assigned: int) -> None:
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    asked = attempt_page(session, ANH, attempt).asked[0].question
    quizzing.hand_in(session, ANH, attempt_id=attempt, sent={}, seen_changes=0, moment=moment())
    other = NEW["truth"]
    questions.change_question(session, HR, key=asked, given=other, seen_version=1, **MAILBOX)
    found = {one.question.key: one for one in bank(session, "mailbox").questions}
    assert (found[asked].figures, found[asked].reworded) == (None, True)
    assert sum(one.figures is not None for one in found.values()) == 5
    now, before = wordings(session, "mailbox", asked)
    assert (now.now, now.editions, now.figures) == (True, (), None)
    assert (before.now, before.editions, before.figures and before.figures.asked) == (False, (1,), 1)
    questions.change_question(
        session, HR, key=asked, given=other | {"why": text("Better said.")}, seen_version=2, **MAILBOX
    )
    courses.bring_back_edition(session, HR, course_key="mailbox", number=1, seen_version=3, moment=moment())
    again = {one.question.key: one for one in bank(session, "mailbox").questions}[asked]
    known = again.figures
    assert known is not None
    assert (known.question, known.asked, again.reworded) == (asked, 1, False), "the old words, what was known of them"
    with pytest.raises(CourseNotFoundError):
        wordings(session, "mailbox", "no-such")


def test_two_who_write_at_once(session: Session) -> None:
    """The second one at the same question is told; at another one nobody is in anybody's way."""
    first, second = course(session).questions[:2]
    assert questions.change_question(session, HR, key=first.key, given=NEW["truth"], seen_version=1, **MAILBOX) == 2
    assert questions.change_question(session, HR, key=second.key, given=NEW["truth"], seen_version=1, **MAILBOX) == 3
    late: dict[str, Any] = {"key": first.key, "seen_version": 1, **MAILBOX}
    refused: tuple[Callable[[], object], ...] = (
        lambda: questions.change_question(session, HR, given=NEW["one"], **late),
        lambda: questions.retire_question(session, HR, **late),
        lambda: courses.bring_back_edition(
            session, HR, course_key="mailbox", number=1, seen_version=2, moment=moment()
        ),
    )  # fmt: skip
    for call in refused:
        with pytest.raises(MovedOnError):
            call()
    key, _version = questions.add_question(session, HR, given=NEW["one"], seen_version=1, **MAILBOX)
    keys = [one.key for one in course(session).questions]
    with pytest.raises(MovedOnError):
        questions.order_questions(session, HR, keys=keys[::-1], seen_version=3, **MAILBOX)
    assert questions.order_questions(session, HR, keys=keys[::-1], seen_version=4, **MAILBOX) == 5
    assert course(session).questions[0].key == key
    rules: dict[str, Any] = {"attempts": 5, "pass_mark": 80, **MAILBOX}
    assert questions.change_quiz(session, HR, draw=3, seen_version=1, **rules) == 6
    with pytest.raises(MovedOnError):
        questions.change_quiz(session, HR, draw=4, seen_version=5, **rules)


def test_of_three_at_the_same_moment_one_is_kept(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        first = course(session).questions[0].key

    def write(session: Session) -> int:
        return questions.change_question(session, HR, key=first, given=NEW["truth"], seen_version=1, **MAILBOX)

    assert sorted(map(str, at_once(settings, write))) == ["2", str(MovedOnError), str(MovedOnError)]
    with unit_of_work(settings) as session:
        assert len(editions(session, course_of(session, "mailbox")[0])) == 2


def test_as_many_are_left_as_an_attempt_asks(session: Session, assigned: int) -> None:
    keys = [one.key for one in course(session).questions]
    questions.change_quiz(session, HR, draw=len(keys), attempts=1, pass_mark=80, seen_version=1, **MAILBOX)
    with pytest.raises(QuestionError, match="An attempt asks"):
        questions.retire_question(session, HR, key=keys[0], seen_version=2, **MAILBOX)
    for wrong in ({"draw": len(keys) + 1}, {"draw": 0}, {"attempts": 21}, {"pass_mark": 101}):
        with pytest.raises(QuestionError) as refused:
            questions.change_quiz(
                session, HR, seen_version=2, **{"draw": 1, "attempts": 1, "pass_mark": 1, **MAILBOX, **wrong}
            )
        assert [name for name, _said in refused.value.faults] == list(wrong)
    attempt = quizzing.begin(session, ANH, assignment_id=assigned, moment=moment())
    quizzing.hand_in(session, ANH, attempt_id=attempt, sent={}, seen_changes=0, moment=moment())
    with pytest.raises(AttemptsUsedError):
        quizzing.begin(session, ANH, assignment_id=assigned, moment=moment(1))


def test_the_first_question_makes_a_quiz(session: Session) -> None:
    held, pictures = next(one for one in courses.shipped() if one[0].key == "mailbox")
    files = lessons.files_of(held, {one.digest: one.content for one in pictures})
    files["course.toml"] = files["course.toml"].replace(b'"quiz", ', b"").replace(b"mailbox", b"own_one")
    last, exercise = b'"lesson:what-is-counted"', b'"exercise:send"'
    files["course.toml"] = files["course.toml"].replace(b"%b, %b" % (last, exercise), b"%b, %b" % (exercise, last))
    files["course.toml"] = files["course.toml"].replace(b"draw = 6", b"draw = 1")
    del files["questions.toml"]
    courses.take_package(session, HR, content=lessons.as_zip(files), moment=moment())
    questions.add_question(
        session, HR, course_key="own_one", given=NEW["match"], seen_version=1, moment=moment()
    )  # fmt: skip
    steps = course_of(session, "own_one")[1].steps
    assert [one.kind for one in steps] == ["lesson"] * 3 + ["exercise", "lesson", "quiz"], "behind the last lesson"


def test_a_course_whose_questions_the_city_changed_is_the_citys(session: Session) -> None:
    """A later version of the program leaves it alone, until the city goes back to what the program brought."""
    row, held = course_of(session, "mailbox")
    questions.retire_question(session, HR, key=held.questions[0].key, seen_version=1, **MAILBOX)
    row.digest = "0" * 64
    assert courses.ensure_shipped(session, moment=moment()) == []
    row.digest = lessons.digest_of(course(session))
    courses.bring_back_edition(session, HR, course_key="mailbox", number=1, seen_version=2, moment=moment())
    assert [one.origin for one in editions(session, row)] == ["shipped", "editor", "shipped"]
    row.digest = "0" * 64
    session.flush()
    assert courses.ensure_shipped(session, moment=moment()) == ["mailbox"]


def test_nobody_else_touches_the_bank(session: Session) -> None:
    key = course(session).questions[0].key
    for refused in (
        lambda: questions.add_question(session, ANH, given=NEW["one"], seen_version=1, **MAILBOX),
        lambda: questions.change_question(session, ANH, key=key, given=NEW["one"], seen_version=1, **MAILBOX),
        lambda: questions.retire_question(session, ANH, key=key, seen_version=1, **MAILBOX),
        lambda: questions.bring_back_question(session, ANH, key=key, seen_version=1, **MAILBOX),
        lambda: questions.order_questions(session, ANH, keys=[], seen_version=1, **MAILBOX),
        lambda: questions.change_quiz(session, ANH, draw=1, attempts=1, pass_mark=1, seen_version=1, **MAILBOX),
    ):
        with pytest.raises(ForbiddenError):
            refused()
    assert session.scalars(select(AttemptRow.id)).all() == []


@given(ask=st.text(max_size=200), taken=st.sets(st.sampled_from(["question", "a", "a-b", "question-2"])))
def test_a_key_from_any_words(ask: str, taken: set[str]) -> None:
    key = new_key(ask, taken)
    assert KEY.fullmatch(key)
    assert key not in taken
