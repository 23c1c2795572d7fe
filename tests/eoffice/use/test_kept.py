"""Figures that were counted once say what counting says, to everybody, until what they rest on changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.audit import record
from core.directory.models import OfficialRow, PostRow
from core.directory.services.importing import DirectoryAction
from core.permissions import Actor, Granted, Reach, Role
from eoffice.models import KeptUseRow
from eoffice.queries import use
from eoffice.queries.use import UsePeriod, UseSort
from eoffice.queries.use.kept import kept
from eoffice.services.keeping_use import keep_use, use_due, want
from tests.eoffice.use.history import FIRST, LAST, PERIOD, START, ZONE, Act, Turn, write
from tests.eoffice.use.test_use import AUDITOR, DAY, IN_PERIOD

HEALTH = frozenset({"Sở Y tế", "Phòng Y"})
HEAD = Actor("x", granted=(Granted(Role.LEADER, HEALTH),))
READERS = (AUDITOR, HEAD, Actor("y", frozenset({Role.OFFICIAL}), "CB4"))
SORTS: tuple[UseSort, ...] = ("name", "class", "left", "median")
TURNS = [
    Turn(1, IN_PERIOD, "agree", 60), Turn(1, IN_PERIOD + DAY, "return", 61), Turn(2, IN_PERIOD, "opinion", 99, by=3),
    Turn(2, IN_PERIOD), Turn(3, IN_PERIOD, "void", 90), Turn(4, IN_PERIOD, "agree", 2 * DAY),
    Turn(5, IN_PERIOD + 2 * DAY, due=LAST),
]  # fmt: skip
ACTS = [Act(5, "remark", IN_PERIOD), Act(4, "revision", IN_PERIOD)]


def _everything(session: Session) -> list[Any]:
    found: list[Any] = [use.use_coverage(session, PERIOD)]
    for who in READERS:
        found += [use.whole_use(session, who, period=PERIOD), use.units_use(session, who, period=PERIOD)]
        found.append(use.officials_use(session, who, period=PERIOD, unit_key="Sở Y tế", sort="left", offset=1, limit=2))
    found.append(use.units_use(session, HEAD, period=PERIOD, unit_key="Sở Xây dựng"))
    found += [use.units_part(session, AUDITOR, period=PERIOD, told=told, offset=1, limit=2) for told in (True, False)]
    found += [use.officials_use(session, AUDITOR, period=PERIOD, sort=sort) for sort in SORTS]
    found.append(use.official_use(session, AUDITOR, official_id="CB2", period=PERIOD))
    return [*found, use.classes_in(session, period=PERIOD, reach=Reach(HEALTH))]


def test_what_is_kept_says_what_counting_says_to_every_reader(session: Session) -> None:
    write(session, TURNS, ACTS)
    counted = _everything(session)
    assert kept(session, PERIOD) is None
    assert want(session, period=PERIOD, today=LAST)
    assert not want(session, period=PERIOD, today=LAST), "once a day"
    assert keep_use(session, period=PERIOD)
    assert kept(session, PERIOD) is not None
    assert _everything(session) == counted
    assert not keep_use(session, period=PERIOD), "nothing has changed"


def test_after_the_directory_changed_it_is_counted_again(session: Session) -> None:
    write(session, TURNS, ACTS)
    want(session, period=PERIOD, today=LAST)
    keep_use(session, period=PERIOD)
    session.add(OfficialRow(id=99, official_id="CB99", name="Người CB99"))
    session.flush()
    session.add(PostRow(official=99, position=0, unit=3, title="Chuyên viên", rank="staff"))
    record(session, actor="quantri", action=DirectoryAction.IMPORT, subject="directory")
    assert kept(session, PERIOD) is None
    assert "CB99" in {one.official_id for one in use.officials_use(session, AUDITOR, period=PERIOD)[0]}
    assert keep_use(session, period=PERIOD)
    assert "CB99" in use.classes_in(session, period=PERIOD, reach=Reach(HEALTH))


def test_a_period_that_is_not_over_is_neither_wanted_nor_kept(session: Session) -> None:
    write(session, TURNS, ACTS)
    early = UsePeriod(FIRST, LAST, ZONE, START + timedelta(days=20))
    assert not want(session, period=early, today=LAST)
    assert want(session, period=PERIOD, today=LAST)
    just = UsePeriod(FIRST, LAST, ZONE, PERIOD.until + timedelta(minutes=59))
    assert not keep_use(session, period=just), "its last decision may still be taken back"
    assert keep_use(session, period=PERIOD)
    assert kept(session, early) is None
    assert (
        use.whole_use(session, AUDITOR, period=early).turns.all
        < use.whole_use(session, AUDITOR, period=PERIOD).turns.all
    )


def test_the_job_comes_when_a_period_has_no_figures_yet(session: Session) -> None:
    now = PERIOD.now
    assert use_due(session, None, now) == {}
    assert use_due(session, now - timedelta(minutes=1), now) is None
    want(session, period=PERIOD, today=LAST)
    assert use_due(session, now - timedelta(minutes=1), now) == {}
    keep_use(session, period=PERIOD)
    assert use_due(session, now - timedelta(minutes=1), now) is None
    assert session.get_one(KeptUseRow, (FIRST, LAST, ZONE)).basis
