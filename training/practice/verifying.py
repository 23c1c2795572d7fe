"""The verdict on an exercise: passed, or not yet and why. Pure; the same evidence gives the same verdict.

Every act that has to do with the exercise is held against a row of conditions, from the plainest to the finest. One
that meets them all proves it. Where none does, the reason is that of the act that came furthest: the learner is told
what was wrong with the best try, not with every other.

A server's own clock says when something happened. It is believed as far as ours allows: a line that is stamped later
than we read it cannot be right. What is before the exercise or after its end by that clock proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from training.practice.evidence import Evidence, Exercise, Learner, MailAct, OfficeAct, Verdict
from training.practice.kinds import KINDS, Kind

CLOCKS_DIFFER = timedelta(minutes=2)
"""Clocks of servers that are kept right differ by less."""
BY_HAND = timedelta(seconds=10)
"""What is done with a message sooner after it came is a rule's doing (`arrival_mark_seconds` of the measurement)."""
SETTLES = timedelta(minutes=5)
"""A rule has sent a message on by then, if it does."""

Act = TypeVar("Act", MailAct, OfficeAct)
Condition = tuple[str, Callable[[Act], bool]]
"""The key of the reason where it does not hold, and whether it holds."""


def verify(exercise: Exercise, learner: Learner, evidence: Evidence) -> Verdict:
    """Whether the exercise is done by what is known. Raises `KeyError` for a kind that there is not."""
    kind = KINDS[exercise.kind]
    if kind.place in {"mail", "letter"}:
        if not learner.mailboxes:
            return Verdict(passed=False, why="no_mailbox")
        if kind.place == "letter" and exercise.letter is None:
            return Verdict(passed=False, why="no_mail")
        return _of_mail(kind, exercise, learner, evidence)
    return _of_office(kind, exercise, learner, evidence)


def _of_mail(kind: Kind, exercise: Exercise, learner: Learner, evidence: Evidence) -> Verdict:
    arrivals = _arrivals(exercise, learner, evidence)
    if kind.key == "no_forward" and _was_forwarded(exercise, learner, evidence):
        return Verdict(passed=False, why="forwarded")
    conditions: list[Condition[MailAct]] = [
        ("somebody_else", lambda act: act.mailbox is None or act.mailbox in learner.mailboxes),
        ("no_log_in", lambda act: act.proved and act.mailbox in learner.mailboxes),
        ("automatic", lambda act: not act.automatic),
        ("clock", lambda act: act.at <= act.learned_at + CLOCKS_DIFFER),
        ("before", lambda act: act.at >= exercise.issued_at - CLOCKS_DIFFER),
        ("late", lambda act: act.at <= exercise.expires_at),
        ("used", lambda act: act.id not in evidence.used),
        ("other_station", lambda act: act.station_of is None),
        *_of_kind(kind, exercise, evidence, arrivals),
    ]
    verdict = _best([act for act in evidence.mail if _concerns(kind, exercise, act)], conditions)
    if verdict is not None:
        return verdict
    if kind.place == "letter":
        return Verdict(passed=False, why="letter_waits" if arrivals else "letter_not_there")
    return Verdict(passed=False, why="nothing_yet")


def _concerns(kind: Kind, exercise: Exercise, act: MailAct) -> bool:
    """Whether an act has to do with this exercise: by the code it went to, or by our message."""
    if act.kind != kind.act:
        return False
    return exercise.code in act.codes if kind.act == "sent" else act.letter == exercise.letter


def _arrivals(exercise: Exercise, learner: Learner, evidence: Evidence) -> list[MailAct]:
    """When our message came to the learner's mailbox."""
    return [
        act
        for act in evidence.mail
        if act.kind == "arrived" and act.letter == exercise.letter is not None and act.mailbox in learner.mailboxes
    ]


def _was_forwarded(exercise: Exercise, learner: Learner, evidence: Evidence) -> bool:
    return any(
        act.kind == "forwarded" and act.letter == exercise.letter and act.mailbox in learner.mailboxes
        for act in evidence.mail
    )


def _of_kind(kind: Kind, exercise: Exercise, evidence: Evidence, arrivals: list[MailAct]) -> list[Condition[MailAct]]:
    """The conditions of one kind alone."""
    conditions: list[Condition[MailAct]] = []
    if kind.second:
        conditions.append(("no_copy", lambda act: exercise.second_code in act.codes))
    if kind.key == "webmail":
        conditions.append(("not_webmail", lambda act: act.server))
    if kind.place == "letter":
        came = min((one.at for one in arrivals), default=None)
        conditions += [
            ("letter_not_there", lambda _: came is not None),
            ("letter_copied", lambda _: not any(one.stranger for one in arrivals)),
        ]
        if kind.act != "arrived":
            conditions.append(("before_letter", lambda act: came is not None and act.at >= came))
        if kind.act in {"seen", "flagged", "filed", "deleted"}:
            conditions.append(("at_once", lambda act: came is not None and act.at - came > BY_HAND))
    if kind.key == "phone":
        conditions += [
            ("on_server", lambda act: not act.server and act.network is not None),
            ("one_network", lambda act: act.usual is not None and act.usual != act.network),
        ]
    if kind.key == "no_forward":
        conditions.append(("settling", lambda act: evidence.until is not None and evidence.until >= act.at + SETTLES))
    return conditions


def _of_office(kind: Kind, exercise: Exercise, learner: Learner, evidence: Evidence) -> Verdict:
    if kind.place == "office" and exercise.draft is None:
        return Verdict(passed=False, why="no_document")
    conditions: list[Condition[OfficeAct]] = [
        ("deputy_did", lambda act: act.by == learner.official or act.acting_for != learner.official),
        ("somebody_else", lambda act: act.by == learner.official),
        ("for_somebody", lambda act: act.acting_for is None),
        ("before", lambda act: act.at >= exercise.issued_at),
        ("late", lambda act: act.at <= exercise.expires_at),
        ("used", lambda act: act.id not in evidence.used),
    ]
    if kind.act in {"returned", "remarked"}:
        conditions.append(("no_words", lambda act: act.words))
    if kind.act == "revised":
        conditions.append(("faults", lambda act: act.clean is True))
    acts = [act for act in evidence.office if act.kind == kind.act and act.draft == exercise.draft]
    verdict = _best(acts, conditions)
    if verdict is not None:
        return verdict
    return Verdict(passed=False, why="no_deputy" if kind.place == "deputies" else "office_nothing")


def _best(acts: Iterable[Act], conditions: list[Condition[Act]]) -> Verdict | None:
    """A pass by the earliest act that meets every condition, else the reason of the one that came furthest.

    None without any act.
    """
    furthest = -1
    for act in sorted(acts, key=lambda one: (one.at, one.id)):
        missed = next((number for number, (_, holds) in enumerate(conditions) if not holds(act)), None)
        if missed is None:
            return Verdict(passed=True, why="done", evidence=(act.id,))
        furthest = max(furthest, missed)
    return None if furthest < 0 else Verdict(passed=False, why=conditions[furthest][0])
