"""Whoever is shown people by name with their figures is in the trail: once a list and day, on pages and by the API."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from mail_audit.services.contests import ask_contest
from mail_audit.services.exceptions import record_exception
from tests.web import town
from tests.web.api.conftest import Program, service_token
from tests.web.conftest import Visitor
from web.border import BorderedFlask


def _listed(settings: Settings, *, by: str | None = None) -> list[tuple[str, str, dict[str, object]]]:
    """What the trail says of looks at lists: action, subject, facts."""
    wanted = select(AuditEntry).where(AuditEntry.action.endswith(":list")).order_by(AuditEntry.id)
    with unit_of_work(settings) as session:
        found = [one for one in session.scalars(wanted) if by is None or one.actor == by]
        return [(one.action, one.subject, one.facts) for one in found]


@pytest.fixture
def on_record(settings: Settings, listed: None, audit_id: int) -> int:
    """CB1 asked for a review and is on leave."""
    with unit_of_work(settings) as session:
        own = Actor("x", frozenset({Role.OFFICIAL}), "CB1")
        ask_contest(session, own, audit_id=audit_id, official_id="CB1", about="received", reason="x")
        record_exception(session, command_line_actor(), official_id="CB1", kind="leave", first=town.FIRST)
    return audit_id


def test_a_list_is_one_entry_a_day_however_it_is_turned(admin: Visitor, settings: Settings, on_record: int) -> None:
    """Sorted, filtered, page by page: one look. Another unit is another list, and so are exceptions and reviews."""
    for query in ("", "?sort=sent", "?class=none", "?offset=1", "?text=a"):
        assert admin.get(f"/audits/{on_record}/officials{query}").status_code == 200
    audit = f"audit:{on_record}"
    assert _listed(settings) == [("mail_audit:official:list", audit, {})]
    admin.get(f"/audits/{on_record}/units/{town.HEALTH}")
    admin.get(f"/audits/{on_record}/officials?unit={town.HEALTH}")
    for address in ("/exceptions", "/exceptions?state=standing", "/contests", "/contests?audit=1"):
        admin.get(address)
    assert _listed(settings)[1:] == [
        ("mail_audit:official:list", audit, {"unit": town.HEALTH}),
        ("mail_audit:exception:list", "exception", {}),
        ("mail_audit:contest:list", "contest", {}),
    ]
    assert "xem danh sách cán bộ kèm số liệu" in admin.get("/trail").text


def test_who_is_shown_nobody_leaves_nothing(admin: Visitor, settings: Settings, audit_id: int) -> None:
    for address in ("/exceptions", "/contests", f"/audits/{audit_id}/officials?text=nobody", "/overdue", "/officials"):
        admin.get(address)
    assert _listed(settings) == []


def test_an_official_who_sees_only_the_own_leaves_nothing(
    official: Visitor, settings: Settings, on_record: int
) -> None:
    assert official.get("/contests").status_code == 200
    assert _listed(settings) == []


def test_a_program_is_named_like_a_person(
    app: BorderedFlask, admin: Visitor, settings: Settings, on_record: int
) -> None:
    """Each actor for itself."""
    program = Program(app.test_client(use_cookies=False), service_token(settings, ["figures", "reviews.read"]))
    admin.get("/contests")
    for address in (f"/audits/{on_record}/officials", f"/audits/{on_record}/units/{town.HEALTH}", "/contests"):
        for _ in range(2):
            assert program.get(address).status_code == 200
    program.get("/exceptions")
    assert [one[0] for one in _listed(settings, by="service:hr-system")] == [
        "mail_audit:official:list", "mail_audit:official:list", "mail_audit:contest:list", "mail_audit:exception:list",
    ]  # fmt: skip
