"""A click whose page is on its way waits for that page, as whoever clicked does before reading on.

Playwright waits for what a click begins at once. A form is sent a moment later, and on a busy machine what follows the
click would look at the page that is being left.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Error, Locator, Page, Request

_AFTER = 25
"""Milliseconds after a click within which its form is sent."""
_MOST = 5.0
"""Seconds that a page is waited for; a file to be kept, or an answer without a page, comes as none."""
_begun: WeakKeyDictionary[Page, list[Request]] = WeakKeyDictionary()
"""Pages that were asked for and are neither there nor refused yet."""


def wait_for_pages() -> None:
    """From now on, in this process."""
    for kind in (Page, Locator):
        for act in ("click", "press"):
            setattr(kind, act, _waiting(getattr(kind, act)))


def _waiting(act: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(act)
    def acts(of: Page | Locator, *arguments: Any, **named: Any) -> Any:
        page = of if isinstance(of, Page) else of.page
        begun = _watched(page)
        begun.clear()
        done = act(of, *arguments, **named)
        try:
            page.wait_for_timeout(_AFTER)
            until = time.monotonic() + _MOST
            is_waited_for = bool(begun)
            while begun and time.monotonic() < until:
                page.wait_for_timeout(5)
            if is_waited_for:
                page.wait_for_load_state("domcontentloaded")
        except Error:  # it was the page's last click
            return done
        return done

    return acts


def _watched(page: Page) -> list[Request]:
    if page not in _begun:
        begun = _begun[page] = []
        page.on("request", lambda asked: begun.append(asked) if asked.is_navigation_request() else None)
        page.on("requestfailed", lambda asked: begun.clear() if asked.is_navigation_request() else None)
        page.on("framenavigated", lambda _: begun.clear())
        page.on("download", lambda _: begun.clear())
    return _begun[page]
