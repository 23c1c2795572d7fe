"""Writing in a browser: saved by itself, by two at once, over a line that breaks, and on a page without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.services import name_deputy
from core.permissions import Actor, Role, command_line_actor
from eoffice.models import DraftRow
from eoffice.services.drafting import create_draft, revision_row
from eoffice.services.rounds import Moment
from eoffice.writing import Written
from tests.e2e.office import AUTHOR, CLERK, Office, Person, office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAUSE = 21_000
"""Longer than the page waits before it saves, by its own clock."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Office]:
    """The office; its records clerk acts for the author in everything."""
    with office(tmp_path_factory.mktemp("writing") / "office", browser) as started:
        with unit_of_work(started.settings) as session:
            today = day_in(started.settings.timezone, utc_now())
            name_deputy(
                session, command_line_actor(), official_id=AUTHOR.number, deputy_official_id=CLERK.number,
                scope="everything", first=today, last=today, today=today,
            )  # fmt: skip
        yield started


@pytest.fixture
def draft(there: Office) -> int:
    """A new draft of the author."""
    now = utc_now()
    moment = Moment(now, day_in(there.settings.timezone, now))
    author = Actor(AUTHOR.account, frozenset({Role.OFFICIAL}), AUTHOR.number)
    with unit_of_work(there.settings) as session:
        return create_draft(session, author, kind="cong_van", title="Kiểm tra cuối năm", moment=moment)


@contextmanager
def writing(there: Office, person: Person, draft: int, *, width: int = 1280) -> Iterator[Page]:
    """The page of the text, with a clock that goes as it is told."""
    with there.at_the_desk_of(person, width=width) as page:
        page.clock.install()
        page.goto(f"/drafts/{draft}/write")
        yield page


def field(page: Page, label: str) -> Locator:
    return page.locator(".vt-block").filter(has_text=label).locator("textarea").first


def write_on(page: Page, label: str, words: str) -> None:
    """Type at the end of a passage."""
    place = field(page, label)
    place.focus()
    place.press("Control+End")
    page.keyboard.type(words)


def saves_by_itself(page: Page) -> None:
    """Until the page has taken in what the server said: the outcome of an earlier time stands there no more."""
    with page.expect_response(lambda one: one.request.method == "POST") as waiting:
        page.clock.fast_forward(PAUSE)
    assert waiting.value.ok
    outcome = page.locator("[data-saved][aria-busy=false]")
    expect(outcome).to_contain_text("Đã lưu lúc")


def kept(there: Office, draft: int) -> dict[str, str]:
    """The last revision: part -> words."""
    with unit_of_work(there.settings) as session:
        return {one.role: one.text for one in Written.of_json(revision_row(session, draft).content).passages}


def test_it_saves_by_itself(there: Office, draft: int) -> None:
    """What was typed is there for whoever opens the page next; where nothing was typed nothing is sent."""
    with writing(there, AUTHOR, draft) as page:
        page.clock.fast_forward(PAUSE)
        write_on(page, "Kính gửi", " Các bệnh viện")
        saves_by_itself(page)
        assert kept(there, draft)["addressee"].endswith(" Các bệnh viện")
        with unit_of_work(there.settings) as session:
            assert revision_row(session, draft).number == 2
        page.goto(f"/drafts/{draft}/write")
        assert field(page, "Kính gửi").input_value().endswith(" Các bệnh viện")


def test_a_line_that_breaks(there: Office, draft: int) -> None:
    """It says that nothing was saved, keeps what was typed, and saves it when there is a line again."""
    with writing(there, AUTHOR, draft) as page:
        write_on(page, "Kính gửi", " Các trạm y tế")
        there.site.line.cut()
        try:
            page.clock.fast_forward(PAUSE)
            expect(page.locator("[data-saved]")).to_contain_text("Chưa lưu được")
        finally:
            there.site.line.mend()
        assert field(page, "Kính gửi").input_value().endswith(" Các trạm y tế")
        saves_by_itself(page)
        assert kept(there, draft)["addressee"].endswith(" Các trạm y tế")


def test_two_in_two_browsers(there: Office, draft: int) -> None:
    """Both write on for a while, also in one passage: each sees the other's words, and none is lost or doubled."""
    with writing(there, AUTHOR, draft) as first, writing(there, CLERK, draft, width=360) as second:
        write_on(first, "Kính gửi", " Các bệnh viện")
        write_on(second, "Tên nơi nhận", " Phòng Nghiệp vụ;")
        first.fill("#title", "Kiểm tra cuối năm 2026")
        saves_by_itself(first)
        saves_by_itself(second)
        assert second.input_value("#title") == "Kiểm tra cuối năm 2026"
        assert field(second, "Kính gửi").input_value().endswith(" Các bệnh viện")
        write_on(second, "Kính gửi", " và trạm y tế")
        write_on(first, "Nội dung", " Xong.")
        saves_by_itself(second)
        saves_by_itself(first)
        assert field(first, "Kính gửi").input_value().endswith(" Các bệnh viện và trạm y tế")
        first.click("main .vt-choices >> text=Lưu")
        said = kept(there, draft)
        with unit_of_work(there.settings) as session:
            assert session.get_one(DraftRow, draft).title == "Kiểm tra cuối năm 2026"
    assert said["addressee"].count("Các bệnh viện và trạm y tế") == 1
    assert said["recipient"].endswith(" Phòng Nghiệp vụ;")
    assert said["body"].endswith(" Xong.")


def test_typing_while_it_is_saved(there: Office, draft: int) -> None:
    """What is typed between question and answer stays, also where somebody else wrote in the same passage meanwhile."""
    with writing(there, AUTHOR, draft) as first, writing(there, CLERK, draft) as second:
        write_on(second, "Nội dung", " Hai.")
        saves_by_itself(second)

        def slowly(route: Route) -> None:
            answer = route.fetch()
            first.keyboard.type(" ba")
            route.fulfill(response=answer)

        write_on(first, "Nội dung", " Một")
        first.route("**/write", slowly, times=1)
        saves_by_itself(first)
        assert field(first, "Nội dung").input_value().endswith(" Một ba")
        saves_by_itself(first)
        said = kept(there, draft)["body"]
    for word in ("Hai.", "Một", "ba"):
        assert said.count(word) == 1


def test_without_scripts(there: Office, draft: int) -> None:
    """Every button saves what was typed: a passage is added, a fault mended, and it is sent off."""
    with there.at_the_desk_of(AUTHOR, width=360, scripts=False) as page:
        page.goto(f"/drafts/{draft}/write")
        field(page, "Chức vụ").fill("Giám đốc")
        page.click("main .vt-choices >> text=Lưu")
        page.click("text=Sửa những lỗi sửa được ngay")
        expect(field(page, "Chức vụ")).to_have_value("GIÁM ĐỐC")
        field(page, "Kính gửi").fill("Kính gửi: Các bệnh viện")
        page.locator(".vt-block").filter(has_text="Nội dung").locator("text=Đoạn dưới").click()
        expect(field(page, "Kính gửi")).to_have_value("Kính gửi: Các bệnh viện")
        page.click("main .vt-choices >> text=Gửi đi")
        page.click("main form >> text=Gửi đi")
        assert "Đã gửi" in page.inner_text("main")
