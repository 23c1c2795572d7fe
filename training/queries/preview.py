"""A rule tried: whom it would pick today and why, how many it would not for which reason, and why not this person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.queries import counts
from core.permissions import WHOLE, Actor, Permission
from core.words import Text
from mail_audit.queries.running import Windows, is_being_measured, kept_windows, window_days
from training.errors import AssigningError, NotJudgedError
from training.moments import Moment
from training.queries.names import called, course_names
from training.queries.snapshot import Asks, snapshot
from training.queries.tried import LastTried, Tried
from training.rules import Outcome, Rule, Snapshot, Verdicts, judge, reason, why_not

MOST_KEPT = 5_000
"""Of those that a rule picks, so many stay known for the next pages; further on it is tried again."""
MOST_JUDGED = 10_000
"""Of more officials nobody waits for a page until it is judged how they use e-mail."""
_TRIED = LastTried()


@dataclass(frozen=True, slots=True)
class Pick:
    """Somebody whom the rule picks, and why."""

    official_id: str
    name: str
    unit: str
    unit_name: str
    title: str
    reason: Text


@dataclass(frozen=True, slots=True)
class AskedAfter:
    """One official asked after: why they are picked, or everything that stands against it."""

    official_id: str
    name: str
    picked: bool
    why: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule comes to today, among those in reach: `picked` people, of whom `picks` are the part that was asked
    for, by unit and number. `windows`: the days looked at, the earlier ones first.

    `being_measured`: logs of these days were collected that no figure holds yet, so that today says nothing.
    """

    windows: tuple[tuple[date, date], tuple[date, date]]
    being_measured: bool
    people: int
    picked: int
    counts: Mapping[str, int]
    """By `training.rules.Outcome`, its names in small letters."""
    picks: tuple[Pick, ...]
    asked: AskedAfter | None


def preview(
    session: Session, actor: Actor, *, rule: Rule, course_key: str, moment: Moment, official_id: str = "",
    offset: int = 0, limit: int | None = None,
) -> Preview:  # fmt: skip
    """Try a rule on everybody in the actor's reach; `official_id`: somebody to be asked after.

    `offset` and `limit`: the part of those it picks that is told by name; None: all from there on. The first part is
    always tried anew. A later one belongs to the first one that this actor was shown a moment ago, where this process
    still knows it: the pages that somebody turns are pages of one list.

    Raises `AssigningError` for a number that nobody in reach has, and `NotJudgedError` where the use of e-mail that the
    rule asks for must be judged first, of more people than a page waits for (`mail_audit.services.running.want`).
    """
    reach = actor.reach(Permission.TRAINING_RULE_CHANGE)
    key = (settings_of(session).database_url, actor.in_trail, reach, rule, course_key, moment.today)
    courses, units = course_names(session), called(rule.units)
    kept = None if official_id or not offset else _TRIED.of(key, moment.now)
    if kept is None or not kept.reaches(offset, limit):
        mail = check_judged(session, rule, moment)
        known = snapshot(session, moment=moment, reach=reach, asks=Asks.of([(rule, course_key)]), mail=mail)
        found = judge(rule, course_key, known)
        by_unit = sorted(found.picked, key=lambda place: (known.who.unit[place], known.who.number[place]))
        kept = Tried(known.only(by_unit[:MOST_KEPT]), len(known.people), len(by_unit), _counts(found))
        _TRIED.keep(key, kept, moment.now)
        asked = _asked(rule, found, known, official_id, courses, units) if official_id else None
        shown, places = known, by_unit
    else:
        asked, shown, places = None, kept.known, list(range(len(kept.known.people)))
    picks = tuple(
        Pick(
            official_id=(person := shown.people[place]).number,
            name=person.name,
            unit=person.unit,
            unit_name=person.unit,
            title=person.title,
            reason=reason(rule, shown, place, courses=courses, units=units),
        )
        for place in places[offset : None if limit is None else offset + limit]
    )
    return Preview(
        windows=((shown.earlier.first, shown.earlier.last), (shown.later.first, shown.later.last)),
        being_measured=is_being_measured(session, today=moment.today),
        people=kept.people,
        picked=kept.picked,
        counts=kept.counts,
        picks=picks,
        asked=asked,
    )


def check_judged(session: Session, rule: Rule, moment: Moment) -> Windows | None:
    """How everybody used e-mail, where the rule asks for it and it is kept.

    Raises `NotJudgedError` where it is not, and there are more people than a page would wait for.
    """
    if not rule.asks_mail:
        return None
    found = kept_windows(session, window_days(session, today=moment.today))
    if found is None and counts(session, reach=WHOLE).officials > MOST_JUDGED:
        raise NotJudgedError
    return found


def _asked(
    rule: Rule, found: Verdicts, known: Snapshot, official_id: str, courses: Mapping[str, Text],
    units: Mapping[str, Text],
) -> AskedAfter:  # fmt: skip
    place = next((at for at, number in enumerate(known.who.number) if number == official_id), None)
    if place is None:
        raise AssigningError(
            "Không có cán bộ nào mang mã này trong phạm vi Ông/Bà phụ trách.",
            "No official within your reach has that number.",
        )
    against = why_not(rule, found, known, place, courses=courses, units=units)
    why = against or (reason(rule, known, place, courses=courses, units=units),)
    return AskedAfter(official_id, known.who.name[place], not against, why)


def _counts(found: Verdicts) -> dict[str, int]:
    numbers = np.bincount(found.outcomes, minlength=len(Outcome))
    return {one.name.lower(): int(numbers[one]) for one in Outcome}
