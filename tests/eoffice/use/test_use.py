"""Figures of use: what a story says, what holds of any history, and that every way of asking says the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.errors import InputError, NotFoundError
from core.permissions import WHOLE, Actor, Granted, Role
from eoffice.models import LookRow
from eoffice.queries.use import (
    OfficialUse,
    UsePeriod,
    classes_in,
    official_use,
    officials_use,
    units_use,
    use_coverage,
    whole_use,
)
from tests.eoffice.use.history import (
    FIRST,
    LAST,
    PEOPLE,
    PERIOD,
    START,
    UNITS,
    ZONE,
    Act,
    Turn,
    truth,
    write,
)

pytestmark = pytest.mark.slow

AUDITOR = Actor("kiemtra", frozenset({Role.AUDITOR}))
IN_PERIOD = int((PERIOD.begin - START).total_seconds() // 60) + 24 * 60 + 60
"""Tuesday of the first week, eight in the morning, in minutes after the beginning."""
DAY = 24 * 60


def of(session: Session, number: str, period: UsePeriod = PERIOD) -> OfficialUse:
    return official_use(session, AUDITOR, official_id=number, period=period)


def test_a_leader_who_answers_half_by_hand_is_regular(session: Session) -> None:
    write(
        session,
        [Turn(1, IN_PERIOD + 8 * 60, "agree", 120), Turn(1, IN_PERIOD + 8 * 60, "return", 24 * 60, by=2)],
        [],
    )
    found = of(session, "CB1")
    assert (found.usage_class, found.turns.own, found.turns.by_deputy, found.acts.agreed) == ("regular", 1, 1, 1)
    assert found.median_hours == 5.0  # two hours, and the eight of a day


def test_a_deputys_act_is_the_deputys(session: Session) -> None:
    write(session, [Turn(1, IN_PERIOD, "agree", 60, by=2)], [])
    principal, deputy = of(session, "CB1"), of(session, "CB2")
    assert principal.usage_class == "delegated"
    assert principal.acts.agreed == 0
    assert (deputy.usage_class, deputy.acts.agreed, deputy.acts.for_others) == ("regular", 1, 1)


def test_looking_is_no_use_and_nobody_is_judged_for_whom_nothing_waited(session: Session) -> None:
    draft = write(session, [Turn(1, IN_PERIOD)], [])
    session.add(LookRow(draft=draft, official=1, revision=1, at=PERIOD.begin))
    session.add(LookRow(draft=draft, official=3, revision=1, at=PERIOD.begin))
    session.flush()
    assert of(session, "CB1").usage_class == "none"
    assert of(session, "CB3").usage_class == "unknown"
    whole = whole_use(session, AUDITOR, period=PERIOD)
    assert (whole.leaders.total, whole.leaders.unknown, whole.leaders.rate) == (3, 2, 0.0)
    assert whole.staff.rate is None


def test_what_came_yesterday_says_nothing_yet(session: Session) -> None:
    period = UsePeriod(FIRST, LAST, ZONE, START + timedelta(minutes=IN_PERIOD + DAY))
    write(session, [Turn(1, IN_PERIOD), Turn(3, IN_PERIOD, due=period.today - timedelta(days=1))], [])
    assert of(session, "CB1", period).usage_class == "unknown"
    assert of(session, "CB3", period).usage_class == "none"


def test_what_happens_later_does_not_change_the_period(session: Session) -> None:
    later = int((PERIOD.until - START).total_seconds() // 60) - IN_PERIOD + 60
    write(session, [Turn(1, IN_PERIOD, "agree", later), Turn(3, IN_PERIOD, "void", later)], [])
    assert [of(session, one).usage_class for one in ("CB1", "CB3")] == ["none", "none"]


def test_before_there_was_a_document_nothing_is_said(session: Session) -> None:
    before = UsePeriod(date(2026, 8, 3), date(2026, 8, 9), ZONE, PERIOD.now)
    assert use_coverage(session, PERIOD) is None
    write(session, [], [])
    assert use_coverage(session, before) is None
    found = use_coverage(session, PERIOD)
    assert found is not None
    assert (found.covered_working_days, found.working_days) == (10, 10)


def test_a_head_sees_the_own_units_only(session: Session) -> None:
    write(session, [Turn(1, IN_PERIOD), Turn(4, IN_PERIOD)], [])
    head = Actor("x", granted=(Granted(Role.LEADER, frozenset({"Sở Y tế", "Phòng Y"})),))
    assert [one.unit for one in units_use(session, head, period=PERIOD)] == ["Phòng Y", "Sở Y tế"]
    assert {one.official_id for one in officials_use(session, head, period=PERIOD)[0]} == {"CB1", "CB2", "CB3"}
    assert whole_use(session, head, period=PERIOD).turns.left == 1
    with pytest.raises(NotFoundError):
        official_use(session, head, official_id="CB4", period=PERIOD)
    own = Actor("y", frozenset({Role.OFFICIAL}), "CB4")
    assert official_use(session, own, official_id="CB4", period=PERIOD).turns.left == 1
    assert officials_use(session, own, period=PERIOD) == ([], 0)


def test_a_period_is_at_most_a_year_and_in_order() -> None:
    for last in (FIRST - timedelta(days=1), FIRST + timedelta(days=366)):
        with pytest.raises(InputError):
            UsePeriod(FIRST, last, ZONE, PERIOD.now)


_officials = st.integers(1, len(PEOPLE))
_turns = st.builds(
    Turn,
    _officials,
    st.integers(0, 40 * DAY),
    st.sampled_from(["open", "agree", "return", "opinion", "void", "handed_over"]),
    st.integers(0, 8 * DAY),
    st.none() | _officials,
    st.none() | st.dates(FIRST - timedelta(days=3), LAST + timedelta(days=3)),
)
_acts = st.builds(Act, _officials, st.sampled_from(["remark", "revision"]), st.integers(0, 45 * DAY))


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_turns, max_size=8), st.lists(_acts, max_size=4))
def test_the_database_counts_as_one_counts_by_hand(session: Session, turns: list[Turn], acts: list[Act]) -> None:
    session.rollback()
    write(session, turns, acts)
    every, total = officials_use(session, AUDITOR, period=PERIOD, limit=None)
    assert total == len(PEOPLE)
    assert classes_in(session, period=PERIOD, reach=WHOLE) == {one.official_id: one.usage_class for one in every}
    for found in every:
        key = [one[0] for one in PEOPLE].index(found.official_id) + 1
        true = truth(key, turns, acts)
        assert {name: getattr(found.turns, name) for name in true.fates} == true.fates
        assert {name: getattr(found.acts, name) for name in true.acts} == true.acts
        assert found.usage_class == true.usage_class
        assert found.median_hours == pytest.approx(true.median_hours, abs=0.11)
        assert found.waiting_hours == pytest.approx(max(true.waiting, default=None), abs=0.06)
        assert found == of(session, found.official_id)
    _units_are_sums(session, every)


def _units_are_sums(session: Session, every: list[OfficialUse]) -> None:
    """Each unit is the sum over its people, and the whole over everybody."""
    parents = {name: None if parent is None else UNITS[parent - 1][0] for name, parent in UNITS}

    def stands_above(top: str, unit: str | None) -> bool:
        return unit is not None and (unit == top or stands_above(top, parents[unit]))

    units = units_use(session, AUDITOR, period=PERIOD)
    assert {one.unit for one in units} == set(parents)
    for one in [*units, whole_use(session, AUDITOR, period=PERIOD)]:
        people = [found for found in every if one.unit is None or stands_above(one.unit, found.unit)]
        assert one.leaders.total + one.staff.total == len(people)
        assert one.classes == {name: sum(found.usage_class == name for found in people) for name in one.classes}
        for fate in ("own", "by_deputy", "left", "fresh"):
            assert getattr(one.turns, fate) == sum(getattr(found.turns, fate) for found in people)
        assert one.parent == (None if one.unit is None else parents[one.unit])
    assert units_use(session, AUDITOR, period=PERIOD, unit_key="Sở Y tế") == [
        one for one in units if one.unit == "Sở Y tế"
    ]
