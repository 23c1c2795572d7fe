"""Drawing the order of waves so that anybody can draw it again, with pencil and a program that knows SHA-256.

1. Everybody gets a ticket: the SHA-256 of `seed`, a line feed, the unit, a line feed and the person, as UTF-8, in
   hexadecimal. Every unit gets one too: of the seed, a line feed and the unit.
2. Units are laid in the order of their tickets, the people of a unit in the order of theirs.
3. Waves are dealt to them like cards: 1, 2, 3, 1, 2, 3, … from the first to the last, going on from unit to unit.

So within each unit any order is as likely as another, which is what the comparison rests on; waves differ by one
person at most, in each unit and in all; and a unit of one person gets any wave. People who must go first are in wave 1,
are not drawn, and take no card.

Whoever announces the seed before the list is closed, or takes one that nobody can choose (the lottery of a named
evening), cannot have picked an order. The list itself is named by its digest.
"""

from __future__ import annotations

import hashlib
import itertools
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.words import Text
from training.errors import DrawError

FEWEST_WAVES, MOST_WAVES = 2, 12
LONGEST_SEED = 200
FIRST_WAVE = 1


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """Somebody who is to be trained; `first` for those who must go first and are not drawn."""

    unit: str
    person: str
    first: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """What came of it for one person; `ticket` is empty and `drawn` false for those who must go first."""

    person: str
    unit: str
    wave: int
    drawn: bool
    ticket: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: with `seed` and `waves` and the same people, everybody gets the same `places`."""

    seed: str
    waves: int
    digest: str
    """SHA-256 of the list of people: who may be said to have been on it before the draw."""
    places: tuple[Place, ...]
    """In the order in which the cards were dealt; those who must go first stand at the end."""


def draw(people: Iterable[Person], *, seed: str, waves: int) -> Draw:
    """The waves of `people`.

    Raises `DrawError` for a seed that is empty or hard to repeat, for too few or too many waves, for nobody to draw,
    and for a person who stands there twice.
    """
    everybody = sorted(people)
    _check(everybody, seed, waves)
    drawn = sorted(
        (person for person in everybody if not person.first),
        key=lambda one: (ticket(seed, one.unit), one.unit, ticket(seed, one.unit, one.person), one.person),
    )
    cards = itertools.cycle(range(FIRST_WAVE, FIRST_WAVE + waves))
    places = [
        Place(one.person, one.unit, card, drawn=True, ticket=ticket(seed, one.unit, one.person))
        for one, card in zip(drawn, cards, strict=False)
    ]
    places += [Place(one.person, one.unit, FIRST_WAVE, drawn=False, ticket="") for one in everybody if one.first]
    return Draw(seed, waves, digest(everybody), tuple(places))


def ticket(seed: str, *names: str) -> str:
    """The ticket of a unit, or of a unit's person: 64 hexadecimal digits."""
    return hashlib.sha256("\n".join((seed, *names)).encode("utf-8")).hexdigest()


def digest(people: Iterable[Person]) -> str:
    """What names a list: the SHA-256 of its lines `unit, tab, person` (and `, tab, first`) in order, each ended."""
    lines = ("\t".join((one.unit, one.person, *(["first"] if one.first else []))) + "\n" for one in sorted(people))
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def differences(announced: Sequence[Place], again: Draw) -> tuple[Place, ...]:
    """The places of the draw made again that an announced list does not say just so."""
    said = {(place.unit, place.person): (place.wave, place.drawn) for place in announced}
    return tuple(place for place in again.places if said.get((place.unit, place.person)) != (place.wave, place.drawn))


def _check(everybody: list[Person], seed: str, waves: int) -> None:
    if not seed or seed != seed.strip() or len(seed) > LONGEST_SEED or not seed.isprintable():
        raise DrawError(
            Text(
                f"Mã bốc thăm phải là một dòng chữ đọc được, không quá {LONGEST_SEED} ký tự, "
                "không có khoảng trắng ở hai đầu.",
                f"The seed must be one readable line of at most {LONGEST_SEED} characters, without spaces at its ends.",
            )
        )
    if unicodedata.normalize("NFC", seed) != seed:
        raise DrawError(
            Text("Mã bốc thăm phải gõ bằng bảng mã Unicode dựng sẵn.", "The seed must be composed Unicode (NFC).")
        )
    if not FEWEST_WAVES <= waves <= MOST_WAVES:
        raise DrawError(
            Text(
                f"Số đợt phải từ {FEWEST_WAVES} đến {MOST_WAVES}.",
                f"There must be from {FEWEST_WAVES} to {MOST_WAVES} waves.",
            )
        )
    if all(one.first for one in everybody):
        raise DrawError(Text("Không có ai để bốc thăm.", "There is nobody to draw."))
    names = [one.person for one in everybody]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise DrawError(Text(f"“{twice}” có hai lần trong danh sách.", f"“{twice}” stands in the list twice."))
