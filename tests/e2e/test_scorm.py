"""A SCORM lesson in a real browser with two origins: learnt, left, resumed, passed; and one that tries to get out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from sqlalchemy import select

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.services import create_account
from core.permissions import Role, command_line_actor
from tests.e2e.conftest import NOTE_VIOLATIONS
from tests.e2e.scorm_lesson import BAD, GOOD
from tests.e2e.site import OFFICIAL, Site, serving
from tests.e2e.test_walk import NARROW, look_at
from tests.servers.loopback import free_port
from tests.web.conftest import PASSWORD
from training.models import ScormReportRow, StepDoneRow
from training.moments import Moment
from training.services.assigning import assign_by_hand
from training.services.scorm.taking import take

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HR, LESSONS = "nhan.su", "lessons.localhost"  # browsers know every name below localhost
SECONDS = 60


@dataclass
class Heard:
    """What the servers were asked: host, method and path, cookies."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def of(self, host: str) -> list[tuple[str, str]]:
        return [(what, cookies) for name, what, cookies in self.asked if name.startswith(host)]


@dataclass(frozen=True, slots=True)
class School:
    """The pages at 127.0.0.1, the second origin at another name of loopback, and what was asked of both."""

    site: Site
    heard: Heard
    lessons: dict[str, str] = field(default_factory=dict)

    def assigned(self, package: bytes, title: str) -> str:
        """Take a package in and give it to the official, once; the address of its lesson."""
        if title not in self.lessons:
            self.lessons[title] = self._assigned(package, title)
        return self.lessons[title]

    def _assigned(self, package: bytes, title: str) -> str:
        now = utc_now()
        moment = Moment(now, day_in(self.site.settings.timezone, now))
        actor = command_line_actor()
        with unit_of_work(self.site.settings) as session:
            key = take(session, actor, file=BytesIO(package), into=None, moment=moment).course_key
            given = assign_by_hand(
                session, actor, official_id="CB1", course_key=key, due_on=moment.today + timedelta(days=14),
                reason="Theo kết quả tháng 10.", moment=moment,
            )  # fmt: skip
        return f"/learning/{given}/packages/{title}"

    def report(self) -> ScormReportRow | None:
        with unit_of_work(self.site.settings) as session:
            found = session.scalars(select(ScormReportRow).order_by(ScormReportRow.last_at.desc())).first()
            session.expunge_all()
            return found


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder, port, heard = tmp_path_factory.mktemp("scorm"), free_port(), Heard()
    (folder / "home").mkdir()
    (folder / "home" / "vanthu.toml").write_text(f'[training.scorm]\norigin = "http://{LESSONS}:{port}"\n', "utf-8")
    with serving(folder, port) as site:
        with unit_of_work(site.settings) as session:
            create_account(session, command_line_actor(), name=HR, password=PASSWORD, role=Role.HR)
        answer = site.app.wsgi_app

        def noted(environ: WSGIEnvironment, start_response: StartResponse) -> object:
            what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
            heard.asked.append((environ["HTTP_HOST"], what, environ.get("HTTP_COOKIE", "")))
            return answer(environ, start_response)

        site.app.wsgi_app = noted  # type: ignore[assignment, method-assign]
        yield School(site, heard)


@contextmanager
def window(
    browser: Browser,
    site: Site,
    name: str,
    *,
    language: str = "vi",
    width: int = NARROW,
    scripts: bool = True,
    workers: bool = False,
) -> Iterator[tuple[Page, list[str]]]:
    """A window of somebody who is logged in, and what the browser complained of in it."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        service_workers="allow" if workers else "block",
        java_script_enabled=scripts,
    )
    context.add_init_script(NOTE_VIOLATIONS)
    context.add_cookies([{"name": "vanthu_language", "value": language, "url": site.address}, site.cookie(name)])
    page, wrong = context.new_page(), []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield page, wrong
    context.close()


def lesson_in(page: Page) -> Frame:
    """The lesson's own frame, when it has begun."""
    page.frame_locator(".vt-scorm__frame").frame_locator("iframe").locator("body").wait_for(timeout=SECONDS * 1000)
    (found,) = [one for one in page.frames if "/files/index.html" in one.url]
    return found


def eventually(page: Page, wanted: Callable[[], bool], what: str) -> None:
    for _ in range(SECONDS * 20):
        if wanted():
            return
        page.wait_for_timeout(50)
    raise AssertionError(what)


