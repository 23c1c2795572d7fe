"""Asks a city's pages over and over, as an administrator and as a leader of a unit, and tells how long they took.

Twice: through the WSGI application in this process (where the questions to the database are counted), and through a
real server on loopback.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import Client

from core.calendar import day_in
from core.db import engine, unit_of_work, utc_now
from core.directory.models import SyncRun
from core.directory.queries import actor_of, official_of_account, the_account
from core.directory.services.tokens import give_personal_token, offered, revoke_token
from core.permissions import command_line_actor
from core.settings import Settings
from mail_audit.models import Audit
from tests.bench import asked
from tests.bench.around import LED
from tests.bench.filling import PASSWORD
from tests.bench.measuring import cores
from tests.servers.loopback import free_port, listens, wait_until
from training.models import CampaignRow, ClassRow
from web.app import create_app

TIMES = 20
"""So often each address is asked for where nothing else is said, once more to warm up; fewer where it takes long."""
LONGEST = 6.0
"""Seconds that are spent on one address at most, once it was asked for `FEWEST` times."""
FEWEST = 3
NOT_THEIRS = frozenset({403, 404})
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
Answer = tuple[int, bytes]
Ask = Callable[[str], Answer]


@dataclass(slots=True)
class Asked:
    """An address as one visitor asked for it: seconds of each time, questions to the database, bytes, status.

    `rule` is that of the route. `cores` are the seconds of all cores together that one request takes, of the pages'
    processes and of the database's: they say the same on a busy machine.
    """

    visitor: str
    rule: str
    address: str
    seconds: list[float] = field(default_factory=list)
    cores: float = 0.0
    queries: int = 0
    size: int = 0
    status: int = 0

    def percentile(self, share: float) -> float:
        """So many of all times were at most this long (nearest rank)."""
        ranked = sorted(self.seconds)
        return ranked[min(len(ranked) - 1, max(0, -(-int(share * 1000) * len(ranked) // 1000) - 1))]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: the account, the cookie of its session, and a token for the API."""

    name: str
    cookie: str
    token: str

    def headers(self, address: str) -> dict[str, str]:
        """What proves who asks."""
        if address.startswith(asked.API):
            return {"Authorization": f"Bearer {self.token}"}
        return {"Cookie": self.cookie}


def addresses(settings: Settings) -> list[tuple[str, str]]:
    """Rule and address of everything that is asked for, with the city's audits and units in it."""
    with unit_of_work(settings) as session:
        newest = select(Audit.id).where(Audit.stored_at.is_not(None)).order_by(Audit.last_day.desc(), Audit.id.desc())
        latest, before = session.scalars(newest.limit(2)).all()
        assert session.scalar(select(func.count(Audit.id)))
    known = {
        "latest": latest, "before": before, "unit": quote(LED), "office": quote(f"Văn phòng ({LED})"),
        "who": "CB000123", "account": "cb000123",
    } | _of_training(session)  # fmt: skip
    return [(rule, quote(one.format(**known), safe="/?=&%:")) for rule, found in asked.ASKED.items() for one in found]


