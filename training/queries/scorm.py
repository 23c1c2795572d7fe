"""Lessons of SCORM packages: what a learner sees, what the package is told, its files, and what was reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.queries import official_row
from core.permissions import Actor
from core.words import Text
from training.errors import CourseNotFoundError
from training.lessons import Course
from training.models import ScormFileRow, ScormPackageRow, ScormReportRow
from training.queries.courses import course_of
from training.queries.learning import OwnCourse, StepView, own_course
from training.scorm import Sco
from training.scorm.reporting import NOT_ATTEMPTED, sco_of, told_at_start

FOLDER = "packages"
"""Where in the store the files of packages lie."""
KIND = "scorm"
REPORTED_WORDS: Mapping[str, Text] = {
    "passed": Text("đạt", "passed"),
    "completed": Text("đã học xong", "completed"),
    "failed": Text("chưa đạt", "not passed yet"),
    "incomplete": Text("chưa học xong", "not finished yet"),
    "browsed": Text("mới xem qua", "looked at only"),
    "not attempted": Text("chưa có gì", "nothing yet"),
}
"""What a package says of a lesson."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a package said of a learner, last of all: its own word. `score` is 0 to 100, None where it said none."""

    key: str
    status: str
    score: float | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ScormPage:
    """A lesson of a package in the learner's course; `after` is the step behind it."""

    course: OwnCourse
    key: str
    title: Text
    package: int
    item: str
    reported: Reported | None
    after: StepView | None
    done_at: datetime | None


def scorm_page(session: Session, actor: Actor, assignment_id: int, key: str) -> ScormPage:
    """The lesson of the actor's course; of one that has not begun there is none yet.

    Raises `AssignmentNotFoundError`, `CourseNotFoundError`.
    """
    found = own_course(session, actor, assignment_id)
    part = course_of(session, found.course_key)[1].part(key)
    if part is None or found.state == "waiting":
        raise CourseNotFoundError(f"{found.course_key}/{KIND}/{key}")
    package = package_row(session, part.package)
    at = [(one.kind, one.key) for one in found.steps].index((KIND, key))
    row = session.get(ScormReportRow, (assignment_id, key))
    return ScormPage(
        course=found,
        key=key,
        title=part.title,
        package=package.id,
        item=part.item,
        reported=_reported(row) if row is not None and _is_of(row, package.id, part.item) else None,
        after=found.steps[at + 1] if at + 1 < len(found.steps) else None,
        done_at=found.steps[at].done_at,
    )


def package_row(session: Session, digest: str) -> ScormPackageRow:
    """The package of that digest. Raises `CourseNotFoundError`."""
    found = session.scalars(select(ScormPackageRow).where(ScormPackageRow.digest == digest)).first()
    if found is None:
        raise CourseNotFoundError(f"scorm:{digest[:16]}")
    return found


def sco(package: ScormPackageRow, item: str) -> Sco:
    """A lesson of the package. Raises `CourseNotFoundError`."""
    found = next((one for one in map(sco_of, package.items) if (one.identifier or "-") == item), None)
    if found is None:
        raise CourseNotFoundError(f"scorm:{package.id}/{item[:64]}")
    return found


def start(session: Session, actor: Actor, page: ScormPage) -> tuple[str, dict[str, str]]:
    """Where in the package the lesson begins, and element -> value of what it is told as a sitting begins.

    Raises `CourseNotFoundError`.
    """
    lesson = sco(session.get_one(ScormPackageRow, page.package), page.item)
    row = session.get(ScormReportRow, (page.course.assignment_id, page.key))
    row = row if row is not None and _is_of(row, page.package, page.item) else None
    own = official_row(session, actor.official_id) if actor.official_id is not None else None
    return lesson.launch, told_at_start(
        lesson,
        learner=actor.official_id or "",
        name=own.name if own is not None else "",
        kept=row.values if row is not None else {},
        status=row.status if row is not None else NOT_ATTEMPTED,
        hundredths=row.before + row.spent if row is not None else 0,
        is_review=page.done_at is not None,
    )


def file_of(session: Session, package: int, path: str) -> tuple[str, str]:
    """Path and digest of a file of a package, whatever the capitals. Raises `CourseNotFoundError`."""
    found = session.get(ScormFileRow, (package, path.casefold()))
    if found is None:
        raise CourseNotFoundError(f"scorm:{package}/{path[:64]}")
    return found.path, found.digest


def reported(session: Session, assignments: Iterable[int]) -> dict[int, list[Reported]]:
    """Assignment -> what packages said of it, by step. One SQL query."""
    wanted = select(ScormReportRow).where(ScormReportRow.assignment.in_(list(assignments)))
    found: defaultdict[int, list[Reported]] = defaultdict(list)
    for row in session.scalars(wanted.order_by(ScormReportRow.assignment, ScormReportRow.key)):
        found[row.assignment].append(_reported(row))
    return dict(found)


def missing_packages(session: Session, course: Course) -> list[str]:
    """Digests of packages that a course names and that were not taken in here."""
    named = {one.package for one in course.parts}
    wanted = select(ScormPackageRow.digest).where(ScormPackageRow.digest.in_(named))
    return sorted(named - set(session.scalars(wanted))) if named else []


def _is_of(row: ScormReportRow, package: int, item: str) -> bool:
    """Whether a report is of this very lesson: what another edition of a package kept is of no use to this one."""
    return (row.package, row.item) == (package, item)


def _reported(row: ScormReportRow) -> Reported:
    return Reported(row.key, row.status, row.score, row.last_at)