def test_learnt_left_resumed_and_passed(browser: Browser, school: School, axe: str) -> None:
    site = school.site
    lesson = school.assigned(GOOD, "an-toan-thong-tin")
    with window(browser, site, OFFICIAL) as (page, wrong):
        page.goto(site.address + lesson)
        inside = lesson_in(page)
        expect(inside.locator("#entry")).to_have_text("ab-initio")
        assert inside.text_content("#name") == "Nguyễn Thị Ngọc Ánh"
        found = look_at(page, axe, colours=True)
        assert (found, wrong) == ({}, [])
        inside.click("#next")
        expect(page.locator("[data-scorm-status]")).to_contain_text("chưa học xong", timeout=SECONDS * 1000)
        page.close(run_before_unload=True)  # the window is closed, in the middle
        other = page.context.new_page()
        eventually(other, lambda: bool((row := school.report()) and row.finished), "its last words arrive")
        row = school.report()
        assert row is not None
        assert (row.values["cmi.core.lesson_location"], row.values["cmi.suspend_data"]) == ("2", "câu 1: đúng")
        assert row.values["cmi.core.exit"] == "suspend"
        assert not [name for name in row.values if "interactions" in name]

        other.goto(site.address + lesson)
        inside = lesson_in(other)
        expect(inside.locator("#entry")).to_have_text("resume")
        assert inside.text_content("#place") == "2"
        assert inside.text_content("#kept") == "câu 1: đúng"
        inside.click("#answer")
        expect(other.locator("[data-scorm-status]")).to_contain_text("đạt, 90 điểm", timeout=SECONDS * 1000)
        other.click("main >> text=Tất cả các bước")
        other.wait_for_url(site.address + lesson.partition("/packages")[0])
        expect(other.locator("main")).to_contain_text("xong, theo gói học báo")
        after = school.report()
        assert after is not None
        assert after.finished, "what the lesson wrote when it was left"
        assert after.before == row.spent
    with unit_of_work(site.settings) as session:
        assert session.scalars(select(StepDoneRow.kind)).one() == "scorm"
    apart = school.heard.of(f"{LESSONS}:{site.line.port}")
    assert len(apart) > 10
    assert {cookies for _what, cookies in apart} == {""}, "no cookie of ours reaches the second origin"
    with window(browser, site, HR, language="en", width=1280) as (page, wrong):
        page.goto(f"{site.address}/training")
        expect(page.locator("main")).to_contain_text("SCORM package reports: passed, score 90")
        page.goto(f"{site.address}/courses")
        assert page.locator("select[name=into]").is_visible()
        found = look_at(page, axe, colours=False)
        assert (found, wrong) == ({}, [])


_EVERYTHING_THERE = "() => Promise.all([navigator.serviceWorker.ready, document.fonts.ready]).then(() => null)"
"""What the page itself asks for, its worker beside it as well, has come: whoever asks from now on is the lesson."""


def test_a_lesson_cannot_get_out(browser: Browser, school: School) -> None:
    site = school.site
    lesson = school.assigned(BAD, "ke-xau")
    with window(browser, site, OFFICIAL, workers=True) as (page, _wrong):
        page.goto(site.address + lesson)
        inside = lesson_in(page)
        page.evaluate(_EVERYTHING_THERE)
        before = len(school.heard.of("127.0.0.1:"))
        found = inside.evaluate("site => attack(site)", site.address)
        assert found == dict.fromkeys(found, "refused")
        assert len(found) == 13
        page.wait_for_timeout(300)
        assert page.url == site.address + lesson
        assert len(page.context.pages) == 1
        assert school.heard.of("127.0.0.1:")[before:] == [], "nothing of ours was asked"
        assert "chưa" not in (page.text_content("[data-scorm-status]") or "")
        with unit_of_work(site.settings) as session:
            assert session.scalars(select(ScormReportRow).where(ScormReportRow.key == "ke-xau")).first() is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_without_scripts_it_says_what_to_do(browser: Browser, school: School, axe: str, language: str) -> None:
    lesson = school.site.address + school.assigned(BAD, "ke-xau")
    said = {"vi": "trình duyệt có bật JavaScript", "en": "Open it in a browser with scripts"}[language]
    with window(browser, school.site, OFFICIAL, language=language, scripts=False) as (page, wrong):
        page.goto(lesson)
        expect(page.locator("main")).to_contain_text(said)
        assert page.locator("iframe").count() == 0
        assert wrong == []
    if language == "en":
        return  # the same page with other words
    with window(browser, school.site, OFFICIAL, language=language) as (page, _wrong):
        page.route("**/scorm.js*", lambda asked: asked.abort())  # axe itself needs scripts
        page.goto(lesson)
        expect(page.locator("main")).to_contain_text(said)
        assert look_at(page, axe, colours=False) == {}
