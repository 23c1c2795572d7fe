"""The report in words: the sentence, the tree of units, what is cut, and text that can be shown."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from mail_audit.report.headline import headline, rank_sentence
from mail_audit.report.model import CLASSES, RankFigures
from mail_audit.report.picture import picture
from mail_audit.report.readable import readable, readable_text
from mail_audit.report.terms import COLUMNS
from tests.mail_audit.report import examples
from tests.mail_audit.report.examples import rank_figures, unit

BASIS = "the figures cover 29 of 31 days."
OWN_WORDS = {*CLASSES, "leader", "staff", "A", "B", "C", "D", "U", "unlisted", "shared", "service"}


@pytest.mark.parametrize(
    ("leaders", "said"),
    [
        (rank_figures(8, 1), f"13% of leaders used official e-mail in October 2026; {BASIS}"),
        (rank_figures(8, 0), f"0% of leaders used official e-mail in October 2026; {BASIS}"),
        (rank_figures(3, 0, 3), f"The logs cannot tell how many leaders used official e-mail in October 2026; {BASIS}"),
        (rank_figures(0, 0), f"The directory has no leader in post in October 2026; {BASIS}"),
    ],
)
def test_the_headline(leaders: RankFigures, said: str) -> None:
    city = unit("all", leaders, rank_figures(10, 5))
    assert headline(examples.report(city=city)).en == said


def test_days_outside_the_period_do_not_count_as_covered() -> None:
    said = headline(examples.empty())
    assert said.vi == "Danh bạ không có lãnh đạo nào đương chức trong ngày 01/10/2026; số liệu phủ 0/1 ngày."


@pytest.mark.parametrize(
    ("figures", "vi"),
    [
        (rank_figures(25, 12, 1), "Lãnh đạo: 12 trên 24 người có dùng (50 %); 1 người không có dữ liệu."),
        (rank_figures(8, 1), "Lãnh đạo: 1 trên 8 người có dùng (13 %)."),
        (rank_figures(3, 0, 3), "Lãnh đạo: không có dữ liệu về cả 3 người."),
        (rank_figures(0, 0), "Lãnh đạo: không có ai."),
    ],
)
def test_a_rank_in_a_sentence(figures: RankFigures, vi: str) -> None:
    assert rank_sentence(COLUMNS["leaders"], figures).vi.replace("\u00a0", " ") == vi


def test_units_stand_below_their_parents_and_a_ring_is_laid_out_flat() -> None:
    none = rank_figures(0, 0)
    units = (
        unit("a1", none, none, parent="a"),
        unit("ring 1", none, none, parent="ring 2"),
        unit("b", none, none, parent="not there"),
        unit("ring 2", none, none, parent="ring 1"),
        unit("a", none, none),
        unit("a2", none, none, parent="a"),
    )
    shown = picture(examples.report(units=units), "vi").units
    assert [(one.name, one.depth) for one in shown] == [
        ("b", 0),
        ("a", 0),
        ("a1", 1),
        ("a2", 1),
        ("ring 1", 0),
        ("ring 2", 0),
    ]


def test_officials_stand_by_unit_leaders_first_and_a_cut_is_said() -> None:
    shown = picture(examples.report(), "vi", most_officials=4)
    assert [(group.unit, [one.official_id for one in group.rows]) for group in shown.officials] == [
        (examples.CONSTRUCTION, ["CB0001", "CB1000", "CB1001", "CB3000"])
    ]
    assert shown.cut == "Chỉ liệt kê 4 trên 13 người; báo cáo XLSX, CSV và JSON có đủ mọi người."
    assert picture(examples.report(), "vi").cut == ""


def test_unknown_is_a_dash_everywhere_and_never_zero() -> None:
    shown = picture(examples.report(), "vi")
    unknown = shown.officials[-1].rows[0]
    assert (unknown.sent, unknown.received, unknown.opened, unknown.logins, unknown.days) == ("–",) * 5
    district = next(one for one in shown.units if one.name == examples.UNKNOWN_DISTRICT)
    assert (district.leaders.figures, district.leaders.rate, district.leaders.unknown) == ("–", "–", "1")


def test_a_unit_without_leaders_is_not_unknown() -> None:
    shown = picture(examples.report(), "en")
    hostile = next(one for one in shown.units if one.name == examples.SCRIPT)
    assert (hostile.leaders.figures, hostile.leaders.rate, hostile.leaders.unknown) == ("0", "", "")


def test_the_coverage_always_says_how_many_lines_were_not_read() -> None:
    rows = {row.label: row.value for row in picture(examples.report(), "en").coverage}
    assert rows == {
        "Lines read": "4,000,000",
        "Lines that are events": "1,234,567",
        "Lines not of interest": "2,765,430",
        "Lines that could not be read": "3 (<0.1%)",
        "Days covered": "29 of 31 days",
        "Days without logs": "12 October 2026–13 October 2026",
        "Servers": f"mail1.tp.example.gov.vn, {examples.SCRIPT}",
        "Log files": "mail.log.1.gz (a copy, counted in mail.log), mail.log",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nguyễn Văn Ửng", "Nguyễn Văn Ửng"),
        ("50\u00a0%", "50\u00a0%"),
        ("a\u200db", "a\u200db"),
        ("a\x1b[2Jb\x00", "a\ufffd[2Jb\ufffd"),
        ("a\nb", "a\ufffdb"),
        ("\u202eabc\u2066", "\ufffdabc\ufffd"),
        ("x\udc80", "x\ufffd"),
    ],
)
def test_what_cannot_be_shown_is_replaced(text: str, shown: str) -> None:
    assert readable_text(text) == shown


def test_a_clean_report_is_not_copied() -> None:
    clean, hostile = examples.empty(), examples.report()
    assert readable(clean) is clean
    assert readable(hostile) is not hostile
    assert readable(hostile).officials[0] is hostile.officials[0]


def _with_bells(value: Any) -> Any:
    """The value with a bell at the end of every text in it but the report's own words."""
    if isinstance(value, str):
        return value if value in OWN_WORDS else f"{value}\a"
    if isinstance(value, tuple):
        return tuple(map(_with_bells, value))
    if isinstance(value, dict):
        return {key: _with_bells(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _with_bells(getattr(value, one.name)) for one in fields(value)})
    return value


def test_no_text_of_a_report_is_forgotten() -> None:
    spoilt = _with_bells(examples.report(outlook=examples.findings()))
    said = repr(readable(spoilt))
    assert "\\x07" not in said
    assert said.count("\ufffd") >= repr(spoilt).count("\\x07") > 100


def test_long_lists_of_mailboxes_are_counted_instead_of_named() -> None:
    people = tuple(f"CB{number}" for number in range(5))
    shown = picture(examples.report(without_mailbox=people), "en", most_rows=1)
    assert shown.without_mailbox == ("CB0", "and 4 more")
    assert ([row.mailbox for row in shown.unassigned], shown.unassigned_more) == (
        ["vanthu@tp.example.gov.vn"],
        "and 1 more",
    )
    assert picture(examples.report(), "en").unassigned_more == ""
