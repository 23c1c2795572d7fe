"""A panel: who was at work how, period by period, and from when each person counts as trained.

Arrays, one row a person and one column a period of 28 days. What is not known is NaN, never zero.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Panel:
    """`people` rows and `periods` columns; whose row it is and what the units are called is not kept.

    - `unit` (people): the number of the unit in which the person was when the order of waves was made.
    - `start` (people): the column from which the person counts as trained; `periods` for who still waits at the end.
    - `drawn` (people): whether a draw decided `start`.
    - `days` (people × periods): active working days per 28 days, 0 to 28; NaN where not known.
    - `drawn_said`: whether the data say who was drawn, or everybody is taken for drawn.
    - `first`: the number that the first period bears.
    """

    unit: Integers
    start: Integers
    drawn: Booleans
    days: Floats
    drawn_said: bool = True
    first: int = 1

    @property
    def people(self) -> int:
        """How many persons there are."""
        return int(self.days.shape[0])

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return int(self.days.shape[1])

    def only(self, chosen: Booleans | Integers) -> Panel:
        """The panel of the chosen persons; units without any of them are gone, the numbers stay dense."""
        unit = np.unique(self.unit[chosen], return_inverse=True)[1].astype(np.int64)
        return replace(self, unit=unit, start=self.start[chosen], drawn=self.drawn[chosen], days=self.days[chosen])

    def in_order(self) -> tuple[Panel, int]:
        """The same panel in an order that follows from its figures alone, and a seed that does.

        Persons of one unit stand together. Neither the order of the rows nor what units and persons are called
        changes the result, so that nobody can try names until a figure pleases.
        """
        people = [
            hashlib.sha256(b"%d %d " % (start, drawn) + np.nan_to_num(days, nan=-1.0).tobytes()).digest()
            for start, drawn, days in zip(self.start.tolist(), self.drawn.tolist(), self.days, strict=True)
        ]
        members: dict[int, list[tuple[bytes, int]]] = {}
        for row, (unit, digest) in enumerate(zip(self.unit.tolist(), people, strict=True)):
            members.setdefault(unit, []).append((digest, row))
        units = sorted(
            (hashlib.sha256(b"".join(digest for digest, _ in sorted(rows))).digest(), sorted(rows))
            for rows in members.values()
        )
        order = np.array([row for _, rows in units for _, row in rows], dtype=np.int64)
        unit = np.repeat(np.arange(len(units)), [len(rows) for _, rows in units])
        seed = int.from_bytes(hashlib.sha256(b"".join(digest for digest, _ in units)).digest()[:8], "big")
        return replace(self.only(order), unit=unit), seed
