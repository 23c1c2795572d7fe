"""Classes for those who plan and teach them: the list, one with its people, its sheet, and the screen in the room."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from core.db import utc_now
from core.errors import VanthuError
from core.permissions import Permission
from core.words import LANGUAGES, Language
from training import presence
from training.papers import sheet as paper
from training.queries import classes as queries
from training.queries.class_people import could_come, taken_back_of_class
from training.queries.classes import ClassPage, When
from training.services import classes as services
from training.services.classes import TakenBack
from web import auth, formats, qr, undo, work
from web.forms.classes import CancelForm, ChangeForm, NewClassForm, PresentForm, SeatForm, TakeBackForm
from web.guards import needs
from web.language import language
from web.views.asked import offset
from web.views.learning import moment

pages = Blueprint("classes", __name__)
LIMIT = 50
PDF = "application/pdf"
CHANGE = Permission.TRAINING_CLASS_CHANGE
ATTEND = Permission.TRAINING_CLASS_ATTEND
"""Of a class's own page, sheet and screen: its teacher may see them too; who else asks finds no such class."""


@pages.get("/classes")
@needs(CHANGE)
def classes() -> str:
    """Those to come, or the past ones."""
    when: When = "past" if request.args.get("when") == "past" else "coming"
    first = offset(request.args.get("offset"))
    found, total = queries.classes(
        work.session(), auth.required(), now=utc_now(), when=when, offset=first, limit=LIMIT
    )  # fmt: skip
    return render_template(
        "classes.html",
        classes=found,
        total=total,
        when=when,
        offset=first,
        limit=LIMIT,
        address=lambda **given: url_for("classes.classes", **({"when": when} | given)),
        span=span,
    )


@pages.get("/classes/new")
@needs(CHANGE)
def new() -> str:
    """The form."""
    return _new_page(_choices(NewClassForm(formdata=None, data={"places": 20})))


@pages.post("/classes")
@needs(CHANGE)
def make() -> Answer | tuple[str, int]:
    """Plan a class; a form that cannot be used comes back with its reasons."""
    form = _choices(NewClassForm())
    if not form.validate():
        return _new_page(form), 422
    course_key, _slash, step = form.course.data.partition("/")
    try:
        class_id = services.make_class(
            work.session(), auth.required(), course_key=course_key, step_key=step or None,
            unit_key=form.unit.data or None, plan=form.plan, moment=moment(),
        )  # fmt: skip
    except VanthuError as refused:
        form.day.errors = [refused.message.to(language())]
        return _new_page(form), 422
    flash(_("The class is planned. Now it may be filled: put people on its list, or let them ask for a seat."))
    return redirect(url_for("classes.one", class_id=class_id), 303)


@pages.get("/classes/<int:class_id>")
@needs(CHANGE, ATTEND)
def one(class_id: int) -> str:
    """One class with its list, and what may be done."""
    return _page(class_id)


@pages.get("/classes/<int:class_id>/change")
@needs(CHANGE)
def change_page(class_id: int) -> str:
    """The form with what holds now."""
    page = _to_change(class_id)
    first, last = (formats.local(one) for one in (page.line.starts_at, page.line.ends_at))
    told = {
        "day": first.date(),
        "starts": first.time(),
        "ends": last.time(),
        "room": page.line.room,
        "places": page.line.places,
        "teacher": page.teacher_id or page.line.teacher,
        "note": page.line.note,
        "seen": page.changes,
    }
    return render_template("class_change.html", page=page, form=ChangeForm(formdata=None, data=told), span=span)


@pages.post("/classes/<int:class_id>/change")
@needs(CHANGE)
def change(class_id: int) -> Answer | tuple[str, int]:
    """Change it; people are told of what concerns them."""
    page, form = _to_change(class_id), ChangeForm()
    valid = form.validate()
    if valid and form.seen.data is not None:
        try:
            services.change_class(
                work.session(), auth.required(), class_id=class_id, seen_changes=form.seen.data, plan=form.plan,
                moment=moment(),
            )  # fmt: skip
        except VanthuError as refused:
            form.day.errors = [refused.message.to(language())]
        else:
            flash(_("The class is changed. Who has a seat is told, and calendars follow."))
            return redirect(url_for("classes.one", class_id=class_id), 303)
    return render_template("class_change.html", page=page, form=form, span=span), 422


