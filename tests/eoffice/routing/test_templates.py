"""Routes as lines to type, as a picture, and as the data of the first day."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.words import LANGUAGES
from eoffice.documents import ruleset
from eoffice.errors import PlanError
from eoffice.routing import Condition, Plan, Step, Who
from eoffice.routing.lines import RANKS, UNITS, from_lines, to_lines
from eoffice.routing.picture import picture
from eoffice.routing.templates import defaults

NAMES = {"so-y-te": "Sở Y tế", "p1": "Phòng Hành chính", "p2": "Phòng Hành chính", "Sở Y tế 2": "Sở Y tế hai"}
titles = st.sampled_from(
    ["Văn thư", "Giám đốc", *(one.vi for one in RANKS.values()), *(one.en for one in RANKS.values())]
)
people = st.lists(
    st.builds(Who, st.sampled_from([*UNITS, *NAMES, "gone"]), titles, st.none())
    | st.builds(Who, st.sampled_from([*UNITS, *NAMES]), st.none(), st.sampled_from(["leader", "staff"])),
    min_size=1, max_size=4,
)  # fmt: skip


@given(people.filter(lambda found: all(one.unit != "gone" for one in found)), st.sampled_from(LANGUAGES))
def test_what_is_shown_is_read_as_it_was(found: list[Who], language: str) -> None:
    """Whatever post in whatever unit, in either language: the lines of the form are the same people again."""
    lines = to_lines(found, NAMES, language)  # type: ignore[arg-type]
    assert from_lines(lines, NAMES, "1") == [
        {"unit": one.unit, **({"rank": one.rank} if one.rank else {"title": one.title})} for one in found
    ]


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("Văn thư @ Sở Không Có", "there is no unit"),
        ("@ gần nhất", "names no post"),
        ("x @ phòng hành chính", "several"),
    ],
)
def test_a_line_that_means_nobody(line: str, refused: str) -> None:
    with pytest.raises(PlanError, match=refused):
        from_lines(line, NAMES, "2")


def test_typed_as_people_type() -> None:
    typed = " thủ trưởng @ Đơn vị cấp trên \n\nVăn  thư @ NEAREST\nGiám đốc@sở y tế\n"
    assert from_lines(typed, NAMES, "1") == [
        {"unit": "parent", "rank": "leader"},
        {"unit": "nearest", "title": "Văn  thư"},
        {"unit": "so-y-te", "title": "Giám đốc"},
    ]  # fmt: skip


def test_the_picture_says_who_and_when_and_harms_nobody() -> None:
    urgent = Condition("urgency", ("normal",), negated=True)
    hostile = '<script>alert("x")</script>'
    nine = tuple(Who("own", f"Chức vụ {number}" if number else hostile) for number in range(9))
    plan = Plan((
        Step("n_of_m", "opinion", nine, 2, 3, (urgent,)),
        Step("any", "approval", (Who("so-y-te", None, "leader"),)),
    ))  # fmt: skip
    for language, words in (("vi", "ít nhất 2 người"), ("en", "at least 2 of them")):
        drawn = str(picture(plan, NAMES, {"normal": "thường"}, language))  # type: ignore[arg-type]
        tree = ET.fromstring(drawn)
        texts = [one.text or "" for one in tree.iter("text")]
        assert any(words in one for one in texts)
        assert any("Sở Y tế" in one for one in texts)
        assert any("thường" in one for one in texts)
        assert "<script" not in drawn
        assert not re.search(r"\bstyle=|\bon\w+=|href", drawn)
        lowest = max(float(one.get("y", 0)) + float(one.get("height", 0)) for one in tree.iter("rect"))
        assert lowest <= float(tree.get("height", 0))


def test_the_first_day_is_sound() -> None:
    """Each type of document has a route: one of its own, or those for any; content, form and approval in each."""
    known = {key: one.words.vi for key, one in ruleset.load(date(2026, 10, 6)).types.items()}
    found = defaults(known)
    assert sum(one.type is None for one in found) == 2
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert [step.purpose for step in one.plan.steps] == ["content", "form", "approval"]
        assert all(step.days for step in one.plan.steps)
