"""One Chromium for all tests of a process: Playwright allows one session at a time."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.servers.loopback import missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        missing("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield started
        started.close()


def until(page: Page, wanted: str, *, seconds: float = 30) -> None:
    """Wait until an expression, or an async function of none, is true in the page.

    Each look is an evaluation of its own, which the page's policy does not touch. Playwright's `wait_for_function`
    looks again from inside the page, where a policy without `unsafe-eval` refuses it: it works only where the first
    look finds what is wanted.

    Raises:
        AssertionError: it was not true in time.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(wanted):
        assert time.monotonic() < end, f"not true after {seconds:g} s: {wanted}"
        page.wait_for_timeout(50)
