"""The bank of questions of a course, for HR: written, tried as learners meet them, ordered, retired; how a quiz goes.

What was written and cannot be kept yet, or met somebody else's change, comes back as it was written.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from training import quizzes
from training.errors import CourseNotFoundError, MovedOnError, QuestionError
from training.lessons import Course
from training.lessons.questionrow import MOST_CHOICES
from training.queries import courses as courses_kept
from training.queries import questions as queries
from training.queries.questions import Change
from training.quizzes import KINDS, Asked, Question
from training.quizzes.model import TRUTH
from training.services import questions
from web import auth, undo, work
from web.forms.questions import FIRST_LINES, QuizForm, Written, in_order, places, sent, written
from web.guards import needs
from web.language import language
from web.views.asked import number, optional
from web.views.course_words import NOTICES, QUESTION_KINDS
from web.views.learning import moment
from web.views.quizzes import right_words

pages = Blueprint("questions", __name__)
CHANGE = Permission.TRAINING_COURSE_CHANGE
ANCHORS = {"ask": "ask-vi", "why": "why-vi", "choices": "choice-1-vi", "right": "answers"}
"""Field of a fault -> the element of the page it is about."""
PAGE_ORDER = ("ask", "choices", "right", "why", "lesson")
FIRST_SEED = "1"
"""Of a preview that nobody drew yet."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else changed meanwhile: the question as it is now, and who was the last to change the course."""

    written: Written
    change: Change


@pages.get("/courses/<key>/questions", endpoint="questions")
@needs(CHANGE)
def bank(key: str) -> str:
    """The bank: each question with how good it is, and what can be done with it."""
    return _bank(key)


@pages.get("/courses/<key>/new-question")
@needs(CHANGE)
def new(key: str) -> str:
    """Which kind; then the empty fields of one."""
    now, course = _present(key)
    kind = optional(request.args.get("kind"), KINDS)
    if kind is None:
        return render_template("question_kinds.html", key=key, course=course, kinds=QUESTION_KINDS)
    return _editor(course, sent(request.args, kind), now)


@pages.post("/courses/<key>/questions")
@needs(CHANGE)
def add(key: str) -> Response | tuple[str, int]:
    """Put a question into the bank, or show how it would look."""
    now, course = _present(key)
    kind = optional(request.form.get("kind"), KINDS)
    if kind is None:
        abort(404)
    said, seen = sent(request.form, kind), _seen(now)
    if request.form.get("do") != "save":
        return _tried(course, said, seen)
    try:
        added, version = questions.add_question(
            work.session(), auth.required(), course_key=key, given=said.given(), seen_version=seen, moment=moment()
        )
    except QuestionError as refused:
        return _editor(course, said, seen, faults=_faults(refused)), 422
    _offer_undo(key, now, version, _("The question is in the bank, in edition %(number)s.", number=version))
    return redirect(url_for("questions.questions", key=key, _anchor=f"q-{added}"), 303)


@pages.get("/courses/<key>/questions/<question>")
@needs(CHANGE)
def edit(key: str, question: str) -> str:
    """A question with its fields, how it looks, and how good it is in each wording."""
    now, course = _present(key)
    present = _question(course, question)
    return _editor(course, written(present), now, present=present, shown=present)


@pages.post("/courses/<key>/questions/<question>")
@needs(CHANGE)
def change(key: str, question: str) -> Response | tuple[str, int]:
    """Keep what was written as a new edition, or show how it would look."""
    now, course = _present(key)
    present = _question(course, question)
    said, seen = sent(request.form, present.kind), _seen(now)
    if request.form.get("do") != "save":
        return _tried(course, said, seen, present)
    try:
        version = questions.change_question(
            work.session(), auth.required(), course_key=key, key=question, given=said.given(), seen_version=seen,
            moment=moment(),
        )  # fmt: skip
    except QuestionError as refused:
        return _editor(course, said, seen, present=present, faults=_faults(refused)), 422
    except MovedOnError:
        now, course = _present(key)
        theirs = Theirs(written(_question(course, question)), queries.last_change(work.session(), key))
        return _editor(course, said, now, present=present, theirs=theirs), 409
    _offer_undo(key, now, version, _("Saved as edition %(number)s.", number=version))
    return redirect(url_for("questions.questions", key=key, _anchor=f"q-{question}"), 303)


