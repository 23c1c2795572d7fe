"""A rule read against a snapshot, in columns: whom it picks, and what stands against everybody else.

Each condition is *true*, *false* or *unknown* of somebody; together they are as true as the least true of them (strong
Kleene logic), and only *true* picks. What is measured must be true in the earlier window and in the later one.

From how few days a number can be told from *not known*:

- Somebody with fewer than `LEAST_OWN_DAYS` working days in a window (new in post, on leave) is unknown in it.
- A class is known where at least `NEARLY_ALL` of these days are in the logs.
- *Fewer than N active days* counts N per 20 working days, so it shrinks with the days somebody had. It is true where
  it would stay true though they had acted on every day that is not in the logs, false where they acted on as many days
  already, and unknown between.
- Whoever has no mailbox is unknown: they need a mailbox, not a course.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from training.rules.model import MOST_DAYS, Rule
from training.rules.snapshot import NEVER, UNKNOWN, Flags, Snapshot, Window, Words

LEAST_OWN_DAYS = 10
"""Half of the working days of a window: fewer say little of how somebody works."""
NEARLY_ALL = 0.8
"""Share of the days that must be in the logs, as for the figures of 7, 30, 90 and 180 days."""
Truth = NDArray[np.int8]
FALSE, NOT_KNOWN, TRUE = np.int8(0), np.int8(1), np.int8(2)


class Outcome(IntEnum):
    """What came of the rule for one official. Whoever it is true of may still be left out, for one of these reasons."""

    FALSE = 0
    UNKNOWN = 1
    PICKED = 2
    EXEMPT = 3
    HAS_IT = 4
    COOLING = 5


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule: its name in `Rule`, and how true it is of each official, window by window.

    What does not change from window to window has the same in both.
    """

    name: str
    earlier: Truth
    later: Truth

    @property
    def both(self) -> Truth:
        """How true it is of both windows together."""
        least: Truth = np.minimum(self.earlier, self.later)
        return least


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What came of a rule for everybody in a snapshot: `outcomes` in its order, and each condition apart."""

    outcomes: NDArray[np.int8]
    conditions: tuple[Condition, ...]

    @property
    def picked(self) -> list[int]:
        """The places of those who are picked."""
        return [int(place) for place in np.flatnonzero(self.outcomes == Outcome.PICKED)]


def judge(rule: Rule, course_key: str, snapshot: Snapshot) -> Verdicts:
    """What `rule` comes to for each official, where it is to give them the course."""
    conditions = tuple(
        Condition(name, *(truth(rule, snapshot, window) for window in snapshot.windows))
        for name, truth in _CONDITIONS.items()
        if getattr(rule, name)
    )
    truth = np.full(len(snapshot.people), TRUE, dtype=np.int8)
    for one in conditions:
        truth = np.minimum(truth, one.both)
    outcomes = truth.copy()
    left: Sequence[tuple[Outcome, Flags]] = (
        (Outcome.COOLING, snapshot.days_since_end(course_key) <= snapshot.days_back),
        (Outcome.HAS_IT, snapshot.has_open(course_key)),
        (Outcome.EXEMPT, snapshot.is_exempt(course_key)),
    )
    for outcome, who in left:
        outcomes[(truth == TRUE) & who] = outcome
    return Verdicts(outcomes, conditions)


def _mail_class(rule: Rule, snapshot: Snapshot, window: Window) -> Truth:
    del snapshot
    well_covered = window.covered_days >= NEARLY_ALL * window.own_days
    known = _measured(window) & well_covered & (window.mail_class != UNKNOWN)
    return _truth(_one_of(window.mail_class, rule.mail_classes), known)


def _active_below(rule: Rule, snapshot: Snapshot, window: Window) -> Truth:
    del snapshot
    limit = (rule.active_below or 0) * window.own_days  # both sides times 20: no rounding
    at_least = MOST_DAYS * window.active_days
    at_most = MOST_DAYS * (window.active_days + np.maximum(window.own_days - window.covered_days, 0))
    measured = _measured(window) & (window.mail_class != UNKNOWN)
    return _truth(at_most < limit, measured & ((at_most < limit) | (at_least >= limit)))


def _office_class(rule: Rule, snapshot: Snapshot, window: Window) -> Truth:
    del snapshot
    known = window.office_class != UNKNOWN
    return _truth(_one_of(window.office_class, rule.office_classes), known)


def _rank(rule: Rule, snapshot: Snapshot, window: Window) -> Truth:
    del window
    return _truth(snapshot.has_rank(rule.rank))


def _units(rule: Rule, snapshot: Snapshot, window: Window) -> Truth:
    del window
    wanted = frozenset(rule.units)
    return _truth(snapshot.is_of({key for key, above in snapshot.above.items() if above & wanted}))


def _post_words(rule: Rule, snapshot: Snapshot, window: Window) -> Truth:
    del window
    return _truth(snapshot.has_title_with(rule.post_words))


def _done(rule: Rule, snapshot: Snapshot, window: Window) -> Truth:
    del window
    found = np.ones(len(snapshot.people), dtype=np.bool_)
    for key in rule.done:
        days = snapshot.days_since_done(key)
        found &= (days != NEVER) & (days >= (rule.done_days_ago or 0))
    return _truth(found)


def _not_done(rule: Rule, snapshot: Snapshot, window: Window) -> Truth:
    del window
    found = np.ones(len(snapshot.people), dtype=np.bool_)
    for key in rule.not_done:
        found &= snapshot.days_since_done(key) >= (NEVER if rule.done_days_ago is None else rule.done_days_ago)
    return _truth(found)


_CONDITIONS: dict[str, Callable[[Rule, Snapshot, Window], Truth]] = {
    "mail_classes": _mail_class,
    "active_below": _active_below,
    "office_classes": _office_class,
    "rank": _rank,
    "units": _units,
    "post_words": _post_words,
    "done": _done,
    "not_done": _not_done,
}
"""Name of a condition in `Rule` -> how true it is of each official in a window. (`done_days_ago` goes with two.)"""


def _measured(window: Window) -> Flags:
    """Who had a mailbox and enough days in the window for anything to be said."""
    enough: Flags = window.has_mailbox & (window.own_days >= LEAST_OWN_DAYS)
    return enough


def _one_of(values: Words, wanted: Sequence[str]) -> Flags:
    return np.isin(values, np.array(list(wanted), dtype=np.str_))


def _truth(holds: Flags, known: Flags | None = None) -> Truth:
    found: Truth = np.where(holds, TRUE, FALSE)
    return found if known is None else np.where(known, found, NOT_KNOWN)
