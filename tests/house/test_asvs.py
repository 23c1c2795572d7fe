"""The checklist of OWASP ASVS 5.0 in the documentation: whole, in its order, each row with its test or reason.

The titles are the standard's own; that the tests are there is held by `test_docs`.
"""

from __future__ import annotations

import re

import pytest

from tests.house.tree import ROOT

SECTIONS = (5, 4, 7, 4, 4, 8, 6, 4, 2, 7, 7, 3, 4, 3, 4, 5, 3)
"""Of each chapter of the standard: how many sections it has."""
STANDINGS = "held|by reason|not applicable|open"
ROW = re.compile(rf"^\| V(\d+)\.(\d+) ([A-Z][^|]*?) \| ({STANDINGS}) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`tests/[\w/]+\.py`")
LONGEST = 500


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, ...]]:
    """Chapter, section, title, standing, and what it says, of every row."""
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    table = page[page.index("## OWASP ASVS 5.0") :].partition("\n## ")[0]
    found = ROW.findall(table)
    assert len(found) == len(re.findall(r"^\| V\d", table, re.MULTILINE)), "a row has another form than the others"
    return found


def test_no_section_is_missing(rows: list[tuple[str, ...]]) -> None:
    expected = [(str(chapter), str(one)) for chapter, last in enumerate(SECTIONS, 1) for one in range(1, last + 1)]
    assert [row[:2] for row in rows] == expected


def test_what_is_held_names_its_tests_and_the_rest_its_reason(rows: list[tuple[str, ...]]) -> None:
    def says_enough(standing: str, said: str) -> bool:
        return bool(TEST.search(said)) if standing == "held" else len(TEST.sub("", said).strip(" ,;")) >= 10

    assert [f"V{chapter}.{one}" for chapter, one, _, standing, said in rows if not says_enough(standing, said)] == []
    assert max(len(said) for *_rest, said in rows) <= LONGEST
