"""The drafter's guide says what the pages say, in both languages, and shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.draft_walk import through_the_guide
from tests.e2e.office import AUTHOR, Office, office
from tests.e2e.test_first_steps import QUOTED
from tests.house.tree import ROOT

DOCS = ROOT / "docs" / "user-drafter.md"
HEADS = {"vi": "## Tiếng Việt", "en": "## English"}


def _guide(language: str) -> str:
    """What it says in that language."""
    (_, vietnamese), english = DOCS.read_text("utf-8").split(HEADS["vi"]), DOCS.read_text("utf-8").split(HEADS["en"])[1]
    return english if language == "en" else vietnamese.split(HEADS["en"])[0]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("language", list(HEADS))
def test_every_word_it_quotes_is_on_the_way(browser: Browser, tmp_path: Path, language: str) -> None:
    there: Office
    with (
        office(tmp_path / "office", browser) as there,
        there.at_the_desk_of(AUTHOR, width=360, language=language) as page,
    ):
        read = " ".join(" ".join(through_the_guide(page, lambda *_: None)).split())
        for further in ("/account", "/documents"):
            page.goto(further)
            read += " ".join(page.inner_text("body").split())
    quoted = {part for one in QUOTED.findall(_guide(language)) for part in " ".join(one.split()).split(" → ")}
    levels = {"mật, tối mật, tuyệt mật"}
    assert len(quoted) > 10
    assert {one for one in quoted - levels if one.rstrip(".") not in read} == set()


@pytest.mark.parametrize("language", list(HEADS))
def test_it_shows_the_pages(language: str) -> None:
    """Small pictures, each with words for who does not see it."""
    shown = re.findall(r"!\[([^\]]{20,})\]\((pictures/drafts/[^)]+)\)", _guide(language))
    assert [path for _, path in shown] == [
        f"pictures/drafts/{language}-{name}.webp" for name in ("write", "faults", "difference", "send")
    ]
    for _, path in shown:
        picture = (ROOT / "docs" / path).read_bytes()
        assert picture[8:12] == b"WEBP"
        assert 5_000 < len(picture) < 80_000, path
