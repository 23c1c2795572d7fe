"""A rule tried in a large city, on a telephone: a page says how far judging is, until the answer takes its place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.services import create_account
from core.jobs import run_waiting
from core.permissions import Role, command_line_actor
from tests.e2e.conftest import NOTE_VIOLATIONS
from tests.e2e.site import Site
from tests.e2e.test_walk import NARROW, WIDTH, look_at
from tests.web.conftest import PASSWORD
from tests.web.test_assigning_pages import RULE
from training.moments import Moment
from training.services.courses import ensure_shipped

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HR, TRIED = "nhan.su", "/training/rules/1/preview"
WORDS = {"vi": ("đang chờ bắt đầu", "trên 9 cán bộ"), "en": ("waiting to start", "of 9 officials")}


def test_it_shows_how_far_it_is_and_then_whom(
    browser: Browser, site: Site, axe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.queries.preview.MOST_JUDGED", 0)
    now = utc_now()
    with unit_of_work(site.settings) as session:
        ensure_shipped(session, moment=Moment(now, day_in(site.settings.timezone, now)))
        create_account(session, command_line_actor(), name=HR, password=PASSWORD, role=Role.HR)
    made = site.visitor(HR).post("/training/rules", "/training/rules/new", **RULE)
    assert made.status_code == 303
    context = browser.new_context(viewport={"width": NARROW, "height": 800}, service_workers="block")
    context.add_init_script(NOTE_VIOLATIONS)
    page, wrong = context.new_page(), list[str]()
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    context.add_cookies([site.cookie(HR)])
    for language, (waits, _found) in WORDS.items():
        context.add_cookies([{"name": "vanthu_language", "value": language, "url": site.address}])
        page.goto(site.address + TRIED)
        expect(page.locator("[data-value=state]")).to_have_text(waits)
        assert page.evaluate(WIDTH) <= NARROW
        assert look_at(page, axe, colours=language == "vi") == {}
    run_waiting(site.settings)
    expect(page.locator("main")).to_contain_text(WORDS["en"][1], timeout=30_000)
    assert wrong == []
    context.close()
