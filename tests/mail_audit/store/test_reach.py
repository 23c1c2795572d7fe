"""A reader sees the units in reach and nothing else: held for every set of units that a grant can reach."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain, combinations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.errors import NotFoundError
from core.permissions import WHOLE, Actor, Granted, Reach, Role
from core.settings import Settings
from mail_audit import queries
from mail_audit.actions import AuditAction
from mail_audit.permissions import can_read_evidence_of
from mail_audit.queries import windows
from mail_audit.queries.comparing import comparison
from mail_audit.queries.reached import together, units_of_official
from mail_audit.services.looking import look
from mail_audit.services.targets import set_targets
from mail_audit.targets import WHOLE_CITY, Target
from tests.mail_audit.store.conftest import ADMINISTRATOR
from tests.web import town

UNITS = (town.CONSTRUCTION, town.HOUSING, town.HEALTH, town.DISTRICT)
REACHED = [
    frozenset(some)
    for some in chain.from_iterable(combinations(UNITS, size) for size in range(len(UNITS) + 1))
    if town.CONSTRUCTION not in some or town.HOUSING in some
]
"""What grants can reach: whoever reaches the department reaches the office below it."""


@pytest.fixture
def audit_id(session: Session, settings: Settings) -> int:
    return town.store(session, settings.store)


def _inside(units: frozenset[str]) -> list[tuple[str, str, str, str, str]]:
    return [one for one in town.PEOPLE if one[2] in units]


def test_every_list_and_sum_ends_at_the_reach(session: Session, audit_id: int) -> None:
    for units in REACHED:
        reach, people = Reach(units), _inside(units)
        leaders = sum(one[3] == "leader" for one in people)
        using = sum(one[3] == "leader" and one[4] in {"regular", "occasional"} for one in people)
        part = queries.city(session, audit_id, reach=reach)
        counted = (part.figures.leaders.total, part.figures.leaders.using, part.figures.staff.total)
        assert counted == (leaders, using, len(people) - leaders)
        assert (part.is_part, part.summary.officials, part.summary.leaders) == (True, len(people), part.figures.leaders)
        assert {row.figures.unit for row in part.sub_units} <= units
        assert all(finding.unit in units for finding in part.findings)
        assert all(week.leaders_total + week.staff_total == len(people) for week in part.weeks)
        assert {row.figures.unit for row in queries.units(session, audit_id, reach=reach).rows} == units
        shown = queries.officials(session, audit_id, reach=reach)
        assert ({row.official_id for row in shown.rows}, shown.total) == ({one[0] for one in people}, len(people))
        for summary in (*queries.audits(session, reach=reach).rows, queries.latest_audit(session, reach=reach)):
            assert summary is not None
            assert (summary.officials, summary.leaders) == (len(people), part.figures.leaders)


def test_single_units_out_of_reach_are_not_there(session: Session, audit_id: int) -> None:
    for units in REACHED:
        for unit in UNITS:
            if unit in units:
                assert queries.unit(session, audit_id, unit, reach=Reach(units)).figures.unit == unit
                assert windows.rolling(session, audit_id, unit, reach=Reach(units)).unit == unit
                continue
            for reader in (queries.unit, windows.rolling):
                with pytest.raises(NotFoundError):
                    reader(session, audit_id, unit, reach=Reach(units))


def test_the_units_above_are_not_named_to_who_does_not_reach_them(session: Session, audit_id: int) -> None:
    assert queries.unit(session, audit_id, town.HOUSING, reach=Reach(frozenset({town.HOUSING}))).ancestors == ()
    assert queries.unit(session, audit_id, town.HOUSING, reach=WHOLE).ancestors == (town.CONSTRUCTION,)


def test_windows_count_the_people_in_reach(session: Session, audit_id: int) -> None:
    for units in REACHED:
        judged = [one for one in _inside(units) if one[4] != "unknown"]
        found = windows.windows(session, audit_id, reach=Reach(units))
        assert {one.unit for one in found.units} == units
        assert found.city.leaders[0].total + found.city.staff[0].total == len(judged)
        line = windows.rolling(session, audit_id, reach=Reach(units)).days[-1]
        assert line.leaders[0].total + line.staff[0].total == len(judged)


def test_who_moved_out_of_reach_is_gone_and_not_followed(session: Session, settings: Settings, audit_id: int) -> None:
    later = town.report(town.LAST + timedelta(1), town.LAST + timedelta(28))
    after = town.store(session, settings.store, later)
    for units in REACHED:
        pair = comparison(session, (audit_id, after), reach=Reach(units))
        assert {one.unit for one in pair.changes.units} == units
        alone = (*pair.people.only_in("earlier").rows, *pair.people.only_in("later").rows)
        named = {one.after.official_id for one in pair.people.moved_part().rows} | {one.official_id for one in alone}
        assert named <= {one[0] for one in _inside(units)}


def test_targets_of_other_units_and_of_the_city_are_not_shown(session: Session, audit_id: int) -> None:
    day = date(2026, 12, 31)
    wanted = [Target(unit, "leader", 0.5, day) for unit in (WHOLE_CITY, *UNITS)]
    set_targets(session, ADMINISTRATOR, targets=wanted)
    for units in REACHED:
        assert {one.target.unit for one in queries.targets(session, reach=Reach(units))} == units
    assert len(queries.targets(session, reach=WHOLE)) == len(wanted)


def test_the_sum_over_everything_is_the_citys(session: Session, audit_id: int) -> None:
    whole = queries.city(session, audit_id, reach=WHOLE).figures
    part = queries.city(session, audit_id, reach=Reach(frozenset(UNITS))).figures
    assert (part.leaders, part.staff, part.classes) == (whole.leaders, whole.staff, whole.classes)


def test_nothing_together_is_nobody() -> None:
    nobody = together([])
    assert (nobody.leaders.total, nobody.leaders.rate, nobody.classes, nobody.using_last) == (0, None, {}, {})


def test_evidence_is_read_in_the_unit_that_the_report_counts_somebody_in(session: Session, audit_id: int) -> None:
    leader = Actor("an", granted=(Granted(Role.LEADER, frozenset({town.HOUSING})),))
    reached = {
        one[0]
        for one in town.PEOPLE
        if can_read_evidence_of(leader, one[0], units_of_official(session, audit_id, one[0]))
    }
    assert reached == {"CB3", "CB4"}


def test_a_leader_who_is_an_official_is_in_the_trail_for_others_only(session: Session, audit_id: int) -> None:
    granted = (Granted(Role.LEADER, frozenset({town.CONSTRUCTION, town.HOUSING})),)
    leader = Actor("anh", frozenset({Role.OFFICIAL}), "CB1", granted)
    for number in ("CB1", "CB3"):
        look(session, leader, audit_id=audit_id, official_id=number)
    with pytest.raises(NotFoundError):
        look(session, leader, audit_id=audit_id, official_id="CB5")
    looks = select(AuditEntry.actor, AuditEntry.subject).where(AuditEntry.action == AuditAction.OFFICIAL_LOOKED_AT)
    assert [tuple(one) for one in session.execute(looks)] == [("anh", "official:CB3")]
