"""Answers to an attempt, right or wrong, as a page would send them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from training import quizzes
from training.models import AttemptRow
from training.queries.courses import edition_course

Sent = dict[int, dict[str, list[str]]]


def right_answers(session: Session, attempt_id: int, *, leave: int = 0) -> Sent:
    """The fields that answer the attempt rightly; the first `leave` questions are left open."""
    row = session.get_one(AttemptRow, attempt_id)
    course = edition_course(session, row.edition)
    questions = {one.key: one for one in course.questions}
    sent: Sent = {}
    for asked in quizzes.draw(course.questions, seed=row.seed, count=course.draw)[leave:]:
        right = questions[asked.question].right
        values = {one.value: quizzes.value_of(asked, right, one.value) for one in asked.choices}
        if asked.paired:
            sent[asked.number] = {f"pair-{choice}": [value] for choice, value in values.items()}
        else:
            sent[asked.number] = {"choice": [value for value in values.values() if value]}
    return sent