@pages.post("/courses/<key>/questions/<question>/retire")
@needs(CHANGE)
def retire(key: str, question: str) -> Response | tuple[str, int]:
    """Have a question asked no more."""
    now, _course = _present(key)
    try:
        version = questions.retire_question(
            work.session(), auth.required(), course_key=key, key=question, seen_version=_seen(now), moment=moment()
        )
    except QuestionError as refused:
        return _bank(key, problem=_faults(refused)[0][1]), 422
    undo.offer(
        _("The question is asked no more."),
        url_for("questions.bring_back", key=key, question=question),
        {"version": str(version)},
    )
    return redirect(url_for("questions.questions", key=key, _anchor=f"q-{question}"), 303)


@pages.post("/courses/<key>/questions/<question>/bring-back")
@needs(CHANGE)
def bring_back(key: str, question: str) -> Response:
    """Have it asked again."""
    now, _course = _present(key)
    questions.bring_back_question(
        work.session(), auth.required(), course_key=key, key=question, seen_version=_seen(now), moment=moment()
    )
    flash(_("The question is asked again."))
    return redirect(url_for("questions.questions", key=key, _anchor=f"q-{question}"), 303)


@pages.get("/courses/<key>/order")
@needs(CHANGE)
def order(key: str) -> str:
    """The places of the questions in the bank."""
    return _order(key, {})


@pages.post("/courses/<key>/order")
@needs(CHANGE)
def reorder(key: str) -> Response | tuple[str, int]:
    """Put them there."""
    now, course = _present(key)
    keys = tuple(one.key for one in course.questions)
    wanted = places(request.form, keys)
    try:
        version = questions.order_questions(
            work.session(), auth.required(), course_key=key, keys=in_order(wanted, keys),
            seen_version=_seen(now), moment=moment(),
        )  # fmt: skip
    except MovedOnError as refused:
        return _order(key, wanted, refused.message.to(language())), 409
    _offer_undo(key, now, version, _("The bank is in the new order."))
    return redirect(url_for("questions.questions", key=key), 303)


@pages.get("/courses/<key>/quiz")
@needs(CHANGE)
def preview(key: str) -> str:
    """The quiz as somebody might meet it; nothing of it is kept."""
    _now, course = _present(key)
    if not course.drawn_from:
        raise CourseNotFoundError(f"{key}/quiz")
    seed = request.args.get("draw", FIRST_SEED)[:16]
    asked = quizzes.draw(course.questions, seed=seed, count=course.draw)
    return render_template("quiz_preview.html", key=key, course=course, asked=asked, another=secrets.token_hex(4))


@pages.get("/courses/<key>/quiz-rules")
@needs(CHANGE)
def rules(key: str) -> str:
    """How many questions are drawn, how many attempts there are, what it takes to pass."""
    now, course = _present(key)
    said = {"draw": course.draw, "attempts": course.attempts, "pass_mark": course.pass_mark, "version": now}
    return _rules(course, QuizForm(formdata=None, data=said))


@pages.post("/courses/<key>/quiz-rules")
@needs(CHANGE)
def change_rules(key: str) -> Response | tuple[str, int]:
    """Have the quiz go so."""
    now, course = _present(key)
    form = QuizForm()
    if not form.validate_on_submit():
        return _rules(course, form), 422
    try:
        version = questions.change_quiz(
            work.session(), auth.required(), course_key=key, draw=form.draw.data, attempts=form.attempts.data,
            pass_mark=form.pass_mark.data, seen_version=_seen(now), moment=moment(),
        )  # fmt: skip
    except QuestionError as refused:
        for name, said in _faults(refused):
            form[name].errors = [said]
        return _rules(course, form), 422
    except MovedOnError as refused:
        form.draw.errors = [refused.message.to(language())]
        form.version.data = _present(key)[0]
        return _rules(course, form, moved=True), 409
    _offer_undo(key, now, version, _("Saved as edition %(number)s.", number=version))
    return redirect(url_for("questions.questions", key=key), 303)


