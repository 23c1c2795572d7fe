"""Courses for HR: what there is, packages taken in and away, lessons changed with a preview, editions to go back to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.errors import VanthuError
from core.permissions import Permission
from core.words import Text
from training import lessons
from training.errors import CourseFileError, CourseNotFoundError, MovedOnError, PackageError
from training.lessons import Course, Lesson
from training.queries import courses as queries
from training.queries.learning import StepView
from training.queries.questions import last_change
from training.services import courses
from training.services.scorm import taking
from web import auth, intake, undo, work
from web.forms.courses import LessonForm, PackageForm
from web.guards import needs
from web.language import language
from web.views.asked import number, offset
from web.views.course_words import AUDIENCES, ORIGINS
from web.views.learning import html_of, moment, step_words

pages = Blueprint("courses", __name__)
LIMIT = 10
"""Editions of a course on a page."""


@pages.get("/courses", endpoint="courses")
@needs(Permission.TRAINING_COURSE_CHANGE)
def shelf() -> str:
    """Every course, and the field for a package."""
    return _shelf(PackageForm(formdata=None))


@pages.post("/courses")
@needs(Permission.TRAINING_COURSE_CHANGE)
@intake.takes_files
def take_package() -> BaseResponse | tuple[str, int]:
    """Take in a course as a zip."""
    form = PackageForm()
    _offer_courses(form)
    if not form.validate_on_submit():
        return _shelf(form), 422
    try:
        taken = taking.take(
            work.session(), auth.required(), file=form.package.data.stream, into=form.into.data or None, moment=moment()
        )
    except (PackageError, CourseFileError) as refused:
        form.package.errors = _sentences(refused)
        return _shelf(form), 422
    flash(_("The course is taken in."))
    for notice in taken.notices:
        flash(notice.to(language()))
    return redirect(url_for("courses.course", key=taken.course_key), 303)


@pages.get("/courses/<key>")
@needs(Permission.TRAINING_COURSE_CHANGE)
def course(key: str) -> str:
    """One course: its lessons, the way to its questions, its editions."""
    row, held = queries.course_of(work.session(), key)
    first = offset(request.args.get("offset"))
    return render_template(
        "course.html", row=row, course=held, offset=first, limit=LIMIT,
        editions=queries.editions(work.session(), row, offset=first, limit=LIMIT),
        address=lambda **asked: url_for("courses.course", key=key, _anchor="editions", **asked),
        audiences=AUDIENCES, origins=ORIGINS, steps=_steps(held), step_words=step_words,
    )  # fmt: skip


@pages.get("/courses/<key>/package")
@needs(Permission.TRAINING_COURSE_CHANGE)
def package(key: str) -> Response:
    """The present edition as a zip: to be changed on a computer and taken in again."""
    row, held = queries.course_of(work.session(), key)
    content = lessons.as_zip(lessons.files_of(held, queries.pictures_of(work.session(), held)))
    answer = Response(content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.key}-{row.version}.zip"'
    return answer


@pages.post("/courses/<key>/retire")
@needs(Permission.TRAINING_COURSE_CHANGE)
def retire(key: str) -> BaseResponse:
    """Assign the course to nobody any more."""
    courses.retire(work.session(), auth.required(), course_key=key, moment=moment())
    undo.offer(_("The course is not assigned any more."), url_for("courses.bring_back", key=key))
    return redirect(url_for("courses.course", key=key), 303)


@pages.post("/courses/<key>/bring-back")
@needs(Permission.TRAINING_COURSE_CHANGE)
def bring_back(key: str) -> BaseResponse:
    """Undo that."""
    courses.bring_back(work.session(), auth.required(), course_key=key)
    flash(_("The course can be assigned again."))
    return redirect(url_for("courses.course", key=key), 303)


@pages.post("/courses/<key>/editions/<int:edition>")
@needs(Permission.TRAINING_COURSE_CHANGE)
def bring_back_edition(key: str, edition: int) -> BaseResponse:
    """Make an earlier edition the present one."""
    courses.bring_back_edition(
        work.session(), auth.required(), course_key=key, number=edition, seen_version=_seen(), moment=moment()
    )
    flash(_("Edition %(number)s is taught again, as a new edition.", number=edition))
    page = "questions.questions" if request.form.get("back") == "questions" else "courses.course"
    return redirect(url_for(page, key=key), 303)


@pages.get("/courses/<key>/lessons/<lesson>")
@needs(Permission.TRAINING_COURSE_CHANGE)
def edit_lesson(key: str, lesson: str) -> str:
    """A lesson's text in both languages, as it is now, and how it looks."""
    row, held = queries.course_of(work.session(), key)
    present = _lesson(held, lesson)
    form = LessonForm(formdata=None, vi=present.source.vi, en=present.source.en, version=row.version)
    return _editor(row.key, held, present, form)


