"""Who has only the log-in mail gets to the first finished task in three steps, whatever the role; and the docs show it.

On a telephone, in both languages; the mail goes by SMTP and its link is pressed as a mail client shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from core.permissions import Role
from tests.e2e.first_site import FirstSite, first_site
from tests.e2e.first_walks import FINISH, Walk, come_in
from tests.house.tree import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST_STEPS = 3
DOCS = ROOT / "docs" / "first-steps.md"
QUOTED = re.compile(r"(?<![*\w])\*([^*]+)\*(?![*\w])")


@pytest.fixture(scope="module", params=["vi", "en"])
def there(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstSite]:
    with first_site(tmp_path_factory.mktemp("first"), request.param) as started:
        yield started


@pytest.fixture
def page(browser: Browser, there: FirstSite) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 800}, service_workers="block")
    context.add_cookies([{"name": "vanthu_language", "value": there.language, "url": there.site.address}])
    yield context.new_page()
    context.close()


def _section(language: str, role: Role) -> str:
    """What the guide says in this language of the role; what is the same for everybody stands under `all`."""
    parts = re.split(r'^<a id="(vi|en)-(\w+)"></a>$', DOCS.read_text("utf-8"), flags=re.MULTILINE)
    found = {(parts[at], parts[at + 1]): parts[at + 2] for at in range(1, len(parts), 3)}
    return found[language, "all"] + found[language, role.value]


@pytest.mark.parametrize("role", list(FINISH), ids=str)
def test_three_steps_from_the_mail(page: Page, there: FirstSite, role: Role) -> None:
    """At most three pages are asked for; every sentence that the guide quotes was read on the way."""
    walk = Walk(page, there)
    come_in(walk, role)
    FINISH[role](walk)
    assert 0 < len(walk.steps) <= MOST_STEPS, walk.steps
    quoted = QUOTED.findall(_section(there.language, role))
    assert quoted
    read = "\n".join(walk.seen)
    assert [one for one in quoted if " ".join(one.split()) not in read] == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("role", list(FINISH), ids=str)
def test_the_guide_shows_a_picture(language: str, role: Role) -> None:
    """Small, with words for who does not see it, and there."""
    shown = dict(re.findall(r"!\[([^\]]{20,})\]\((pictures/[^)]+)\)", _section(language, role)))
    assert f"pictures/first-steps/{language}-{role.value}.webp" in shown.values()
    for path in shown.values():
        picture = (ROOT / "docs" / path).read_bytes()
        assert picture[8:12] == b"WEBP"
        assert 5_000 < len(picture) < 80_000, path
