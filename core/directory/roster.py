"""The directory as plain values: what an audit needs to know about people, without a database.

A `Roster` comes from a file (`core.directory.rosterfile`) or from the database (`core.directory.queries.roster`); the
two are equal after an import. Addresses are lower-cased; texts are NFC with single spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

Rank = Literal["leader", "staff"]
RANKS: tuple[Rank, ...] = ("leader", "staff")
MailboxKind = Literal["personal", "shared", "service"]
MAILBOX_KINDS: tuple[MailboxKind, ...] = ("personal", "shared", "service")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the government; `key` is its name, or `name (parent's key)` where several units bear the name."""

    key: str
    name: str
    parent_key: str | None


@dataclass(frozen=True, slots=True)
class Post:
    """A post an official holds in a unit, from `since` to `until`, both included; None is open."""

    official_id: str
    unit_key: str
    title: str
    rank: Rank
    since: date | None = None
    until: date | None = None

    def held_on(self, day: date) -> bool:
        """Whether the official was in this post on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def held_within(self, first: date, last: date) -> bool:
        """Whether the official was in this post on any day from `first` to `last`, both included."""
        return (self.since is None or self.since <= last) and (self.until is None or first <= self.until)


@dataclass(frozen=True, slots=True)
class Official:
    """A person, known by the number the personnel office gave."""

    official_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address of the directory; `owner` is the official's number, None where nobody owns it."""

    address: str
    kind: MailboxKind
    unit_key: str
    owner: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """Units by key, officials by number, posts, mailboxes by address."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    officials: Mapping[str, Official] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)

    @cached_property
    def domains(self) -> frozenset[str]:
        """The domains of every address and alias: what lies outside them is outside the government."""
        return frozenset(address.rpartition("@")[2] for address in self.addresses)

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Any address or alias -> the address of its mailbox."""
        found = {alias: box.address for box in self.mailboxes.values() for alias in box.aliases}
        return found | {address: address for address in self.mailboxes}

    @cached_property
    def mailboxes_of(self) -> dict[str, tuple[Mailbox, ...]]:
        """An official's number -> the mailboxes they own, in the roster's order; only officials with one."""
        owned: dict[str, list[Mailbox]] = {}
        for box in self.mailboxes.values():
            if box.owner is not None:
                owned.setdefault(box.owner, []).append(box)
        return {owner: tuple(boxes) for owner, boxes in owned.items()}

    @cached_property
    def sub_units(self) -> dict[str, tuple[str, ...]]:
        """A unit's key -> the keys of the units directly below it, in the roster's order; only units with some."""
        below: dict[str, list[str]] = {}
        for unit in self.units.values():
            if unit.parent_key is not None:
                below.setdefault(unit.parent_key, []).append(unit.key)
        return {parent: tuple(keys) for parent, keys in below.items()}

    def within(self, unit_key: str) -> Iterator[str]:
        """The key itself, then those of every unit below it, parents before children."""
        waiting = [unit_key]
        while waiting:
            key = waiting.pop()
            yield key
            waiting.extend(reversed(self.sub_units.get(key, ())))


def unit_keys(units: Iterable[tuple[str, str | None]]) -> dict[tuple[str, str | None], str]:
    """Keys for (name, parent's key) pairs: the name alone where no other pair bears it."""
    pairs = list(dict.fromkeys(units))
    bearers: dict[str, int] = {}
    for name, _ in pairs:
        bearers[name] = bearers.get(name, 0) + 1
    return {
        (name, parent): name if bearers[name] == 1 or parent is None else f"{name} ({parent})" for name, parent in pairs
    }
