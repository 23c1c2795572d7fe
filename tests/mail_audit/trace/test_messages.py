"""Hops joined to messages: counted once, for the log-in that sent them and the mailbox that got them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mail_audit.pipeline import run
from tests.mail_audit.audited import logged
from tests.mail_audit.small_town import BOSS, CLERK, DEPUTY, PRIVATE, audit, official, sent, submitted, town

AT = "Oct  5 08:00:0"
SMTPD = "mail postfix/smtpd[1]"
QMGR = "mail postfix/qmgr[3]"


def hop(second: int, queue_id: str, *, sender: str = BOSS, message: str = "A1@x.test", client: str = "") -> list[str]:
    """The beginning of one queue file's life."""
    opened = client or f"{queue_id}: client=localhost[127.0.0.1]"
    return [
        f"{AT}{second} {SMTPD}: {opened}",
        f"{AT}{second} mail postfix/cleanup[2]: {queue_id}: message-id=<{message}>",
        f"{AT}{second} {QMGR}: {queue_id}: from=<{sender}>, size=900, nrcpt=1 (queue active)",
    ]


def logged_in_as(queue_id: str, user: str = BOSS) -> str:
    return f"{queue_id}: client=unknown[10.0.0.7], sasl_method=PLAIN, sasl_username={user}"


def counts(folder: Path, lines: list[str], mailbox: str = BOSS) -> tuple[int | None, ...]:
    one = official(audit(folder, lines), mailbox)
    return one.sent, one.sent_recipients, one.sent_external, one.received


def test_a_message_to_three(tmp_path: Path) -> None:
    lines = submitted(AT + "1", "AAAA1", BOSS, CLERK, DEPUTY, "x@out.test")
    assert counts(tmp_path, lines) == (1, 3, 1, 0)
    assert counts(tmp_path, lines, CLERK) == (0, 0, 0, 1)


def test_never_queued_is_never_sent(tmp_path: Path) -> None:
    """The client gave up after RCPT: the queue file was opened and thrown away."""
    assert counts(tmp_path, [f"{AT}1 {SMTPD}: {logged_in_as('AAAA1')}"]) == (0, 0, 0, 0)


def test_whatever_the_sender_address(tmp_path: Path) -> None:
    lines = submitted(AT + "1", "AAAA1", BOSS.upper(), "x@out.test", sender="anybody@out.test")
    assert counts(tmp_path, lines) == (1, 1, 1, 0)


def test_through_a_content_filter_once(tmp_path: Path) -> None:
    lines = [
        *hop(1, "AAAA1", client=logged_in_as("AAAA1")),
        *hop(2, "BBBB2"),
        sent(AT + "2", "AAAA1", CLERK, reply="250 2.0.0 from MTA(smtp:[::1]:10025): 250 2.0.0 Ok: queued as BBBB2"),
        sent(AT + "3", "BBBB2", CLERK),
        f"{AT}3 {QMGR}: AAAA1: removed", f"{AT}3 {QMGR}: BBBB2: removed",
    ]  # fmt: skip
    assert counts(tmp_path, lines) == (1, 1, 0, 0)
    assert counts(tmp_path, lines, CLERK) == (0, 0, 0, 1)
    assert counts(tmp_path, lines[::-1], CLERK) == (0, 0, 0, 1)


def test_deferred_three_times_and_bounced_once(tmp_path: Path) -> None:
    """Retries are the same message; what could not be delivered was addressed all the same; the bounce is received."""
    lines = [*hop(1, "AAAA1", client=logged_in_as("AAAA1"))]
    for second in (2, 3, 4):
        lines.append(sent(AT + str(second), "AAAA1", "x@out.test", status="deferred", reply="host said: 451 later"))
        lines.append(f"{AT}{second} {QMGR}: AAAA1: from=<{BOSS}>, size=900, nrcpt=1 (queue active)")
    lines += [
        sent(AT + "5", "AAAA1", "x@out.test", status="bounced", reply="host said: 550 no"),
        f"{AT}5 mail postfix/cleanup[2]: CCCC3: message-id=<CCCC3@mail>",
        f"{AT}5 {QMGR}: CCCC3: from=<>, size=2000, nrcpt=1 (queue active)",
        sent(AT + "5", "CCCC3", BOSS),
        f"{AT}6 {QMGR}: AAAA1: removed", f"{AT}6 {QMGR}: CCCC3: removed",
    ]  # fmt: skip
    assert counts(tmp_path, lines) == (1, 1, 1, 1)


