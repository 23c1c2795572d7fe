"""Lines that were counted once say what counting in the facts says, and are counted anew when these change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.db import utc_now
from core.permissions import WHOLE, Reach
from mail_audit.models import AuditLines
from mail_audit.queries import windows
from mail_audit.services.unit_lines import keep_lines, lines_due
from tests.mail_audit.store import made
from tests.mail_audit.store.counting import counted
from tests.mail_audit.store.test_windows import DARK, FIRST, LAST, Acts, acts, audit_id

__all__ = ["acts", "audit_id"]

REACHES = (WHOLE, Reach(frozenset({made.PERMITS})), Reach(frozenset({made.PERMITS, made.BUILDING})))
DAYS = (
    None,
    FIRST,
    max(DARK),
    LAST - timedelta(200),
    LAST - timedelta(399),
    LAST - timedelta(400),
    LAST + timedelta(9),
)


def _everything(session: Session, audit: int) -> list[Any]:
    found: list[Any] = []
    for reach in REACHES:
        found += [windows.windows(session, audit, day, reach=reach) for day in DAYS]
        units = [None, *(unit.unit for unit in windows.windows(session, audit, reach=reach).units)]
        found += [windows.rolling(session, audit, unit, reach=reach, days=n) for unit in units for n in (30, 365)]
    return found


def _is_counted_in_facts(session: Session, audit: int, reach: Reach) -> bool:
    """Whether a page's figures come from the days of mailboxes themselves."""
    with counted(session) as statements:
        windows.windows(session, audit, reach=reach)
        windows.rolling(session, audit, reach=reach)
    return any("acts_a" in statement for statement in statements)


def test_kept_lines_say_the_same(session: Session, audit_id: int, acts: Acts, stored: Callable[..., int]) -> None:
    stored(date(2026, 8, 20), date(2026, 9, 4))  # days before the audit, and some that both hold
    before = _everything(session, audit_id)
    assert keep_lines(session, audit_id=audit_id)
    assert [_is_counted_in_facts(session, audit_id, reach) for reach in REACHES] == [False] * 3
    assert _everything(session, audit_id) == before
    assert not keep_lines(session, audit_id=audit_id)


def test_they_are_counted_anew_when_facts_change(
    session: Session, audit_id: int, acts: Acts, stored: Callable[..., int]
) -> None:
    keep_lines(session, audit_id=audit_id)
    stored(date(2026, 8, 20), date(2026, 8, 25))
    assert _is_counted_in_facts(session, audit_id, WHOLE)
    now = _everything(session, audit_id)
    assert keep_lines(session, audit_id=audit_id)
    assert not _is_counted_in_facts(session, audit_id, WHOLE)
    assert _everything(session, audit_id) == now


def test_who_reaches_a_unit_without_what_lies_below_it_gets_their_own_sum(
    session: Session, audit_id: int, acts: Acts
) -> None:
    alone = Reach(frozenset({made.BUILDING}))
    before = windows.windows(session, audit_id, reach=alone)
    keep_lines(session, audit_id=audit_id)
    assert windows.windows(session, audit_id, reach=alone) == before
    assert before.city.staff[0].total == 3


def test_units_come_in_parts(session: Session, audit_id: int, acts: Acts) -> None:
    for kept in (False, True):
        every = windows.windows(session, audit_id, reach=WHOLE)
        parts = [windows.windows(session, audit_id, reach=WHOLE, offset=n, limit=1) for n in (0, 1, 2)]
        assert sum((part.units for part in parts), ()) == every.units
        assert {(part.city, part.every) for part in parts} == {(every.city, 2)}
        top = windows.windows(session, audit_id, reach=WHOLE, tops_only=True)
        assert ([one.unit for one in top.units], top.tops) == ([made.PERMITS], 1)
        assert kept or keep_lines(session, audit_id=audit_id)


def test_the_scheduler_asks_for_them(session: Session, audit_id: int, acts: Acts) -> None:
    assert session.get(AuditLines, audit_id) is None
    moment = utc_now()
    assert lines_due(session, None, moment) == {}
    assert lines_due(session, moment - timedelta(seconds=5), moment) is None
    keep_lines(session, audit_id=audit_id)
    assert lines_due(session, None, moment) is None
    assert lines_due(session, moment - timedelta(minutes=5), moment) is None
    assert lines_due(session, moment - timedelta(minutes=11), moment) == {}
