"""An official's page with what the mailbox itself shows: in both languages, and where it could not be counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.db import unit_of_work, utc_now
from core.settings import Settings
from mail_audit.models import Census, CensusMailbox
from mail_audit.services.census import Answer, Count, store_answers
from tests.web.conftest import Visitor

BOX = "cb1@tp.example.gov.vn"
SENT = datetime(2026, 10, 20, 16, 30, tzinfo=UTC)


def count(settings: Settings, found: Count | None, reason: str | None = None, *, days: int = 0) -> None:
    with unit_of_work(settings) as session:
        run = Census(started_at=utc_now(), started_by="a", server="s:993", selection="x")
        session.add(run)
        session.flush()
        session.add(CensusMailbox(census_id=run.id, mailbox=BOX))
        session.flush()
        store_answers(session, run.id, [Answer(BOX, utc_now() - timedelta(days=days), found, reason)])


@pytest.fixture
def page(admin: Visitor, audit_id: int) -> str:
    return f"/audits/{audit_id}/officials/CB1"


def test_without_a_census_nothing_is_said(admin: Visitor, page: str) -> None:
    assert 'id="census"' not in admin.get(page).text


def test_the_latest_count_and_the_change(admin: Visitor, settings: Settings, page: str) -> None:
    count(settings, Count(1_200, 40, 10, SENT, 7, 1_300, "empty", None), days=1)
    count(settings, Count(1_210, 37, 12, SENT, 7, 1_310, "found", SENT))
    shown = " ".join(admin.get(page).text.partition('id="census"')[2].split())
    assert "Chính hộp thư cho thấy" in shown
    for words in (
        "1.210",
        "(+10)",
        "37",
        "(−3)",
        "thay đổi so với",
        "thư cũ nhất đến lúc",
        "23:30 20/10/2026",
        "12 (1 %)",
    ):
        assert words in shown, words


def test_a_mailbox_that_could_not_be_counted_is_no_zero(admin: Visitor, settings: Settings, page: str) -> None:
    count(settings, None, "timeout")
    shown = admin.get(page).text.partition('id="census"')[2].partition("<h2")[0]
    assert "máy chủ không trả lời kịp" in shown
    assert "<dl" not in shown


def test_in_english(admin: Visitor, settings: Settings, page: str) -> None:
    count(settings, Count(3, 0, 0, None, 7, 4, "missing", None))
    admin.get("/language/en")
    shown = admin.get(page).text
    assert "What the mailbox itself shows" in shown
    assert "there is no folder of sent messages" in shown
