"""A course on a telephone: all its pages in both languages, from the first lesson to the result; without a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.permissions import command_line_actor
from tests.e2e.conftest import NOTE_VIOLATIONS
from tests.e2e.site import OFFICIAL, Site
from tests.e2e.test_offline import KEPT, Telephone
from tests.e2e.test_walk import NARROW, WIDTH, look_at
from tests.servers.browser import until
from tests.web.conftest import NAME
from training.moments import Moment
from training.services.assigning import assign_by_hand, open_assignment
from training.services.courses import ensure_shipped

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FIRST, PICTURE = "lessons/what-it-is", "main img"
LOADED = "[...document.querySelectorAll('main img')].every(one => one.complete && one.naturalWidth > 0)"


@pytest.fixture
def course(site: Site) -> str:
    """The address of the course of the mailbox, which the official has to do."""
    now = utc_now()
    moment = Moment(now, day_in(site.settings.timezone, now))
    with unit_of_work(site.settings) as session:
        ensure_shipped(session, moment=moment)
        given = open_assignment(session, 1, "mailbox") or assign_by_hand(
            session, command_line_actor(), official_id="CB1", course_key="mailbox",
            due_on=moment.today + timedelta(days=14), reason="Theo kết quả tháng 10.", moment=moment,
        )  # fmt: skip
    return f"/learning/{given}"


@pytest.fixture
def wrong() -> list[str]:
    """What the browser complained of."""
    return []


@pytest.fixture
def page(browser: Browser, site: Site, wrong: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": NARROW, "height": 800}, service_workers="block")
    context.add_init_script(NOTE_VIOLATIONS)
    opened = context.new_page()
    opened.on("console", lambda said: wrong.append(said.text) if _is_wrong(said) else None)
    yield opened
    context.close()


def _is_wrong(said: ConsoleMessage) -> bool:
    """Whether the browser complains; it does so, at its leisure, of each form that is shown again too."""
    return said.type == "error" and "422 (UNPROCESSABLE ENTITY)" not in said.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_a_course(page: Page, site: Site, course: str, axe: str, wrong: list[str], language: str) -> None:
    page.context.add_cookies([{"name": "vanthu_language", "value": language, "url": site.address}])
    page.context.add_cookies([site.cookie(OFFICIAL)])
    bad: dict[str, object] = {}

    def look(what: str) -> None:
        assert page.get_attribute("html", "lang") == language
        assert page.evaluate(LOADED), what
        assert page.evaluate(WIDTH) <= NARROW, what
        found = look_at(page, axe, colours=language == "vi")
        if found or wrong:
            bad[what] = (found, wrong[:])
            wrong.clear()

    own = ["/learning", course, f"{course}/{FIRST}", f"{course}/lessons/what-is-counted", f"{course}/print"]
    bank = "/courses/mailbox/questions"
    hr = [bank, "/courses/mailbox", "/courses", "/courses/mailbox/lessons/what-it-is"]
    hr += [f"{bank}/buttons", "/courses/mailbox/order"]
    fewer = language == "en"  # the same templates with other words: those with tables and buttons beside each other
    for address in own[1:2] if fewer else own:
        page.goto(site.address + address)
        look(address)
    page.goto(f"{site.address}{course}/quiz")
    if not fewer:
        look("before the quiz")
    page.click("main form button")
    page.click("button[value=hand_in]")
    look("not all answered")
    page.click("button[value=hand_in_anyway]")
    look("the result")
    page.context.clear_cookies(name="vanthu")
    page.context.add_cookies([site.cookie(NAME)])
    for address in hr[:1] if fewer else hr:
        page.goto(site.address + address)
        look(address)
    assert bad == {}


def test_a_lesson_and_its_picture_without_a_network(browser: Browser, site: Site, course: str) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 800})
    telephone = Telephone(context, site)
    telephone.log_in(OFFICIAL)
    telephone.keep_pages()
    telephone.go(course)
    telephone.until_kept(f"{course}/{FIRST}", f"{course}/lessons/logging-in")
    pictures = f"async () => (await ({KEPT})()).filter(one => one.startsWith('/learning/pictures/')).length > 1"
    until(telephone.page, pictures)
    site.line.cut()
    try:
        assert "like a drawer" in telephone.go(f"{course}/{FIRST}")
        until(telephone.page, LOADED)
        assert telephone.page.locator(PICTURE).count() == 1
    finally:
        site.line.mend()
    assert telephone.wrong == []
    context.close()
