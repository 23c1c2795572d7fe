"""Whether the QR code that is drawn on a page of a PDF holds a text: every module as `segno` makes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import segno

PIXELS = 8
"""For each point (1/72 inch): a module of a code that can be scanned is more than two points wide."""
DARK = 128


def holds(page: Any, text: str) -> bool:
    """Whether one of the drawings on `page` (of pypdfium2) is the code of `text`."""
    wanted = np.array(segno.make(text, error="m", micro=False).matrix, dtype=bool)
    dark = page.render(scale=PIXELS, grayscale=True).to_numpy() < DARK
    for one in page.get_objects():
        left, bottom, right, top = (round(edge * PIXELS) for edge in one.get_bounds())
        above = round(page.get_height() * PIXELS)
        if np.array_equal(_modules(dark[above - top : above - bottom, left:right], len(wanted)), wanted):
            return True
    return False


def _modules(dark: Any, count: int) -> Any:
    """What is dark at the middle of each of `count` by `count` modules: a code fills what it is drawn in to the edges,
    for dark patterns stand in three of its corners.
    """
    if not dark.any():
        return None
    rows, columns = (np.flatnonzero(dark.any(axis=axis)) for axis in (1, 0))
    middles = (np.arange(count) + 0.5) / count
    down = rows[0] + (middles * (rows[-1] + 1 - rows[0])).astype(int)
    across = columns[0] + (middles * (columns[-1] + 1 - columns[0])).astype(int)
    return dark[np.ix_(down, across)]
