"""What trying a rule came to, kept for a few minutes in this process, for whoever turns the page.

Kept under whose it is, what they reach and what was tried: nobody is shown what another was, and whose reach
has changed is shown nothing of before.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from training.rules import Snapshot

MOST = 4
"""So many are kept: each may hold thousands of people."""
GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule came to: `known` holds those it picks, in their order, or the first of them."""

    known: Snapshot
    people: int
    picked: int
    counts: Mapping[str, int]

    def reaches(self, offset: int, limit: int | None) -> bool:
        """Whether the part from `offset` on is among those that are known."""
        end = self.picked if limit is None else min(offset + limit, self.picked)
        return end <= len(self.known.people)


class LastTried:
    """The last few, each under its key."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[datetime, Tried]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Hashable, now: datetime) -> Tried | None:
        """What was kept under `key`, where it is not too old."""
        with self._lock:
            at, tried = self._kept.get(key, (None, None))
        return tried if at is not None and timedelta(0) <= now - at <= GOOD_FOR else None

    def keep(self, key: Hashable, tried: Tried, now: datetime) -> None:
        """Keep it in place of what was there, and forget the oldest beyond `MOST`."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (now, tried)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
