"""A year of training: rules and their lists, who was assigned what, how far they are, classes, certificates, reminders.

The courses are those that come with the program; one official in five learns, some of them twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from core.db import Base
from tests.bench.around import NOW, Numbered, Rows, back
from tests.bench.rows import put
from tests.training.effect.offices import Town, offices
from training.effect import measure_effect
from training.models import (
    AssignmentRow,
    AttemptRow,
    CampaignMemberRow,
    CampaignRow,
    CertificateRow,
    CourseEditionRow,
    CourseRow,
    EffectReportRow,
    ExemptionRow,
    LessonOpenedRow,
    ReminderRow,
    RuleRow,
    StatementRow,
    StepDoneRow,
)
from training.models.certificates import CODE_ALPHABET, CODE_LENGTH
from training.moments import Moment
from training.queries.effects import EFFECT
from training.rules import Rule, rule_to_json
from training.services.courses import ensure_shipped

EVERY = 5
"""So many officials to one who learns."""
TWICE = 5
"""Of so many learners two have a second course in the year."""
LISTS = 60
"""Of each course in a year: the first of them is large and drawn in three waves."""
WAVES = 3
TODAY = NOW.date()
REASON = ("Có việc ở 2/20 ngày làm việc.", "Acted on 2 of 20 working days.")


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it came with the program."""

    key: str
    title_vi: str
    title_en: str
    edition: int
    needs: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Learner:
    """One assignment: its number, the official, the course and its place, the campaign, and how it stands."""

    number: int
    official: int
    person: str
    course: Course
    campaign: int
    drawn: bool
    state: str
    late: bool
    days: float
    """Since it was assigned."""


@dataclass(frozen=True, slots=True)
class School:
    """The courses, and every assignment of the year."""

    courses: list[Course]
    learners: list[Learner]


def school(session: Session, people: Sequence[Numbered]) -> School:
    """What is taught, and to whom."""
    ensure_shipped(session, moment=Moment(back(366), (NOW - timedelta(days=366)).date()))
    wanted = (
        select(CourseRow, CourseEditionRow.id)
        .join(CourseEditionRow, CourseEditionRow.course == CourseRow.id)
        .where(CourseEditionRow.number == CourseRow.version).order_by(CourseRow.key)
    )  # fmt: skip
    courses = [
        Course(row.key, row.title_vi, row.title_en, edition, row.needs) for row, edition in session.execute(wanted)
    ]
    return School(courses, list(_learners(courses, people)))


