"""The border of a request: one database session with one commit, and every error as a page, in one place.

Views never commit and never catch what they cannot mend: an error rolls the session back and arrives here.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask import Flask, abort, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from core.errors import VanthuError
from core.log import get_logger
from web import auth, guards, halfway, intake, pace, work
from web.api import door, problems
from web.api.problems import UnfitError
from web.language import language
from web.scim import errors as scim_errors

_log = get_logger("vanthu.web")


class BorderedFlask(Flask):
    """Flask whose views run inside the border and behind their guards."""

    def dispatch_request(self) -> Response:
        """Check the guard, call the view, commit once. Raises whatever the view raises, after a rollback."""
        with work.one_commit():
            pace.check_address()
            auth.actor()  # so that even an error's page knows whose menu to show
            pace.check_account()
            if request.routing_exception is not None:
                if door.is_asked() and isinstance(request.routing_exception, RequestRedirect):
                    abort(404)  # a program that is sent elsewhere may not follow
                self.raise_routing_exception(request)
            stopped = guards.check(self) or halfway.missing_factor()
            if stopped is None:
                intake.scan_files()
            answer = self.make_response(stopped if stopped is not None else super().dispatch_request())
            auth.note_seen()
            return answer


def install(app: Flask) -> None:
    """Map every error to a page, or for the API to a problem."""
    app.register_error_handler(UnfitError, _unfit)
    app.register_error_handler(VanthuError, _ours)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _defect)


def _ours(error: VanthuError) -> Response | tuple[str, int]:
    log = _log.warning if error.http_status >= 500 else _log.info
    number = number_to_quote()
    log("refused", number=number, status=error.http_status, error=str(error), path=request.path)
    return _page(error.http_status, error.message.to(language()), number)


def _stale_form(error: CSRFError) -> Response | tuple[str, int]:
    number = number_to_quote()
    _log.info("stale form", number=number, reason=error.description, path=request.path)
    return _page(400, _("The page was open for too long, or cookies are switched off."), number)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # redirects to the canonical address
        return error.get_response()
    number = number_to_quote()
    _log.info("refused", number=number, status=error.code, path=request.path)
    page = make_response(_page(error.code, "", number))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:  # Allow, Retry-After, WWW-Authenticate
            page.headers.add(name, value)
    return page


def _unfit(error: UnfitError) -> Response:
    number = number_to_quote()
    _log.info("refused", number=number, status=422, wrong=len(error.wrong), path=request.path)
    return problems.answer(422, "", number, wrong=error.wrong)


def _defect(error: Exception) -> Response | tuple[str, int]:
    number = number_to_quote()
    _log.error("defect", number=number, path=request.path, exc_info=error)
    try:
        return _page(500, "", number)
    except Exception as second:  # noqa: BLE001 - the page itself may be what is broken
        _log.error("defect", number=number, path=request.path, exc_info=second)
        return f"Vanthu: {number}", 500


def number_to_quote() -> str:
    """Something to quote on the telephone: the day and six signs, found again in the log."""
    return f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(3).upper()}"


def _page(status: int, sentence: str, number: str) -> Response | tuple[str, int]:
    if door.is_scim():
        said = f"{sentence or problems.title_of(status).to(language())} ({number})"
        return scim_errors.answer(status, said, language())
    if door.is_asked():
        return problems.answer(status, sentence, number)
    return render_template("error.html", status=status, sentence=sentence, number=number), status
