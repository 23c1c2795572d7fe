"""What a mail server may do to us: refuse, put off, stall, go away, and kill the worker in between."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from core import db
from core.db import unit_of_work
from core.directory.services.inviting import invite
from core.mail import smtp
from core.mail.digests import KEPT, forget_old
from core.mail.kinds import MailKind
from core.mail.models import OutgoingMail
from core.mail.options import MailOptions
from core.mail.outbox import post
from core.mail.retrying import retry
from core.mail.sending import GIVEN_UP, LEASE, WAITS
from core.mail.tasks import sending_due
from core.permissions import command_line_actor
from core.settings import Settings, SettingsError
from tests.core.mail.post_office import NOW, PostOffice, fill, installed, outbox, send_at, text_of
from tests.servers.loopback import free_port

SEND = """
from datetime import UTC, datetime
from core.settings import load
from core.mail.sending import send_waiting
send_waiting(load(), clock=lambda: datetime(2026, 11, 23, 1, 0, tzinfo=UTC), tell=lambda done: None)
"""
FACTS = {"day": "2026-11-23", "head": f"7:{'0' * 64}"}


def _post(settings: Settings, address: str = "giu.ho@out.test") -> None:
    with unit_of_work(settings) as session:
        post(session, kind=MailKind.CORE_TRAIL_HEAD, address=address, language="vi", now=NOW, facts=FACTS)


def _only(settings: Settings) -> OutgoingMail:
    (one,) = outbox(settings)
    return one


def test_sent_once(settings: Settings, office: PostOffice) -> None:
    _post(settings)
    assert send_at(settings, NOW).sent == 1
    assert send_at(settings, NOW + timedelta(days=1)).sent == 0
    one = _only(settings)
    assert (one.state, one.attempts, one.answer) == ("sent", 1, "250 2.0.0 Ok: queued as 4ABC")
    assert office.senders == ["vanthu@tp.example.gov.vn"]
    assert [message["Message-ID"] for message in office.taken] == [one.message_id]


def test_a_greylist_is_waited_for(settings: Settings, office: PostOffice) -> None:
    office.rcpt_says = ["450 4.2.0 Greylisted, try again", "451 4.7.1 Please try again later"]
    _post(settings)
    moment = NOW
    for number in range(2):
        assert send_at(settings, moment).put_off == 1
        assert send_at(settings, moment + WAITS[number] - timedelta(seconds=1)).put_off == 0
        moment += WAITS[number]
    assert send_at(settings, moment).sent == 1
    assert tuple(sorted(WAITS)) == WAITS
    assert _only(settings).attempts == 3


def test_refused_for_good_is_written_down_and_another_try_is_a_decision(settings: Settings, office: PostOffice) -> None:
    office.rcpt_says = ["550 5.1.1 <giu.ho@out.test>: no such user\x1b[31m"]
    _post(settings)
    _post(settings, "khac@out.test")
    done = send_at(settings, NOW)
    assert (done.refused, done.sent) == (1, 1)  # on the same connection
    assert office.connections == 1
    refused, sent = outbox(settings)
    assert (refused.state, refused.answer) == ("refused", "550 5.1.1 <giu.ho@out.test>: no such user\ufffd[31m")
    assert sent.state == "sent"
    with unit_of_work(settings) as session:
        assert retry(session, command_line_actor(), now=NOW) == 1
    assert send_at(settings, NOW).sent == 1
    assert office.taken[-1]["Message-ID"] == refused.message_id


def test_refused_after_the_text(settings: Settings, office: PostOffice) -> None:
    office.data_says = ["554 5.7.1 Spam", "452 4.3.1 Out of storage"]
    _post(settings)
    _post(settings)
    done = send_at(settings, NOW)
    assert (done.refused, done.put_off, done.sent) == (1, 1, 0)


def test_given_up_after_days(settings: Settings, office: PostOffice) -> None:
    office.rcpt_says = ["451 4.3.0 later"] * 100
    _post(settings)
    moment, tries = NOW, 0
    while _only(settings).state == "waiting":
        moment, tries = _only(settings).due_at, tries + 1
        assert send_at(settings, moment).put_off == 1
    assert _only(settings).state == "given_up"
    assert timedelta(0) <= GIVEN_UP - (moment - NOW) <= WAITS[-1]
    assert tries < 50


def test_a_server_that_is_away_blames_no_message(settings: Settings, office: PostOffice, tmp_path: Path) -> None:
    elsewhere = installed(tmp_path / "home", free_port())
    for number in range(3):
        _post(elsewhere, f"so{number}@out.test")
    done = send_at(elsewhere, NOW)
    assert "ConnectionRefusedError" in done.away
    assert {(one.state, one.due_at - NOW) for one in outbox(elsewhere)} == {("waiting", WAITS[0])}
    back = installed(tmp_path / "home", office.port)
    assert send_at(back, NOW + WAITS[0]).sent == 3


def test_killed_between_the_servers_yes_and_the_mark(settings: Settings, office: PostOffice) -> None:
    """It is sent a second time, for nobody can know better; with the same Message-ID and the very same bytes."""
    _post(settings)
    worker = subprocess.Popen([sys.executable, "-c", SEND], env={"VANTHU_HOME": str(settings.home)})
    office.kills = worker.pid
    assert worker.wait(30) == -9
    office.kills = None
    assert (len(office.taken), _only(settings).state) == (1, "waiting")
    assert send_at(settings, NOW + LEASE - timedelta(seconds=1)).sent == 0  # it may still be at it
    with unit_of_work(settings) as session:
        assert sending_due(session, None, NOW + LEASE) == {}
    assert send_at(settings, NOW + LEASE).sent == 1
    assert len(office.raw) == 2
    assert office.raw[0] == office.raw[1]


def test_killed_before_the_server_is_asked(settings: Settings, office: PostOffice) -> None:
    _post(settings)
    with patch("core.mail.smtp.opened", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        send_at(settings, NOW)
    assert send_at(settings, NOW + LEASE).sent == 1
    assert len(office.taken) == 1


def test_two_workers_send_each_message_once(settings: Settings, office: PostOffice) -> None:
    for number in range(12):
        _post(settings, f"so{number}@out.test")
    workers = [threading.Thread(target=send_at, args=(settings, NOW)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(office.addresses) == sorted(f"so{number}@out.test" for number in range(12))


def test_a_batch_is_bounded(settings: Settings, office: PostOffice) -> None:
    for number in range(5):
        _post(settings, f"so{number}@out.test")
    done = send_at(settings, NOW, most=3)
    assert (done.sent, done.more, office.connections) == (3, True, 1)
    done = send_at(settings, NOW, most=3)
    assert (done.sent, done.more) == (2, False)


@contextmanager
def _dripping(port: int, every: float) -> Iterator[None]:
    """A server that answers one sign at a time, each soon enough for a socket's time-out, and never ends its line."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", port))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            while not over.wait(every):
                try:
                    connection.sendall(b"2")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        listening.close()
        thread.join(5)