def _learners(courses: list[Course], people: Sequence[Numbered]) -> Iterator[Learner]:
    """The first two of `people` (who ask for pages themselves) are among them."""
    picked = [*people[:2], *people[2::EVERY]]
    once = len(picked)
    for place in range(once + once * 2 // TWICE):
        official, person = picked[place % once]
        chosen = (place + place // once) % len(courses)
        drawn = place % 2 == 1
        turn = 0 if drawn else 1 + place // (2 * len(courses)) % (LISTS - 1)
        number = 1 + chosen + len(courses) * turn
        kind = place * 7 % 20
        state = "done" if kind < 12 else "open" if kind < 17 else ("waiting", "excused", "withdrawn")[kind - 17]
        days = 15.0 if state in {"open", "waiting"} else 30 + 330.0 * (place % 1000) / 1000
        yield Learner(place + 1, official, person, courses[chosen], number, drawn, state, kind == 16, days)


def _rules(of: School) -> Rows:
    """Two versions of each: the older one is retired."""
    for version in (1, 2):
        for place, course in enumerate(of.courses):
            yield {
                "id": len(of.courses) * (version - 1) + place + 1, "name": f"Ít dùng thư: {course.title_vi}",
                "version": version, "course_key": course.key,
                "conditions": rule_to_json(Rule(mail_classes=("none", "occasional"), active_below=3 + version)),
                "waves": WAVES, "wave_days": 56, "due_days": 30, "made_at": back(366), "made_by": "nhansu",
                "activated_at": back(366), "activated_by": "nhansu",
                "retired_at": back(365) if version == 1 else None, "retired_by": "nhansu" if version == 1 else None,
            }  # fmt: skip


def _campaigns(of: School) -> Rows:
    sizes: dict[int, int] = {}
    for one in of.learners:
        sizes[one.campaign] = sizes.get(one.campaign, 0) + 1
    courses = len(of.courses)
    for number in range(1, courses * LISTS + 1):
        drawn, days = number <= courses, 360 - 6 * (number // courses)
        day = (NOW - timedelta(days=days)).date()
        yield {
            "id": number, "rule": courses + (number - 1) % courses + 1, "number": (number - 1) // courses + 1,
            "opened_at": back(days), "opened_by": "scheduler", "first_day": day - timedelta(days=56),
            "last_day": day - timedelta(days=1), "people": sizes.get(number, 0), "snapshot_digest": "0" * 64,
            "waves": WAVES if drawn else 1, "seed": "48213" if drawn else None, "seed_typed": True if drawn else None,
            "published_at": back(days) if drawn else None, "published_by": "nhansu" if drawn else None,
            "starts_on": day if drawn else None, "list_digest": "0" * 64 if drawn else None,
            "settled_at": back(days - 0.1), "settled_by": "scheduler", "closed_at": None, "closed_by": None,
        }  # fmt: skip


def _members(of: School) -> Rows:
    for one in of.learners:
        yield {
            "campaign": one.campaign, "official": one.official, "unit": f"Phường số {one.official % 170 + 1}",
            "person": one.person, "reason_vi": REASON[0], "reason_en": REASON[1], "first_why": None, "first_by": None,
            "wave": one.number % WAVES + 1 if one.drawn else 1, "ticket": f"{one.number:064x}" if one.drawn else None,
        }  # fmt: skip


def _assignments(of: School) -> Rows:
    for one in of.learners:
        begun = (NOW - timedelta(days=one.days)).date()
        due = begun + timedelta(days=30)
        if one.state in {"open", "waiting"}:
            due = TODAY + timedelta(days=-1 - one.number % 20 if one.late else 1 + one.number % 20)
            begun = TODAY + timedelta(days=1) if one.state == "waiting" else min(begun, due)
        ended = one.state in {"excused", "withdrawn"}
        yield {
            "id": one.number, "official": one.official, "course_key": one.course.key,
            "rule": len(of.courses) + (one.campaign - 1) % len(of.courses) + 1, "campaign": one.campaign,
            "wave": one.number % WAVES + 1 if one.drawn else None, "drawn": one.drawn, "reason_vi": REASON[0],
            "reason_en": REASON[1], "assigned_at": back(one.days), "assigned_by": "scheduler", "starts_on": begun,
            "due_on": due, "state": one.state, "done_at": back(one.days - 20) if one.state == "done" else None,
            "ended_at": back(one.days - 5) if ended else None, "ended_by": "nhansu" if ended else None,
            "ended_why": "Đã nghỉ hưu" if ended else None, "attempt": 1, "renews": None,
        }  # fmt: skip


def _done(of: School) -> Iterator[tuple[Learner, dict[str, str]]]:
    """Steps that are proved: all of what is done, the first of every other that is open."""
    for one in of.learners:
        if one.state == "done":
            yield from ((one, step) for step in one.course.needs)
        elif one.state == "open" and one.number % 2:
            yield one, one.course.needs[0]


def _steps(of: School) -> Rows:
    for one, step in _done(of):
        yield {
            "assignment": one.number, "kind": step["kind"], "key": step["key"], "done_at": back(one.days - 10),
            "proof": {}, "by": one.person.lower(),
        }  # fmt: skip


def _lessons(of: School) -> Rows:
    for one, step in _done(of):
        if step["kind"] == "lesson":
            opened = {"first_at": back(one.days - 9), "last_at": back(one.days - 9)}
            yield {"assignment": one.number, "lesson": step["key"]} | opened


def _attempts(of: School) -> Rows:
    for one, step in _done(of):
        if step["kind"] == "quiz":
            for number in (1, 2) if one.number % 3 == 0 else (1,):
                passed = number == 2 or one.number % 3 != 0
                yield {
                    "assignment": one.number, "quiz": step["key"], "number": number, "edition": one.course.edition,
                    "seed": "1", "answers": {}, "changes": 6, "begun_at": back(one.days - 10),
                    "handed_in_at": back(one.days - 10), "marks": {}, "percent": 90 if passed else 50,
                    "passed": passed,
                }  # fmt: skip


def _certificates(of: School) -> Rows:
    for one in of.learners:
        if one.state != "done":
            continue
        earned = (NOW - timedelta(days=one.days - 20)).date()
        row: dict[str, Any] = {
            "code": _code(one.number), "assignment": one.number, "official": one.official,
            "course_key": one.course.key, "version": 1, "name": f"Người học {one.person}",
            "title_vi": one.course.title_vi, "title_en": one.course.title_en, "earned_at": back(one.days - 20),
            "earned_on": earned, "expires_on": earned + timedelta(days=300 if one.number % 4 else 60),
        }  # fmt: skip
        revoked = one.number % 400 == 0
        yield row | {
            "digest": CertificateRow(**row).computed_digest(), "renewal": None,
            "revoked_at": back(1) if revoked else None, "revoked_by": "nhansu" if revoked else None,
            "revoked_why": "Nhầm người" if revoked else None,
        }  # fmt: skip


def _code(number: int) -> str:
    signs = ""
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_ALPHABET))
        signs = CODE_ALPHABET[rest] + signs
    return signs


def _exemptions(of: School) -> Rows:
    """One learner in twenty: maternity, long illness, a course done elsewhere."""
    for one in of.learners[::20]:
        first = date(2026, 1, 1) + timedelta(days=one.number % 320)
        ended = one.number % 3 == 0
        yield {
            "official": one.official, "course_key": one.course.key if one.number % 2 else None,
            "reason": "Nghỉ thai sản", "first_day": first, "last_day": first + timedelta(days=180),
            "recorded_at": back(one.number % 320), "recorded_by": "nhansu", "ended_at": back(0.5) if ended else None,
            "ended_by": "nhansu" if ended else None,
        }  # fmt: skip


def _reminders(of: School) -> Rows:
    """Two for everybody whose course is done or running."""
    for kind, days in (("before_7", 7), ("before_1", 1)):
        for one in of.learners:
            if one.state in {"done", "open"}:
                yield {
                    "assignment": one.number, "kind": kind, "due_on": (NOW - timedelta(days=one.days - 30)).date(),
                    "official": one.official, "accounts": 1, "sent_at": back(max(0.1, one.days - 30 + days)),
                }  # fmt: skip


def _statements(of: School) -> Rows:
    """What the record store took: that it was assigned, every step, that it is done."""
    number = 0
    for one in of.learners:
        events = ["assigned:"]
        if one.state == "done":
            events += [f"{step['kind']}:{step['key']}" for step in one.course.needs] + ["done:"]
        for event in events:
            number += 1
            yield {
                "id": f"{number:032x}", "assignment": one.number, "event": event, "state": "taken", "answer": None,
                "told_at": back(max(0.1, one.days - 20)),
            }  # fmt: skip


def _effects(of: School) -> Rows:
    """One of every drawn list, every quarter, as it comes out for a town of the tests."""
    panel = offices(Town(people=400, units=15, days=2), np.random.default_rng(1)).panel
    found = measure_effect(panel, permutations=199)
    for campaign in range(1, len(of.courses) + 1):
        people = sum(one.campaign == campaign for one in of.learners)
        for quarter in range(4):
            yield {
                "campaign": campaign, "made_at": back(360 - 90 * quarter), "made_by": "nhansu",
                "first_day": date(2025, 11, 1), "last_day": date(2026, 1, 31), "days_each": 28,
                "periods": len(panel.days[0]), "people": people, "permutations": 199, "seed": None,
                "inputs_digest": f"{quarter:064x}", "panel": {"days": panel.days.tolist()}, "left_out": {},
                "verdict": found.verdict, "label": found.label, "result": EFFECT.dump_python(found, mode="json"),
            }  # fmt: skip


STEPS: tuple[tuple[type[Base], Callable[[School], Rows]], ...] = (
    (RuleRow, _rules), (CampaignRow, _campaigns), (CampaignMemberRow, _members), (AssignmentRow, _assignments),
    (StepDoneRow, _steps), (LessonOpenedRow, _lessons), (AttemptRow, _attempts), (CertificateRow, _certificates),
    (ExemptionRow, _exemptions), (ReminderRow, _reminders), (StatementRow, _statements), (EffectReportRow, _effects),
)  # fmt: skip


def fill(session: Session, people: Sequence[Numbered]) -> School:
    """All of it; gives what was filled, for the classes."""
    found = school(session, people)
    for model, rows in STEPS:
        put(session, cast("Table", model.__table__), rows(found))
    return found
