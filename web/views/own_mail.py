"""The own mail: how often, about what and in which language; and where a line of it leads."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.errors import InputError
from core.mail import preferences, queries
from core.mail.kinds import TOLD
from core.mail.options import MailOptions
from core.permissions import Actor, Permission
from web import auth, work
from web.forms.own_mail import MailForm
from web.guards import needs
from web.language import language

pages = Blueprint("own_mail", __name__)


@pages.get("/account/mail")
@needs(Permission.CORE_ACCOUNT_OWN)
def own_mail() -> str:
    """The choices as they are; mail leads here by its `List-Unsubscribe`."""
    reader = preferences.own_preferences(work.session(), auth.required())
    form = MailForm(
        formdata=None,
        every=reader.every.value,
        language=reader.language,
        wanted=[kind for kind in TOLD if kind not in reader.unwanted],
        address="" if reader.is_official else reader.address or "",
    )
    return _page(form)


@pages.post("/account/mail")
@needs(Permission.CORE_ACCOUNT_OWN)
def choose() -> Response | tuple[str, int]:
    """Keep what was chosen."""
    form = MailForm()
    if not form.validate():
        return _page(form), 422
    try:
        preferences.choose(
            work.session(),
            auth.required(),
            every=form.every.data,
            language=form.language.data,
            wanted=form.wanted.data or [],
            address=form.address.data or "",
        )
    except InputError as refused:
        form.address.errors = [refused.message.to(language())]
        return _page(form), 422
    flash(_("Your choice is kept."))
    return redirect(url_for("own_mail.own_mail"), 303)


@pages.get("/told/<int:notice_id>")
@needs(Permission.CORE_ACCOUNT_OWN)
def told(notice_id: int) -> Response:
    """Go from a line of a message to what it is about; the page there asks who is reading. Only own lines lead on."""
    actor = auth.required()
    thing = queries.told_thing(work.session(), account=actor.name, notice_id=notice_id)
    return redirect(_address(actor, thing))


def _address(actor: Actor, thing: str) -> str:
    """The page of a thing, as far as this reader has one."""
    noun, _colon, rest = thing.partition(":")
    number = rest.partition(":")[0]
    if noun == "draft" and number.isdecimal():
        return url_for("documents.document", draft_id=int(number))
    if noun == "contest" and number.isdecimal():
        return url_for("contests.contest", contest_id=int(number))
    if noun == "exception" and number.isdecimal() and actor.may(Permission.MAIL_AUDIT_EXCEPTION_READ):
        return url_for("exceptions.exception", exception_id=int(number))
    if noun == "class" and number.isdecimal() and actor.may(Permission.TRAINING_CLASS_ATTEND):
        return url_for("own_classes.one", class_id=int(number))
    if noun == "certificate" and actor.may(Permission.TRAINING_CLASS_ATTEND):
        return url_for("own_certificates.own")
    if noun == "assignment" and number.isdecimal() and actor.may(Permission.TRAINING_COURSE_TAKE):
        return url_for("learning.course", assignment_id=int(number))
    if noun == "late" and actor.may(Permission.TRAINING_BOARD_READ):
        return url_for("following.following", standing="late")
    if noun == "source" and actor.may(Permission.MAIL_AUDIT_SOURCE_READ):
        return url_for("sources.sources")
    return url_for("own.own" if actor.official_id is not None else "home.home")


def _page(form: MailForm) -> str:
    reader = preferences.own_preferences(work.session(), auth.required())
    return render_template(
        "own_mail.html", form=form, reader=reader, mail_is_on=MailOptions.of(work.settings()).is_on, kinds=TOLD
    )
