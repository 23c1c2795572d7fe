"""The census on a real Dovecot: what it counts, what it sends, and that nothing in a mailbox is another afterwards."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from imapclient import imap_utf7
from sqlalchemy import func, select

from core import db
from core.db import unit_of_work
from core.directory.roster import Mailbox
from core.errors import InputError
from core.settings import Settings, load
from mail_audit.collectors.census.options import Options, asked
from mail_audit.collectors.census.running import run_census
from mail_audit.models import Census, CensusMailbox
from mail_audit.queries.census import mailbox_census
from tests.mail_audit.census.conftest import ADMINISTRATOR, UNIT, write_directory
from tests.servers.loopback import wait_until
from tests.servers.mail_census import (
    DOMAIN,
    MASTER,
    MASTER_PASSWORD,
    SECRET,
    SHARED,
    SHARED_PASSWORD,
    Kind,
    Letter,
    MailRoom,
    mail_room,
)
from tests.servers.mail_fixtures import demand_servers
from tests.servers.recording import recording

pytestmark = [pytest.mark.server, pytest.mark.slow]
NOW = datetime.now(UTC).replace(microsecond=0)
MANY = 1_500
COMMANDS = re.compile(
    r"""[A-P]{4}\d+\ (?:
        CAPABILITY | LOGOUT | AUTHENTICATE\ PLAIN | LIST\ ""\ "[^"]*" | EXAMINE\ "[^"]*"
      | UID\ SEARCH\ RETURN\ \(MIN\ COUNT\)\ (?:ANSWERED|UNSEEN(?:\ BEFORE\ \d+-\w{3}-\d{4})?)
      | UID\ FETCH\ (?:\d+|\*)\ \(INTERNALDATE\)
    )""",
    re.VERBOSE,
)
"""Written down once more, independently of the code: all that may ever be sent, but the answer to AUTHENTICATE."""


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def room() -> Iterator[MailRoom]:
    demand_servers()
    with mail_room() as made:
        yield made


def fill(room: MailRoom, number: int = 30) -> None:
    """Mailboxes of many kinds, each with its number in the counts."""
    for place in range(number):
        inbox = [Letter(days_ago(1 + n), ("", "S", "RS", "F")[n % 4]) for n in range(place % 9)]
        sent = [Letter(days_ago(20 - n), "S") for n in range(place % 4)]
        room.mailbox(f"cb{place:02}", inbox, Sent=sent)


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[Callable[..., Settings]]:
    """Makes an installation whose directory has these mailboxes."""
    made: list[Settings] = []

    def make(people: int, *more: Mailbox, password: str = MASTER_PASSWORD) -> Settings:
        settings = load({"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_CENSUS_PASSWORD": password})
        made.append(settings)
        write_directory(settings, people, *more)
        return settings

    yield make
    for settings in made:
        db.forget(settings)


def census(settings: Settings, port: int, **options: Any) -> dict[str, int]:
    given = {"server": f"127.0.0.1:{port}", "security": "plain", "master": MASTER} | options
    plan = asked(settings, Options.of(settings, **given))
    return run_census(settings, ADMINISTRATOR, plan).totals


def counted(settings: Settings, local: str) -> Any:
    with unit_of_work(settings) as session:
        [found] = mailbox_census(session, [f"{local}@{DOMAIN}"])
    return found.latest


def test_what_is_counted_is_what_is_there(room: MailRoom, ready: Callable[..., Settings]) -> None:
    fill(room)
    room.start(Kind())
    missing = Mailbox(f"khong.co@{DOMAIN}", "shared", UNIT, None, ())
    settings = ready(30, missing, Mailbox(f"may@{DOMAIN}", "service", UNIT, None, ()))
    assert census(settings, room.port) == {"counted": 30, "no_mailbox": 1}
    for place in range(30):
        flags = [("", "S", "RS", "F")[n % 4] for n in range(place % 9)]
        unseen = [n for n, letter in enumerate(flags) if "S" not in letter]
        found = counted(settings, f"cb{place:02}")
        assert (found.messages, found.unseen) == (len(flags), len(unseen))
        assert found.answered == sum("R" in letter for letter in flags)
        assert found.oldest_unseen_at == (days_ago(1 + max(unseen)) if unseen else None)
        assert found.sent_state == ("found" if place % 4 else "empty")
        assert found.last_sent_at == (days_ago(20 - (place % 4 - 1)) if place % 4 else None)


def test_nothing_but_the_allowed_goes_out_and_no_flag_is_another(
    room: MailRoom, ready: Callable[..., Settings]
) -> None:
    fill(room)
    room.start(Kind())
    settings = ready(30)
    before = room.state()
    with recording(room.port) as recorder:
        assert census(settings, recorder.own_port) == {"counted": 30}
        lines = recorder.lines()
    assert room.state() == before
    assert len(before) == sum(place % 9 + place % 4 for place in range(30))
    secrets = [after for line, after in itertools.pairwise(lines) if line.endswith("AUTHENTICATE PLAIN")]
    assert len(secrets) == 31  # and one for the name that does not exist
    others = [line for line in lines if line not in secrets]
    assert [line for line in others if not COMMANDS.fullmatch(line)] == []
    assert {line.split()[1] for line in others} >= {"EXAMINE", "UID", "LIST", "LOGOUT"}
    log = room.log()
    assert log.count("hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0") == log.count("hdr_count=") == 30
    assert not re.search(r"flag_change|expunge:|delete:|copy|save", log)


def test_new_mail_stays_new(room: MailRoom, ready: Callable[..., Settings]) -> None:
    """\\Recent too is left to the person's own program: what lies in `new` stays there."""
    room.mailbox("cb00", [Letter(days_ago(1)), Letter(days_ago(2))], Sent=[])
    room.start(Kind())
    new = room.root / "box" / "cb00" / "mail" / "new"
    before = sorted(path.name for path in new.iterdir())
    assert census(ready(1), room.port) == {"counted": 1}
    assert sorted(path.name for path in new.iterdir()) == before
    assert len(before) == 2


