"""What a council would hear of two periods, and what it must not be told."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from mail_audit.comparison import Comparison, RankChange, compare
from mail_audit.report.model import CLASSES, UsageClass
from tests.mail_audit.comparison.city import (
    BUILDING,
    HEALTH,
    OCTOBER,
    PERMITS,
    SEPTEMBER,
    later,
    leaders,
    member,
    snapshot,
)


def _of(found: Comparison, unit: str = BUILDING) -> RankChange:
    return next(one for one in found.units if one.unit == unit).leaders


def test_two_leaders_began_to_write() -> None:
    found = compare(
        snapshot(SEPTEMBER, *leaders("regular", "none", "none", "machine")),
        snapshot(OCTOBER, *leaders("regular", "occasional", "none", "regular", days=22)),
    )
    change = _of(found)
    assert (change.verdict, change.difference, change.same_people, change.why) == ("rose", 0.5, 0.5, None)
    assert [(one.before.official_id, one.direction, one.why) for one in found.moved] == [
        ("CB2", "better", None),
        ("CB4", "better", None),
    ]
    assert [(one.kind, one.unit) for one in found.findings] == [
        ("better_than_before", None),
        ("better_than_before", BUILDING),
    ]
    assert found.findings[1].text.vi == f"{BUILDING}: lãnh đạo dùng thư tăng từ 1/4 lên 3/4 so với kỳ trước."


def test_a_fall_is_told_as_one_and_the_sub_unit_counts_in_both() -> None:
    found = compare(
        snapshot(SEPTEMBER, *leaders("regular", "regular", "regular", unit=PERMITS)),
        snapshot(OCTOBER, *leaders("regular", "none", "none", unit=PERMITS)),
    )
    assert [_of(found, unit).verdict for unit in (PERMITS, BUILDING)] == ["fell", "fell"]
    assert [_of(found, unit).difference for unit in (PERMITS, BUILDING)] == pytest.approx([-2 / 3, -2 / 3])
    assert _of(found, HEALTH).verdict == "cannot_compare"


def test_a_week_beside_a_month_is_no_trend() -> None:
    """On more days more people are seen once: the same city seems to use e-mail more."""
    found = compare(
        snapshot(SEPTEMBER, *leaders("regular", "none", "none", days=5)),
        snapshot(OCTOBER, *leaders("regular", "occasional", "occasional", days=22)),
    )
    change = _of(found)
    assert (change.verdict, change.covered_days) == ("cannot_compare", (5, 22))
    assert change.difference == pytest.approx(2 / 3)
    assert change.why is not None
    assert "5 và 22 ngày" in change.why.vi
    assert "5 and 22 days" in change.why.en
    assert found.findings == ()
    assert [one.why is not None for one in found.moved] == [True, True]


def test_two_days_are_too_few() -> None:
    few = leaders("regular", "none", days=2)
    change = _of(compare(snapshot(SEPTEMBER, *few), snapshot(OCTOBER, *few)))
    assert change.why is not None
    assert (change.verdict, change.why.en) == (
        "cannot_compare",
        "Too few working days are in the logs (2 and 2 days) to compare.",
    )


def test_a_server_that_came_into_the_logs_makes_no_rise() -> None:
    """Two leaders nobody knew of before turn out to write every day: that is the logs' doing, not theirs."""
    found = compare(
        snapshot(SEPTEMBER, *leaders("regular", "none", "none", "unknown", "unknown")),
        snapshot(OCTOBER, *leaders("regular", "none", "none", "regular", "regular")),
    )
    change = _of(found)
    assert (change.verdict, change.same_people) == ("cannot_compare", 0.0)
    assert change.why is not None
    assert "2 người" in change.why.vi
    assert [one.direction for one in found.moved] == ["data", "data"]
    assert found.findings == ()


