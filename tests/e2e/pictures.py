"""The pictures of the documentation, made from the pages as they are: `python -m tests.e2e.pictures`.

Those of the first steps are taken on the walks that the tests walk, at one fixed moment, so that they change only where
the pages do; those of the city, of the sample city's audit. WebP by the browser's own encoder.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

import core.db
from core.db import unit_of_work
from core.directory.rosterfile import read_roster
from core.directory.services import create_account, import_roster
from core.permissions import Role, command_line_actor
from core.settings import load
from core.words import Language
from mail_audit.models import Audit
from mail_audit.pipeline import run
from mail_audit.sample import PRESETS, build
from mail_audit.services import store_result
from tests.e2e import course_pictures, training_pictures
from tests.e2e.draft_walk import through_the_guide
from tests.e2e.first_site import first_site
from tests.e2e.first_walks import FINISH, Walk, come_in
from tests.e2e.office import AUTHOR, office
from tests.e2e.site import Line, Site
from tests.house.tree import ROOT
from tests.servers.browser import ARGUMENTS
from tests.web.conftest import NAME, PASSWORD
from web.app import create_app

FOLDER = ROOT / "docs" / "pictures" / "first-steps"
LANGUAGES: tuple[Language, ...] = ("vi", "en")
MOMENT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""A Monday morning."""
WIDTH, HEIGHT, SCALE, QUALITY = 360, 740, 1.5, 0.6
HIGHEST = 1150
END = "Math.ceil(document.querySelector('main')?.getBoundingClientRect().bottom + scrollY || 0)"
"""Where what the page is about ends."""
DRAFTS = ROOT / "docs" / "pictures" / "drafts"
TRAINING = ROOT / "docs" / "pictures" / "training"
CITY = ROOT / "docs" / "pictures"
AS_WEBP = """async ([source, quality]) => {
    const image = new Image(); image.src = source; await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width; canvas.height = image.height;
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', quality).split(',')[1];
}"""


class _Stopped(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _Stopped:
        """`MOMENT`."""
        return cls.fromtimestamp(MOMENT.timestamp(), tz)


def keep(browser: Browser, page: Page, path: Path, at: Locator | None = None) -> None:
    """Write what the window shows to `path`, as WebP: from its top (or `at` a place), and no field has the focus."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    if at is not None:
        at.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 16)")
    shown = base64.b64encode(page.screenshot(animations="disabled")).decode()
    encoder = browser.new_page()
    made = encoder.evaluate(AS_WEBP, [f"data:image/png;base64,{shown}", QUALITY])
    encoder.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(made))


@contextmanager
def _window(browser: Browser, language: Language, site: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, service_workers="block",
        locale=language, base_url=site,
    )  # fmt: skip
    context.add_cookies([{"name": "vanthu_language", "value": language, "url": site}])
    yield context.new_page()
    context.close()


def first_steps(browser: Browser, folder: Path) -> None:
    """The mail, the password and each role's first task, in both languages."""
    for language in LANGUAGES:
        with first_site(folder / language, language) as there:
            for role in FINISH:
                with _window(browser, language, there.site.address) as page:
                    _walked(browser, Walk(page, there), role)


def _walked(browser: Browser, walk: Walk, role: Role) -> None:
    def look(page: Page, name: str) -> None:
        if name == role.value or role is Role.OFFICIAL:  # what is the same for everybody is taken once
            page.set_viewport_size({"width": WIDTH, "height": min(max(HEIGHT, page.evaluate(END)), HIGHEST)})
            keep(browser, page, FOLDER / f"{walk.there.language}-{name}.webp")

    walk.look = look
    come_in(walk, role)
    FINISH[role](walk)


def drafts(browser: Browser, folder: Path) -> None:
    """The drafter's guide, page by page, in both languages."""
    for language in LANGUAGES:

        def look(page: Page, name: str, at: Locator | None, language: Language = language) -> None:
            keep(browser, page, DRAFTS / f"{language}-{name}.webp", at)

        with office(folder / language, browser) as there, _window(browser, language, there.site.address) as page:
            page.context.add_cookies([there.site.cookie(AUTHOR.account)])
            list(through_the_guide(page, look))


def city(browser: Browser, folder: Path) -> None:
    """The sample city's picture, as its inspector sees it, light and dark."""
    plan = PRESETS["small"]
    build(folder, officials=plan.officials, first=plan.first, days=plan.days, layout=plan.layout, volume=plan.volume)
    settings = load({"VANTHU_HOME": str(folder / "home")})
    roster = read_roster(folder / "officials.csv")
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=roster)
        create_account(session, command_line_actor(), name=NAME, password=PASSWORD, role=Role.INSPECTOR)
        audit = Audit(created_by=NAME, created_at=core.db.utc_now(), timezone=settings.timezone, asked_paths=[])
        session.add(audit)
        session.flush()
        measured = run([folder / "logs"], roster)
        store_result(session, audit_id=audit.id, report=measured.report, days=measured.days, actor=NAME)
        audit.state, audit.finished_at = "finished", core.db.utc_now()
    app = create_app(settings)
    line = Line(app)
    site = Site(line, app, settings)
    try:
        for look in ("light", "dark"):
            window = browser.new_context(viewport={"width": 1280, "height": 1000}, color_scheme=look)
            window.add_cookies([site.cookie(NAME)])
            page = window.new_page()
            page.goto(f"{site.address}/city")
            keep(browser, page, CITY / f"city-{look}.webp")
            window.close()
    finally:
        line.cut()
        core.db.forget(settings)


def training(browser: Browser, folder: Path) -> None:
    """Courses, the board, a rule, waves, classes and the effect, in both languages."""
    folder.mkdir()
    site = training_pictures.site_of(folder, core.db.utc_now().date())
    try:
        for language in LANGUAGES:
            for name, page in training_pictures.pages(browser, site, language):
                keep(browser, page, TRAINING / f"{language}-{name}.webp")
                page.context.close()
    finally:
        training_pictures.close(site)


def main() -> None:
    """Make them all anew."""
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium)")
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patched,
        sync_playwright() as playwright,
    ):
        patched.setattr(core.db, "datetime", _Stopped)
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        first_steps(browser, Path(folder) / "town")
        drafts(browser, Path(folder) / "office")
        city(browser, Path(folder) / "city")
        training(browser, Path(folder) / "training")
        browser.close()


if __name__ == "__main__":
    main()
    course_pictures.copy()
