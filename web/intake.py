"""What a request may be before anything of it is read: the host it asks for, its size; and its files before their use.

Only a view that says so (`takes_files`) may be sent more than a form, and only by somebody who is logged in: a stranger
cannot make the server take in an upload by sending one to a page of others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, request, session

from core.log import get_logger
from web import scanning, work
from web.api import door

View = TypeVar("View", bound=Callable[..., Any])
FORM_BYTES = 1_000_000
"""The largest request to a page that takes no files."""
STRANGER_BYTES = 50_000
"""The largest request of somebody who is not logged in."""
OF_EVERYBODY = frozenset({"csrf_token", "_flashes", "door", "doors", "halfway", "link", "offered"})
"""What a session may hold of somebody who is not logged in; half-way through a log-in nobody is yet."""
_log = get_logger("vanthu.web")


def takes_files(view: View) -> View:
    """Declare that the view is sent files: its requests may be as large as the setting says."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def install(app: Flask, *, hosts: str) -> None:
    """Bound every request of `app`. `hosts` are the names it answers to, with spaces between; none: to any."""
    known = frozenset(hosts.lower().split())

    @app.before_request
    def bound() -> None:
        if known and _without_port(request.host) not in known:
            _log.info("unknown host", host=request.host[:200])
            abort(400)
        most = _most(app)
        if most is not None:
            given = app.config["MAX_CONTENT_LENGTH"]
            request.max_content_length = min(most, given) if given else most


def scan_files() -> None:
    """Have the files of this request scanned where the setting names a scanner, and set back to their beginning.

    Raises `InfectedError` where something was found, `ScannerError` where one could not be scanned: it is not used.
    """
    place = work.options().clamd
    if not place or request.method not in {"POST", "PUT", "PATCH"}:
        return
    for file in (one for files in request.files.listvalues() for one in files):
        if file.filename:
            found = scanning.scan(place, file.stream)
            file.stream.seek(0)
            if found is not None:
                _log.warning("infected", found=found, path=request.path)
                raise scanning.InfectedError(file.filename, found)


def _most(app: Flask) -> int | None:
    """The largest request this may be; None where the setting decides."""
    # The API asks for the token before it reads anything, and takes no session.
    if not door.is_asked() and set(session) <= OF_EVERYBODY:
        return STRANGER_BYTES
    view = app.view_functions.get(request.endpoint or "")
    # Only files go to the disk while they are read; a form of another kind is read into memory at once.
    files = request.mimetype == "multipart/form-data" and getattr(view, "takes_files", False)
    return None if files else FORM_BYTES


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).rstrip(".").lower()
