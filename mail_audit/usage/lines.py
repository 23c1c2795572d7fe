"""How many of each unit's people acted in the last days before each day: counted at once for all, and packed small.

Of each official only the days are known on which they acted. Going through the days in order and remembering when each
official acted last gives every window that ends on a day: somebody is in the window of so many days who acted less
than so many days ago.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mail_audit.weeks import ancestors

BACK = (7, 30, 90, 180)
"""Days of the windows."""
DAYS = 400
"""A line has so many points, a day each."""
SPAN = DAYS + max(BACK) - 1
"""So many days of facts are needed for it."""
RANKS = ("leader", "staff")
Counts = npt.NDArray[np.int32]
"""Of one unit: rank, window, day."""


def counted(acted: npt.NDArray[np.bool_], group: npt.NDArray[np.int64], groups: int) -> Counts:
    """Group, window and day -> how many people of the group acted in the window that ends on the day.

    `acted` has a row for each of the `SPAN` days and a column for each official, whose group `group` says.
    """
    found = np.zeros((groups, len(BACK), DAYS), np.int32)
    newest = np.full(acted.shape[1], -SPAN, np.int32)
    for day in range(SPAN):
        newest[acted[day]] = day
        place = day - (SPAN - DAYS)
        if place < 0:
            continue
        for window, back in enumerate(BACK):
            found[:, window, place] = np.bincount(group[newest > day - back], minlength=groups)
    return found


def with_those_below(own: dict[str, Any], parents: dict[str, str | None]) -> dict[str, Any]:
    """Unit -> the sum of its own and of all units below it (arrays of one shape)."""
    found = {unit: own[unit].copy() for unit in parents}
    for unit in parents:
        for above in ancestors(unit, parents):
            if above in found:
                found[above] += own[unit]
    return found


def pack(counts: Counts) -> bytes:
    """A line packed: most days differ little from the day before."""
    steps = np.diff(counts, axis=-1, prepend=np.int32(0)).astype("<i4")
    return zlib.compress(steps.tobytes(), 6)


def unpack(data: bytes) -> Counts:
    """The line again."""
    steps = np.frombuffer(zlib.decompress(data), "<i4").reshape(len(RANKS), len(BACK), DAYS)
    return np.cumsum(steps, axis=-1, dtype=np.int32)


def days_of_bits(bits: npt.NDArray[np.uint64], number: int) -> npt.NDArray[np.bool_]:
    """Day and official -> whether the bit of the day is set, of the first `number` bits of each official."""
    places = np.arange(number, dtype=np.uint64)[:, None]
    return ((bits[None, :] >> places) & np.uint64(1)).astype(np.bool_)


def total(several: Sequence[Counts]) -> Counts:
    """Lines of units that have nobody in common, as one."""
    return np.sum(several, axis=0, dtype=np.int32) if several else np.zeros((len(RANKS), len(BACK), DAYS), np.int32)
