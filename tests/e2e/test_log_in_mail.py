"""Somebody who has only the log-in mail, on a telephone: the link, a password, the own figures. Three steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from core import jobs
from core.db import unit_of_work, utc_now
from core.directory.services.inviting import invite
from core.permissions import command_line_actor
from tests.core.mail.post_office import PostOffice, installed, open_office, text_of
from tests.e2e.conftest import NOTE_VIOLATIONS
from tests.e2e.site import Site, serving
from tests.servers.loopback import free_port

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "một câu hoàn toàn khác hẳn"
AXE = "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id))"
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory, office: PostOffice) -> Iterator[Site]:
    """The town's pages with mail on, whose links lead to them."""
    folder, port = tmp_path_factory.mktemp("mailing"), free_port()
    installed(folder / "home", office.port, site=f"http://127.0.0.1:{port}")
    with serving(folder, port) as started:
        yield started


@pytest.fixture
def wrong() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, wrong: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 800}, service_workers="block")
    context.add_init_script(NOTE_VIOLATIONS)
    opened = context.new_page()
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()


def _link(site: Site, office: PostOffice, number: str) -> str:
    with unit_of_work(site.settings) as session:
        invite(session, command_line_actor(), official_ids=[number], now=utc_now())
    jobs.run_waiting(site.settings)
    found = re.search(r"^http://127\.0\.0\.1:\d+/welcome\?key=\S+$", text_of(office.taken[-1]), re.MULTILINE)
    assert found
    return found[0]


@pytest.mark.parametrize(("language", "number", "begin"), [("vi", "CB2", "Bắt đầu"), ("en", "CB5", "Begin")])
def test_three_steps_on_a_telephone(
    page: Page, mailing: Site, office: PostOffice, axe: str, wrong: list[str], language: str, number: str, begin: str
) -> None:
    page.context.add_cookies([{"name": "vanthu_language", "value": language, "url": mailing.address}])
    page.goto(_link(mailing, office, number))
    assert page.url == f"{mailing.address}/welcome"  # the token is gone from the address
    page.evaluate(axe)
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDTH) <= width
        assert page.evaluate(AXE) == []
    page.set_viewport_size({"width": 360, "height": 800})
    page.fill("#new", PASSWORD)
    page.fill("#again", PASSWORD)
    page.get_by_role("button", name=begin, exact=True).click()
    page.wait_for_url(f"{mailing.address}/mine")
    assert page.get_by_role("heading", level=1).count() == 1
    page.evaluate(axe)
    assert page.evaluate(AXE) == []
    assert wrong == []


def test_the_message_reads_without_pictures_and_leads_on(
    page: Page, mailing: Site, office: PostOffice, axe: str, tmp_path: Path
) -> None:
    """Its HTML as a mail client shows it: one link to press, nothing fetched, no sideways scroll on a telephone."""
    link = _link(mailing, office, "CB3")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(text_of(office.taken[-1], "html"))
    assert asked == []
    assert page.evaluate(WIDTH) <= 360
    page.evaluate(axe)
    # a message has no page around it: no landmark, no heading
    assert set(page.evaluate(AXE)) <= {"landmark-one-main", "page-has-heading-one", "region"}
    (button,) = [one.get_attribute("href") for one in page.get_by_role("link").all()]
    assert button == link
