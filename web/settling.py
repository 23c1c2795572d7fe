"""A web process keeps the collector of reference cycles away from what lives as long as the process.

Modules, compiled templates, statements and catalogues come to some 800,000 objects. A full collection looks through all
of them and finds nothing; it takes a third of a second, inside whatever request it falls into. So what is there when
the application is made is set aside (`gc.freeze`), and once more after each of the first full collections, because much
is made by the first pages that need it. After these no more is set aside: a cycle of some request that happened to be
among it is never given back, and that must not add up.
"""

from __future__ import annotations

import gc
from typing import Any

from web.language import vietnamese

YOUNG = 10_000
"""So many new objects may be there before the collector looks through them: a page has some thousands, of which nearly
all are gone without it."""
TIMES = 10
"""So many full collections set aside what they found in use."""


def settle() -> None:
    """To be called once in each process, when its application is made."""
    vietnamese()  # read with the first page else
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
    gc.callbacks.append(_SetAside(TIMES))


class _SetAside:
    """Sets aside what is in use after each of the next `times` full collections."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __call__(self, phase: str, about: dict[str, Any]) -> None:
        if phase == "stop" and about["generation"] == 2 and self._left:
            self._left -= 1
            gc.freeze()
            if not self._left:
                gc.callbacks.remove(self)
