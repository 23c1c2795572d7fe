"""What reading gave: frames of events by kind, counts of lines, days seen, samples of what was broken.

Nothing here needs Polars, so that the reading of a log may begin while that is still being loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.words import Text

if TYPE_CHECKING:
    import polars as pl

    from mail_audit.events.aside import Part

SAMPLES_KEPT = 20

Time = tuple[int, int, str | None, int]
QUARTER = 900_000_000
QUARTERS_A_DAY = 96


@dataclass(slots=True)
class Reading:
    """The events of one piece, or of all that was read: frames by kind, and what became of every line.

    `aside` holds what was put aside of each kind, before what `frames` hold now (`held` events).
    `times` holds when readable lines were written: file, clock, host (None for lines that are no events), and the
    quarter of an hour since 1970 on that clock; a day's first where the clock names no zone.
    """

    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    aside: dict[str, list[Part]] = field(default_factory=dict)
    held: int = 0
    lines: int = 0
    events: int = 0
    not_of_interest: int = 0
    broken: int = 0
    times: set[Time] = field(default_factory=set)
    samples: list[tuple[int, int, Text]] = field(default_factory=list)
    same_as: int | None = None
    """The number of the file in which all its lines were found, where it is a copy of one or of a part of one."""

    def add(self, kind: str, frame: pl.DataFrame) -> None:
        """Count and keep events of one kind."""
        if frame.is_empty():
            return
        self.frames.setdefault(kind, []).append(frame)
        self.events += frame.height
        self.held += frame.height

    def sample(self, file: int, offset: int, reason: Text) -> None:
        """Keep where a broken line stands, for the first few."""
        if len(self.samples) < SAMPLES_KEPT:
            self.samples.append((file, offset, reason))

    def merge(self, other: Reading) -> None:
        """Take in what another piece gave."""
        for kind, frames in other.frames.items():
            self.frames.setdefault(kind, []).extend(frames)
        self.held += other.held
        self.lines += other.lines
        self.events += other.events
        self.not_of_interest += other.not_of_interest
        self.broken += other.broken
        self.times |= other.times
        self.samples = (self.samples + other.samples)[:SAMPLES_KEPT]