def test_one_of_ten_without_data_does_not_hide_what_nine_did() -> None:
    nine: tuple[list[UsageClass], list[UsageClass]] = (["none"] * 9, ["regular"] * 9)
    before, after = leaders(*nine[0], "unknown"), leaders(*nine[1], "regular")
    change = _of(compare(snapshot(SEPTEMBER, *before), snapshot(OCTOBER, *after)))
    assert (change.verdict, change.same_people) == ("rose", 1.0)


def test_those_never_known_do_not_stand_in_the_way() -> None:
    before = leaders("none", "none", "none", "unknown", "unknown", "unknown")
    after = leaders("none", "none", "regular", "unknown", "unknown", "unknown")
    assert _of(compare(snapshot(SEPTEMBER, *before), snapshot(OCTOBER, *after))).verdict == "rose"


def test_other_people_are_another_unit() -> None:
    found = compare(
        snapshot(SEPTEMBER, *leaders("none", "none", "none", "none")),
        snapshot(OCTOBER, *leaders("regular", "regular", "regular", "none", first=4)),
    )
    change = _of(found)
    assert change.verdict == "cannot_compare"
    assert change.why is not None
    assert "Only 1 were there in both periods (4 before, 4 after)" in change.why.en
    assert [one.official_id for one in found.joined] == ["CB5", "CB6", "CB7"]
    assert [one.official_id for one in found.left] == ["CB1", "CB2", "CB3"]


def test_somebody_who_changed_units_neither_joined_nor_left_the_city() -> None:
    before, after = member(1, "regular"), member(1, "none", unit=HEALTH)
    found = compare(snapshot(SEPTEMBER, before), snapshot(OCTOBER, after))
    assert (found.joined, found.left) == ((), ())
    assert [(one.before.unit, one.after.unit, one.direction) for one in found.moved] == [(BUILDING, HEALTH, "worse")]
    assert (_of(found).verdict, _of(found, HEALTH).verdict) == ("cannot_compare", "cannot_compare")


def test_a_unit_of_one_period_only() -> None:
    before = snapshot(SEPTEMBER, *leaders("regular", "none", "none"))
    after = snapshot(OCTOBER, *leaders("regular", "regular", "none"))
    found = compare(replace(before, units=before.units[:2]), replace(after, units=after.units[1:]))
    assert [(one.unit, one.presence) for one in found.units] == [(PERMITS, "both"), (HEALTH, "new"), (BUILDING, "gone")]
    assert {one.leaders.verdict for one in found.units} == {"cannot_compare"}


def test_what_a_reader_must_know_first() -> None:
    zone = replace(later(SEPTEMBER, 10), timezone="UTC")
    found = compare(snapshot(SEPTEMBER, covered=28), snapshot(zone))
    assert [note.en for note in found.notes] == [
        "The periods share 20 days: what both hold hides a part of the change.",
        "The days of the two are those of different time zones (Asia/Ho_Chi_Minh and UTC).",
        "The earlier period is covered on 28 of 30 days.",
    ]
    assert compare(snapshot(SEPTEMBER), snapshot(OCTOBER)).notes == ()


LEVELS: dict[UsageClass, int] = {
    "regular": 2, "occasional": 1, "delegated": 0, "forwarded": 0, "machine": 0, "none": 0,
}  # fmt: skip


@pytest.mark.parametrize("before", CLASSES)
@pytest.mark.parametrize("after", CLASSES)
def test_every_way_from_class_to_class(before: UsageClass, after: UsageClass) -> None:
    found = compare(snapshot(SEPTEMBER, member(1, before)), snapshot(OCTOBER, member(1, after)))
    if before == after:
        assert found.moved == ()
        return
    if "unknown" in {before, after}:
        expected = "data"
    else:
        step = LEVELS[after] - LEVELS[before]
        expected = "better" if step > 0 else "worse" if step < 0 else "other"
    assert [one.direction for one in found.moved] == [expected]


def test_the_table_of_levels_has_every_class() -> None:
    assert {*LEVELS, "unknown"} == set(get_args(UsageClass))
