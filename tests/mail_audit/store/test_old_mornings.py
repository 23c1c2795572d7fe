"""Reports of mornings go after their time; whole months, and what somebody has in hand, stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry, record
from core.db import unit_of_work, utc_now
from core.permissions import SCHEDULER
from core.settings import Settings, SettingsError
from mail_audit.actions import AuditAction
from mail_audit.models import Audit, Contest, OfficialFigure, StandingReport
from mail_audit.queries.steps import subject_of
from mail_audit.services.standing import remove_old_mornings
from mail_audit.standing.options import StandingOptions

Stored = Callable[..., int]


@pytest.fixture
def morning(session: Session, stored: Stored) -> Callable[..., int]:
    """Makes a report as a morning makes it, so many days ago."""

    def make(first: date, last: date, *, ago: int, scheduled: bool = True) -> int:
        audit_id = stored(first, last)
        made = utc_now() - timedelta(days=ago)
        session.add(
            StandingReport(audit_id=audit_id, made_at=made, scheduled=scheduled, sha256="0" * 64, manifest={"kept": {}})
        )
        session.get_one(Audit, audit_id).created_by = SCHEDULER.name
        session.flush()
        return audit_id

    return make


def test_old_mornings_go_and_what_people_have_in_hand_stays(
    settings: Settings, session: Session, morning: Callable[..., int], stored: Stored
) -> None:
    day = date(2026, 3, 14)
    old = [morning(day - timedelta(29), day, ago=100), morning(date(2026, 3, 1), day, ago=95)]
    young = morning(day - timedelta(28), day + timedelta(1), ago=80)
    month = morning(date(2026, 2, 1), date(2026, 2, 28), ago=120)
    asked = morning(day - timedelta(20), day, ago=100, scheduled=False)
    taken, contested = (morning(day - timedelta(number), day, ago=100) for number in (10, 11))
    record(session, actor="lan", action=AuditAction.REPORT_TAKEN, subject=subject_of(taken), facts={})
    session.add(
        Contest(
            audit_id=contested, first_day=day, last_day=day, official_id="CB01", about="sent", value=1, reason="Sai.",
            asked_at=utc_now(), asked_by="an", state="open",
        )
    )  # fmt: skip
    newest = stored(date(2026, 4, 1), date(2026, 4, 2))
    session.commit()
    assert remove_old_mornings(settings, now=utc_now()) == tuple(old)
    assert remove_old_mornings(settings, now=utc_now()) == ()
    with unit_of_work(settings) as after:
        left = set(after.scalars(select(Audit.id)))
        figures = set(after.scalars(select(OfficialFigure.audit_id)))
        said = after.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.AUDIT_DELETED.value)).all()
    assert left == figures == {young, month, asked, taken, contested, newest}
    assert [(one.actor, one.subject) for one in said] == [(SCHEDULER.name, subject_of(number)) for number in old]


def test_the_newest_report_stays_however_old(settings: Settings, session: Session, morning: Callable[..., int]) -> None:
    morning(date(2026, 3, 2), date(2026, 3, 14), ago=400)
    session.commit()
    assert remove_old_mornings(settings, now=utc_now()) == ()


@pytest.mark.parametrize("days", [61, 0, -1, "62", True])
def test_two_months_are_the_least(settings: Settings, days: object) -> None:
    tables = {"mail_audit": {"standing": {"keep_mornings_days": days}}}
    with pytest.raises(SettingsError, match="keep_mornings_days"):
        StandingOptions.of(replace(settings, tables=tables))