def test_an_alias_is_one_recipient(tmp_path: Path) -> None:
    """One address that stands for two people: one recipient, two deliveries; an alias abroad is a forward."""
    first = [
        *hop(1, "AAAA1", client=logged_in_as("AAAA1")),
        sent(AT + "2", "AAAA1", CLERK, orig_to="phong@tp.example.gov.vn"),
        sent(AT + "2", "AAAA1", DEPUTY, orig_to="phong@tp.example.gov.vn"),
    ]
    assert counts(tmp_path, first) == (1, 1, 0, 0)
    assert counts(tmp_path, first, DEPUTY)[3] == 1
    away = [*hop(3, "BBBB2", sender="x@out.test"), sent(AT + "4", "BBBB2", PRIVATE, orig_to=DEPUTY)]
    measured = audit(tmp_path, away)
    assert official(measured, DEPUTY).received == 1
    assert measured.measurement.mail.forwards.select("mailbox", "target").rows() == [(DEPUTY, PRIVATE)]
    assert official(measured, DEPUTY).usage_class == "forwarded"


def test_a_short_queue_id_comes_back(tmp_path: Path) -> None:
    """Three messages one after another with one id, two of them sent by somebody."""
    lines = [
        *submitted(AT + "1", "AAAA1", BOSS, "x@out.test"),
        *submitted(AT + "3", "AAAA1", CLERK, "x@out.test", "y@out.test"),
        *submitted(AT + "5", "AAAA1", BOSS, "z@out.test"),
    ]
    assert counts(tmp_path, lines) == (2, 2, 2, 0)
    assert counts(tmp_path, lines, CLERK) == (1, 2, 2, 0)


def test_one_message_id_five_times(tmp_path: Path) -> None:
    """The message-id is the sender's word: five messages that bear the same are five messages."""
    lines = [
        line.replace("<AAAA", "<same").replace(f"<same{n}@", "<same@")
        for n in range(5)
        for line in submitted(f"{AT}{n}", f"AAAA{n}", BOSS, CLERK)
    ]
    assert sum("message-id=<same@" in line for line in lines) == 5
    assert counts(tmp_path, lines) == (5, 5, 0, 0)
    assert counts(tmp_path, lines, CLERK)[3] == 5


@pytest.mark.parametrize(
    "reply",
    [
        "250 2.0.0 Ok: queued as BBBB2",
        "250 ok queued as BBBB2) and to=<x@y>, relay=x, status=sent (250 queued as BBBB2",
        "250 2.0.0 Ok: queued as AAAA1",
    ],
)
def test_an_outside_server_says_queued_as(reply: str, tmp_path: Path) -> None:
    """A stranger's answer that names ids of ours takes no message away from anybody."""
    lines = [
        *submitted(AT + "1", "BBBB2", CLERK, "z@out.test"),
        *hop(2, "AAAA1", client=logged_in_as("AAAA1"), message="A2@x.test"),
        sent(AT + "3", "AAAA1", "evil@out.test", reply=reply),
        *submitted(AT + "4", "CCCC3", CLERK, BOSS),
    ]
    assert counts(tmp_path, lines) == (1, 1, 1, 1)
    assert counts(tmp_path, lines, CLERK) == (2, 2, 1, 0)