@pages.post("/classes/<int:class_id>/cancel")
@needs(CHANGE)
def cancel(class_id: int) -> Answer | tuple[str, int]:
    """Cancel it."""
    form = CancelForm()
    if form.validate():
        try:
            services.cancel_class(
                work.session(), auth.required(), class_id=class_id, why=form.why.data, moment=moment()
            )  # fmt: skip
        except VanthuError as refused:
            form.why.errors = [refused.message.to(language())]
        else:
            flash(_("The class is cancelled. Who was on its list is told, and calendars take it out."))
            return redirect(url_for("classes.one", class_id=class_id), 303)
    return _page(class_id, cancel_form=form), 422


@pages.post("/classes/<int:class_id>/seats")
@needs(CHANGE)
def seat(class_id: int) -> Answer | tuple[str, int]:
    """Put people on the list, in the order they are named."""
    form = SeatForm()
    if form.validate():
        numbers = [form.official_id.data] if form.official_id.data else form.some.data
        try:
            with work.session().begin_nested():  # all of them or nobody
                asked = [
                    services.give_seat(
                        work.session(), auth.required(), class_id=class_id, official_id=number, moment=moment()
                    )
                    for number in numbers
                ]
        except VanthuError as refused:
            form.official_id.errors = [refused.message.to(language())]
        else:
            seated = sum(one.seated for one in asked)
            told = _(
                "With a seat: %(seated)s; waiting for one: %(waiting)s.", seated=seated, waiting=len(asked) - seated
            )
            flash(told)
            return redirect(url_for("classes.one", class_id=class_id), 303)
    return _page(class_id, seat_form=form), 422


@pages.post("/classes/<int:class_id>/seats/remove")
@needs(CHANGE)
def remove(class_id: int) -> Answer:
    """Take somebody off the list; the way back asks for a seat again, as the last."""
    number = (request.form.get("official_id") or "")[:64]
    services.take_seat_away(
        work.session(), auth.required(), class_id=class_id, official_id=number, moment=moment()
    )  # fmt: skip
    undo.offer(
        _("Off the list. Who waited first has the seat now."),
        url_for("classes.seat", class_id=class_id),
        {"official_id": number},
    )
    return redirect(url_for("classes.one", class_id=class_id), 303)


@pages.post("/classes/<int:class_id>/present")
@needs(CHANGE)
def present(class_id: int) -> Answer | tuple[str, int]:
    """Put on record who was there, from the signed sheet."""
    form = PresentForm()
    if form.validate():
        try:
            services.enter(
                work.session(), auth.required(), class_id=class_id, official_id=form.official_id.data,
                note=form.note.data or "", moment=moment(),
            )  # fmt: skip
        except VanthuError as refused:
            form.official_id.errors = [refused.message.to(language())]
        else:
            return redirect(url_for("classes.one", class_id=class_id, _anchor="people"), 303)
    return _page(class_id, present_form=form), 422


@pages.post("/classes/<int:class_id>/present/take-back")
@needs(CHANGE)
def take_back(class_id: int) -> Answer | tuple[str, int]:
    """Take back that somebody was entered by mistake; the way back enters them again."""
    form = TakeBackForm()
    if form.validate():
        try:
            found = services.take_back(
                work.session(), auth.required(), class_id=class_id, official_id=form.official_id.data or "",
                why=form.why.data, moment=moment(),
            )  # fmt: skip
        except VanthuError as refused:
            form.why.errors = [refused.message.to(language())]
        else:
            if found is not None:
                number = {"official_id": form.official_id.data or ""}
                undo.offer(_taken_back(found), url_for("classes.present", class_id=class_id), number)
            return redirect(url_for("classes.one", class_id=class_id, _anchor="people"), 303)
    return _page(class_id, take_back_form=form), 422


@pages.get("/classes/<int:class_id>/sheet")
@needs(CHANGE, ATTEND)
def sheet(class_id: int) -> str:
    """The sheet to sign, as a page to print."""
    page = queries.class_page(work.session(), auth.required(), class_id=class_id)
    return render_template("class_sheet.html", page=page, span=span, empty=paper.EMPTY_ROWS)


@pages.get("/classes/<int:class_id>/sheet/<chosen>.pdf")
@needs(CHANGE, ATTEND)
def sheet_paper(class_id: int, chosen: str) -> Response:
    """The same as PDF/A."""
    page = queries.class_page(work.session(), auth.required(), class_id=class_id)
    wanted: Language = "en" if chosen == "en" else "vi"
    made = paper.render(paper_of(page, wanted), zone=work.settings().timezone, language=wanted)
    return as_file(made, f"class-{class_id}-{wanted}.pdf")


