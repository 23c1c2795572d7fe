"""Nobody passes by what somebody else did, by what was before, by a machine, by a forged code: attack by attack.

Each attack is the honest way with one thing wrong about it, so that the test would pass it if the verdict did not see
that one thing; the reason that it is refused for is held as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.training.practice.honest import (
    CODE,
    COLLEAGUE,
    EXPIRES,
    ISSUED,
    LEARNER,
    LETTER,
    OFFICE,
    SECOND,
    arrived,
    at,
    done_with,
    evidence,
    exercise,
)
from training.practice.evidence import Evidence, Exercise, Learner
from training.practice.kinds import KINDS
from training.practice.verifying import verify
from training.practice.words import REASONS

OTHERS_CODE = "q9r8s7t6v5w4x3y2"
Change = Callable[[Evidence], Evidence]


def mail(**wrong: Any) -> Change:
    """The act itself is otherwise than it should be; what arrived before it stays."""

    def changed(known: Evidence) -> Evidence:
        return replace(known, mail=(*known.mail[:-1], replace(known.mail[-1], **wrong)))

    return changed


def letter(**wrong: Any) -> Change:
    """Our message arrived otherwise than it should."""

    def changed(known: Evidence) -> Evidence:
        return replace(known, mail=(replace(known.mail[0], **wrong), *known.mail[1:]))

    return changed


def office(**wrong: Any) -> Change:
    """What was done in the e-office is otherwise."""
    return lambda known: replace(known, office=(replace(known.office[0], **wrong),))


def nothing(known: Evidence) -> Evidence:
    """Everything is as it should be; the learner or the exercise is not."""
    return known


ATTACKS: dict[str, tuple[str, Change, str]] = {
    # somebody else's acts
    "a colleague sends to my code": ("send", mail(mailbox=COLLEAGUE), "somebody_else"),
    "a colleague sends to both my codes": ("send_copy", mail(mailbox=COLLEAGUE), "somebody_else"),
    "a colleague answers my letter": ("answer", mail(mailbox=COLLEAGUE), "somebody_else"),
    "a colleague opens a copy of my letter": ("read", mail(mailbox=COLLEAGUE), "somebody_else"),
    "a colleague's phone opens it": ("phone", mail(mailbox=COLLEAGUE), "somebody_else"),
    "a colleague flags it": ("flag", mail(mailbox=COLLEAGUE), "somebody_else"),
    "a colleague deletes it": ("delete", mail(mailbox=COLLEAGUE), "somebody_else"),
    "a shared mailbox sends": ("send", mail(mailbox="vanphong@tp.example.gov.vn"), "somebody_else"),
    "sent under my address without a log-in": ("send", mail(mailbox=None, proved=False), "no_log_in"),
    "sent under my address, says only the message": ("send", mail(proved=False), "no_log_in"),
    "a private mailbox answers what was forwarded": ("answer", mail(mailbox=None, proved=False), "no_log_in"),
    "a colleague approves": ("approve", office(by=2), "somebody_else"),
    "a colleague comments": ("comment", office(by=2), "somebody_else"),
    "an administrator names my deputy": ("deputy", office(by=0), "somebody_else"),
    "a colleague writes the text": ("draft", office(by=2), "somebody_else"),
    # delegates
    "the clerk sends with my password, at the clerk's desk": ("send", mail(station_of=COLLEAGUE), "other_station"),
    "the clerk answers in my mailbox": ("answer", mail(station_of=COLLEAGUE), "other_station"),
    "the clerk reads my mail": ("read", mail(station_of=COLLEAGUE), "other_station"),
    "the clerk files my mail": ("file", mail(station_of=COLLEAGUE), "other_station"),
    "my deputy approves for me": ("approve", office(by=2, acting_for=1), "deputy_did"),
    "my deputy returns it for me": ("return", office(by=2, acting_for=1), "deputy_did"),
    "my deputy asks for me": ("ask_opinion", office(by=2, acting_for=1), "deputy_did"),
    "I approve as somebody's deputy": ("approve", office(acting_for=2), "for_somebody"),
    "I comment as somebody's deputy": ("comment", office(acting_for=2), "for_somebody"),
    # before and after
    "sent an hour before": ("send", mail(at=at(-60), learned_at=at(-57)), "before"),
    "sent after the end": ("send", mail(at=EXPIRES + timedelta(minutes=1), learned_at=EXPIRES + timedelta(hours=1)),
                           "late"),
    "opened after the end": ("read", mail(at=EXPIRES + timedelta(minutes=1), learned_at=EXPIRES + timedelta(hours=1)),
                             "late"),
    "opened before it came": ("read", mail(at=at(0.5)), "before_letter"),
    "answered before it came": ("answer", mail(at=at(0.5)), "before_letter"),
    "approved before the exercise": ("approve", office(at=at(-1)), "before"),
    "named a deputy last week": ("deputy", office(at=ISSUED - timedelta(days=7)), "before"),
    "approved after the end": ("approve", office(at=EXPIRES + timedelta(seconds=1)), "late"),
    "named a deputy after the end": ("deputy", office(at=EXPIRES + timedelta(seconds=1)), "late"),
    # machines
    "an automatic reply goes to the code": ("answer", mail(automatic=True), "automatic"),
    "a vacation message goes to the code": ("answer", mail(automatic=True, mailbox=None, proved=False), "no_log_in"),
    "a filter marks it as read on arrival": ("read", mail(at=at(1) + timedelta(seconds=3)), "at_once"),
    "a filter flags it on arrival": ("flag", mail(at=at(1) + timedelta(seconds=3)), "at_once"),
    "a filter files it on arrival": ("file", mail(at=at(1) + timedelta(seconds=3)), "at_once"),
    "a program deletes it on arrival": ("delete", mail(at=at(1) + timedelta(seconds=3)), "at_once"),
    # clocks
    "the server's clock is an hour ahead": ("send", mail(at=at(93), learned_at=at(33)), "clock"),
    "the mailbox's clock is a day ahead": ("read", mail(at=at(1500)), "clock"),
    # codes and ids
    "a forged code": ("send", mail(codes=frozenset({"0000000000000000"})), "nothing_yet"),
    "the code but for its last sign": ("send", mail(codes=frozenset({CODE[:-1]})), "nothing_yet"),
    "the code with a sign more": ("send", mail(codes=frozenset({CODE + "2"})), "nothing_yet"),
    "another learner's code": ("send", mail(codes=frozenset({OTHERS_CODE})), "nothing_yet"),
    "a message to oneself": ("send", mail(codes=frozenset()), "nothing_yet"),
    "the copy went to another learner's code": ("send_copy", mail(codes=frozenset({CODE, OTHERS_CODE})), "no_copy"),
    "only the second code": ("send_copy", mail(codes=frozenset({SECOND})), "nothing_yet"),
    "another letter was opened": ("read", mail(letter="<other@tp.example.gov.vn>"), "letter_waits"),
    "another learner's letter was opened": ("read", mail(letter=LETTER.replace("0", "1")), "letter_waits"),
    "a colleague sent a copy with my letter's id": ("read", letter(stranger=True), "letter_copied"),
    "I sent myself a copy with my letter's id": ("flag", letter(stranger=True), "letter_copied"),
    "the letter came to a colleague only": ("read", letter(mailbox=COLLEAGUE), "letter_not_there"),
    "another learner's document": ("approve", office(draft=72), "office_nothing"),
    "a real document": ("return", office(draft=5), "office_nothing"),
    "another learner's text": ("draft", office(draft=72), "office_nothing"),
    # the wrong deed
    "opened, not flagged": ("flag", mail(kind="seen"), "letter_waits"),
    "filed, not deleted": ("delete", mail(kind="filed"), "letter_waits"),
    "sent by a mail program": ("webmail", mail(server=False, client="10.20.30.41"), "not_webmail"),
    "opened on the computer": ("phone", mail(network=OFFICE), "one_network"),
    "opened by webmail": ("phone", mail(server=True, network=None), "on_server"),
    "opened from the only network there ever was": ("phone", mail(usual=None), "one_network"),
    "agreed in place of returning": ("return", office(kind="agreed"), "office_nothing"),
    "returned without a word": ("return", office(words=False), "no_words"),
    "the text still has faults": ("draft", office(clean=False), "faults"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_no_pass(attack: str) -> None:
    kind, changed, why = ATTACKS[attack]
    assert verify(exercise(kind), LEARNER, evidence(kind)).passed
    verdict = verify(exercise(kind), LEARNER, changed(evidence(kind)))
    assert (verdict.passed, verdict.why, verdict.evidence) == (False, why, ())
    assert REASONS[why].vi != REASONS[why].en


def test_there_are_more_than_forty() -> None:
    assert len(ATTACKS) >= 40
    assert {kind for kind, _, _ in ATTACKS.values()} == {*KINDS} - {"no_forward"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_proved_one_exercise_proves_no_other(kind: str) -> None:
    proved = verify(exercise(kind), LEARNER, evidence(kind)).evidence
    assert proved
    again = verify(exercise(kind), LEARNER, replace(evidence(kind), used=frozenset(proved)))
    assert (again.passed, again.why) == (False, "used")


@pytest.mark.parametrize("kind", [kind for kind, one in KINDS.items() if one.place in {"mail", "letter"}])
def test_whoever_has_no_mailbox_of_the_own_cannot_pass_by_mail(kind: str) -> None:
    """A test account, a shared mailbox, somebody who has left: the directory has no personal mailbox of theirs."""
    verdict = verify(exercise(kind), Learner(official=1, mailboxes=frozenset()), evidence(kind))
    assert (verdict.passed, verdict.why) == (False, "no_mailbox")


@pytest.mark.parametrize("kind", [kind for kind, one in KINDS.items() if one.place == "letter"])
def test_without_our_letter_nothing_is_proved(kind: str) -> None:
    unsent = replace(exercise(kind), letter=None)
    assert verify(unsent, LEARNER, evidence(kind)).why == "no_mail"


def forwarded(**how: Any) -> Evidence:
    """Our letter in the mailbox, and a rule that sends it on."""
    known = evidence("no_forward")
    sent_on = replace(known.mail[0], id="log:1:401", kind="forwarded", **how)
    return replace(known, mail=(*known.mail, sent_on))


FORWARDING: dict[str, tuple[Evidence, str]] = {
    "a rule still sends a copy away": (forwarded(), "forwarded"),
    "a rule sends it away a little later": (forwarded(at=at(4)), "forwarded"),
    "a rule sends it away and keeps nothing": (replace(forwarded(), mail=forwarded().mail[1:]), "forwarded"),
    "it came only now, and a rule may yet send it on": (replace(evidence("no_forward"), until=at(2)), "settling"),
    "nobody knows how far the logs go": (replace(evidence("no_forward"), until=None), "settling"),
    "it never came": (Evidence(until=at(40)), "letter_not_there"),
    "it came to a colleague": (
        Evidence(mail=(replace(arrived(), mailbox=COLLEAGUE),), until=at(40)), "somebody_else",
    ),
    "a copy of it came": (Evidence(mail=(replace(arrived(), stranger=True),), until=at(40)), "letter_copied"),
}  # fmt: skip


@pytest.mark.parametrize("attack", FORWARDING)
def test_forwarding_that_goes_on_is_no_pass(attack: str) -> None:
    known, why = FORWARDING[attack]
    verdict = verify(exercise("no_forward"), LEARNER, known)
    assert (verdict.passed, verdict.why) == (False, why)


def test_of_many_tries_the_reason_is_the_best_ones() -> None:
    """A forwarded copy, an early try and one from the clerk's desk: the learner is told of the last."""
    known = evidence("send").mail[0]
    tries = (
        replace(known, id="a", mailbox=COLLEAGUE),
        replace(known, id="b", at=at(-60), learned_at=at(-59)),
        replace(known, id="c", station_of=COLLEAGUE),
    )
    assert verify(exercise("send"), LEARNER, Evidence(mail=tries)).why == "other_station"


def test_an_honest_try_among_attacks_passes_by_itself_alone() -> None:
    known = evidence("read")
    noise = [replace(done_with("read"), id=f"x{number}", mailbox=COLLEAGUE) for number in range(5)]
    verdict = verify(exercise("read"), LEARNER, replace(known, mail=(*noise, *known.mail)))
    assert (verdict.passed, verdict.evidence) == (True, (known.mail[-1].id,))


def test_every_reason_that_a_verdict_may_have_has_its_words() -> None:
    for kind in KINDS:
        for known in (Evidence(), evidence(kind)):
            assert verify(exercise(kind), LEARNER, known).why in REASONS
            assert verify(replace(exercise(kind), draft=None), LEARNER, known).why in REASONS
    assert all(one.vi and one.en for one in REASONS.values())


def test_a_kind_that_there_is_not() -> None:
    with pytest.raises(KeyError):
        verify(Exercise("fly", CODE, ISSUED, EXPIRES), LEARNER, Evidence())
