"""A rule tried: whom it would pick today and why, how many it would not for which reason, and why not this person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.permissions import Actor, Permission
from core.words import Text
from mail_audit.queries.running import is_being_measured
from training.errors import AssigningError
from training.moments import Moment
from training.queries.names import course_names, unit_names
from training.queries.snapshot import snapshot
from training.rules import Outcome, Rule, judge, reason, why_not


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

    `offset` and `limit`: the part of those it picks that is told by name; None: all from there on.

    Raises `AssigningError` for a number that nobody in reach has.
    """
    known = snapshot(session, moment=moment, reach=actor.reach(Permission.TRAINING_RULE_CHANGE))
    found = judge(rule, course_key, known)
    courses, units = course_names(session), unit_names(session)
    places = sorted(
        found.picked, key=lambda place: (_unit_name(units, known.people[place].unit), known.people[place].number)
    )
    picks = tuple(
        Pick(
            official_id=(person := known.people[place]).number,
            name=person.name,
            unit=person.unit,
            unit_name=_unit_name(units, person.unit),
            title=person.title,
            reason=reason(rule, known, place, courses=courses, units=units),
        )
        for place in places[offset : None if limit is None else offset + limit]
    )
    asked = None
    if official_id:
        place = next((at for at, one in enumerate(known.people) if one.number == official_id), None)
        if place is None:
            raise AssigningError(
                "Không có cán bộ nào mang mã này trong phạm vi Ông/Bà phụ trách.",
                "No official within your reach has that number.",
            )
        against = why_not(rule, found, known, place, courses=courses, units=units)
        why = against or (reason(rule, known, place, courses=courses, units=units),)
        asked = AskedAfter(official_id, known.people[place].name, not against, why)
    counted = Counter(Outcome(int(one)) for one in found.outcomes)
    return Preview(
        windows=((known.earlier.first, known.earlier.last), (known.later.first, known.later.last)),
        being_measured=is_being_measured(session, today=moment.today),
        people=len(known.people),
        picked=len(places),
        counts={one.name.lower(): counted.get(one, 0) for one in Outcome},
        picks=picks,
        asked=asked,
    )


def _unit_name(units: Mapping[str, Text], key: str) -> str:
    return units[key].vi if key in units else key
