"""What waits for whoever is logged in: the home page shows it first, and every part of the suite may offer some.

A part of the suite offers by a function beside its views, `(session, actor, now) -> Offer | None`, named in
`web.views.OFFERS`. It gives the things of its kind that wait for this very actor, the most urgent first, how many there
are in all, and the page that lists them. Nothing is stored: what waits is read from where it lies, so that it is gone
from the home page the moment it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from core.permissions import Actor

SHOWN = 5
"""So many cards; what else waits is a line for each kind."""
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: `title` in full, `who` asks for it (empty: nobody in particular), and what to do about it.

    `since` it waits; `due` is the day by which it is to be done, None where there is no such day. `address` is the page
    where it is done. `keep`: whether the page may be fetched ahead, so that it can be read without a network.
    `at_once`: whether all of it is done on that page, so that who comes for the first time can begin there.
    """

    kind: str
    title: str
    address: str
    who: str = ""
    since: datetime | None = None
    due: date | None = None
    keep: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What of one kind waits: the first things, how many there are in all, and the words and address of their list."""

    things: tuple[Waiting, ...]
    total: int
    words: str
    address: str

    @classmethod
    def of(cls, things: Iterable[Waiting], *, words: Any, address: str, total: int | None = None) -> Offer:
        """An offer of these things; `total` where there are more of them than are given."""
        given = tuple(things)
        return cls(given, len(given) if total is None else total, str(words), address)


Offering = Callable[[Session, Actor, datetime], Offer | None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for somebody: the most urgent as cards, the kinds of which more waits, the number of all."""

    cards: tuple[Waiting, ...]
    more: tuple[tuple[str, str, int], ...]
    """Words, address and number of what has no card."""
    total: int


def desk_of(session: Session, actor: Actor, now: datetime, offering: Iterable[Offering]) -> Desk:
    """What waits for `actor`: what is due first, then what has waited longest, then what began with nobody's asking."""
    offers = [offer for ask in offering if (offer := ask(session, actor, now)) is not None and offer.total]
    things = sorted((thing for offer in offers for thing in offer.things), key=_urgency)
    cards = tuple(things[:SHOWN])
    more = []
    for offer in offers:
        left = offer.total - sum(thing in cards for thing in offer.things)
        if left > 0:
            more.append((offer.words, offer.address, left))
    return Desk(cards, tuple(more), sum(offer.total for offer in offers))


def _urgency(thing: Waiting) -> tuple[datetime, datetime]:
    due = datetime.combine(thing.due, time.max, UTC) if thing.due is not None else FAR
    return due, thing.since or FAR
