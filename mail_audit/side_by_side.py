"""Work in threads beside each other whose results come in the order of what it is done to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

WORKERS = 2
"""So many do what they do at once: most of it is done outside of Python, where each has a core to itself."""
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def side_by_side(make: Callable[[_Item], _Made], items: Iterable[_Item]) -> Generator[_Made]:
    """What is made of each item, in their order; the items are made in a thread of their own.

    What could not be made, an item or something of it, raises when its turn comes: after all that was made before.
    However many there are, only a few are held: one ahead of those that are worked on, and as many results as workers.
    Whoever closes it waits for what was begun.
    """
    each = iter(items)
    end: Any = object()
    coming: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(1) as ahead, ThreadPoolExecutor(WORKERS) as workers:
        item = ahead.submit(next, each, end)
        while item.exception() or item.result() is not end:
            coming.append(item if item.exception() else workers.submit(make, item.result()))
            item = ahead.submit(next, each, end)
            if len(coming) > WORKERS:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
