"""No subject, body or password in any store, report, page, log or message that Vanthu writes."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from core import log
from core.db import forget, unit_of_work
from core.directory.services import create_account
from core.errors import InputError
from core.jobs import run_waiting
from core.permissions import command_line_actor
from core.settings import load
from mail_audit.services import start_audit
from tests.planted.logs import BOSS, PREFIX, ROSTER, Planting, write_logs
from tests.planted.peers import give_letters, repeating_server
from tests.planted.searching import contents, leaks, spellings
from web.app import create_app

pytestmark = pytest.mark.slow

ENDINGS = ("json", "html", "xlsx", "pdf", "csv")
NAME, PASSWORD, TYPED = "quantri", f"{PREFIX}Account long enough", f"{PREFIX}Typed but wrong"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
MOST_PAGES = 150
CENSUS_REFUSED = InputError.exit_code


@dataclass(frozen=True)
class Written:
    """Everything that was written: the home, the reports and outputs of commands, the pages."""

    folders: tuple[Path, ...]
    secrets: tuple[str, ...]
    pages: int


def _environ(place: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("VANTHU_")}
    return kept | {"VANTHU_HOME": str(place / "home"), "VANTHU_LANGUAGE": "en", **more}


def _vanthu(place: Path, *words: str, code: int = 0, **more: str) -> None:
    """A command as a process; what it says is kept."""
    environ = _environ(place, **more)
    command = [sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main())", *words]
    done = subprocess.run(command, env=environ, capture_output=True, check=False)
    number = len(list((place / "said").iterdir()))
    (place / "said" / f"{number:02}-{words[0]}.txt").write_bytes(done.stdout + done.stderr)
    assert done.returncode == code, (words, done.stdout, done.stderr)


def _commands(place: Path) -> None:
    logs, directory, made = str(place / "logs"), str(place / "officials.csv"), place / "reports"
    reports = [word for ending in ENDINGS for word in ("--report", str(made / f"audit.{ending}"))]
    _vanthu(place, "audit", logs, "--directory", directory, *reports)
    _vanthu(place, "explain", BOSS, logs, "--directory", directory, "--all")
    _vanthu(place, "directory", "import", directory)
    _vanthu(place, "directory", "export", str(made / "directory.csv"))
    _vanthu(place, "sources", "add", "thu", logs)
    _vanthu(place, "collect")
    _vanthu(place, "rebuild")
    reports = [word for ending in ENDINGS for word in ("--report", str(made / f"store.{ending}"))]
    period = ("--from", "2026-11-01", "--to", "2026-11-10")
    _vanthu(place, "report", *period, *reports, "--manifest", str(made / "manifest.json"))
    _vanthu(place, "status")


def _refused_databases(place: Path) -> None:
    """Servers that are not there, named with their passwords."""
    url = f"postgresql://vanthu:{PREFIX}Database@127.0.0.1:1/vanthu"
    _vanthu(place, "status", code=6, VANTHU_DATABASE_URL=url)
    _vanthu(place, "collect", code=6, VANTHU_DATABASE_URL=url)


def _peers(place: Path) -> None:
    """A letter given to the journal, and an IMAP server that repeats the census's password in its refusals."""
    give_letters(_environ(place), place / "said" / "journal.txt")
    with repeating_server(lambda said: f"you said {said}") as port:
        server = ("--server", f"127.0.0.1:{port}", "--security", "plain", "--master", "kiem.dem")
        _vanthu(place, "census", *server, code=CENSUS_REFUSED, VANTHU_CENSUS_PASSWORD=f"{PREFIX}Census")


def _walk(client: FlaskClient, folder: Path, language: str) -> int:
    """Keep every page that links lead to from the first one; how many. What only changes the look leads nowhere new."""
    client.get(f"/language/{language}")
    waiting, seen = ["/"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if address in seen or address.startswith(("/log-out", "/look/", "/language/", "/static/")):
            continue
        seen.add(address)
        answer = client.get(address)
        (folder / f"{language}-{len(seen):03}.html").write_bytes(answer.data + str(answer.headers).encode())
        links = re.findall(r'href="(/[^"#]*)"', answer.text) if answer.mimetype == "text/html" else []
        waiting += [link.replace("&amp;", "&") for link in links]
    return len(seen)


def _pages(place: Path) -> int:
    """A run asked for by the web's service, then every page that links lead to, in both languages; how many."""
    settings = load({"VANTHU_HOME": str(place / "home"), "VANTHU_LOG_FOLDERS": str(place / "logs")})
    said = io.StringIO()
    log.configure("debug", said)
    actor = command_line_actor()
    with unit_of_work(settings) as session:
        create_account(session, actor, name=NAME, password=PASSWORD)
        start_audit(
            session, actor, timezone="Asia/Ho_Chi_Minh",
            log_folders=settings.log_folders, paths=[place / "logs"],
        )  # fmt: skip
    run_waiting(settings)
    client = create_app(settings).test_client()
    for password in (TYPED, PASSWORD):
        token = TOKEN.search(client.get("/log-in").text)
        assert token
        client.post("/log-in", data={"csrf_token": token[1], "name": NAME, "password": password})
    number = sum(_walk(client, place / "pages", language) for language in ("vi", "en"))
    forget(settings)
    (place / "said" / "log.txt").write_text(said.getvalue(), "utf-8")
    return number


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    place, planting = tmp_path_factory.mktemp("planted"), Planting()
    for name in ("said", "reports", "pages"):
        (place / name).mkdir()
    (place / "officials.csv").write_text(ROSTER, encoding="utf-8")
    write_logs(place / "logs", planting)
    _commands(place)
    _refused_databases(place)
    _peers(place)
    pages = _pages(place)
    return Written(tuple(place / name for name in ("home", "said", "reports", "pages")), tuple(planting.secrets), pages)


def test_nothing_leaked(written: Written) -> None:
    assert leaks(written.folders, [*written.secrets, PREFIX]) == {}


def test_there_was_something_to_leak(written: Written) -> None:
    """The stores, the reports and the pages speak of those very lines."""
    found = leaks(written.folders, [BOSS, "flag_change", "Password mismatch"])
    places = " ".join(place for where in found.values() for place in where)
    assert ".parquet: rows" in places, "the event store and the evidence"
    assert "vanthu.sqlite3: rows" in places
    for ending in ENDINGS:
        assert f"audit.{ending}" in places
        assert f"store.{ending}" in places
    assert any(place.endswith(".html") for place in found["flag_change"]), "the lines behind a figure, as a page"
    assert any("explain" in place for place in found["Password mismatch"])
    assert "journal_message" in _rows(written), "what the journal keeps of a letter"
    assert written.pages > 30


def _rows(written: Written) -> str:
    """The filled tables of the database, as SQL."""
    said = dict(contents(written.folders[0] / "vanthu.sqlite3"))
    rows = next(text for place, text in said.items() if place.endswith(": rows")).decode()
    return " ".join(line for line in rows.splitlines() if line.startswith("INSERT"))


def test_every_spelling_is_found(tmp_path: Path) -> None:
    """The search sees a secret wherever it can be read."""
    for number, spelling in enumerate(spellings("TuyetMatX")):
        (tmp_path / str(number)).write_bytes(b"ab" + spelling + b"cd")
    assert len(leaks([tmp_path], ["TuyetMatX"])["TuyetMatX"]) == len(spellings("TuyetMatX"))
