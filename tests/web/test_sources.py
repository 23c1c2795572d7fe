"""The page of the sources: what it says of each, adding one below the allowed folders, ending one, collecting now."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.db import unit_of_work
from core.jobs import run_waiting
from core.permissions import Actor, Role
from core.settings import Settings
from mail_audit.models import Census, CensusMailbox, JournalRun
from mail_audit.services import collecting
from tests.web.conftest import Visitor

ACTOR = Actor("quantri", frozenset({Role.ADMINISTRATOR}))
LINE = "Oct  5 08:00:00 mail postfix/qmgr[7]: 00000A: removed\n"


@pytest.fixture
def folder(settings: Settings) -> Path:
    """A folder that may be read, with a log and a file that cannot be."""
    place = settings.log_folders[0] / "mail"
    place.mkdir(parents=True, exist_ok=True)
    (place / "mail.log").write_text(LINE + "Oct  5 08:00:01 mail postfix")
    (place / "<b>bad.gz").write_bytes(b"\x1f\x8b\x08nothing")
    return place


def form(**given: str) -> dict[str, str]:
    whole = {"name": "kho thư", "places": "", "patterns": "", "host": "", "timezone": "Asia/Ho_Chi_Minh"}
    return {**whole, **given}


def test_a_source_from_the_form_to_its_figures(admin: Visitor, settings: Settings, folder: Path) -> None:
    assert admin.post("/sources", "/sources", **form(places=str(folder), patterns="mail.log* *.gz")).status_code == 303
    page = admin.get("/sources").text
    assert "kho thư" in page
    assert "chưa lần nào" in page
    assert admin.post("/sources/collect", "/sources").status_code == 303
    run_waiting(settings)
    page = admin.get("/sources").text
    assert "dòng cuối chưa trọn (28 byte)" in page
    assert "&lt;b&gt;bad.gz" in page
    assert "không có dòng nào:" in page
    assert "tháng 10" in page.lower() or "10/2026" in page
    assert admin.post("/sources/1/remove", "/sources").status_code == 303
    assert "Chưa theo dõi nguồn nào." in admin.get("/sources").text


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"places": "/etc"}, "log_folders"),
        ({"places": "mail.log"}, "đường dẫn đầy đủ"),
        ({"places": ""}, "Hãy ghi một thư mục trên máy chủ"),
        ({"name": ""}, "Hãy nhập tên"),
        ({"timezone": "Hanoi"}, "Asia/Ho_Chi_Minh"),
    ],
)
def test_a_form_that_cannot_be_used_says_why(admin: Visitor, folder: Path, given: dict[str, str], why: str) -> None:
    answer = admin.post("/sources", "/sources", **form(**{"places": str(folder), **given}))
    assert answer.status_code == 422
    assert why in answer.text


def test_a_name_that_is_taken_is_said_beside_it(admin: Visitor, settings: Settings, folder: Path) -> None:
    with unit_of_work(settings) as session:
        collecting.add_source(session, ACTOR, name="kho thư", paths=[folder])
    answer = admin.post("/sources", "/sources", **form(places=str(folder)))
    assert answer.status_code == 422
    assert "Đã có nguồn tên" in answer.text


def test_journal_and_census_stand_beside_the_logs(admin: Visitor, settings: Settings) -> None:
    page = admin.get("/sources").text
    assert "Nhật ký bản sao" in page
    assert "chưa từng chạy" in page
    assert "Kiểm đếm hộp thư" in page
    with unit_of_work(settings) as session:
        at = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
        run = Census(started_at=at, started_by="quantri", server="imap.tp.example.gov.vn:993", selection="x")
        session.add(run)
        session.add(JournalRun(started_at=at, beat_at=at, listen="127.0.0.1:2525", protocol="lmtp", taken=0, refused=0))
        session.flush()
        session.add(CensusMailbox(census_id=run.id, mailbox="a@tp.example.gov.vn"))
    page = admin.get("/sources").text
    assert "lần bắt đầu 21/11/2026 23:00 chưa xong: 0/1 hộp thư đếm được" in page
    assert "ĐÃ DỪNG từ 21/11/2026 23:00" in page


def test_the_page_works_in_english(admin: Visitor, settings: Settings, folder: Path) -> None:
    with unit_of_work(settings) as session:
        collecting.add_source(session, ACTOR, name="mail store", paths=[folder])
    admin.get("/language/en")
    assert "Follow one more source" in admin.get("/sources").text
