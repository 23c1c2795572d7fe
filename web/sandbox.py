"""The second origin: the files of SCORM packages, and the frame that holds one. Nothing else answers there.

It is an application of its own beside ours: no session, no cookie, no form, no page of ours. A request comes here by
its host name alone (`beside`), so no route of ours can ever be reached under that name and none of these under ours.
What runs here is a stranger's program; it may fetch from here, run its own scripts, and no more (`docs/scorm.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, render_template, request, send_file, url_for
from jinja2 import FileSystemLoader
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from core import objects
from core.calendar import day_in
from core.db import utc_now
from core.directory import queries as directory
from core.errors import VanthuError
from core.log import get_logger
from core.mail.options import MailOptions
from core.permissions import Actor
from core.settings import Settings, SettingsError
from core.words import Text
from training.moments import Moment
from training.queries import scorm as queries
from training.scorm import ScormOptions, elements
from training.scorm.filekinds import media_type
from training.services.scorm.reporting import report
from web import auth, pace, tickets, work
from web.headers import FEATURES
from web.options import Options
from web.tickets import Ticket
from web.views import scorm

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HERE = Path(__file__).parent
SHIMS = frozenset({"scorm-model.js", "scorm-player.js"})
LAST_WORDS_BYTES = 300_000
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
PLAYER_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {site}"
)
CONTENT_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self' {site}; sandbox allow-scripts allow-same-origin allow-forms"
)
"""Packages bring scripts in their pages, and expect to; where those lead is another matter: nowhere but here."""
_SITE = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+")
_log = get_logger("vanthu.sandbox")


class SandboxFlask(Flask):
    """Flask whose views run in one unit of work, committed once."""

    def dispatch_request(self) -> Response:
        """Call the view, commit once. Raises whatever the view raises, after a rollback."""
        with work.one_commit():
            return self.make_response(super().dispatch_request())


def install(app: Flask) -> None:
    """Where the settings name a second origin: our pages about packages, and the application of that origin.

    Raises `SettingsError` where the origin is one of our own names: browsers tell hosts apart, not their ports.
    """
    settings, options = cast("Settings", app.config["SETTINGS"]), cast("Options", app.config["OPTIONS"])
    chosen = ScormOptions.of(settings)
    app.config["SCORM"] = chosen
    if not chosen.is_on:
        return
    ours = {*options.hosts.lower().split(), urlsplit(MailOptions.of(settings).site).hostname}
    if chosen.host in ours:
        raise SettingsError(
            Text(
                "[training.scorm] origin phải là một tên máy khác với tên của các trang này.",
                "[training.scorm] origin must be another host name than that of the pages.",
            )
        )
    app.register_blueprint(scorm.pages)
    sandbox = create_sandbox(settings, options, chosen)
    app.wsgi_app = beside(app.wsgi_app, sandbox, chosen)  # type: ignore[assignment, method-assign]


def create_sandbox(settings: Settings, options: Options, chosen: ScormOptions) -> Flask:
    """The application of the second origin."""
    app = SandboxFlask("web.sandbox", static_folder=None, template_folder=None)
    app.jinja_loader = FileSystemLoader(HERE / "templates")
    app.config.update(SETTINGS=settings, OPTIONS=options, SCORM=chosen, SECRET_KEY=None, TICKETS=settings.secret_key)
    app.config["MAX_CONTENT_LENGTH"] = LAST_WORDS_BYTES
    pace.install(app)
    app.add_url_rule("/c/<ticket>/", view_func=player)
    app.add_url_rule("/c/<ticket>/last", view_func=last_words, methods=["POST"])
    app.add_url_rule("/c/<ticket>/files/<path:path>", view_func=file)
    app.add_url_rule("/shim/<name>", view_func=shim)
    app.register_error_handler(VanthuError, _refused)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(Exception, _defect)
    app.after_request(_protect)
    return app


def beside(ours: WSGIApplication, sandbox: WSGIApplication, chosen: ScormOptions) -> WSGIApplication:
    """Both applications as one: what is asked under the second origin's name goes to the sandbox, all else to us."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = sandbox if chosen.is_asked(environ.get("HTTP_HOST", "")) else ours
        return asked(environ, start_response)

    return answer


