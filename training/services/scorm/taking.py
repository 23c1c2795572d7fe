"""Packages taken in, by the one door that courses have: a zip is a course of our own format, or a SCORM 1.2 package.

A SCORM package becomes steps of a course, one for each lesson that reports. It is not opened here but for its manifest;
its files are kept under their digests and shown from another origin only.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, objects
from core.db import settings_of
from core.permissions import Actor, Permission, require
from core.words import Text
from training import lessons, scorm
from training.actions import TrainingAction
from training.errors import PackageError
from training.lessons import Course, Step
from training.lessons.model import PackagePart
from training.lessons.scormparts import MOST
from training.models import CourseRow, ScormFileRow, ScormPackageRow
from training.moments import Moment
from training.queries.courses import course_of, course_row
from training.queries.scorm import FOLDER
from training.scorm import neither
from training.scorm.opening import OFF
from training.scorm.reporting import sco_as_json
from training.services import courses

KIND = "scorm"
READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """The course that was taken in or changed, and what HR should know of the package."""

    course_key: str
    notices: tuple[Text, ...] = ()


def take(session: Session, actor: Actor, *, file: BinaryIO, into: str | None, moment: Moment) -> Taken:
    """Take in the zip in `file`: a course, or a SCORM package as steps of the course `into` (None: one of its own).

    The same package again changes nothing. Raises `ForbiddenError`, `PackageError`, `CourseFileError`,
    `CourseNotFoundError`.
    """
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    is_on = scorm.ScormOptions.of(settings_of(session)).is_on
    if is_on:
        scorm.check_size(file)  # what is too large to be looked into would be told the limit of a course
    if not scorm.is_package(file):
        _check_is_course(file)
        content = file.read(lessons.LARGEST + 1)
        return Taken(courses.take_package(session, actor, content=content, moment=moment))
    if not is_on:
        raise PackageError(OFF.vi, OFF.en)
    package = scorm.read_package(file)
    row = _kept(session, actor, package, _digest(file), moment)
    key = _into_course(session, actor, package.manifest, row, into, moment)
    return Taken(key, package.manifest.notices)


def _check_is_course(file: BinaryIO) -> None:
    """Raises `PackageError` for a zip that is of neither kind. What cannot be read, or is too large, is told that."""
    paths = scorm.paths_in(file)
    is_large = file.seek(0, 2) > lessons.LARGEST
    file.seek(0)
    if paths and not neither.is_course(paths) and not (is_large and neither.nearer_to_scorm(paths) is None):
        raise neither.neither(paths)


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while part := file.read(READ):
        found.update(part)
    return found.hexdigest()


def _kept(
    session: Session, actor: Actor, package: scorm.Package, digest: str, moment: Moment
) -> ScormPackageRow:  # fmt: skip
    """The package's row, with its files in the store; the one that is there already where it is the same zip."""
    courses.take_turn(session)
    found = session.scalars(select(ScormPackageRow).where(ScormPackageRow.digest == digest)).first()
    if found is not None:
        return found
    folder = settings_of(session).store / FOLDER
    files = [(path, objects.keep(folder, content)) for path, content in package.files()]
    row = ScormPackageRow(
        digest=digest, title=package.manifest.title, items=[sco_as_json(one) for one in package.manifest.scos],
        taken_at=moment.now, taken_by=actor.in_trail,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for path, kept in files:
        session.add(ScormFileRow(package=row.id, folded=path.casefold(), path=path, digest=kept))
    session.flush()
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.SCORM_TAKEN, subject=f"scorm:{row.id}",
        facts={"digest": digest, "files": len(files), "lessons": len(row.items)},
    )  # fmt: skip
    return row


def _into_course(
    session: Session, actor: Actor, manifest: scorm.Manifest, row: ScormPackageRow, into: str | None, moment: Moment
) -> str:
    """Make the package's lessons steps of the course; gives its key."""
    parts = tuple(_parts(manifest, row.digest))
    if into is None:
        key = words_as_key(manifest.title, "_", "scorm")
        known = session.scalars(select(CourseRow).where(CourseRow.key == key)).first()
        if known is None:
            courses.keep(session, actor, _course(key, manifest.title, parts), (), courses.PACKAGE, moment)
            return key
        if course_of(session, key)[1].lessons:
            raise PackageError(
                f"Đã có khóa học “{key}”; hãy chọn khóa học nhận gói này.",
                f"There is a course “{key}” already; choose the course that this package becomes a step of.",
            )
        into = key
    course_row(session, into)
    course = course_of(session, into)[1]
    changed = with_parts(course, parts)
    if len(changed.parts) > MOST:
        raise PackageError(f"Khóa học có quá {MOST} bài SCORM.", f"The course has more than {MOST} SCORM lessons.")
    courses.keep(session, actor, changed, (), courses.PACKAGE, moment)
    return into


def _course(key: str, title: str, parts: tuple[PackagePart, ...]) -> Course:
    """A course of nothing but this package."""
    return Course(
        key=key,
        title=Text(title, title),
        summary=Text("Khóa học từ gói SCORM.", "A course that came as a SCORM package."),
        audience="everybody",
        minutes=30,
        valid_months=None,
        pass_mark=80,
        draw=1,
        steps=tuple(Step(KIND, one.key) for one in parts),
        lessons=(),
        questions=(),
        pictures={},
        parts=parts,
    )


def _parts(manifest: scorm.Manifest, digest: str) -> Iterator[PackagePart]:
    used: set[str] = set()
    for one in manifest.scos:
        key = base = words_as_key(one.title, "-", "scorm")
        while key in used:
            key = f"{base}-{len(used) + 1}"
        used.add(key)
        yield PackagePart(key, Text(one.title, one.title), digest, one.identifier or "-")


def with_parts(course: Course, parts: tuple[PackagePart, ...]) -> Course:
    """The course with these lessons: each in the place of the one of its key, else after the last lesson."""
    new = {one.key: one for one in parts}
    kept = tuple(new.pop(one.key, one) for one in course.parts)
    after = course.last_lesson
    steps = (*course.steps[:after], *(Step(KIND, key) for key in new), *course.steps[after:])
    return replace(course, parts=(*kept, *new.values()), steps=steps)


def words_as_key(words: str, between: str, otherwise: str) -> str:
    """A key made of a title: small letters without marks and digits, at most 40 of them."""
    plain = unicodedata.normalize("NFD", words.casefold().replace("đ", "d"))
    signs = "".join(one if one.isascii() and one.isalnum() else " " for one in plain if not unicodedata.combining(one))
    found = between.join(signs.split())[:40].strip(between)
    if not found:
        return otherwise
    return found if found[0].isalpha() else f"{otherwise}{between}{found}"[:40].strip(between)