@pages.post("/courses/<key>/lessons/<lesson>")
@needs(Permission.TRAINING_COURSE_CHANGE)
def change_lesson(key: str, lesson: str) -> BaseResponse | tuple[str, int]:
    """Show how the changed text would look, or save it as a new edition."""
    row, held = queries.course_of(work.session(), key)
    before, present, form = row.version, _lesson(held, lesson), LessonForm()
    if not form.validate_on_submit():
        return _editor(key, held, present, form), 422
    given = Text(str(form.vi.data), str(form.en.data))
    shown = Lesson(lesson, present.title, given)
    try:
        if request.form.get("do") == "preview":
            for chosen in ("vi", "en"):
                lessons.check_lesson(f"{chosen}/{lesson}.md", str(form[chosen].data), held.pictures)
            return _editor(key, held, shown, form), 200
        version = courses.change_lesson(
            work.session(), auth.required(), course_key=key, lesson=lesson, source=given,
            seen_version=form.version.data or 0, moment=moment(),
        )  # fmt: skip
    except CourseFileError as refused:
        form.vi.errors = _sentences(refused)
        return _editor(key, held, shown, form), 422
    except MovedOnError as refused:
        row, held = queries.course_of(work.session(), key)
        form.vi.errors, form.version.data = [refused.message.to(language())], row.version
        return _editor(key, held, shown, form, theirs=_lesson(held, lesson)), 409
    if version != before:
        back = url_for("courses.bring_back_edition", key=key, edition=version - 1)
        undo.offer(_("Saved as edition %(number)s.", number=version), back, {"version": str(version)})
    return redirect(url_for("courses.course", key=key), 303)


def _shelf(form: PackageForm) -> str:
    _offer_courses(form)
    return render_template(
        "courses.html", shelf=queries.shelf(work.session()), form=form, audiences=AUDIENCES,
        is_scorm_on=current_app.config["SCORM"].is_on,
    )  # fmt: skip


def _offer_courses(form: PackageForm) -> None:
    """The courses that a SCORM package may become a step of."""
    titles = [(one.key, one.title.to(language())) for one in queries.shelf(work.session())]
    form.into.choices = [("", _("a course of its own")), *titles]


def _editor(key: str, course: Course, lesson: Lesson, form: LessonForm, theirs: Lesson | None = None) -> str:
    """The page of a lesson; `theirs` is what somebody else saved while this was written."""
    return render_template(
        "lesson_edit.html",
        key=key,
        course=course,
        lesson=lesson,
        form=form,
        theirs=theirs,
        change=last_change(work.session(), key) if theirs else None,
        text=html_of(lesson, dict(course.pictures)),
    )


def _lesson(course: Course, key: str) -> Lesson:
    found = course.lesson(key)
    if found is None:
        raise CourseNotFoundError(f"{course.key}/{key[:64]}")
    return found


def _steps(course: Course) -> list[StepView]:
    titles = {("lesson", one.key): one.title for one in course.lessons}
    titles |= {("scorm", one.key): one.title for one in course.parts}
    return [StepView(one.kind, one.key, titles.get((one.kind, one.key)), None) for one in course.steps]


def _sentences(refused: VanthuError) -> list[Any]:
    """Each fault of a file as an error of its field."""
    faults = refused.faults if isinstance(refused, CourseFileError) else (refused.message,)
    return [one.to(language()) for one in faults]


def _seen() -> int:
    return number(request.form.get("version")) or 0
