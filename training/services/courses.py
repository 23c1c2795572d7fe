"""Courses kept: those that come with the program, packages, and lessons changed in the browser.

Every change is a new edition; none is ever overwritten. What the city changed is its own: a later version of the
program brings new editions of shipped courses only where the city left the shipped one as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import audit
from core.permissions import SCHEDULER, Actor, Permission, require
from core.words import Text
from training import lessons
from training.actions import TrainingAction
from training.errors import CourseNotFoundError, MovedOnError, PackageError
from training.lessons import Course, Lesson, Picture
from training.models import CourseEditionRow, CoursePictureRow, CourseRow
from training.moments import Moment
from training.queries.scorm import missing_packages

COURSE_LOCK = 6_121_025
"""Number of the PostgreSQL advisory lock that whoever changes courses holds until the transaction ends."""
SHIPPED, PACKAGE, EDITOR = "shipped", "package", "editor"
Part = Callable[[Course], object]
"""What of a course a change is about."""


def ensure_shipped(session: Session, *, moment: Moment) -> list[str]:
    """Load the courses that come with the program, where they are missing or the shipped edition is an older one.

    Gives the keys of those that were made or renewed: none the second time.
    """
    known = {one.key: one.digest for one in session.scalars(select(CourseRow))}
    if all(known.get(course.key) == lessons.digest_of(course) for course, _pictures in shipped()):
        return []
    take_turn(session)
    changed = []
    for course, pictures in shipped():
        present = _row(session, course.key)
        if present is not None and _origin(session, present) != SHIPPED:
            continue
        if keep(session, SCHEDULER, course, pictures, SHIPPED, moment):
            changed.append(course.key)
    return changed


@lru_cache(maxsize=1)
def shipped() -> tuple[tuple[Course, tuple[Picture, ...]], ...]:
    """The courses in the program's own folder, in the order of their keys; read once in a process."""
    return tuple(lessons.of_folder(one) for one in sorted(lessons.SHIPPED.iterdir()) if one.is_dir())


def take_package(session: Session, actor: Actor, *, content: bytes, moment: Moment) -> str:
    """Take the course in a zip as a new course, or as the next edition of the one of that key; gives the key.

    Saying nothing new makes no edition. Raises `ForbiddenError`, `PackageError`, `CourseFileError`.
    """
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    course, pictures = lessons.of_zip(content)
    missing = missing_packages(session, course)
    if missing:
        raise PackageError(
            f"Khóa học dùng gói SCORM {missing[0][:12]}… chưa có ở đây; hãy nhận tệp zip của gói đó trước.",
            f"The course uses the SCORM package {missing[0][:12]}…, which is not here; take in that zip first.",
        )
    take_turn(session)
    keep(session, actor, course, pictures, PACKAGE, moment)
    return course.key


def change_lesson(
    session: Session, actor: Actor, *, course_key: str, lesson: str, source: Text, seen_version: int, moment: Moment
) -> int:
    """Write a lesson anew in both languages; gives the number of the edition (the present one if nothing changed).

    Raises `ForbiddenError`, `CourseNotFoundError`, `CourseFileError` naming the line, and `MovedOnError` where the
    lesson was changed since the page with `seen_version` was made.
    """
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    row, course = changeable(session, course_key, seen_version, lambda one: one.lesson(lesson))
    present = course.lesson(lesson)
    if present is None:
        raise CourseNotFoundError(f"{course_key}/{lesson}")
    given = Text(_tidy(source.vi), _tidy(source.en))
    titles = [
        lessons.check_lesson(f"{language}/{lesson}.md", given.to(language), course.pictures)
        for language in ("vi", "en")
    ]  # fmt: skip
    changed = Lesson(lesson, Text(*titles), given)
    rest = tuple(changed if one.key == lesson else one for one in course.lessons)
    keep(session, actor, replace(course, lessons=rest), (), EDITOR, moment, lesson=lesson)
    return row.version


def bring_back_edition(
    session: Session, actor: Actor, *, course_key: str, number: int, seen_version: int, moment: Moment
) -> int:
    """Make an earlier edition the present one, as a new edition that says the same; gives its number.

    What the program brought last and the city takes back is the program's again, so that its later versions come.
    Raises as `change_lesson`.
    """
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    row, _course = changeable(session, course_key, seen_version)
    earlier = _seen(session, row, number)
    as_shipped = lessons.digest_of(earlier) == _last_shipped(session, row)
    keep(session, actor, earlier, (), SHIPPED if as_shipped else EDITOR, moment, edition=number)
    return row.version


def retire(session: Session, actor: Actor, *, course_key: str, moment: Moment) -> None:
    """Assign the course to nobody any more; who has it goes on. Raises `ForbiddenError`, `CourseNotFoundError`."""
    row = _to_shelve(session, actor, course_key)
    if row.retired_at is None:
        row.retired_at = moment.now
        session.flush()
        _record(session, actor, TrainingAction.COURSE_RETIRED, row)