def test_a_server_that_drips_is_left(settings: Settings) -> None:
    port = free_port()
    options = MailOptions(
        server=f"127.0.0.1:{port}", security="none", sender="v@tp.example.gov.vn", site="https://v.example.gov.vn"
    )
    began = time.monotonic()
    with (
        _dripping(port, 0.05),
        pytest.raises(smtp.ServerError),
        smtp.opened(options, "", step=1.0, whole=0.5),
    ):
        pytest.fail("it never said yes")
    assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_is_left(settings: Settings) -> None:
    port = free_port()
    options = MailOptions(
        server=f"127.0.0.1:{port}", security="none", sender="v@tp.example.gov.vn", site="https://v.example.gov.vn"
    )
    with (
        _dripping(port, 60),
        pytest.raises(smtp.ServerError, match="timed out"),
        smtp.opened(options, "", step=0.2, whole=5),
    ):
        pytest.fail("it never said anything")


def test_a_text_is_never_kept(settings: Settings, office: PostOffice) -> None:
    _post(settings)
    send_at(settings, NOW)
    assert "nhật ký kiểm toán" in text_of(office.taken[0])
    one = _only(settings)
    assert {**one.facts, "state": one.state} == {**FACTS, "state": "sent"}


@pytest.mark.parametrize(
    "entries",
    [
        {"security": "none", "server": "mail.tp.example.gov.vn"},
        {"security": "ssl3"},
        {"server": "mail tp"},
        {"server": "127.0.0.1:0"},
        {"sender": "vanthu"},
        {"sender": "v@x.test\nBcc: all@x.test"},
        {"site": "javascript:alert(1)"},
        {"site": "https://a.test/?x"},
        {"digest": "25:00"},
        {"link_hours": 0},
        {"forgotten": "yes"},
        {"ca": "relative.pem"},
        {"servr": "x"},
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, entries: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        MailOptions.of(installed(tmp_path, 25, **entries))


def test_nothing_is_sent_in_an_officials_name(settings: Settings, office: PostOffice) -> None:
    """Every message would be that official's use; it waits until the settings are right."""
    _post(settings)
    wrong = installed(settings.home, office.port, sender="cb1@tp.example.gov.vn")
    assert "cb1@tp.example.gov.vn" in send_at(wrong, NOW).away
    assert (office.taken, _only(settings).state) == ([], "waiting")
    assert send_at(settings, NOW).sent == 1


def test_what_ended_long_ago_is_forgotten_but_for_heads(settings: Settings, office: PostOffice) -> None:
    _post(settings)
    with unit_of_work(settings) as session:
        invite(session, command_line_actor(), official_ids=["CB1"], now=NOW)
    assert send_at(settings, NOW).sent == 2
    assert forget_old(settings, now=NOW + KEPT) == 0
    assert forget_old(settings, now=NOW + KEPT + timedelta(seconds=1)) == 1
    assert _only(settings).kind == MailKind.CORE_TRAIL_HEAD.value


def test_without_a_server_nobody_is_told(tmp_path: Path) -> None:
    made = installed(tmp_path / "home", 25, server="")
    fill(made)
    assert send_at(made, NOW).sent == 0
    db.forget(made)