def _of_training(session: Session) -> dict[str, int]:
    """The largest list and its rule, the newest class that is full, the newest run of the sync."""
    largest = session.execute(select(CampaignRow.id, CampaignRow.rule).order_by(CampaignRow.people.desc())).first()
    assert largest is not None
    newest = [session.scalar(select(func.max(one))) for one in (ClassRow.id, SyncRun.id)]
    return {"list": largest[0], "rule": largest[1], "class": (newest[0] or 0) // 2, "sync": newest[1] or 0}


@contextmanager
def visitors(settings: Settings, names: tuple[str, ...]) -> Iterator[list[Visitor]]:
    """Accounts logged in by the form, each with a token that is revoked at the end."""
    app, now, found, given = create_app(settings), utc_now(), [], []
    for name in names:
        client = Client(app)
        form = TOKEN.search(client.get("/log-in").get_data(as_text=True))
        assert form is not None
        sent = client.post("/log-in", data={"csrf_token": form[1], "name": name, "password": PASSWORD})
        cookies = [one.split(";")[0] for one in sent.headers.getlist("Set-Cookie")]
        assert sent.status_code in {302, 303}, f"{name} cannot log in"
        with unit_of_work(settings) as session:
            account = the_account(session, name)
            today = day_in(settings.timezone, now)
            actor = actor_of(session, account, official_of_account(session, account), today=today)
            scopes = [one.name for one in offered(actor)]
            one = give_personal_token(session, actor, name="đo tốc độ", scopes=scopes, days=7, now=now)
            given.append(one.token_id)
            found.append(Visitor(name, "; ".join(cookies), one.token))
    try:
        yield found
    finally:
        with unit_of_work(settings) as session:
            for token_id in given:
                revoke_token(session, command_line_actor(), token_id=token_id, now=utc_now())


def in_process(settings: Settings, found: list[Visitor], wanted: list[tuple[str, str]], times: int) -> list[Asked]:
    """Each address through the application in this process."""
    client = Client(create_app(settings), use_cookies=False)
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    database = engine(settings)
    event.listen(database, "before_cursor_execute", counting)
    results = []
    try:
        for visitor in found:
            for rule, address in wanted:

                def ask(address: str, visitor: Visitor = visitor) -> Answer:
                    answer = client.get(address, headers=visitor.headers(address))
                    return answer.status_code, answer.get_data()

                count = 0
                one = _times(Asked(visitor.name, rule, address), ask, [os.getpid()], times)
                one.queries = count // (len(one.seconds) + 1)
                results.append(one)
    finally:
        event.remove(database, "before_cursor_execute", counting)
    return results


def by_server(settings: Settings, found: list[Visitor], wanted: list[tuple[str, str]], times: int) -> list[Asked]:
    """Each address through a server of two processes, as `vanthu serve` runs them."""
    results = []
    with _serving(settings) as (port, process):
        for visitor in found:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            for rule, address in wanted:

                def ask(address: str, visitor: Visitor = visitor) -> Answer:
                    connection.request("GET", address, headers=visitor.headers(address))  # noqa: B023 - asked at once
                    answer = connection.getresponse()  # noqa: B023 - asked at once
                    return answer.status, answer.read()

                results.append(_times(Asked(visitor.name, rule, address), ask, [process, *_database(settings)], times))
            connection.close()
    return results


def _times(found: Asked, ask: Ask, processes: list[int], times: int) -> Asked:
    """Asked once to warm up, then until it is often enough or long enough; once only where it is not theirs."""
    found.status, content = ask(found.address)
    found.size = len(content)
    if found.status in NOT_THEIRS:
        return found
    begun, taken = time.perf_counter(), cores(*processes)
    while len(found.seconds) < times:
        started = time.perf_counter()
        ask(found.address)
        found.seconds.append(time.perf_counter() - started)
        if len(found.seconds) >= FEWEST and time.perf_counter() - begun > LONGEST:
            break
    found.cores = (cores(*processes) - taken) / len(found.seconds)
    return found


def _database(settings: Settings) -> list[int]:
    """The process of the database's server, where it has one of its own."""
    known = settings.home / "data" / "postmaster.pid"
    return [int(known.read_text("ascii").split()[0])] if settings.database_url.startswith("postgresql") else []


@contextmanager
def _serving(settings: Settings) -> Iterator[tuple[int, int]]:
    """The server's port and process."""
    port = free_port()
    own = {
        "VANTHU_HOME": str(settings.home), "VANTHU_DATABASE_URL": settings.database_url,
        "VANTHU_SECRET_KEY": settings.secret_key,
    }  # fmt: skip
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VANTHU_")} | own
    command = [sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main())"]
    with (settings.home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--processes", "2"],
            env=environ, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            wait_until(lambda: server.poll() is not None or listens(port), "the server answers")
            assert server.poll() is None, (settings.home / "server.log").read_text("utf-8")
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
