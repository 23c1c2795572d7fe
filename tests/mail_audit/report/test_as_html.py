"""The page that stands alone: nothing runs, nothing is fetched, everything is named."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from core.words import LANGUAGES, Language
from mail_audit.report import as_html
from mail_audit.report.terms import CLASS_MEANINGS, HEADINGS, RUNG_MEANINGS
from tests.mail_audit.report import examples

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"


class _Page(HTMLParser):
    """Every element with its attributes, and the text outside the style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.style = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.style += data
        else:
            self.text += data


@pytest.fixture(params=LANGUAGES)
def page(request: pytest.FixtureRequest) -> _Page:
    return _Page(as_html.render(examples.report(), request.param))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_and_the_sentence_are_right(language: Language) -> None:
    page = _Page(as_html.render(examples.report(), language))
    assert page.elements[0] == ("html", {"lang": language})
    sentence = {
        "vi": "50\u00a0% lãnh đạo có dùng thư điện tử công vụ trong tháng 10/2026; số liệu phủ 29/31 ngày.",
        "en": "50% of leaders used official e-mail in October 2026; the figures cover 29 of 31 days.",
    }
    assert sentence[language] in page.text


def test_nothing_runs_and_nothing_is_fetched(page: _Page) -> None:
    tags = {tag for tag, _ in page.elements}
    assert tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"} == set()
    for _, attributes in page.elements:
        assert [name for name in attributes if name in {"style", "src"} or name.startswith("on")] == []
        assert attributes.get("href", "#").startswith("#")
    assert re.findall(r"url\(|@import", page.style) == []


def test_the_policy_allows_the_style_by_its_hash_and_nothing_else(page: _Page) -> None:
    (policy,) = [one["content"] for tag, one in page.elements if one.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_hostile_text_is_only_text(page: _Page) -> None:
    for text in (examples.FORMULA, examples.SCRIPT, "#set page(fill: red)"):
        assert text in page.text
    assert [sign for sign in ("\x1b", "\u202e", "\x07") if sign in page.text] == []


def test_ids_are_unique_and_every_link_and_label_leads_somewhere(page: _Page) -> None:
    ids = Counter(one["id"] for _, one in page.elements if "id" in one)
    assert [name for name, times in ids.items() if times > 1] == []
    wanted = {one["href"][1:] for tag, one in page.elements if tag == "a"}
    wanted |= {one["aria-labelledby"] for _, one in page.elements if "aria-labelledby" in one}
    assert wanted - ids.keys() == set()


def test_landmarks_captions_and_scopes(page: _Page) -> None:
    tags = Counter(tag for tag, _ in page.elements)
    assert (tags["header"], tags["nav"], tags["main"], tags["footer"], tags["h1"]) == (1, 1, 1, 1, 1)
    assert tags["caption"] == tags["table"] == 3
    assert [one for tag, one in page.elements if tag == "th" and "scope" not in one] == []
    scrolling = [one for _, one in page.elements if one.get("class") == "scroll"]
    assert len(scrolling) == 3
    assert [one for one in scrolling if (one["role"], one["tabindex"]) != ("region", "0")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_explained(language: Language) -> None:
    text = _Page(as_html.render(examples.report(), language)).text
    wanted = [*CLASS_MEANINGS.values(), *RUNG_MEANINGS.values(), HEADINGS["cannot_tell"]]
    assert [words for words in wanted if words.to(language) not in text] == []


def test_a_long_list_is_cut_and_says_so() -> None:
    page = _Page(as_html.render(examples.large(5_001), "en"))
    assert "Only 5,000 of 5,001 people are listed" in page.text
    assert sum(one.get("scope") == "row" for tag, one in page.elements if tag == "th") == 5_000 + 200 + 1 + 2


@pytest.fixture(params=[(language, width) for language in LANGUAGES for width in (360, 1280)], ids=str)
def shown(request: pytest.FixtureRequest, browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The page in a window of each width, with everything the console said in `said`."""
    language, width = request.param
    path = tmp_path / "r.html"
    as_html.write(examples.report(), path, language)
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.goto(path.as_uri())
    yield page
    context.close()


@pytest.mark.browser
def test_in_a_browser_it_fits_and_its_policy_lets_its_style_through(shown: Any) -> None:
    assert shown.evaluate("document.documentElement.scrollWidth") == shown.viewport_size["width"]
    assert shown.evaluate("getComputedStyle(document.querySelector('header')).borderBottomWidth") == "6px"
    assert shown.said == []


@pytest.mark.browser
def test_axe_has_nothing_to_object(shown: Any) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    shown.evaluate(AXE.read_text(encoding="utf-8"))
    assert shown.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))") == []
