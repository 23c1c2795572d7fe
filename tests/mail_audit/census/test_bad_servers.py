"""Servers that stall, lie and hang up: each ends as a reason, in bounded time and memory, and stops no other."""

from __future__ import annotations

import base64
import logging
import resource
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import InputError
from core.settings import Settings
from mail_audit.collectors.census.asking import AccountRefusedError, AnyNameError, Asker, ServerAwayError
from mail_audit.collectors.census.options import Options, asked
from mail_audit.services.census import Answer
from tests.mail_audit.census import scripted
from tests.mail_audit.census.scripted import Scripted, Talk, enter, listening, says

BAD = "cb-bad@tp.example.gov.vn"
GOOD = "cb-good@tp.example.gov.vn"
LONGEST = 6.0
"""Seconds that any of these may take: all limits are set to a fraction."""
MOST_MEMORY = 150_000_000


def ask(settings: Settings, server: Scripted, *mailboxes: str, **options: Any) -> list[Answer]:
    limits = {"connections": 2, "connect_seconds": 1.0, "command_seconds": 0.7, "mailbox_seconds": 3.0}
    given = limits | {"attempts": 2, "backoff_seconds": 0.01, "security": "plain", "master": "kiem.dem"} | options
    plan = asked(settings, Options.of(settings, server=server.address, **given))
    return [answer for batch in Asker(plan).ask_all(mailboxes) for answer in batch]


def _peak() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def for_bad(reply: scripted.Reply, name: str) -> dict[str, scripted.Reply]:
    """The reply, but only in the bad mailbox."""
    honest = scripted.HONEST[name]
    return {name: lambda talk, tag, command: (reply if talk.mailbox == BAD else honest)(talk, tag, command)}


def stall(talk: Talk, _tag: str, _command: str) -> None:
    talk.wait_for_the_end()


def hang_up(_talk: Talk, _tag: str, _command: str) -> None:
    raise ConnectionError


def drip(talk: Talk, _tag: str, _command: str) -> None:
    """One byte now and then, for ever: each read in time, the answer never."""
    while True:
        talk.send("*")
        time.sleep(0.05)


def flood(chunk: bytes) -> scripted.Reply:
    return lambda talk, _tag, _command: talk.flood(chunk)


def exists(number: str) -> scripted.Reply:
    return says(f"* {number} EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n{{tag}} OK [READ-ONLY] .\r\n")


def counts(result: str) -> scripted.Reply:
    return says(f'* ESEARCH (TAG "a") UID {result}\r\n{{tag}} OK done\r\n')


