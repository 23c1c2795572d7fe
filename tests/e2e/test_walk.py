"""Every page there is, as everybody meets it: both languages, wide and narrow, light and dark, large letters.

The pages are those of the table of who gets what (`tests/web/access.py`), which a test holds to the routes there are: a
page that is added later is walked through by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import NOTE_VIOLATIONS
from tests.e2e.site import OFFICIAL, Site
from tests.web.access import PUBLIC, ROWS
from tests.web.conftest import NAME

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NARROW, WIDE, SMALLEST = 360, 1280, 320
FIRST_VIEW_BYTES = 150_000
SAME_FOR_ALL = {"/off-line": "vi"}
"""Without a network nobody can ask who is there: one page in both languages."""
AXE = """axe.run(document, {resultTypes: ['violations'], preload: false, elementRef: false%s})
    .then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"""
CONTRAST = ", runOnly: ['color-contrast']"
NO_CONTRAST = ", rules: {'color-contrast': {enabled: false}}"
"""Colours are the same in both languages: they are looked at in one."""
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
WIDTH = "document.documentElement.scrollWidth"
BYTES = "performance.getEntriesByType('navigation')[0].encodedBodySize"


def _addresses(site: Site, name: str | None) -> list[str]:
    """The pages (not downloads, not data) that this account opens; for nobody, those that are for everybody."""
    visitor, found = site.visitor(name), []
    for row in ROWS:
        if row.method != "GET" or (row.roles == PUBLIC) != (name is None):
            continue
        if {NAME: row.status, OFFICIAL: row.official, None: row.stranger}[name] != 200:
            continue
        if name == OFFICIAL and row.address.startswith("/account"):
            continue  # the same for everybody who is logged in
        answer = visitor.get(row.address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found.append(row.address)
    return found


@pytest.fixture
def wrong() -> list[str]:
    """What the browser complained of: errors, and everything that the content security policy stopped."""
    return []


@pytest.fixture
def page(browser: Browser, site: Site, wrong: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": NARROW, "height": 800}, service_workers="block")
    context.add_init_script(NOTE_VIOLATIONS)
    opened = context.new_page()
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()


def _log_in(page: Page, site: Site, name: str | None, language: str) -> None:
    page.context.add_cookies([{"name": "vanthu_language", "value": language, "url": site.address}])
    if name is not None:
        page.context.add_cookies([site.cookie(name)])


def look_at(page: Page, axe: str, *, colours: bool) -> dict[str, object]:
    """What is wrong with the page as it stands: by width, by letters, by light; empty where nothing is."""
    found: dict[str, object] = {}
    rules = "" if colours else NO_CONTRAST
    page.evaluate(OPEN_ALL)
    page.evaluate(axe)
    found["narrow"] = page.evaluate(AXE % rules)
    page.set_viewport_size({"width": SMALLEST, "height": 800})
    found["320"] = max(0, page.evaluate(WIDTH) - SMALLEST)
    page.set_viewport_size({"width": WIDE, "height": 800})
    found["wide"] = page.evaluate(AXE % rules)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["large letters"] = max(0, page.evaluate(WIDTH) - WIDE)
    page.evaluate("document.documentElement.style.fontSize = ''")
    if colours:
        page.emulate_media(color_scheme="dark")
        found["dark"] = page.evaluate(AXE % CONTRAST)
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW, "height": 800})
    return {what: said for what, said in found.items() if said}


@pytest.mark.parametrize("name", [NAME, OFFICIAL, None])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page(page: Page, site: Site, axe: str, wrong: list[str], language: str, name: str | None) -> None:
    _log_in(page, site, name, language)
    bad: dict[str, object] = {}
    for address in _addresses(site, name):
        answer = page.goto(site.address + address)
        assert answer is not None
        seen = (answer.status, page.get_attribute("html", "lang"))
        assert seen == (200, SAME_FOR_ALL.get(address, language)), address
        assert page.evaluate(WIDTH) <= NARROW, address
        found = look_at(page, axe, colours=language == "vi")
        if found or wrong:
            bad[address] = (found, wrong[:])
            wrong.clear()
    assert bad == {}


def test_the_first_view_is_light(browser: Browser, site: Site) -> None:
    """Everything a telephone fetches to show the home page for the first time, as it comes over the line."""
    context = browser.new_context(viewport={"width": NARROW, "height": 800}, service_workers="block")
    context.add_cookies([site.cookie(NAME)])
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda got: sizes.update({got.url: got.request.sizes()["responseBodySize"]}))
    page.goto(site.address, wait_until="networkidle")
    context.close()
    assert any(url.endswith(".woff2") for url in sizes)
    assert 10_000 < sum(sizes.values()) < FIRST_VIEW_BYTES, sizes
