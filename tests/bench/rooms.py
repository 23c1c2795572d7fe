"""A year of classes: who has a seat, who waits, who was there; and the exercises of those who learn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from core.db import Base
from tests.bench.around import Rows, back
from tests.bench.learning import Learner, School
from tests.bench.rows import put
from training.models import AttendanceRow, ClassRow, ExerciseRow, SeatRow

PLACES, WAIT = 40, 3
"""Chairs of a class, and people who wait for one."""
COMING = 40
"""So many classes are still to come."""


def _held(of: School) -> Iterator[tuple[int, list[Learner]]]:
    """Number of a class and who is on its list: half of all learners, course by course."""
    number = 0
    for course in of.courses:
        asked = [one for one in of.learners if one.course is course and one.number % 4 < 2]
        for begin in range(0, len(asked), PLACES + WAIT):
            number += 1
            yield number, asked[begin : begin + PLACES + WAIT]


def _days(number: int) -> float:
    """How long ago a class was; those to come are less than nothing ago."""
    return 1 + number % 350 if number > COMING else -1.0 - number


def _classes(of: School) -> Rows:
    for number, people in _held(of):
        course = people[0].course
        step = next((one["key"] for one in course.needs if one["kind"] == "class"), None)
        began, cancelled = back(_days(number)), number % 60 == 0
        yield {
            "id": number, "uid": f"{number}@vanthu", "course_key": course.key, "step_key": step,
            "unit": 2 + number % 150 if number % 5 else None, "room": f"Phòng {number % 30}", "places": PLACES,
            "starts_at": began, "ends_at": began + timedelta(hours=2), "teacher": 3 if number % 100 == 0 else None,
            "teacher_name": "Tổ đào tạo", "note": "", "changes": 0, "made_at": back(366), "made_by": "nhansu",
            "cancelled_at": back(2) if cancelled else None, "cancelled_by": "nhansu" if cancelled else None,
            "cancelled_why": "Mất điện" if cancelled else None,
        }  # fmt: skip


def _seats(of: School) -> Rows:
    for number, people in _held(of):
        for place, one in enumerate(people):
            state = "waiting" if place >= PLACES else "left" if place % 20 == 19 else "seated"
            yield {
                "training_class": number, "official": one.official, "state": state, "number": place + 1,
                "chair": place + 1 if state == "seated" else None, "sequence": 1, "asked_at": back(366),
                "asked_by": one.person.lower(), "seated_at": back(365) if state == "seated" else None,
                "left_at": back(364) if state == "left" else None,
            }  # fmt: skip


def _there(of: School) -> Rows:
    for number, people in _held(of):
        for place, one in enumerate(people[:PLACES]):
            if _days(number) > 0 and place % 20 != 19 and place % 7:
                yield {
                    "training_class": number, "official": one.official, "how": "code", "at": back(_days(number)),
                    "by": one.person.lower(), "note": "",
                }  # fmt: skip


def _exercises(of: School) -> Rows:
    for one in of.learners:
        for step in one.course.needs:
            if step["kind"] == "exercise" and one.state in {"done", "open"}:
                passed = one.state == "done"
                yield {
                    "assignment": one.number, "official": one.official, "kind": step["key"], "number": 1,
                    "code": f"{step['key']}{one.number}", "second_code": None, "issued_at": back(one.days),
                    "expires_at": back(one.days - 14 if passed else -7), "state": "passed" if passed else "open",
                    "ended_at": back(one.days - 5) if passed else None, "why": "done" if passed else None,
                    "why_vi": "Đã làm." if passed else None, "why_en": "It is done." if passed else None,
                    "evidence": [], "looked_at": back(1), "evidence_until": back(1), "mail": None, "draft": None,
                }  # fmt: skip


STEPS: tuple[tuple[type[Base], Callable[[School], Rows]], ...] = (
    (ClassRow, _classes), (SeatRow, _seats), (AttendanceRow, _there), (ExerciseRow, _exercises),
)  # fmt: skip


def fill(session: Session, of: School) -> None:
    """All of it."""
    for model, rows in STEPS:
        put(session, cast("Table", model.__table__), rows(of))
