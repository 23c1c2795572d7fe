"""From an empty installation to the log line behind a figure, as people go: wide, narrow, and without scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Visitor
from tests.e2e.suite import Suite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]
MINUTE = 60_000


def _bring_in_directory(visitor: Visitor) -> None:
    visitor.go("/directory")
    visitor.page.set_input_files("#file", visitor.suite.sample / "officials.csv")
    visitor.page.click("main button[type=submit]")
    visitor.page.click("main button[type=submit]")
    assert visitor.page.url.endswith("/directory")


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What an earlier step found out: addresses for the later ones."""
    return {}


class TestJourney:
    """In order: each step stands on the one before."""

    def test_before_anything_is_known(self, visit: Visit, axe: str) -> None:
        visitor = visit(360)
        visitor.go("/log-in")
        visitor.check(axe)
        visitor.log_in("vi")
        assert "Nhập danh bạ cán bộ" in visitor.page.inner_text("main")
        visitor.check(axe)

    def test_an_audit_by_upload(self, visit: Visit, suite: Suite, axe: str, told: dict[str, str]) -> None:
        visitor = visit(1280)
        visitor.log_in("vi")
        _bring_in_directory(visitor)
        visitor.check(axe)
        visitor.page.click("nav >> text=Nhật ký")
        visitor.page.click("nav >> text=Các lần kiểm tra")
        visitor.page.click("main >> text=Lần kiểm tra mới")
        visitor.page.set_input_files("#logs", suite.logs)
        visitor.page.fill("#first", suite.truth.first.isoformat())
        visitor.page.fill("#last", suite.truth.last.isoformat())
        visitor.check(axe)
        visitor.page.click("main button[type=submit]")
        told["audit"] = visitor.page.url.removeprefix(suite.address)
        # the script reloads the page by itself when the last report is written
        visitor.page.wait_for_selector("main >> text=Xem kết quả", timeout=2 * MINUTE)
        visitor.page.wait_for_selector("#reports", timeout=MINUTE)
        visitor.check(axe)

    def test_the_picture_leads_to_the_log_line(
        self, visit: Visit, suite: Suite, axe: str, told: dict[str, str]
    ) -> None:
        visitor = visit(360)
        visitor.log_in("vi")
        city = suite.truth.city
        figure = f"{city.leaders_using}/{city.leaders_total} người"
        assert figure in visitor.page.inner_text("main")
        visitor.page.click(f"main >> text={figure} >> nth=0")
        visitor.page.click("table tbody th a >> nth=0")
        visitor.page.click("a.vt-day--acted >> nth=0")
        told["day"] = visitor.page.url.removeprefix(suite.address)
        assert visitor.page.locator(".vt-log-line").count() > 0
        visitor.check(axe)

    @pytest.mark.parametrize("ending", ["json", "html", "xlsx", "pdf", "csv"])
    def test_downloads(self, visit: Visit, suite: Suite, tmp_path: Path, told: dict[str, str], ending: str) -> None:
        visitor = visit(360)
        visitor.log_in("en")
        visitor.go(told["audit"])
        with visitor.page.expect_download() as waiting:
            visitor.page.click(f'a[href$="/reports/en.{ending}"]')
        kept = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(kept)
        assert kept.stat().st_size > 1000
        if ending == "json":
            report = json.loads(kept.read_text("utf-8"))
            assert len(report["officials"]) == len(suite.truth.officials)

    def test_an_error_is_accessible(self, visit: Visit, axe: str) -> None:
        visitor = visit(360)
        visitor.log_in("en")
        visitor.page.goto(f"{visitor.suite.address}/no-such-page")
        visitor.wrong.clear()  # the browser notes the status of the page itself
        assert "There is no such page" in visitor.page.inner_text("main")
        visitor.check(axe)

    def test_without_scripts(self, visit: Visit, suite: Suite) -> None:
        visitor = visit(360, scripts=False)
        visitor.log_in("en")
        assert visitor.page.locator("nav >> text=Directory").is_visible()
        visitor.go("/audits/new")
        visitor.page.fill("#places", str(suite.sample / "logs"))
        visitor.page.click("main button[type=submit]")
        address = visitor.page.url
        visitor.page.wait_for_load_state()
        for _ in range(600):
            again = visitor.page.locator("main >> text=Look again")
            if again.count() == 0:
                break
            again.click()
            visitor.page.wait_for_timeout(200)
        assert visitor.page.url == address
        assert "Finished" in visitor.page.inner_text("main")
        visitor.page.click("main >> text=See the picture")
        assert "of leaders used official e-mail" in visitor.page.inner_text("main")

    def test_the_keyboard_reaches_the_content(self, visit: Visit) -> None:
        visitor = visit(1280)
        visitor.log_in("en")
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("document.activeElement.className") == "govuk-skip-link"
        visitor.page.keyboard.press("Enter")
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("document.querySelector('main').contains(document.activeElement)")

    def test_the_menu_folds_on_a_phone(self, visit: Visit) -> None:
        visitor = visit(360)
        visitor.log_in("vi")
        entry = visitor.page.locator("nav >> text=Danh bạ")
        assert not entry.is_visible()
        visitor.page.click("text=Danh mục")
        assert entry.is_visible()
