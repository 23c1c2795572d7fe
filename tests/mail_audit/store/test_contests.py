"""Contests: asked once, answered once, by whom and when; a made report stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import utc_now
from core.errors import ForbiddenError
from core.permissions import Actor, Role
from mail_audit import queries
from mail_audit.errors import (
    ContestBusyError,
    ContestNotFoundError,
    ContestTextError,
    OfficialNotFoundError,
)
from mail_audit.models import Contest
from mail_audit.queries import contests as reading
from mail_audit.services import delete_audit
from mail_audit.services.contests import MOST_OPEN, answer_contest, ask_contest
from mail_audit.services.looking import look
from mail_audit.written import LONGEST
from tests.mail_audit.store import made
from tests.mail_audit.store.conftest import ADMINISTRATOR

NUMBER = made.report().officials[0].official_id
OTHER = made.report().officials[1].official_id
OFFICIAL = Actor("can.bo", frozenset({Role.OFFICIAL}), NUMBER)
Stored = Callable[..., int]


def trail(session: Session) -> list[tuple[str, str, str]]:
    """What was done about contests, by whom."""
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(one.actor, one.action, one.subject) for one in entries if "contest" in one.action]


def asked(session: Session, audit_id: int, actor: Actor = OFFICIAL, **more: Any) -> int:
    values: dict[str, Any] = {"official_id": NUMBER, "about": "sent", "reason": "Tôi nghỉ phép."} | more
    return ask_contest(session, actor, audit_id=audit_id, **values)


def test_asked_and_answered(session: Session, stored: Stored) -> None:
    audit_id = stored()
    before = queries.report(session, audit_id)
    number = asked(session, audit_id, reason="  Nghỉ phép\r\ntừ ngày 5.\u202e ")
    waits = reading.contest(session, OFFICIAL, number)
    assert (waits.state, waits.reason, waits.asked_by) == ("open", "Nghỉ phép\ntừ ngày 5.", "can.bo")
    assert waits.value == before.officials[0].sent
    answer_contest(session, ADMINISTRATOR, contest_id=number, verdict="accepted", answer="Đã ghi nhận.")
    done = reading.contest(session, OFFICIAL, number)
    assert (done.state, done.answer, done.answered_by) == ("accepted", "Đã ghi nhận.", "quantri")
    assert trail(session) == [
        ("can.bo", "mail_audit:contest:ask", f"contest:{number}"),
        ("quantri", "mail_audit:contest:answer", f"contest:{number}"),
    ]
    assert queries.report(session, audit_id) == before
    assert reading.contested(session, ADMINISTRATOR, audit_id) == reading.Contested(open=0, accepted=1, explained=0)
    with pytest.raises(ContestBusyError):
        answer_contest(session, ADMINISTRATOR, contest_id=number, verdict="explained", answer="Hai lần.")


def test_the_same_figure_waits_once(session: Session, stored: Stored) -> None:
    audit_id = stored()
    first = asked(session, audit_id)
    with pytest.raises(ContestBusyError):
        asked(session, audit_id)
    day: dict[str, Any] = {"about": "day", "day": made.FIRST}
    asked(session, audit_id, **day)
    with pytest.raises(ContestBusyError):
        asked(session, audit_id, **day)
    asked(session, audit_id, about="day", day=made.FIRST + timedelta(1))
    answer_contest(session, ADMINISTRATOR, contest_id=first, verdict="explained", answer="Đúng như nhật ký.")
    asked(session, audit_id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": " \n\u200b "},
        {"reason": "x" * (LONGEST + 1)},
        {"about": "rung"},
        {"about": "day"},
        {"about": "sent", "day": made.FIRST},
        {"about": "day", "day": made.LAST + timedelta(1)},
    ],
    ids=str,
)
def test_what_cannot_be_contested(session: Session, stored: Stored, wrong: dict[str, Any]) -> None:
    audit_id = stored()
    with pytest.raises(ContestTextError):
        asked(session, audit_id, **wrong)
    assert trail(session) == []


def test_nobody_else_may(session: Session, stored: Stored) -> None:
    audit_id = stored()
    number = asked(session, audit_id)
    others = asked(session, audit_id, ADMINISTRATOR, official_id=OTHER)
    with pytest.raises(OfficialNotFoundError):
        asked(session, audit_id, official_id=OTHER)
    with pytest.raises(OfficialNotFoundError):
        asked(session, audit_id, Actor("ai"))
    with pytest.raises(ContestNotFoundError):
        reading.contest(session, OFFICIAL, others)
    with pytest.raises(ForbiddenError):
        answer_contest(session, OFFICIAL, contest_id=number, verdict="accepted", answer="Tôi tự chấp nhận.")
    assert [one.contest_id for one in reading.contests(session, OFFICIAL).rows] == [number]
    assert reading.contests(session, ADMINISTRATOR).waiting == 2
    with pytest.raises(OfficialNotFoundError):
        look(session, OFFICIAL, audit_id=audit_id, official_id=OTHER)


def test_what_waits_longest_comes_first(session: Session, stored: Stored) -> None:
    audit_id = stored()
    numbers = [asked(session, audit_id, about=about) for about in ("sent", "received", "logins", "opened")]
    for number in (numbers[1], numbers[0]):
        answer_contest(session, ADMINISTRATOR, contest_id=number, verdict="explained", answer="Đã xem.")
    listed = [one.contest_id for one in reading.contests(session, ADMINISTRATOR).rows]
    assert listed == [numbers[2], numbers[3], numbers[0], numbers[1]]
    found = reading.contests(session, ADMINISTRATOR, state="answered", limit=1)
    assert ([one.contest_id for one in found.rows], found.total, found.waiting) == ([numbers[0]], 2, 2)


def test_only_so_many_wait_at_once(session: Session, stored: Stored) -> None:
    audit_id = stored()
    for day in range(MOST_OPEN):
        session.add(_waiting(audit_id, day))
    session.flush()
    with pytest.raises(ContestBusyError, match=str(MOST_OPEN)):
        asked(session, audit_id)


def test_a_contest_outlives_its_report(session: Session, stored: Stored) -> None:
    audit_id = stored()
    number = asked(session, audit_id)
    delete_audit(session, ADMINISTRATOR, audit_id=audit_id)
    session.expire_all()
    left = reading.contest(session, OFFICIAL, number)
    assert (left.audit_id, left.first, left.last, left.state) == (None, made.FIRST, made.LAST, "open")
    answer_contest(session, ADMINISTRATOR, contest_id=number, verdict="explained", answer="Báo cáo đã bị xóa.")


def test_half_an_answer_is_refused_by_the_database(session: Session, stored: Stored) -> None:
    audit_id = stored()
    contest = session.get(Contest, asked(session, audit_id))
    assert contest is not None
    contest.state = "accepted"
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def _waiting(audit_id: int, day: int) -> Contest:
    return Contest(
        audit_id=audit_id,
        first_day=made.FIRST,
        last_day=made.LAST,
        official_id=NUMBER,
        about="day",
        day=made.FIRST + timedelta(day),
        reason="x",
        asked_at=utc_now(),
        asked_by="can.bo",
        state="open",
    )
