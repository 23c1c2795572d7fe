"""The small town's pages as a site of its own: the application served in this process, with somebody of each kind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from playwright._impl._api_structures import SetCookieParam
from werkzeug.serving import WSGIRequestHandler, make_server

from core.db import forget, unit_of_work
from core.directory.services import create_account, import_roster
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings, load
from mail_audit.services.contests import answer_contest, ask_contest
from mail_audit.services.exceptions import record_exception
from tests.web import town
from tests.web.conftest import NAME, PASSWORD, Visitor
from web.app import create_app
from web.border import BorderedFlask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OFFICIAL = "can.bo"


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - as the base calls it
        pass


def _whole(app: WSGIApplication) -> WSGIApplication:
    """`app` with each answer made and closed before it is sent: the server leaves one open whose visitor went away."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        made = app(environ, start_response)
        try:
            return [b"".join(made)]
        finally:
            if isinstance(made, _Closable):
                made.close()

    return answer


@runtime_checkable
class _Closable(Protocol):
    def close(self) -> None: ...


class Line:
    """The way to the application: a server on a port of loopback, which can be cut and mended."""

    def __init__(self, app: WSGIApplication, port: int = 0) -> None:
        self._app = _whole(app)
        self.port = port
        self.mend()

    def mend(self) -> None:
        """Answer, on the same port as before."""
        self._server = make_server("127.0.0.1", self.port, self._app, threaded=True, request_handler=_Silent)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.is_up = True

    def cut(self) -> None:
        """Nobody answers any more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.is_up = False


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages answer, and the application and settings behind them."""

    line: Line
    app: BorderedFlask
    settings: Settings

    @property
    def address(self) -> str:
        """Where the pages begin."""
        return f"http://127.0.0.1:{self.line.port}"

    def visitor(self, name: str | None = None) -> Visitor:
        """Somebody without a browser; logged in as `name`, or nobody."""
        made = Visitor(self.app.test_client())
        if name is not None:
            assert made.log_in(name=name).status_code == 303
        return made

    def cookie(self, name: str) -> SetCookieParam:
        """A session of the account, as a browser would have it after the log-in page."""
        found = self.visitor(name).client.get_cookie("vanthu")
        assert found is not None
        return {"name": "vanthu", "value": found.value, "url": self.address}


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[Site]:
    """Serve the town from `folder` until the block ends; with the settings' file that may lie in its `home`."""
    (folder / "logs").mkdir(parents=True)
    settings = load({"VANTHU_HOME": str(folder / "home"), "VANTHU_LOG_FOLDERS": str(folder / "logs")})
    _fill(settings)
    app = create_app(settings)
    line = Line(app, port)
    try:
        yield Site(line, app, settings)
    finally:
        line.cut()
        forget(settings)


def _fill(settings: Settings) -> None:
    """The town with its directory, an audit, contests (one answered), an exception, an administrator, an official."""
    clerk, own = command_line_actor(), Actor(OFFICIAL, frozenset({Role.OFFICIAL}), "CB1")
    with unit_of_work(settings) as session:
        import_roster(session, clerk, roster=town.roster())
        create_account(session, clerk, name=NAME, password=PASSWORD)
        create_account(session, clerk, name=OFFICIAL, password=PASSWORD, official_id="CB1")
        audit_id = town.store(session, settings.store)
        for about in ("received", "sent"):
            contest = ask_contest(session, own, audit_id=audit_id, official_id="CB1", about=about, reason="Nghỉ phép.")
        answer_contest(session, clerk, contest_id=contest, verdict="accepted", answer="Đã ghi ngày nghỉ phép.")
        record_exception(session, clerk, official_id="CB1", kind="leave", first=town.FIRST)
