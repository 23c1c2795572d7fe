"""What holds for any two reports."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mail_audit.comparison import Member, Snapshot, compare
from mail_audit.report.model import CLASSES
from tests.mail_audit.comparison.city import OCTOBER, PARENTS, SEPTEMBER, member, snapshot

MIRROR = {"rose": "fell", "fell": "rose", "unchanged": "unchanged", "cannot_compare": "cannot_compare"}


@st.composite
def members(draw: st.DrawFn) -> tuple[Member, ...]:
    numbers = draw(st.lists(st.integers(0, 12), unique=True, max_size=12))
    return tuple(
        member(
            number,
            draw(st.sampled_from(CLASSES)),
            unit=draw(st.sampled_from(sorted(PARENTS))),
            rank=draw(st.sampled_from(("leader", "staff"))),
            days=draw(st.sampled_from((1, 5, 15, 20, 22))),
        )
        for number in numbers
    )


two_reports = st.tuples(
    members().map(lambda people: snapshot(SEPTEMBER, *people)), members().map(lambda people: snapshot(OCTOBER, *people))
)


@given(two_reports)
@settings(deadline=None)
def test_everybody_is_in_exactly_one_place(reports: tuple[Snapshot, Snapshot]) -> None:
    earlier, later = reports
    found = compare(earlier, later)
    joined, left = ({one.official_id for one in some} for some in (found.joined, found.left))
    assert joined == later.members.keys() - earlier.members.keys()
    assert left == earlier.members.keys() - later.members.keys()
    moved = {one.after.official_id for one in found.moved}
    assert moved == {
        key
        for key in earlier.members.keys() & later.members.keys()
        if earlier.members[key].usage_class != later.members[key].usage_class
    }


@given(two_reports)
@settings(deadline=None)
def test_no_trend_without_the_numbers_for_it(reports: tuple[Snapshot, Snapshot]) -> None:
    found = compare(*reports)
    for unit in (*found.units, found.city):
        assert unit is not None
        for change in (unit.leaders, unit.staff):
            assert (change.why is None) == (change.verdict != "cannot_compare")
            if change.verdict == "cannot_compare":
                continue
            assert change.before is not None
            assert change.after is not None
            assert change.before.rate is not None
            assert change.after.rate is not None
            assert change.difference == change.after.rate - change.before.rate
            assert change.verdict == (
                "rose" if change.difference > 1e-9 else "fell" if change.difference < -1e-9 else "unchanged"
            )
            was, now = change.covered_days
            assert was is not None
            assert now is not None
            assert min(was, now) >= 3
            assert min(was, now) >= 0.7 * max(was, now)


@given(two_reports)
@settings(deadline=None)
def test_backwards_says_the_opposite(reports: tuple[Snapshot, Snapshot]) -> None:
    earlier, later = reports
    forth, back = compare(earlier, later), compare(later, earlier)
    mirrored = {unit.unit: unit for unit in back.units}
    for unit in forth.units:
        other = mirrored[unit.unit]
        assert (MIRROR[unit.leaders.verdict], MIRROR[unit.staff.verdict]) == (
            other.leaders.verdict,
            other.staff.verdict,
        )
    assert forth.joined == back.left
    ways = {"better": "worse", "worse": "better", "other": "other", "data": "data"}
    assert {one.after.official_id: ways[one.direction] for one in forth.moved} == {
        one.before.official_id: one.direction for one in back.moved
    }


@given(members())
@settings(deadline=None)
def test_a_report_beside_itself_has_not_changed(people: tuple[Member, ...]) -> None:
    one = snapshot(OCTOBER, *people)
    found = compare(one, one)
    assert (found.moved, found.joined, found.left, found.findings) == ((), (), (), ())
    assert {change.verdict for unit in found.units for change in (unit.leaders, unit.staff)} <= {
        "unchanged",
        "cannot_compare",
    }


@given(members())
@settings(deadline=None)
def test_losing_the_logs_of_anybody_is_never_a_fall_or_a_rise_of_the_others(people: tuple[Member, ...]) -> None:
    """Whoever's server leaves the logs: nobody else's use has changed, so no rank of any unit may be said to have."""
    for lost in people:
        blind = tuple(
            replace(one, usage_class="unknown", covered_days=0, active_days=0) if one is lost else one for one in people
        )
        found = compare(snapshot(SEPTEMBER, *people), snapshot(OCTOBER, *blind))
        for unit in found.units:
            assert {unit.leaders.verdict, unit.staff.verdict} <= {"unchanged", "cannot_compare"}
