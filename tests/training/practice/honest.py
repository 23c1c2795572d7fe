"""One honest way to do each kind of exercise, as evidence; an attack is one of these with something wrong about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from training.practice.evidence import Evidence, Exercise, Learner, MailAct, OfficeAct
from training.practice.kinds import KINDS

ISSUED = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
EXPIRES = ISSUED + timedelta(days=14)
OWN, COLLEAGUE = "cb1@tp.example.gov.vn", "cb2@tp.example.gov.vn"
LEARNER = Learner(official=1, mailboxes=frozenset({OWN}))
CODE, SECOND = "k7m2p4q8r3s5t6v9", "w2x3y4z5a6b7c8d9"
LETTER = "<vanthu.0123456789abcdef@tp.example.gov.vn>"
DRAFT = 71
OFFICE, MOBILE = "10.20.30.0/24", "171.224.10.0/24"


def at(minutes: float) -> datetime:
    """So many minutes after the exercise began."""
    return ISSUED + timedelta(minutes=minutes)


def exercise(kind: str) -> Exercise:
    """An exercise of this kind, as it is when everything that it needs is there."""
    needed = KINDS[kind]
    return Exercise(
        kind=kind, code=CODE, issued_at=ISSUED, expires_at=EXPIRES, second_code=SECOND if needed.second else None,
        letter=LETTER if needed.place == "letter" else None, draft=DRAFT if needed.document else None,
    )  # fmt: skip


def sent() -> MailAct:
    """A message that the learner sent to the practice address, from the own workplace."""
    return MailAct(
        id="log:1:900", kind="sent", at=at(30), learned_at=at(33), mailbox=OWN, codes=frozenset({CODE}),
        client="10.20.30.41", network=OFFICE, usual=OFFICE,
    )  # fmt: skip


def arrived() -> MailAct:
    """Our message, in the learner's mailbox."""
    return MailAct(id="log:1:400", kind="arrived", at=at(1), learned_at=at(3), mailbox=OWN, letter=LETTER)


def done_with(kind: str) -> MailAct:
    """What the learner did with our message."""
    act = KINDS[kind].act
    made = MailAct(
        id="log:1:700", kind=act, at=at(20), learned_at=at(23), mailbox=OWN, letter=LETTER,  # type: ignore[arg-type]
        client="10.20.30.41", network=OFFICE, usual=OFFICE,
    )  # fmt: skip
    return replace(made, client="171.224.10.7", network=MOBILE) if kind == "phone" else made


def deed(kind: str) -> OfficeAct:
    """What the learner did in the e-office."""
    act = KINDS[kind].act
    return OfficeAct(
        id=f"row:{kind}", kind=act, at=at(20), by=1, draft=DRAFT if KINDS[kind].document else None,  # type: ignore[arg-type]
        words=True, clean=True if act == "revised" else None,
    )  # fmt: skip


def evidence(kind: str) -> Evidence:
    """What is known of an exercise that was done as it was asked for."""
    needed = KINDS[kind]
    if needed.place in {"office", "deputies"}:
        return Evidence(office=(deed(kind),))
    if needed.act == "arrived":
        return Evidence(mail=(arrived(),), until=at(40))
    if needed.act == "sent":
        one = sent()
        one = replace(one, codes=frozenset({CODE, SECOND})) if needed.second else one
        one = replace(one, client="127.0.0.1", network=None, server=True) if kind == "webmail" else one
        return Evidence(mail=(arrived(), one) if needed.place == "letter" else (one,), until=at(40))
    return Evidence(mail=(arrived(), done_with(kind)), until=at(40))
