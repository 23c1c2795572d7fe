"""Targets in the database: set once, changed in place, taken back, each with its line in the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.errors import ForbiddenError, InputError
from core.permissions import WHOLE, Actor
from mail_audit import queries
from mail_audit.errors import TargetNotFoundError
from mail_audit.models import TargetRow
from mail_audit.queries.outlook import outlook
from mail_audit.services import TargetChanges, set_targets, withdraw_target
from mail_audit.targets import Target
from tests.mail_audit.store import made
from tests.mail_audit.store.counting import counted

DUE = date(2026, 12, 31)
CITY, BUILDING = Target("", "leader", 0.8, DUE), Target(made.BUILDING, "leader", 0.5, DUE)


def _trail(session: Session) -> list[tuple[str, dict[str, object]]]:
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == "targets").order_by(AuditEntry.id))
    return [(entry.action, entry.facts) for entry in entries]


def test_setting_changing_and_taking_back(session: Session, administrator: Actor, stored: Callable[..., int]) -> None:
    stored()
    assert set_targets(session, administrator, targets=[CITY, BUILDING]) == TargetChanges(2, 0, 0)
    assert set_targets(session, administrator, targets=[CITY, BUILDING]) == TargetChanges(0, 0, 2)
    higher = Target("", "leader", 0.9, DUE)
    assert set_targets(session, administrator, targets=[higher, BUILDING]) == TargetChanges(0, 1, 1)
    shown = queries.targets(session, reach=WHOLE)
    assert [(one.target, one.set_by) for one in shown] == [(higher, "quantri"), (BUILDING, "quantri")]
    assert withdraw_target(session, administrator, target_id=shown[0].target_id) == higher
    with pytest.raises(TargetNotFoundError):
        withdraw_target(session, administrator, target_id=shown[0].target_id)
    named = {"unit": "", "rank": "leader", "share": 0.9, "due": "2026-12-31"}
    assert [(action, facts.get("added"), facts.get("changed")) for action, facts in _trail(session)] == [
        ("mail_audit:target:set", 2, 0),
        ("mail_audit:target:set", 0, 1),
        ("mail_audit:target:withdraw", None, None),
    ]
    assert _trail(session)[2][1] == named
    assert session.scalars(select(TargetRow.unit)).all() == [made.BUILDING]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target("Sở Không Có", "leader", 0.5, DUE), "There is no unit “Sở Không Có”"),
        (Target("", "leader", 0.0, DUE), "A target lies above 0"),
        (Target("", "leader", 1.01, DUE), "A target lies above 0"),
    ],
)
def test_what_cannot_be_a_target(session: Session, administrator: Actor, target: Target, words: str) -> None:
    with pytest.raises(InputError, match=words):
        set_targets(session, administrator, targets=[CITY, target])
    assert session.scalars(select(TargetRow)).all() == []
    assert _trail(session) == []


def test_only_who_may(session: Session) -> None:
    nobody = Actor("khach")
    with pytest.raises(ForbiddenError):
        set_targets(session, nobody, targets=[CITY])
    with pytest.raises(ForbiddenError):
        withdraw_target(session, nobody, target_id=1)


def test_how_an_audit_stands_to_them(session: Session, administrator: Actor, stored: Callable[..., int]) -> None:
    audit_id = stored(using=1)
    set_targets(session, administrator, targets=[CITY, BUILDING])
    summary = queries.audit(session, audit_id, reach=WHOLE).summary
    with counted(session) as statements:
        results = queries.target_results(session, summary, reach=WHOLE)
    assert [(one.target, one.outcome, one.missing) for one in results] == [(CITY, "short", 1), (BUILDING, "reached", 0)]
    assert len(statements) == 2


def test_a_report_says_them_and_what_changed(
    session: Session, administrator: Actor, stored: Callable[..., int]
) -> None:
    stored(date(2026, 9, 1), date(2026, 9, 10), using=1)
    audit_id = stored()
    set_targets(session, administrator, targets=[CITY])
    said = outlook(session, queries.report(session, audit_id))
    assert [(one.kind, one.unit) for one in said] == [("target_reached", None), ("better_than_before", None)]
    assert (
        said[1].text.vi == "Toàn thành phố: tỷ lệ lãnh đạo dùng thư tăng từ 50\u00a0% lên 100\u00a0% so với kỳ trước."
    )
    first = next(one for one in queries.audits(session, reach=WHOLE).rows if one.audit_id != audit_id)
    none_covered = outlook(session, queries.report(session, first.audit_id))  # the logs of `made` are October's
    assert [one.kind for one in none_covered] == ["target_cannot_tell"]