@pages.get("/classes/<int:class_id>/screen")
@needs(CHANGE, ATTEND)
def screen(class_id: int) -> Answer:
    """What is shown in the room: the code of this half minute. The page fetches the next one by itself."""
    page, now = queries.class_page(work.session(), auth.required(), class_id=class_id), utc_now()
    when = presence.Session(page.uid, page.line.starts_at, page.line.ends_at, cancelled=page.line.cancelled)
    code = presence.code(work.settings().secret_key, when, now)
    address = url_for("own_classes.scanned", class_id=class_id, code=code, _external=True) if code else ""
    answer = make_response(
        render_template(
            "class_screen.html",
            page=page,
            span=span,
            code=code,
            qr=qr.as_svg(address, title=_("Code to check in with")) if code else "",
            opens_at=when.opens_at,
            closes_at=when.closes_at,
            before=now < when.opens_at,
        )
    )
    if not page.line.cancelled and now < when.closes_at:
        wait = (presence.changes_at(now) - now).total_seconds() if code else 60
        answer.headers["Refresh"] = str(int(wait) + 1)
    return answer


def span(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when, on the office's clocks, with the day of the week."""
    told = paper.span(starts_at, ends_at, work.settings().timezone, language())
    return f"{formats.weekday(starts_at.astimezone(ZoneInfo(work.settings().timezone)).date())}, {told}"


def as_file(content: bytes, name: str) -> Response:
    """A PDF to keep."""
    answer = make_response(content)
    answer.mimetype = PDF
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def paper_of(page: ClassPage, wanted: Language) -> paper.Sheet:
    """The sheet of a class in one language."""
    return paper.Sheet(
        title=page.line.title.to(wanted),
        starts_at=page.line.starts_at,
        ends_at=page.line.ends_at,
        room=page.line.room,
        teacher=page.line.teacher,
        places=page.line.places,
        cancelled=page.line.cancelled,
        lines=tuple(
            paper.SheetLine(one.name, one.official_id, one.unit, one.present_at) for one in page.people
        ),
    )  # fmt: skip


def _taken_back(found: TakenBack) -> str:
    """What taking an entry back came to."""
    if found.stands:
        return str(_("The entry is taken back. Another class proves the same step, so the course stays as it is."))
    if found.revoked and found.reopened:
        return str(_("The entry is taken back. The course is to be done again, and its certificate is revoked."))
    if found.revoked:
        return str(_("The entry is taken back, and the certificate that stood on it is revoked."))
    return str(_("The entry is taken back."))


def _to_change(class_id: int) -> ClassPage:
    return queries.class_page(work.session(), auth.required(), class_id=class_id)


def _choices(form: NewClassForm) -> NewClassForm:
    actor = auth.required()
    form.course.choices = [
        (f"{one.course_key}/{one.step_key or ''}", one.title.to(language()))
        for one in queries.course_choices(work.session())
    ]
    everybody = [("", _("everybody in the city"))] if actor.reach(CHANGE).whole else []
    form.unit.choices = [*everybody, *queries.unit_choices(work.session(), actor)]
    return form


def _new_page(form: NewClassForm) -> str:
    return render_template("class_new.html", form=form)


def _page(
    class_id: int,
    *,
    cancel_form: CancelForm | None = None,
    seat_form: SeatForm | None = None,
    present_form: PresentForm | None = None,
    take_back_form: TakeBackForm | None = None,
) -> str:
    actor, now = auth.required(), utc_now()
    page = queries.class_page(work.session(), actor, class_id=class_id)
    return render_template(
        "class.html",
        page=page,
        span=span,
        now=now,
        languages=LANGUAGES,
        could_come=could_come(work.session(), actor, class_id=class_id) if page.may_change else [],
        cancel_form=cancel_form or CancelForm(formdata=None),
        seat_form=seat_form or SeatForm(formdata=None),
        present_form=present_form or PresentForm(formdata=None),
        take_back_form=take_back_form or TakeBackForm(formdata=None),
        taken_back=taken_back_of_class(work.session(), class_id=class_id) if page.may_change else [],
        begun=page.line.starts_at <= now,
        over=page.line.ends_at <= now,
    )
