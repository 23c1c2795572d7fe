"""The rules of the findings as a truth table: when each is said, when it is not, and with which numbers."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from mail_audit.findings import compare, find
from mail_audit.report.model import CLASSES, Coverage, Finding, Period, RankFigures, Report, UnitFigures
from tests.mail_audit.report.examples import official


def rank(using: int, total: int, unknown: int = 0) -> RankFigures:
    known = total - unknown
    return RankFigures(total, using, unknown, using / known if known else None)


def unit(
    leaders: tuple[int, ...] = (0, 0), staff: tuple[int, ...] = (0, 0), name: str = "Sở X", parent: str | None = None
) -> UnitFigures:
    return UnitFigures(name, parent, rank(*leaders), rank(*staff), dict.fromkeys(CLASSES, 0), 0)


def said(*units: UnitFigures, received: dict[str, int] | None = None) -> list[tuple[str, str | None]]:
    """(kind, unit) of the findings, without the city's own."""
    found = find(unit(name=""), units, (), received or {})
    assert all(one.text.vi.endswith(".") and one.text.en.endswith(".") for one in found)
    return [(one.kind, one.unit) for one in found]


TABLE: dict[str, tuple[tuple[int, ...], tuple[int, ...], set[str]]] = {
    # case: leaders (using, total, unknown), staff, what is said
    "nobody": ((0, 2), (0, 9), {"nobody_uses"}),
    "nobody in a unit of two says nothing of units": ((0, 1), (0, 1), set()),
    "nobody is known": ((0, 2, 2), (0, 9, 9), set()),
    "nobody of those who are known": ((0, 2), (0, 9, 8), {"nobody_uses"}),
    "one leader alone": ((1, 2), (0, 9), {"single_user"}),
    "one specialist alone": ((0, 2), (1, 9), {"single_user"}),
    "the leaders and nobody else": ((2, 2), (0, 9), {"leaders_not_staff"}),
    "the leaders, and two specialists are too few to tell": ((2, 2), (0, 2), set()),
    "all leaders and some of the staff": ((2, 2), (3, 9), {"staff_behind"}),
    "all leaders and most of the staff": ((2, 2), (7, 9), set()),
    "the staff and no leader": ((0, 2), (5, 9), {"staff_not_leaders"}),
    "the staff and nobody knows of the leaders": ((0, 2, 2), (5, 9), set()),
    "all but a leader": ((1, 2), (9, 9), {"all_but_one"}),
    "all but one of the staff": ((2, 2), (8, 9), {"all_but_one"}),
    "all": ((2, 2), (9, 9), set()),
    "all who are known, and one of whom nothing is": ((2, 2), (8, 9, 1), set()),
    "some of each": ((1, 3), (4, 9), set()),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_unit(case: str) -> None:
    leaders, staff, expected = TABLE[case]
    assert {kind for kind, _ in said(unit(leaders, staff))} == expected


def test_all_figures_are_those_of_the_unit() -> None:
    (found,) = (one for one in find(unit(name=""), [unit((1, 2), (0, 9))], (), {}) if one.unit)
    assert found.figures == {
        "leaders_total": 2, "leaders_using": 1, "leaders_rate": 0.5,
        "staff_total": 9, "staff_using": 0, "staff_rate": 0.0,
    }  # fmt: skip
    assert found.text.vi == "Sở X: trong 11 người chỉ có một lãnh đạo dùng thư điện tử công vụ."
    assert found.text.en == "Sở X: of 11 people only one leader uses official e-mail."


def test_what_holds_for_a_department_is_not_said_of_its_offices() -> None:
    """In whatever order the directory names them."""
    units = [
        unit((0, 2), (0, 9)),
        unit((0, 1), (0, 4), "Phòng A", "Sở X"),
        unit((0, 1), (0, 3), "Tổ B", "Phòng A"),
        unit((0, 2), (0, 9), "Sở Y"),
    ]
    for order in itertools.permutations(units):
        assert set(said(*order)) == {("nobody_uses", "Sở X"), ("nobody_uses", "Sở Y")}


def test_an_office_that_differs_from_its_department() -> None:
    assert said(unit((2, 4), (3, 9)), unit((0, 1), (0, 3), "Phòng A", "Sở X")) == [("nobody_uses", "Phòng A")]


def test_lowest_and_highest() -> None:
    """Among units with at least three leaders known; neither where all are alike."""
    low, high, small = unit((1, 4), (3, 9), "L"), unit((3, 4), (3, 9), "H"), unit((0, 2), (1, 9), "S")
    assert [one for one in said(low, high, small) if "unit" in one[0]] == [("worst_unit", "L"), ("best_unit", "H")]
    assert [one for one in said(low, replace(low, unit="M")) if "unit" in one[0]] == []
    assert [one for one in said(low) if "unit" in one[0]] == []
    tied = find(unit(name=""), [low, replace(low, unit="M"), high], (), {})
    assert next(one for one in tied if one.kind == "worst_unit").text.en.endswith("25% (shared by 1 more).")


def test_the_unit_citizens_write_to() -> None:
    """Most mail from outside; a unit above others is not it, one with sub-units of its own counts itself."""
    parent, child = unit((1, 4), (3, 9), "Thành phố"), unit((1, 4), (3, 9), "Sở X", "Thành phố")
    asked = said(
        parent, child, unit((1, 4), (3, 9), "Sở Y", "Thành phố"), received={"Thành phố": 90, "Sở X": 50, "Sở Y": 40}
    )
    assert ("most_asked_unit", "Sở X") in asked
    assert "most_asked_unit" not in {kind for kind, _ in said(parent, child)}


def test_the_city() -> None:
    """The rate of the leaders, how many are of each class that is no use, and who has no mailbox."""
    people = [
        official(usage_class=one) for one in ("forwarded", "machine", "machine", "delegated", "unknown", "regular")
    ]
    city = replace(unit((1, 2), (0, 4, 1), ""), no_mailbox=3)
    found = {one.kind: one for one in find(city, (), people, {})}
    assert {kind: one.figures.get("officials") for kind, one in found.items()} == {
        "leaders_rate": None, "forwarded": 1, "machine": 2, "delegated": 1, "unknown": 1, "no_mailbox": 3,
    }  # fmt: skip
    assert found["leaders_rate"].text.en == "50% of the leaders use official e-mail (1/2)."
    assert find(None, (), people, {}) == ()
    assert "leaders_rate" not in {one.kind for one in find(unit((0, 2, 2), (0, 0), ""), (), (), {})}


def report(*units: UnitFigures) -> Report:
    cover = Coverage(1, 1, 0, 0, (), (), (), (), ())
    period = Period(date(2026, 10, 1), date(2026, 10, 31), "Asia/Ho_Chi_Minh", 22)
    return Report(period, cover, (), units, (), (), ())


def changed(before: Report, now: Report) -> list[tuple[str, str | None, object]]:
    found: tuple[Finding, ...] = compare(before.units, now.units)
    return [(one.kind, one.unit, one.figures["change"]) for one in found]


def test_better_and_worse_than_before() -> None:
    before = report(unit((1, 4), name="A"), unit((3, 4), name="B"), unit((2, 4), name="C"), unit((0, 4, 4), name="D"))
    now = report(unit((2, 4), name="A"), unit((1, 4), name="B"), unit((2, 4), name="C"), unit((4, 4), name="D"))
    assert changed(before, now) == [("better_than_before", "A", 0.25), ("worse_than_before", "B", -0.5)]
    assert changed(now, now) == []
    assert changed(before, report(unit((4, 4), name="new"))) == []
    said = compare(before.units, now.units)
    assert said[0].text.vi == "A: lãnh đạo dùng thư tăng từ 1/4 lên 2/4 so với kỳ trước."
    assert said[1].text.en == "B: leaders who use e-mail fell from 3/4 to 1/4 since last period."