def bring_back(session: Session, actor: Actor, *, course_key: str) -> None:
    """Undo `retire`. Raises as it does."""
    row = _to_shelve(session, actor, course_key)
    if row.retired_at is not None:
        row.retired_at = None
        session.flush()
        _record(session, actor, TrainingAction.COURSE_BROUGHT_BACK, row)


def changeable(
    session: Session, course_key: str, seen_version: int, part: Part = lambda course: course
) -> tuple[CourseRow, Course]:
    """The course's row and present edition, nobody else changing it.

    Raises `CourseNotFoundError`, and `MovedOnError` where `part` of the course is not what it was in the edition that
    the page showed: who changed something else in between hinders nobody.
    """
    take_turn(session)
    row = _row(session, course_key)
    if row is None:
        raise CourseNotFoundError(course_key)
    present = lessons.from_json(_edition(session, row).content)
    if row.version != seen_version and part(_seen(session, row, seen_version)) != part(present):
        raise MovedOnError(
            "Phần này đã được người khác sửa sau khi Ông/Bà mở trang; chưa ghi nhận gì. Hãy xem lại rồi lưu.",
            "Somebody else changed this after you opened the page; nothing was recorded. Look at it again, then save.",
        )
    return row, present


def _seen(session: Session, row: CourseRow, number: int) -> Course:
    wanted = select(CourseEditionRow).where(CourseEditionRow.course == row.id, CourseEditionRow.number == number)
    found = session.scalars(wanted).first()
    if found is None:
        raise CourseNotFoundError(f"{row.key}/{number}")
    return lessons.from_json(found.content)


def keep(
    session: Session, actor: Actor, course: Course, pictures: tuple[Picture, ...], origin: str, moment: Moment,
    **facts: str | int,
) -> bool:  # fmt: skip
    """Make this the present edition of its course; False where it is already. `facts`: what the trail is told besides.

    Whoever calls has taken their turn (`changeable`) and asked whether the actor may.
    """
    digest = lessons.digest_of(course)
    row = _row(session, course.key)
    if row is not None and row.digest == digest:
        return False
    for picture in pictures:
        if session.get(CoursePictureRow, picture.digest) is None:
            session.add(CoursePictureRow(digest=picture.digest, media_type=picture.media_type, content=picture.content))
            session.flush()  # two names may show one picture
    if row is None:
        row = CourseRow(key=course.key, version=0)
    row.version += 1
    row.title_vi, row.title_en = course.title.vi, course.title.en
    row.summary_vi, row.summary_en = course.summary.vi, course.summary.en
    row.audience, row.minutes, row.valid_months = course.audience, course.minutes, course.valid_months
    row.pass_mark, row.digest = course.pass_mark, digest
    row.needs = [{"kind": one.kind, "key": one.key} for one in course.steps]
    session.add(row)
    session.flush()
    session.add(
        CourseEditionRow(
            course=row.id, number=row.version, origin=origin, content=lessons.as_json(course), digest=digest,
            made_at=moment.now, made_by=actor.in_trail,
        )
    )  # fmt: skip
    session.flush()
    _record(session, actor, TrainingAction.COURSE_CHANGED, row, origin=origin, digest=digest, **facts)
    return True


def _row(session: Session, key: str) -> CourseRow | None:
    return session.scalars(select(CourseRow).where(CourseRow.key == key)).first()


def _edition(session: Session, row: CourseRow) -> CourseEditionRow:
    wanted = select(CourseEditionRow).where(CourseEditionRow.course == row.id, CourseEditionRow.number == row.version)
    return session.scalars(wanted).one()


def _origin(session: Session, row: CourseRow) -> str:
    return _edition(session, row).origin


def _last_shipped(session: Session, row: CourseRow) -> str | None:
    """The digest of the newest edition that came with the program."""
    wanted = select(CourseEditionRow.digest).where(
        CourseEditionRow.course == row.id, CourseEditionRow.origin == SHIPPED
    )
    return session.scalars(wanted.order_by(CourseEditionRow.number.desc()).limit(1)).first()


def _to_shelve(session: Session, actor: Actor, course_key: str) -> CourseRow:
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    take_turn(session)
    row = _row(session, course_key)
    if row is None:
        raise CourseNotFoundError(course_key)
    return row


def _record(session: Session, actor: Actor, action: TrainingAction, row: CourseRow, **facts: str | int) -> None:
    told = {"version": row.version, **facts}
    audit.record(session, actor=actor.in_trail, action=action, subject=f"course:{row.key}", facts=told)


def _tidy(source: str) -> str:
    """As an editor's field sends it: lines end one way, and the text with one."""
    return source.replace("\r\n", "\n").strip() + "\n"


def take_turn(session: Session) -> None:
    """One change of courses at a time: each looks at what the one before left."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": COURSE_LOCK})
    else:  # SQLite: FOR UPDATE takes the one writer's place
        session.execute(select(CourseRow.id).limit(1).with_for_update())
    session.flush()
    session.expire_all()
