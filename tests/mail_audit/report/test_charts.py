"""The pictures: figures in their text alternatives, nothing a strict policy refuses, no state by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from mail_audit.report import charts
from mail_audit.report.model import RankFigures
from mail_audit.report.terms import DAY_STATES, DAY_WORDS, DayState
from tests.mail_audit.report.examples import rank_figures


@dataclass(frozen=True)
class Week:
    start: date
    leaders_using: int
    leaders_total: int
    staff_using: int
    staff_total: int
    covered: bool


@dataclass(frozen=True)
class Day:
    day: date
    state: DayState


WEEKS = tuple(
    Week(date(2026, 10, 5) + timedelta(weeks=number), number, 10, 2 * number, 10, number != 2) for number in range(5)
)


def _tree(markup: Markup) -> ET.Element:
    """The drawing as a tree; anything that is not well-formed fails here."""
    return ET.fromstring(f"<root>{markup}</root>")


ALL = {
    "bar": charts.bar(rank_figures(8, 1), "leaders", "vi"),
    "pair": charts.bar_pair(rank_figures(8, 1), rank_figures(3, 0, 3), "en"),
    "line": charts.weekly_line(WEEKS, "vi"),
    "table": charts.weekly_table(WEEKS, "en"),
    "calendar": charts.calendar([Day(date(2026, 10, 1), "acted")], "vi", link=lambda day: f"/ngày/{day}?a=1&b=\"'<"),
    "legend": charts.legend("vi"),
}


@pytest.mark.parametrize("name", ALL)
def test_nothing_a_strict_policy_refuses(name: str) -> None:
    for element in _tree(ALL[name]).iter():
        assert element.tag not in {"script", "style", "foreignObject", "image", "use"}
        assert [key for key in element.attrib if key == "style" or key.startswith("on")] == []


@pytest.mark.parametrize("name", ["bar", "pair", "line"])
def test_a_drawing_is_an_image_with_words(name: str) -> None:
    (svg,) = _tree(ALL[name])
    assert (svg.attrib["role"], bool(svg.attrib["aria-label"])) == ("img", True)


def test_a_bar_is_as_wide_as_its_rate_and_says_its_figures() -> None:
    (svg,) = _tree(charts.bar(rank_figures(8, 1), "leaders", "en"))
    assert svg.attrib["aria-label"] == "Leaders: 1 of 8 using (13%)."
    assert [(rect.attrib["class"], rect.attrib["width"]) for rect in svg] == [
        ("vt-bar__track", "100"),
        ("vt-bar__leaders", "12.50"),
    ]


@pytest.mark.parametrize(
    ("figures", "classes"),
    [
        (rank_figures(3, 0, 3), ["vt-bar__unknown"]),
        (rank_figures(3, 0), ["vt-bar__track"]),
        (rank_figures(0, 0), []),
        (rank_figures(3, 3), ["vt-bar__track", "vt-bar__staff"]),
    ],
)
def test_unknown_zero_and_nobody_look_different(figures: RankFigures, classes: list[str]) -> None:
    (svg,) = _tree(charts.bar(figures, "staff", "vi"))
    assert [rect.attrib["class"] for rect in svg] == classes


def test_a_week_without_logs_breaks_the_lines_and_is_said() -> None:
    (svg,) = _tree(charts.weekly_line(WEEKS, "en"))
    assert len(list(svg.iter("polyline"))) == 4
    assert [rect.attrib["class"] for rect in svg.iter("rect") if "class" in rect.attrib] == ["vt-line__gap"]
    assert svg.attrib["aria-label"] == (
        "Share using it, week by week. Leaders: 0% (5 Oct), 40% (2 Nov). Staff: 0% (5 Oct), 80% (2 Nov). "
        "No data for 1 week."
    )
    rows = [[cell.text for cell in row] for row in _tree(charts.weekly_table(WEEKS, "en")).iter("tr")]
    assert rows[1] == ["5 October 2026", "0/10 (0%)", "0/10 (0%)"]
    assert rows[3] == ["19 October 2026", "no data", "no data"]


def test_one_week_and_none() -> None:
    assert len(list(_tree(charts.weekly_line(WEEKS[:1], "vi")).iter("circle"))) == 2
    assert charts.weekly_line((), "vi") == ""


def test_a_calendar_puts_each_day_under_its_weekday() -> None:
    days = [Day(date(2026, 10, 1), "acted"), Day(date(2026, 10, 14), "no_data"), Day(date(2026, 11, 1), "day_off")]
    october, november = _tree(charts.calendar(days, "vi"))
    assert [table[0].text for table in (october, november)] == ["Tháng 10/2026", "Tháng 11/2026"]
    rows = [["".join(cell.itertext()) for cell in row] for row in october.iter("tr")]
    assert rows == [
        ["T2", "T3", "T4", "T5", "T6", "T7", "CN"],
        ["", "", "", "1", "", "", ""],
        ["", "", "14", "", "", "", ""],
    ]
    (square,) = [one for one in november.iter("span") if "class" in one.attrib]
    assert square.attrib == {"class": "vt-day vt-day--day_off", "title": "01/11/2026: ngày nghỉ"}


def test_a_day_opens_what_the_link_says() -> None:
    (link,) = _tree(ALL["calendar"]).iter("a")
    assert link.attrib["href"] == "/ngày/2026-10-01?a=1&b=\"'<"
    days = [Day(date(2026, 10, 1), "acted")]
    assert list(_tree(charts.calendar(days, "vi", link=lambda _: None)).iter("a")) == []


def test_every_state_has_its_own_shape_and_words() -> None:
    signs = {state: charts.day_sign(state, "en") for state in DAY_STATES}
    shapes = {str(sign).split(">", 1)[1] for sign in signs.values()}
    assert len(shapes) == len(DAY_STATES)
    for state, sign in signs.items():
        assert f'aria-label="{DAY_WORDS[state].en}"' in sign
