"""What a web process keeps the collector of cycles away from, and what not."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from web.settling import TIMES, settle


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    thresholds, callbacks = gc.get_threshold(), list(gc.callbacks)
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = callbacks


def test_what_is_there_is_set_aside_and_so_is_what_the_first_pages_make() -> None:
    settle()
    begun = gc.get_freeze_count()
    made = [[place] for place in range(5_000)]
    gc.collect()
    assert begun > 100_000
    assert gc.get_freeze_count() > begun + len(made) / 2


def test_after_that_nothing_is_set_aside_so_that_no_cycle_is_kept() -> None:
    callbacks = len(gc.callbacks)
    settle()
    for _ in range(TIMES):
        gc.collect()
    assert len(gc.callbacks) == callbacks
    ring: list[object] = []
    ring.append(ring)
    mark = _Mark()
    ring.append(mark)
    gone: list[bool] = []
    mark.gone = gone
    aside = gc.get_freeze_count()
    gc.collect()
    assert gc.get_freeze_count() <= aside
    del ring, mark
    gc.collect()
    assert gone == [True]


class _Mark:
    """Says when it goes."""

    gone: list[bool]

    def __del__(self) -> None:
        self.gone.append(True)