CASES: dict[str, tuple[str, scripted.Reply, str]] = {
    "silence after EXAMINE": ("EXAMINE", stall, "timeout"),
    "silence after SEARCH": ("UID SEARCH", stall, "timeout"),
    "silence after LIST": ("LIST", stall, "timeout"),
    "silence after FETCH": ("UID FETCH", stall, "timeout"),
    "a byte now and then": ("EXAMINE", drip, "timeout"),
    "a hang-up": ("EXAMINE", hang_up, "unreachable"),
    "a BYE": ("UID SEARCH", says("* BYE shutting down\r\n"), "unreachable"),
    "a line without end": ("UID SEARCH", flood(b"x" * 65_536), "protocol timeout"),
    "lines without end": ("UID SEARCH", flood(b"* 1 EXISTS\r\n" * 1_000), "protocol timeout"),
    "unasked messages without end": ("UID SEARCH", flood(b"* 1 FETCH (FLAGS ())\r\n" * 1_000), "protocol timeout"),
    "a literal of a terabyte": ("LIST", says('* LIST () "/" {1099511627776}\r\n'), "protocol"),
    "a literal of 5000 digits": ("LIST", says('* LIST () "/" {' + "9" * 5_000 + "}\r\n"), "protocol"),
    "a body nobody asked for": ("UID FETCH", says("* 1 FETCH (BODY[] {50000}\r\n" + "x" * 50_000), "protocol"),
    "a negative number": ("EXAMINE", exists("-5"), "protocol"),
    "an absurd number": ("EXAMINE", exists("9" * 30), "protocol"),
    "no number": ("EXAMINE", says("{tag} OK [READ-ONLY] .\r\n"), "protocol"),
    "read-write": (
        "EXAMINE",
        says("* 5 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n{tag} OK [READ-WRITE] .\r\n"),
        "protocol",
    ),
    "more unseen than messages": ("EXAMINE", exists("3"), "protocol"),
    "a count without its lowest": ("UID SEARCH", counts("COUNT 4"), "protocol"),
    "a lowest below zero": ("UID SEARCH", counts("MIN -4 COUNT 4"), "protocol"),
    "a count of 40 digits": ("UID SEARCH", counts(f"COUNT {'9' * 40}"), "protocol"),
    "two counts": ("UID SEARCH", says('* ESEARCH (TAG "a") UID COUNT 0\r\n' * 2 + "{tag} OK done\r\n"), "protocol"),
    "no count": ("UID SEARCH", says("{tag} OK done\r\n"), "protocol"),
    "another's tag": ("UID SEARCH", says("ZZZZ99 OK\r\n"), "protocol"),
    "no IMAP at all": ("EXAMINE", says("HTTP/1.1 400 Bad Request\r\n\r\n"), "protocol"),
    "NULs": ("EXAMINE", says("\0" * 50 + "\r\n"), "protocol"),
    "brackets without end": ("LIST", says("* LIST " + "(" * 100_000 + "\r\n{tag} OK done\r\n"), "protocol"),
    "a refused inbox": ("EXAMINE", says("{tag} NO no rights\r\n"), "refused"),
    "a BAD": ("UID SEARCH", says("{tag} BAD no\r\n"), "protocol"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_mailbox_is_unknown_and_stops_no_other(settings: Settings, case: str) -> None:
    name, reply, reason = CASES[case]
    began, memory = time.monotonic(), _peak()
    with listening(replies=for_bad(reply, name)) as server:
        answers = ask(settings, server, GOOD, BAD, "cb-2@tp.example.gov.vn", "cb-3@tp.example.gov.vn")
    [unknown] = [answer for answer in answers if answer.reason]
    assert unknown.mailbox == BAD
    assert unknown.reason in reason.split()  # a flood ends by its size or by its time, as fast as the machine is
    assert sum(answer.count is not None for answer in answers) == 3
    assert time.monotonic() - began < LONGEST
    assert _peak() - memory < MOST_MEMORY


@pytest.mark.parametrize(
    ("date", "expected"),
    [("05-Oct-2026 08:00:00 +0700", True), ("05-Oct-2126 08:00:00 +0700", False), ("05-Oct-0001 08:00:00 +0700", False),
     ("99-Foo-2026 08:00:00 +0700", False)],
)  # fmt: skip
def test_a_date_that_cannot_be_is_not_known(settings: Settings, date: str, expected: bool) -> None:
    replies = {"UID FETCH": says(f'* 3 FETCH (UID 12 INTERNALDATE "{date}")\r\n{{tag}} OK done\r\n')}
    with listening(replies=replies) as server:
        [answer] = ask(settings, server, GOOD)
    assert answer.count is not None
    assert (answer.count.oldest_unseen_at is not None, answer.count.last_sent_at is not None) == (expected, expected)
    assert answer.count.sent_state == ("found" if expected else "unknown")


def test_what_fails_in_passing_is_tried_again(settings: Settings) -> None:
    tries: list[str] = []

    def once(talk: Talk, tag: str, command: str) -> None:
        tries.append(talk.mailbox)
        if tries.count(BAD) == 1 and talk.mailbox == BAD:
            raise ConnectionError
        scripted.HONEST["EXAMINE"](talk, tag, command)

    with listening(replies={"EXAMINE": once}) as server:
        answers = ask(settings, server, GOOD, BAD)
    assert [answer.reason for answer in answers] == [None, None]


def test_a_mailbox_has_so_many_seconds_with_all_its_attempts(settings: Settings) -> None:
    began = time.monotonic()
    with listening(replies=for_bad(stall, "EXAMINE")) as server:
        answers = ask(settings, server, GOOD, BAD, attempts=20, mailbox_seconds=1.2)
        assert server.asked.count(BAD) <= 4
    assert {answer.mailbox: answer.reason for answer in answers}[BAD] == "timeout"
    assert time.monotonic() - began < LONGEST


def test_a_wrong_password_is_not_tried_on_everybody(settings: Settings) -> None:
    def refuse(talk: Talk, tag: str, _command: str) -> None:
        talk.send("+ \r\n")
        talk.line()
        talk.send(f"{tag} NO [AUTHENTICATIONFAILED] no\r\n")

    with listening(replies={"AUTHENTICATE PLAIN": refuse}) as server, pytest.raises(AccountRefusedError):
        ask(settings, server, *(f"cb-{number}@x" for number in range(50)))
    assert server.connections == 5


def test_one_mailbox_that_is_not_the_accounts_is_refused(settings: Settings) -> None:
    def refuse(talk: Talk, tag: str, _command: str) -> None:
        talk.send("+ \r\n")
        talk.line()
        talk.send(f"{tag} NO [AUTHORIZATIONFAILED] no\r\n")

    with listening(replies={"AUTHENTICATE PLAIN": refuse}) as server:
        assert [answer.reason for answer in ask(settings, server, GOOD)] == ["refused"]


def test_no_line_reaches_a_log(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    login = {"LOGIN": lambda talk, tag, command: enter(talk, tag, command.split('"')[1].partition("*")[0])}
    for replies, capabilities in (({}, "IMAP4rev1 AUTH=PLAIN ESEARCH"), (login, "IMAP4rev1")):
        with listening(replies=replies, capabilities=capabilities) as server:
            ask(settings, server, GOOD)
        secret = base64.b64encode(f"{GOOD}\0kiem.dem\0mat-khau-rat-kin".encode()).decode()
        assert any(secret in line or "mat-khau-rat-kin" in line for line in server.lines)
        assert secret not in caplog.text
        assert "mat-khau-rat-kin" not in caplog.text


def test_leaving_early_leaves_no_thread_behind(settings: Settings) -> None:
    def stalls(talk: Talk, tag: str, command: str) -> None:
        if talk.mailbox not in {"cb-0@x", "cb-1@x"}:
            talk.wait_for_the_end()
        scripted.HONEST["EXAMINE"](talk, tag, command)

    with listening(replies={"EXAMINE": stalls}) as server:
        options = Options.of(settings, server=server.address, security="plain", master="m", command_seconds=60.0)
        answers = Asker(asked(settings, options)).ask_all([f"cb-{number}@x" for number in range(50)])
        next(answers)
        next(answers)
        began = time.monotonic()
        answers.close()
    assert time.monotonic() - began < 4
    assert [thread for thread in threading.enumerate() if "_work" in thread.name] == []


def test_a_name_that_does_not_exist_is_no_mailbox(settings: Settings) -> None:
    nobody = [f"nobody{number}@tp.example.gov.vn" for number in (1, 2)]
    with listening() as server:
        answers = ask(settings, server, nobody[0], GOOD, nobody[1])
    assert {answer.mailbox: answer.reason for answer in answers} == {
        nobody[0]: "no_mailbox",
        GOOD: None,
        nobody[1]: "no_mailbox",
    }


def test_a_server_that_opens_any_name_is_not_believed(settings: Settings) -> None:
    def let_in(talk: Talk, tag: str, _command: str) -> None:
        talk.send("+ \r\n")
        talk.line()
        enter(talk, tag, GOOD)

    with listening(replies={"AUTHENTICATE PLAIN": let_in}) as server, pytest.raises(AnyNameError):
        ask(settings, server, GOOD, BAD)


def test_a_server_that_lets_in_before_any_log_in_is_refused(settings: Settings) -> None:
    with (
        listening(greeting=lambda talk: talk.send("* PREAUTH welcome\r\n")) as server,
        pytest.raises(InputError),
    ):
        ask(settings, server, GOOD)
    assert not any("EXAMINE" in line for line in server.lines)


GREETINGS: dict[str, Callable[[Talk], None]] = {
    "silence": lambda talk: talk.wait_for_the_end(),
    "a hang-up": lambda talk: talk.sock.close(),
    "noise": lambda talk: talk.flood(b"x" * 65_536),
    "BYE": lambda talk: talk.send("* BYE too many connections\r\n"),
    "another protocol": lambda talk: talk.send("220 smtp ready\r\n"),
}


@pytest.mark.parametrize("greeting", GREETINGS)
def test_a_server_that_is_away_is_not_asked_for_every_mailbox(settings: Settings, greeting: str) -> None:
    began = time.monotonic()
    with listening(greeting=GREETINGS[greeting]) as server, pytest.raises(ServerAwayError):
        ask(settings, server, *(f"cb-{number}@x" for number in range(500)))
    assert server.connections <= 2
    assert time.monotonic() - began < LONGEST


def test_a_server_that_goes_away_ends_the_run_and_keeps_what_was_counted(settings: Settings) -> None:
    def gone_after_twenty(talk: Talk) -> None:
        if talk.server.connections <= 20:
            talk.send("* OK ready\r\n")

    counted: list[Answer] = []
    limits = {"connections": 2, "command_seconds": 0.3, "attempts": 5, "backoff_seconds": 0.01}
    with listening(greeting=gone_after_twenty) as server:
        plan = asked(settings, Options.of(settings, server=server.address, security="plain", master="m", **limits))
        answers = Asker(plan).ask_all([f"cb-{number}@x" for number in range(500)])
        with pytest.raises(ServerAwayError):
            counted.extend(answer for batch in answers for answer in batch)
    assert 15 <= len(counted) <= 20
    assert all(answer.count for answer in counted)


def test_a_refused_connection_is_a_server_away(settings: Settings) -> None:
    with listening() as server:
        address = server.address
    plan = asked(settings, Options.of(settings, server=address, security="plain", master="m", backoff_seconds=0.01))
    with pytest.raises(ServerAwayError):
        list(Asker(plan).ask_all([GOOD]))


def test_starttls_that_is_not_offered_gets_no_password(settings: Settings) -> None:
    with listening() as server, pytest.raises(InputError, match="safely"):
        ask(settings, server, GOOD, security="starttls")
    assert not any("AUTHENTICATE" in line for line in server.lines)


def test_an_answer_slipped_in_behind_starttls_is_refused(settings: Settings) -> None:
    replies = {"STARTTLS": says("{tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")}
    with (
        listening(replies=replies, capabilities="IMAP4rev1 STARTTLS AUTH=PLAIN") as server,
        pytest.raises(InputError, match="safely"),
    ):
        ask(settings, server, GOOD, security="starttls")


def test_a_server_that_asks_for_the_password_again_and_again_gets_it_once(settings: Settings) -> None:
    secrets: list[str] = []

    def again(talk: Talk, _tag: str, _command: str) -> None:
        while True:
            talk.send("+ \r\n")
            secrets.append(talk.line())

    with listening(replies={"AUTHENTICATE PLAIN": again}) as server, pytest.raises(ServerAwayError):
        ask(settings, server, GOOD, attempts=1)
    assert len(secrets) == 1


def test_a_server_without_esearch_and_sasl_is_counted_the_same(settings: Settings) -> None:
    with listening() as server:
        [modern] = ask(settings, server, GOOD)
    login = {
        "LOGIN": lambda talk, tag, command: enter(talk, tag, command.split('"')[1].partition("*")[0]),
    }
    with listening(replies=login, capabilities="IMAP4rev1") as server:
        [old] = ask(settings, server, GOOD)
        assert any(r'LOGIN "cb-good@tp.example.gov.vn*kiem.dem"' in line for line in server.lines)
    assert old.count == modern.count
    assert modern.count is not None
    assert (modern.count.messages, modern.count.unseen, modern.count.answered) == (9, 4, 2)