def test_an_older_message_that_came_later_is_the_oldest(room: MailRoom, ready: Callable[..., Settings]) -> None:
    ages = (3, 1, 400, 7, 30, 2)
    room.mailbox("cb00", [Letter(days_ago(age), "F") for age in ages], Sent=[])
    room.start(Kind())
    settings = ready(1)
    census(settings, room.port)
    assert counted(settings, "cb00").oldest_unseen_at == days_ago(400)


@pytest.mark.parametrize(
    ("special", "folders", "days"),
    [
        ("Sent", {"Sent": 3}, 3),
        ("Thư đi của tôi", {"Thư đi của tôi": 5, "Other": 1}, 5),
        ("Khác", {"Đã gửi": 4}, 4),
        ("Khác", {"Đã Gửi": 4, "Sent Items": 2}, 2),
        ("Khác", {"Work/Sent": 1}, None),
    ],
)
def test_the_folder_of_sent_messages_is_found(
    room: MailRoom, ready: Callable[..., Settings], special: str, folders: dict[str, int], days: int | None
) -> None:
    boxes = {
        imap_utf7.encode(name).decode().replace("/", "."): [Letter(days_ago(age), "S")] for name, age in folders.items()
    }
    room.mailbox("cb00", [], **boxes)
    room.start(Kind(sent=special))
    settings = ready(1)
    census(settings, room.port)
    found = counted(settings, "cb00")
    assert found.last_sent_at == (days_ago(days) if days else None)
    assert found.sent_state == ("found" if days else "missing")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted(room: MailRoom, ready: Callable[..., Settings], security: str) -> None:
    fill(room, 3)
    room.start(Kind(tls=True))
    settings = ready(3)
    port = room.tls_port if security == "tls" else room.port
    with recording(port) as recorder:
        with pytest.raises(InputError, match="safely"):  # nobody vouches for this certificate
            census(settings, recorder.own_port, security=security)
        trusted = str(room.certificate)
        done = census(
            settings, recorder.own_port, security=security, ca_file=trusted, server=f"localhost:{recorder.own_port}"
        )
        assert done == {"counted": 3}
        assert not any(b"EXAMINE" in sent or b"AUTHENTICATE" in sent for sent in recorder.sent)


def test_a_shared_folder(room: MailRoom, ready: Callable[..., Settings]) -> None:
    room.mailbox("cb00", [Letter(days_ago(4), "F"), Letter(days_ago(3), "S")], Sent=[Letter(days_ago(2), "S")])
    room.mailbox("cb01", [Letter(days_ago(4))])
    room.share("cb00")
    room.start(Kind())
    before = room.state()
    settings = ready(2, password=SHARED_PASSWORD)
    folder = {"master": None, "delegated": SHARED, "folder": "shared/{mailbox}"}
    assert census(settings, room.port, **folder) == {"counted": 1, "refused": 1}
    found = counted(settings, "cb00")
    assert (found.messages, found.unseen, found.oldest_unseen_at) == (2, 1, days_ago(4))
    assert room.state() == before


def test_marks_that_are_the_accounts_own_are_not_believed(room: MailRoom, ready: Callable[..., Settings]) -> None:
    """Where each who looks has marks of the own, everything is unseen for the census, whatever the owner read."""
    for place in range(3):
        room.mailbox(f"cb0{place}", [Letter(days_ago(4), "S"), Letter(days_ago(3), "RS")], Sent=[])
        room.share(f"cb0{place}")
    room.start(Kind(seen_by_each=True))
    settings = ready(3, password=SHARED_PASSWORD)
    with pytest.raises(InputError, match="marks"):
        census(settings, room.port, master=None, delegated=SHARED, folder="shared/{mailbox}")
    assert done(settings) == 0


