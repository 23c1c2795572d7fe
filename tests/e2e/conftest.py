"""A browser, a running suite, and visitors who look at the pages through it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.patience import wait_for_pages
from tests.e2e.site import Site, serving
from tests.e2e.suite import NAME, PASSWORD, Suite, running
from tests.house.tree import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
wait_for_pages()
NOTE_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))
"""


def _cannot(reason: str) -> None:
    """Skip by hand; fail where the suite is checked, so that nothing goes untested for want of a package."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's source."""
    if not AXE.exists():
        _cannot("axe-core is not installed (make install)")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    if not (ROOT / "web" / "static" / "built" / "app.css").exists():
        _cannot("the style sheet is not built (make install)")
    with running(tmp_path_factory.mktemp("suite")) as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small town's pages, of this module's own."""
    if not (ROOT / "web" / "static" / "built" / "app.css").exists():
        _cannot("the style sheet is not built (make install)")
    with serving(tmp_path_factory.mktemp("site")) as started:
        yield started


@dataclass(frozen=True, slots=True)
class Visitor:
    """A page of a browser in one language and width, and what went wrong in it."""

    page: Page
    suite: Suite
    width: int
    wrong: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        answer = self.page.goto(f"{self.suite.address}{address}")
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"

    def log_in(self, language: str, name: str = NAME, home: str = "/") -> None:
        self.go(f"/language/{language}?next=/log-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(f"{self.suite.address}{home}")

    def check(self, axe: str) -> None:
        """No sideways scroll, no finding of the accessibility checker, no complaint of the browser."""
        assert self.page.locator("html").evaluate("html => html.scrollWidth") <= self.width, self.page.url
        self.page.evaluate(axe)
        found = self.page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
        assert found == [], self.page.url
        assert self.wrong == [], self.page.url


@pytest.fixture
def visit(browser: Browser, suite: Suite, tmp_path: Path) -> Iterator[Callable[..., Visitor]]:
    contexts: list[BrowserContext] = []

    def start(width: int, *, scripts: bool = True) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        visitor = Visitor(page, suite, width)
        if scripts:
            page.add_init_script(NOTE_VIOLATIONS)
        page.on("console", lambda said: visitor.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: visitor.wrong.append(str(error)))
        page.on("request", lambda asked: _own(visitor, asked.url))
        return visitor

    yield start
    for context in contexts:
        context.close()


def _own(visitor: Visitor, address: str) -> None:
    if not address.startswith((visitor.suite.address, "data:", "blob:")):
        visitor.wrong.append(f"asked elsewhere: {address}")
