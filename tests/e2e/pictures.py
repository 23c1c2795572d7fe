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
from playwright.sync_api import Browser, Page, sync_playwright

import core.db
from core.permissions import Role
from core.words import Language
from tests.e2e.conftest import ARGUMENTS
from tests.e2e.first_site import first_site
from tests.e2e.first_walks import FINISH, Walk, come_in
from tests.house.tree import ROOT

FOLDER = ROOT / "docs" / "pictures" / "first-steps"
LANGUAGES: tuple[Language, ...] = ("vi", "en")
MOMENT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""A Monday morning."""
WIDTH, HEIGHT, SCALE, QUALITY = 360, 740, 1.5, 0.8
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
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """`MOMENT`."""
        return MOMENT.astimezone(tz)


def keep(browser: Browser, page: Page, path: Path) -> None:
    """Write what the window shows to `path`, as WebP."""
    shown = base64.b64encode(page.screenshot(animations="disabled")).decode()
    encoder = browser.new_page()
    made = encoder.evaluate(AS_WEBP, [f"data:image/png;base64,{shown}", QUALITY])
    encoder.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(made))


@contextmanager
def _window(browser: Browser, language: Language, site: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, service_workers="block", locale=language
    )
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
            keep(browser, page, FOLDER / f"{walk.there.language}-{name}.webp")

    walk.look = look
    come_in(walk, role)
    FINISH[role](walk)


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
        first_steps(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
