"""A quiz: what it asks for, the sheet with its questions, and the result with what is right and why.

The sheet is made of `training.quizzes.Asked`, which holds no word of what is right; nothing else about the questions
reaches a template before the attempt is handed in.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from training import quizzes
from training.queries import learning as queries
from training.queries.learning import AttemptPage, Marked
from training.quizzes import Question
from training.services import quizzing
from web import formats, work
from web.guards import needs
from web.views.learning import address_of, learner, moment

pages = Blueprint("quizzes", __name__)


@pages.get("/learning/<int:assignment_id>/quiz")
@needs(Permission.TRAINING_COURSE_TAKE)
def quiz(assignment_id: int) -> str:
    """What the quiz asks for, the attempts so far, and the button to begin or to go on."""
    page = queries.quiz_page(work.session(), learner(), assignment_id)
    return render_template("quiz.html", page=page)


@pages.post("/learning/<int:assignment_id>/quiz")
@needs(Permission.TRAINING_COURSE_TAKE)
def begin(assignment_id: int) -> Response:
    """Begin an attempt, or go on with the one that is open."""
    attempt = quizzing.begin(work.session(), learner(), assignment_id=assignment_id, moment=moment())
    return redirect(url_for("quizzes.attempt", attempt_id=attempt), 303)


@pages.get("/learning/attempts/<int:attempt_id>")
@needs(Permission.TRAINING_COURSE_TAKE)
def attempt(attempt_id: int) -> str | Response:
    """The questions, with what was answered so far."""
    page = queries.attempt_page(work.session(), learner(), attempt_id)
    if page.handed_in:
        return redirect(url_for("quizzes.result", attempt_id=attempt_id), 303)
    return _sheet(page)


@pages.post("/learning/attempts/<int:attempt_id>")
@needs(Permission.TRAINING_COURSE_TAKE)
def answer(attempt_id: int) -> Response | tuple[str, int]:
    """Save the answers, or hand them in; with questions left open only where that is meant."""
    session, actor = work.session(), learner()
    page = queries.attempt_page(session, actor, attempt_id)
    if page.handed_in:
        return redirect(url_for("quizzes.result", attempt_id=attempt_id), 303)
    wish = request.form.get("do")
    if wish in {"hand_in", "hand_in_anyway"}:
        left = [one.number for one in page.asked if not _answered(one)]
        if left and wish == "hand_in":
            _save(attempt_id)
            return _sheet(queries.attempt_page(session, actor, attempt_id), left), 422
        quizzing.hand_in(session, actor, attempt_id=attempt_id, sent=_sent(), seen_changes=_changes(), moment=moment())
        return redirect(url_for("quizzes.result", attempt_id=attempt_id), 303)
    _save(attempt_id)
    flash(_("Your answers are saved. You can go on at any time, on any device."))
    return redirect(url_for("quizzes.quiz", assignment_id=page.assignment_id), 303)


@pages.get("/learning/attempts/<int:attempt_id>/result")
@needs(Permission.TRAINING_COURSE_TAKE)
def result(attempt_id: int) -> str | Response:
    """What came of it, question by question."""
    found = queries.result_page(work.session(), learner(), attempt_id)
    if found is None:
        return redirect(url_for("quizzes.attempt", attempt_id=attempt_id), 303)
    course = queries.own_course(work.session(), learner(), found.assignment_id)
    return render_template(
        "quiz_result.html", page=found, course=course, said=_said, right=right_words, address=address_of
    )


def _save(attempt_id: int) -> None:
    quizzing.save(
        work.session(), learner(), attempt_id=attempt_id, sent=_sent(), seen_changes=_changes(), moment=moment()
    )


def _sheet(page: AttemptPage, left: list[int] | None = None) -> str:
    return render_template("quiz_sheet.html", page=page, left=left or [], shown=_shown)


def _shown(page: AttemptPage, asked: quizzes.Asked, choice: str) -> str:
    """What was answered for a choice, as its field's value."""
    return quizzes.value_of(asked, page.answers.get(asked.question, ()), choice)


def _sent() -> dict[int, dict[str, list[str]]]:
    """Number of the question -> its fields, of names like `q3-choice` and `q3-pair-2`; anything else is left out."""
    found: dict[int, dict[str, list[str]]] = {}
    for name in request.form:
        question, _dash, field = name.partition("-")
        if question.startswith("q") and question[1:].isascii() and question[1:].isdecimal() and len(question) <= 4:
            found.setdefault(int(question[1:]), {})[field] = request.form.getlist(name)[:20]
    return found


def _answered(asked: quizzes.Asked) -> bool:
    return quizzes.has_answer(asked, quizzes.read_answer(asked, _sent().get(asked.number, {})))


def _changes() -> int:
    given = request.form.get("changes", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else -1


def right_words(question: Question) -> list[str]:
    """What is right, in words; in pairs where each choice has a partner."""
    return _words(question, question.right)


def _said(one: Marked) -> list[str]:
    """What was answered, in words."""
    return _words(one.question, one.given)


def _words(question: Question, answer: tuple[str, ...]) -> list[str]:
    choices = {choice.key: formats.text(choice.text) for choice in question.choices}
    if not question.paired:
        return [choices[key] for key in answer if key in choices]
    partners = {choice.key: formats.text(choice.text) for choice in question.partners}
    pairs = list(zip(question.choices, answer, strict=False))
    if question.kind == "order":
        pairs.sort(key=lambda pair: (not pair[1], pair[1].zfill(3)))
        return [f"{partners.get(given, '–')}. {choices[choice.key]}" for choice, given in pairs]
    return [f"{choices[choice.key]} → {partners.get(given, '–')}" for choice, given in pairs]
