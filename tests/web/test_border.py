"""Errors as pages: each says what to do and has a number; nothing of the inside is shown; nothing half is kept."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from werkzeug.exceptions import RequestEntityTooLarge

from core import errors
from core.audit import AuditEntry, record
from core.db import unit_of_work
from core.settings import Settings
from core.words import Text
from mail_audit.actions import AuditAction
from tests.web.conftest import Visitor
from web import guards, work
from web.border import BorderedFlask

NUMBER = re.compile(r"<strong>(\d{8}-[0-9A-F]{6})</strong>")
SENTENCE = Text("Một câu cho người dùng.", "A sentence for the user.")
RAISED: dict[str, tuple[Exception, int, str]] = {
    "ours": (errors.InputError(SENTENCE, detail="inner"), 400, SENTENCE.vi),
    "forbidden": (errors.ForbiddenError(SENTENCE), 403, SENTENCE.vi),
    "missing": (errors.NotFoundError(SENTENCE), 404, SENTENCE.vi),
    "clash": (errors.ConflictError(SENTENCE), 409, SENTENCE.vi),
    "large": (RequestEntityTooLarge(), 413, "Tệp quá lớn"),
    "away": (errors.UnavailableError(SENTENCE), 503, SENTENCE.vi),
    "defect": (RuntimeError("inner words"), 500, "Hệ thống gặp lỗi"),
}


@pytest.fixture
def broken(app: BorderedFlask) -> Visitor:
    """A visitor of an application with a page for every way to fail."""

    @guards.public("a test")
    def fail(name: str) -> str:
        record(work.session(), actor="x", action=AuditAction.OFFICIAL_LOOKED_AT, subject="half")
        raise RAISED[name][0]

    app.add_url_rule("/fail/<name>", view_func=fail)
    return Visitor(app.test_client())


@pytest.mark.parametrize("name", RAISED)
def test_an_error_is_a_page(broken: Visitor, settings: Settings, name: str) -> None:
    _, status, sentence = RAISED[name]
    page = broken.get(f"/fail/{name}")
    assert (page.status_code, sentence in page.text, "inner" in page.text) == (status, True, False)
    assert NUMBER.search(page.text)
    with unit_of_work(settings) as session:
        assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.subject == "half")) == 0


def test_numbers_differ(broken: Visitor) -> None:
    numbers = {NUMBER.findall(broken.get("/fail/defect").text)[0] for _ in range(3)}
    assert len(numbers) == 3


def test_a_broken_page_still_has_its_number(broken: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.border.render_template", lambda *_args, **_more: 1 / 0)
    page = broken.get("/fail/defect")
    assert (page.status_code, bool(re.fullmatch(r"Vanthu: \d{8}-[0-9A-F]{6}", page.text))) == (500, True)


def test_looking_at_a_person_is_in_the_trail(admin: Visitor, audit_id: int, settings: Settings) -> None:
    admin.get(f"/audits/{audit_id}/officials/CB1")
    admin.get(f"/audits/{audit_id}/days/2026-10-06/CB1")
    with unit_of_work(settings) as session:
        looked = session.scalars(
            select(AuditEntry).where(AuditEntry.action == AuditAction.OFFICIAL_LOOKED_AT).order_by(AuditEntry.id)
        ).all()
    assert [(one.actor, one.subject, one.facts) for one in looked] == [
        ("admin", "official:CB1", {"audit": audit_id}),
        ("admin", "official:CB1", {"audit": audit_id, "day": "2026-10-06"}),
    ]


def test_a_large_request_is_refused_before_it_is_read(app: BorderedFlask, admin: Visitor) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    refused = admin.client.post("/directory", data={"file": (b"x" * 5000)})
    assert refused.status_code == 413
    assert "Chưa lưu gì" in refused.text
