"""Attacks in the very text of a log: read by the product's own patterns, collected, traced and judged by it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.training.practice.office import (
    DOMAIN,
    Office,
    change,
    delivery,
    session_of,
    stamp,
    submission,
)

OWN = f"cb1@{DOMAIN}"
Written = Callable[[Office, str, str], list[str]]
"""The office, the address with the learner's code, the code of another learner -> the lines of an attack."""


def coded(code: str) -> str:
    """The practice address with a code."""
    return f"thuchanh+{code}@{DOMAIN}"


def _reused_queue_id(_: Office, own: str, __: str) -> list[str]:
    """A short queue id is used again: first by the learner for something else, then by a colleague for the code."""
    return [
        *submission(1, "cb1", [f"cb2@{DOMAIN}"], queue="4A1B2C3D4E"),
        *submission(5, "cb2", [own], queue="4A1B2C3D4E", client="10.20.30.42"),
    ]


def _lie_in_a_subject(_: Office, own: str, __: str) -> list[str]:
    lie = f"4A1B2C3D4F: client=x[10.20.30.41], sasl_method=PLAIN, sasl_username={OWN}"
    return [
        f"{stamp(2)} mail postfix/cleanup[72]: 4A1B2C3D4F: warning: header Subject: {lie} from unknown[203.0.113.9]",
        *submission(2, "cb1", [own], queue="4A1B2C3D4F", log_in=None, client="203.0.113.9"),
    ]


def _lie_in_a_helo(_: Office, own: str, __: str) -> list[str]:
    name = f"x[10.20.30.41], sasl_method=PLAIN, sasl_username={OWN}"
    return [
        (
            f"{stamp(2)} mail postfix/smtpd[71]: NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <{own}>: "
            f"Relay access denied; from=<{OWN}> to=<{own}> proto=ESMTP helo=<{name}>"
        ),
    ]


def _refused_log_in(_: Office, own: str, __: str) -> list[str]:
    return [
        (
            f"{stamp(2)} mail postfix/submission/smtpd[71]: warning: unknown[10.20.30.41]: SASL PLAIN authentication "
            f"failed: authentication failure, sasl_username={OWN}"
        ),
        *submission(2, "cb1", [own], log_in=None),
    ]