def test_a_filter_before_the_queue(tmp_path: Path) -> None:
    """The log-in stands in the line that hands the message on; the client line without a queue file counts nothing."""
    lines = [
        f"{AT}1 {SMTPD}: NOQUEUE: client=unknown[10.0.0.7], sasl_method=PLAIN, sasl_username={BOSS}",
        *hop(1, "BBBB2"),
        (
            f"{AT}1 {SMTPD}: proxy-accept: END-OF-MESSAGE: 250 2.0.0 from MTA(x): 250 2.0.0 Ok: queued as "
            f"BBBB2; from=<{BOSS}> to=<x@out.test> proto=ESMTP helo=<pc> sasl_username=<{BOSS}>"
        ),
        sent(AT + "2", "BBBB2", "x@out.test"),
    ]
    assert counts(tmp_path, lines) == (1, 1, 1, 0)


DELIVERED = "mail dovecot: lmtp({to})<9><{session}>: {sieve}msgid=<{n}@x.test>: {outcome}"


def test_dovecot_and_postfix_speak_of_one_delivery(tmp_path: Path) -> None:
    """Stored, filed, and sent on by a rule: each received once."""
    lines = []
    for n, outcome in enumerate(
        (
            "saved mail to INBOX",
            "fileinto action: stored mail into mailbox 'Junk'",
            f"redirect action: forwarded to <{PRIVATE}>",
        )
    ):
        queue_id, session = f"AAAA{n}", f"Sess{n}:R2"
        lines += hop(n, queue_id, sender="x@out.test", message=f"{n}@x.test")
        sieve = "" if n == 0 else "sieve: "
        lines.append(f"{AT}{n} " + DELIVERED.format(to=BOSS, session=session, sieve=sieve, n=n, outcome=outcome))
        lines.append(sent(f"{AT}{n}", queue_id, BOSS, reply=f"250 2.0.0 <{BOSS}> {session} Saved"))
    measured = audit(tmp_path, lines)
    assert official(measured, BOSS).received == 3
    assert measured.measurement.mail.forwards["target"].to_list() == [PRIVATE]


def test_forwards_that_stand_at_one_place_of_two_files(tmp_path: Path) -> None:
    """Of one second, at the same offset, of the same length: the file tells them apart."""
    for n in (1, 2):
        line = DELIVERED.format(
            to=BOSS, session=f"S{n}", sieve="sieve: ", n=n, outcome=f"redirect action: forwarded to <{PRIVATE}>"
        )
        logged(tmp_path / f"{n}.log", [f"{AT}1 {line}"])
    measured = run([tmp_path / "1.log", tmp_path / "2.log"], town(tmp_path))
    assert measured.measurement.mail.forwards["target"].to_list() == [PRIVATE, PRIVATE]


def test_only_dovecot_s_log(tmp_path: Path) -> None:
    """The lines of one delivery are one message; sending is unknown, not zero."""
    lines = [
        f"{AT}{n} " + DELIVERED.format(to=BOSS, session=f"S{n}", sieve="sieve: ", n=1, outcome=outcome)
        for n, outcome in ((1, "stored mail into mailbox 'INBOX'"), (2, "stored mail into mailbox 'INBOX'"))
    ]
    lines.append(lines[0].replace("stored mail into mailbox 'INBOX'", f"redirect action: forwarded to <{PRIVATE}>"))
    measured = audit(tmp_path, lines, servers=False)
    one = official(measured, BOSS)
    assert (one.sent, one.received, one.logins) == (None, 2, None)


def test_a_second_server(tmp_path: Path) -> None:
    """Front and back with logs of their own, no clock alike: one message sent, one received."""
    front = [
        *hop(1, "AAAA1", client=logged_in_as("AAAA1")),
        sent(AT + "3", "AAAA1", CLERK, reply="250 2.0.0 Ok: queued as BBBB2"),
    ]
    back = [line.replace(" mail ", " back ") for line in [*hop(2, "BBBB2"), sent(AT + "2", "BBBB2", CLERK)]]
    assert counts(tmp_path, [*front, *back]) == (1, 1, 0, 0)
    assert counts(tmp_path, [*front, *back], CLERK) == (0, 0, 0, 1)