def test_a_login_name_of_both(room: MailRoom, ready: Callable[..., Settings]) -> None:
    fill(room, 3)
    room.start(Kind())
    assert census(ready(3), room.port, login_name="{mailbox}*{account}") == {"counted": 3}


def test_a_master_bound_by_acls_is_told_so(room: MailRoom, ready: Callable[..., Settings]) -> None:
    fill(room, 3)
    room.start(Kind(acl_binds_master=True))
    with pytest.raises(InputError, match="no mailbox"):
        census(ready(3), room.port)


def test_a_server_that_makes_any_mailbox_is_not_believed(room: MailRoom, ready: Callable[..., Settings]) -> None:
    fill(room, 3)
    room.start(Kind(checks_names=False))
    settings = ready(3)
    with pytest.raises(InputError, match="does not exist"):
        census(settings, room.port)
    with unit_of_work(settings) as session:
        states = select(CensusMailbox.state, func.count()).group_by(CensusMailbox.state)
        assert [tuple(row) for row in session.execute(states)] == [("waiting", 3)]


def command(settings: Settings, room: MailRoom, *more: str) -> tuple[list[str], dict[str, str]]:
    """The real command with its environment; the password in a file."""
    secret = settings.home.parent / "password"
    secret.write_text(MASTER_PASSWORD + "\n", "utf-8")
    server = ["--server", f"127.0.0.1:{room.port}", "--security", "plain", "--master", MASTER]
    words = [str(Path(sys.executable).with_name("vanthu")), "--language", "en", "census", *server]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VANTHU_")}
    return [*words, "--password-file", str(secret), *more], environ | {"VANTHU_HOME": str(settings.home)}


def done(settings: Settings) -> int:
    with unit_of_work(settings) as session:
        return session.scalar(select(func.count()).where(CensusMailbox.state == "counted")) or 0


def test_thousands_killed_and_run_again_are_asked_once(room: MailRoom, ready: Callable[..., Settings]) -> None:
    for place in range(MANY):
        letters = [Letter(days_ago(1 + n), "S" if n else "") for n in range(place % 3)]
        room.mailbox(f"cb{place:02}", letters, Sent=[Letter(days_ago(2), "S")])
    room.start(Kind())
    settings = ready(MANY)
    words, environ = command(settings, room)
    before = room.state()
    for goal in (150, 500, 900):
        killed = subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda goal=goal: done(settings) >= goal, f"{goal} are counted", seconds=60)  # type: ignore[misc]
        cmdline = Path(f"/proc/{killed.pid}/cmdline").read_bytes()
        assert MASTER_PASSWORD.encode() not in cmdline
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)
    finished = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout == f"{MANY} mailboxes counted; 0 unknown.\n"
    assert room.state() == before
    assert done(settings) == MANY
    with unit_of_work(settings) as session:
        assert session.scalar(select(func.count(Census.id))) == 1
    in_mailboxes = re.findall(rf"imap-login: Info: Login: user=<(cb\d+)@{DOMAIN}>", room.log())
    # At a kill, each of 4 connections may have been in a mailbox whose answer was not stored, and one batch on its way.
    assert MANY <= len(in_mailboxes) <= MANY + 3 * 40
    assert set(in_mailboxes) == {f"cb{place:02}" for place in range(MANY)}
    _no_secret_in(settings.home)


def _no_secret_in(home: Path) -> None:
    """Nothing that Vanthu wrote holds the password, a subject or a body."""
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    for secret in (MASTER_PASSWORD, SECRET, MASTER_PASSWORD.replace('"', '\\"')):
        assert [path for path in files if secret.encode() in path.read_bytes()] == []


def test_a_census_while_another_runs_is_refused(room: MailRoom, ready: Callable[..., Settings]) -> None:
    fill(room, 3)
    room.start(Kind())
    settings = ready(3)
    import fcntl

    words, environ = command(settings, room)
    with (settings.home / "census.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=30)
    assert (refused.returncode, refused.stderr) == (5, "Another census is running already.\n")


def test_a_finished_census_is_followed_by_a_new_one(room: MailRoom, ready: Callable[..., Settings]) -> None:
    fill(room, 4)
    room.start(Kind())
    settings = ready(4)
    census(settings, room.port)
    began = time.monotonic()
    path = next((room.root / "box" / "cb03" / "mail" / "cur").glob("*.2.vanthu*"))
    path.rename(path.with_name(path.name + "T"))
    unseen = next((room.root / "box" / "cb03" / "mail" / "new").glob("*"))
    unseen.rename(unseen.parent.parent / "cur" / f"{unseen.name}:2,S")
    census(settings, room.port)
    with unit_of_work(settings) as session:
        [found] = mailbox_census(session, [f"cb03@{DOMAIN}"])
    assert (found.unseen_change, found.messages_change, found.answered_change) == (-1, 0, 0)
    assert time.monotonic() - began < 30