SENDING: dict[str, tuple[Written, str]] = {
    "a queue id that is used again": (_reused_queue_id, "somebody_else"),
    "a line forged in a subject": (_lie_in_a_subject, "no_log_in"),
    "a line forged in a helo": (_lie_in_a_helo, "nothing_yet"),
    "a log-in that was refused": (_refused_log_in, "no_log_in"),
    "under my address with another log-in": (
        lambda _, own, __: submission(2, "cb2", [own], sender=OWN), "somebody_else",
    ),
    "a log-in that nobody has": (
        lambda _, own, __: submission(2, "cb1", [own], log_in=f"khong.co@{DOMAIN}"), "somebody_else",
    ),
    "a log-in outside the city": (
        lambda _, own, __: submission(2, "cb1", [own], log_in="cb1@gmail.test"), "no_log_in",
    ),
    "from outside, under my address": (lambda _, own, __: submission(2, "cb1", [own], log_in=None), "no_log_in"),
    "from nobody": (lambda _, own, __: submission(2, "cb1", [own], sender="", log_in=None), "no_log_in"),
    "another learner's code": (lambda _, __, other: submission(2, "cb1", [coded(other)]), "nothing_yet"),
    "a guessed code": (lambda _, __, ___: submission(2, "cb1", [coded("aaaaaaaaaaaaaaaa")]), "nothing_yet"),
    "no code at all": (lambda _, __, ___: submission(2, "cb1", [f"thuchanh@{DOMAIN}"]), "nothing_yet"),
    "the code at another domain": (
        lambda _, own, __: submission(2, "cb1", [own.replace(DOMAIN, "tp.example.test")]), "nothing_yet",
    ),
    "the code behind another name": (
        lambda _, own, __: submission(2, "cb1", [own.replace("thuchanh+", "cb2+")]), "nothing_yet",
    ),
    "the code inside a longer one": (
        lambda _, own, __: submission(2, "cb1", [own.replace("@", "x@")]), "nothing_yet",
    ),
    "to myself": (lambda _, __, ___: submission(2, "cb1", [OWN]), "nothing_yet"),
    "an hour before": (lambda _, own, __: submission(-40, "cb1", [own]), "before"),
    "stamped for tomorrow": (lambda _, own, __: submission(59 + 5, "cb1", [own]), "clock"),
    "opened and never queued": (lambda _, own, __: submission(2, "cb1", [own])[:2], "nothing_yet"),
    "from the clerk's desk": (
        lambda _, own, __: [
            *(line for day in range(9) for line in session_of(-5 * day, "cb2", client="10.20.30.42")),
            *session_of(1, "cb1", client="10.20.30.42"),
            *submission(2, "cb1", [own], client="10.20.30.42"),
        ],
        "other_station",
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", SENDING)
def test_an_attack_on_sending(office: Office, attack: str) -> None:
    written, why = SENDING[attack]
    own, other = office.begin("cb1", "send")["send"], office.begin("cb2", "webmail")["webmail"]
    office.write(*written(office, coded(own.code), other.code))
    assert office.look(60)["send"] == why
    assert office.exercises("cb1")["send"].state == "open"
    office.write(*submission(30, "cb1", [coded(own.code.upper())], client="10.20.30.41"))
    assert office.look(61)["send"] == "done"


def _seen(letter: str, **how: str) -> list[str]:
    return session_of(10, "cb1", change("flag_change", letter, flags="\\Seen"), **how)  # type: ignore[arg-type]


READING: dict[str, tuple[Callable[[str], list[str]], str]] = {
    "only fetched": (lambda _: session_of(10, "cb1", bodies=1), "letter_waits"),
    "only saved as read in another folder": (
        lambda letter: session_of(10, "cb1", change("save", letter, box="Luu tru", flags="\\Seen")), "letter_waits",
    ),
    "moved with the mark": (
        lambda letter: session_of(10, "cb1", change("copy from INBOX", letter, box="Luu tru", flags="\\Seen")),
        "letter_waits",
    ),
    "the mark stands in the subject": (
        lambda letter: session_of(
            10, "cb1", f"flag_change: box=INBOX, uid=1, msgid={letter}, size=9, subject=x, flags=(\\Seen), flags=()"
        ),
        "letter_waits",
    ),
    "the id stands in another message's subject": (
        lambda letter: session_of(
            10, "cb1", f"flag_change: box=INBOX, uid=1, msgid=<a@b>, size=9, subject=msgid={letter}, flags=(\\Seen)"
        ),
        "letter_waits",
    ),
    "in a colleague's mailbox": (
        lambda letter: session_of(10, "cb2", change("flag_change", letter, flags="\\Seen")), "somebody_else",
    ),
    "by POP3": (
        lambda letter: [
            one.replace("imap(", "pop3(").replace("imap-login", "pop3-login")
            for one in session_of(10, "cb1", change("flag_change", letter, flags="\\Seen"))
        ],
        "letter_waits",
    ),
    "by the administrator's tool": (
        lambda letter: [f"{stamp(10)} mail dovecot: doveadm({OWN}): {change('flag_change', letter, flags='Seen')}"],
        "letter_waits",
    ),
    "by a filter on arrival": (
        lambda letter: session_of(1.1, "cb1", change("flag_change", letter, flags="\\Seen")), "at_once",
    ),
    "after a copy came from a colleague": (
        lambda letter: [*delivery(5, "cb1", letter, sender=f"cb2@{DOMAIN}"), *_seen(letter)], "letter_copied",
    ),
    "from the clerk's desk": (
        lambda letter: [
            *(line for day in range(9) for line in session_of(-5 * day, "cb2", client="10.20.30.42")),
            *_seen(letter, client="10.20.30.42"),
        ],
        "other_station",
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", READING)
def test_an_attack_on_reading(office: Office, attack: str) -> None:
    written, why = READING[attack]
    row = office.begin("cb1", "read")["read"]
    letter = office.letter(row)
    office.write(*delivery(1, "cb1", letter, sender=coded(row.code)), *written(letter))
    assert office.look(60)["read"] == why
    assert office.exercises("cb1")["read"].state == "open"


def test_what_the_same_lines_prove_when_they_are_honest(office: Office) -> None:
    """Without the attack each of the two is passed: what is refused above is refused for the attack."""
    rows = office.begin("cb1", "send", "read")
    letter = office.letter(rows["read"])
    office.write(
        *delivery(1, "cb1", letter, sender=coded(rows["read"].code)),
        *_seen(letter),
        *submission(11, "cb1", [coded(rows["send"].code)]),
    )
    assert office.look(60) == {"send": "done", "read": "done"}
    assert [one.split(":")[0] for one in office.exercises("cb1")["send"].evidence] == ["log"]


def test_a_gateway_of_many_is_nobodys_workplace(office: Office) -> None:
    """Behind one address sit more mailboxes than a desk has: nothing follows from who else logs in there."""
    row = office.begin("cb1", "send")["send"]
    crowd = [line for name in ("cb2", "cb4", "cb5", "cb6") for line in session_of(-9, name, client="10.20.30.1")]
    office.write(*crowd * 3, *submission(5, "cb1", [coded(row.code)], client="10.20.30.1"))
    assert office.look(60)["send"] == "done"