def _bank(key: str, problem: Any = "") -> str:
    found = queries.bank(work.session(), key)
    return render_template(
        "questions.html", key=key, bank=found, course=found.course, notices=NOTICES, kinds=QUESTION_KINDS,
        problem=problem,
    )  # fmt: skip


def _order(key: str, wanted: dict[str, int], problem: str = "") -> str:
    now, course = _present(key)
    return render_template("question_order.html", key=key, course=course, version=now, wanted=wanted, problem=problem)


def _rules(course: Course, form: QuizForm, *, moved: bool = False) -> str:
    return render_template("quiz_rules.html", key=course.key, course=course, form=form, moved=moved)


def _tried(course: Course, said: Written, seen: int, present: Question | None = None) -> tuple[str, int]:
    """The page again, with a line more or with how the question would look."""
    if request.form.get("do") == "more":
        return _editor(course, said.with_more(), seen, present=present), 200
    try:
        key = present.key if present is not None else "new"
        shown = questions.checked_question(course, key, said.given())
    except QuestionError as refused:
        return _editor(course, said, seen, present=present, faults=_faults(refused)), 422
    return _editor(course, said, seen, present=present, shown=shown), 200


def _editor(
    course: Course, said: Written, version: int, *, present: Question | None = None, shown: Question | None = None,
    theirs: Theirs | None = None, faults: tuple[tuple[str, str], ...] = (),
) -> str:  # fmt: skip
    told = queries.wordings(work.session(), course.key, present.key) if present is not None else []
    return render_template(
        "question_edit.html", key=course.key, course=course, said=said, version=version, present=present,
        asked=_asked(shown), shown=shown, theirs=theirs,
        faults=faults, told=_at_fields(faults), anchors=ANCHORS, kinds=QUESTION_KINDS, notices=NOTICES, wordings=told,
        most=MOST_CHOICES, first=FIRST_LINES, right_words=right_words, truth=TRUTH,
    )  # fmt: skip


def _asked(question: Question | None) -> Asked | None:
    """The question as an attempt asks it."""
    if question is None:
        return None
    return quizzes.draw([replace(question, retired=False)], seed=FIRST_SEED, count=1)[0]


def _present(key: str) -> tuple[int, Course]:
    """The number of the present edition of a course, and what it holds."""
    row, course = courses_kept.course_of(work.session(), key)
    return row.version, course


def _question(course: Course, key: str) -> Question:
    found = course.question(key)
    if found is None:
        raise CourseNotFoundError(f"{course.key}/{key[:64]}")
    return found


def _at_fields(faults: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Field -> everything that is wrong with it."""
    told: dict[str, list[str]] = {}
    for name, said in faults:
        told.setdefault(name, []).append(said)
    return {name: ". ".join(said) for name, said in told.items()}


def _faults(refused: QuestionError) -> tuple[tuple[str, str], ...]:
    """Each fault in the visitor's language, in the order of the page."""
    told = [(name, said.to(language())) for name, said in refused.faults]
    return tuple(sorted(told, key=lambda one: PAGE_ORDER.index(one[0]) if one[0] in PAGE_ORDER else -1))


def _offer_undo(key: str, before: int, version: int, said: str) -> None:
    """The way back is the edition before, made the present one again."""
    if version == before:
        flash(_("Nothing was different: there is no new edition."))
        return
    back = url_for("courses.bring_back_edition", key=key, edition=version - 1)
    undo.offer(said, back, {"version": str(version), "back": "questions"})


def _seen(version: int) -> int:
    return number(request.form.get("version")) or version
