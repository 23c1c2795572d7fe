"""What an official learns: the own courses with what is next, lessons to read and to print, and their pictures."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.db import utc_now
from core.permissions import Actor, Permission
from training import lessons
from training.lessons import Course, Lesson
from training.moments import Moment
from training.practice import kinds
from training.queries import courses as course_queries
from training.queries import learning as queries
from training.queries.learning import OwnCourse, StepView
from training.services import learning
from web import ahead, auth, formats, waiting, work
from web.guards import needs
from web.language import language

pages = Blueprint("learning", __name__)


def moment() -> Moment:
    """Now, and the day at the office."""
    now = utc_now()
    return Moment(now, formats.local(now).date())


def offered(session: Session, actor: Actor, _now: datetime) -> waiting.Offer | None:
    """The courses that the actor is to do, for the home page."""
    if actor.official_id is None or not actor.may(Permission.TRAINING_COURSE_TAKE):
        return None
    kind, due = str(_("Course")), queries.courses_due(session, actor)
    things = [
        waiting.Waiting(
            kind=kind,
            title=formats.text(one.title),
            address=url_for("learning.course", assignment_id=one.assignment_id),
            who=str(_("%(minutes)s minutes", minutes=one.minutes)),
            since=one.assigned_at,
            due=one.due_on,
            keep=True,
        )
        for one in due[: waiting.SHOWN]
    ]
    return waiting.Offer.of(things, total=len(due), words=_("Courses to do"), address=url_for("learning.learning"))


@pages.get("/learning", endpoint="learning")
@needs(Permission.TRAINING_COURSE_TAKE)
def own_courses() -> str:
    """The own courses: what is to be done now first, each with what is next."""
    found = queries.own_courses(work.session(), learner())
    return render_template(
        "learning.html", courses=found, today=work.today(), step_words=step_words, address=address_of
    )


@pages.get("/learning/<int:assignment_id>")
@needs(Permission.TRAINING_COURSE_TAKE)
def course(assignment_id: int) -> str:
    """One course: why, until when, its steps, and the button to the next."""
    found = queries.own_course(work.session(), learner(), assignment_id)
    return render_template(
        "learning_course.html", course=found, today=work.today(), step_words=step_words, address=address_of,
        is_scorm_on=current_app.config["SCORM"].is_on,
    )  # fmt: skip


@pages.get("/learning/<int:assignment_id>/lessons/<key>")
@needs(Permission.TRAINING_COURSE_TAKE)
def lesson(assignment_id: int, key: str) -> str:
    """A lesson; where it was left is noted, unless the page was only fetched ahead."""
    page = queries.lesson_page(work.session(), learner(), assignment_id, key)
    if not ahead.is_fetched_ahead():
        learning.open_lesson(work.session(), learner(), assignment_id=assignment_id, lesson=key, moment=moment())
    return render_template(
        "lesson.html", page=page, text=html_of(page.lesson, page.pictures), step_words=step_words, address=address_of
    )


@pages.post("/learning/<int:assignment_id>/lessons/<key>")
@needs(Permission.TRAINING_COURSE_TAKE)
def lesson_read(assignment_id: int, key: str) -> Response:
    """The lesson was read; what comes next."""
    learning.finish_lesson(work.session(), learner(), assignment_id=assignment_id, lesson=key, moment=moment())
    found = queries.own_course(work.session(), learner(), assignment_id)
    if found.next is None:
        if found.state == "done":
            flash(_("The course is done."))
        return redirect(url_for("learning.course", assignment_id=assignment_id), 303)
    return redirect(address_of(found, found.next), 303)


@pages.get("/learning/<int:assignment_id>/print")
@needs(Permission.TRAINING_COURSE_TAKE)
def all_lessons(assignment_id: int) -> str:
    """All lessons of a course on one page, to be printed or kept."""
    found = queries.own_course(work.session(), learner(), assignment_id)
    if found.state == "waiting":
        abort(404)
    held: Course = course_queries.course_of(work.session(), found.course_key)[1]
    texts = [(one, html_of(one, dict(held.pictures))) for one in held.lessons]
    return render_template("lessons_print.html", course=found, texts=texts)


@pages.get("/learning/pictures/<digest>")
# of no secret, and asked for by name of its content: learners and teachers alike, and programs that learn
@needs(Permission.CORE_ACCOUNT_OWN, Permission.TRAINING_COURSE_TAKE)
def picture(digest: str) -> Response:
    """A picture of lessons, under the name of its content; opened by itself it may do nothing."""
    media_type, content = course_queries.picture(work.session(), digest)
    answer = current_app.response_class(content, mimetype=media_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def learner() -> Actor:
    """The actor, who is an official; for anybody else there is nothing here."""
    actor = auth.required()
    if actor.official_id is None:
        abort(404)
    return actor


def html_of(lesson: Lesson, pictures: dict[str, str]) -> Markup:
    """The text of a lesson in the visitor's language, safe for a page."""

    def address(name: str) -> str | None:
        return url_for("learning.picture", digest=pictures[name]) if name in pictures else None

    return Markup(lessons.html_of(lesson.source.to(language()), address))  # noqa: S704 - cleaned by nh3


def step_words(step: StepView) -> str:
    """What a step is called."""
    if step.title is not None:
        return formats.text(step.title)
    if step.kind == "exercise":
        known = kinds.KINDS.get(step.key)
        return formats.text(known.title) if known is not None else str(_("Practice"))
    return str(_("Quiz")) if step.kind == "quiz" else str(_("Class"))


def address_of(course: OwnCourse, step: StepView) -> str:
    """Where a step is done."""
    if step.kind == "lesson":
        return url_for("learning.lesson", assignment_id=course.assignment_id, key=step.key)
    if step.kind == "quiz":
        return url_for("quizzes.quiz", assignment_id=course.assignment_id)
    if step.kind == "exercise":
        return url_for("practice.exercise", assignment_id=course.assignment_id, kind=step.key)
    if step.kind == "scorm" and current_app.config["SCORM"].is_on:
        return url_for("scorm.lesson", assignment_id=course.assignment_id, key=step.key)
    if step.kind == "scorm":  # the course's own page says that it cannot be opened
        return url_for("learning.course", assignment_id=course.assignment_id)
    return url_for("own_classes.own_classes")