def player(ticket: str) -> Response:
    """The frame that holds a lesson: it answers the lesson's calls from memory and tells our page what was said."""
    good, actor = _known(ticket)
    page = queries.scorm_page(work.session(), actor, good.assignment_id, good.key)
    if (page.package, page.item) != (good.package, good.item):
        abort(404)
    launch, told = queries.start(work.session(), actor, page)
    here = {
        "table": elements.as_json(),
        "start": told,
        "site": good.site,
        "launch": url_for("file", ticket=ticket, path="-").removesuffix("-") + launch,
        "last": url_for("last_words", ticket=ticket),
    }
    answer = Response(render_template("scorm_player.html", here=here, language=good.language))
    answer.headers["Content-Security-Policy"] = PLAYER_POLICY.format(site=good.site)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # our page, which is another origin, shows it
    answer.headers["Clear-Site-Data"] = '"storage"'  # what another package left in the browser is not for this one
    return answer


def file(ticket: str, path: str) -> BaseResponse:
    """A file of the ticket's package."""
    good, _actor = _known(ticket)
    if "Service-Worker" in request.headers:
        abort(403)  # a package is over when its window is
    found, digest = queries.file_of(work.session(), good.package, path)
    place = objects.place_of(work.settings().store / queries.FOLDER, digest)
    answer = send_file(place, mimetype="application/octet-stream", etag=digest, conditional=True, last_modified=None)
    answer.headers["Content-Type"] = media_type(found)  # with no character set of ours: the package knows its own
    answer.headers["Content-Security-Policy"] = CONTENT_POLICY.format(site=good.site)
    answer.headers["Cache-Control"] = f"private, max-age={3600 * _options().hours}, immutable"
    return answer


def last_words(ticket: str) -> tuple[str, int]:
    """What a lesson reports while its window is being closed and our page with it; the ticket says whose it is."""
    good, actor = _known(ticket)
    pace.check_last_words(good.session)
    text = request.get_data(as_text=True)
    serial, _line, values = text.partition("\n")
    number, _space, ended = serial.partition(" ")
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        abort(400)
    report(
        work.session(), actor, sitting=good.sitting, serial=int(number), is_finished=ended == "finished",
        text=values, moment=_moment(),
    )  # fmt: skip
    return "", 204


def shim(name: str) -> BaseResponse:
    """Our own script in the frame."""
    if name not in SHIMS:
        abort(404)
    answer = send_file(HERE / "static" / "built" / name, mimetype="text/javascript", conditional=True)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _known(ticket: str) -> tuple[Ticket, Actor]:
    """What the ticket is good for, and who has it; 404 where it is not good (any more)."""
    secret, now = str(current_app.config["TICKETS"]), utc_now()
    good = tickets.read(ticket, secret, hours=_options().hours, now=now)
    if good is None or not _SITE.fullmatch(good.site):
        abort(404)
    session = work.session()
    found = directory.open_session_by_id(session, session_id=good.session, times=auth.times(), now=now)
    if found is None:
        abort(404)
    return good, directory.actor_of(session, found.account, found.official_id, today=_moment().today)


def _moment() -> Moment:
    now = utc_now()
    return Moment(now, day_in(work.settings().timezone, now))


def _options() -> ScormOptions:
    found: ScormOptions = current_app.config["SCORM"]
    return found


def _protect(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    return response


def _refused(error: VanthuError) -> tuple[str, int, dict[str, str]]:
    _log.info("refused", status=error.http_status, error=str(error))
    return error.message.en, error.http_status, _TEXT


def _plain(error: HTTPException) -> tuple[str, int, dict[str, str]]:
    return error.name, error.code or 500, _TEXT


def _defect(error: Exception) -> tuple[str, int, dict[str, str]]:
    _log.error("defect", exc_info=error)
    return "Vanthu", 500, _TEXT


_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
