"""The log-in mail's other end: choosing a password by a link, and asking for a new link.

The token comes once, in the link's query, and is moved into the signed cookie at once, so that it stands in no address
that a browser keeps, a page shows or a log line holds. Opening the link changes nothing: mail scanners open links too,
and whoever is logged in stays so until a password was chosen.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory.errors import PasswordError
from core.directory.passwords import SHORTEST
from core.directory.services import links
from core.mail.asking import ask_link
from core.mail.links import LONGEST, digest
from core.mail.options import MailOptions
from web import halfway, work
from web.first_task import first_task
from web.forms.welcome import AgainForm, ChooseForm
from web.guards import public
from web.language import language

pages = Blueprint("welcome", __name__)
LINK = "link"
"""The entry of the cookie that holds the token."""
NOBODY_YET = "whoever has the link is not logged in yet"


@pages.get("/welcome")
@public(NOBODY_YET)
def welcome() -> str | Response | tuple[str, int]:
    """The form for the first password; where the link has ended, the way to a new one."""
    given = request.args.get("key")
    if given is not None:
        session[LINK] = given[:LONGEST]
        return redirect(url_for("welcome.welcome"))
    return _page(ChooseForm(formdata=None))


@pages.post("/welcome")
@public(NOBODY_YET)
def choose() -> Response | str | tuple[str, int]:
    """Take the password; the link is used up, and the first task follows (or the second step of the log-in)."""
    form = ChooseForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        account = links.choose_password(work.session(), token=_token(), password=form.new.data or "", now=utc_now())
    except PasswordError as refused:
        form.new.errors = [refused.message.to(language())]
        return _page(form, status=422)
    except links.LinkEndedError:
        return _page(form, status=422)
    wanted = first_task(account)
    answer = halfway.first_factor_done(account, wanted=wanted)
    if answer.location == wanted:  # no second step of the log-in stands between
        said = _("Your password is set and you are logged in.")
        if wanted != url_for("home.home"):
            said += " " + _("What to do first is on this page; everything else is found from Home.")
        flash(said)
    return answer


@pages.get("/welcome/again")
@public("who has forgotten the password is not logged in")
def again() -> str:
    """The form that asks for a new link."""
    return render_template("welcome_again.html", form=AgainForm(formdata=None), forgotten=_options().forgotten)


@pages.post("/welcome/again")
@public("who has forgotten the password is not logged in")
def ask_again() -> Response | tuple[str, int]:
    """Ask for a new link; the answer is the same for whomever, whether there is such an account or not."""
    form = AgainForm()
    token = _token()
    if not token and not form.validate():
        return render_template("welcome_again.html", form=form, forgotten=_options().forgotten), 422
    ask_link(
        work.session(),
        name=form.name.data or "",
        digest=digest(token),
        address=request.remote_addr,
        now=utc_now(),
    )
    session.pop(LINK, None)
    flash(
        _(
            "If there is such an account and it may have a link, a message is on its way to its official mailbox. It"
            " can take some minutes."
        )
    )
    return redirect(url_for("welcome.again"), 303)


def _token() -> str:
    found = session.get(LINK, "")
    return found if isinstance(found, str) else ""


def _options() -> MailOptions:
    return MailOptions.of(work.settings())


def _page(form: ChooseForm, *, status: int = 200) -> str | tuple[str, int]:
    """The form as long as the link is open, else the page that says it is not; never which of both reasons it has."""
    found = links.account_behind(work.session(), token=_token(), now=utc_now())
    if found is None or not found[1]:
        page = render_template("welcome_ended.html", form=AgainForm(formdata=None))
    else:
        page = render_template("welcome.html", form=form, name=found[0].name, shortest=SHORTEST)
    return page if status == 200 else (page, status)
