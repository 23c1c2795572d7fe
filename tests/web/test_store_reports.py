"""A report of the collected logs: asked for on a page, made by the worker, shown like any other, line by line."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, date, datetime

import pytest

from core.db import unit_of_work
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.services import import_roster
from core.jobs import run_waiting
from core.permissions import SCHEDULER, command_line_actor
from core.settings import Settings
from mail_audit import queries
from mail_audit.services import collecting, standing, start_audit
from mail_audit.standing.manifest import read_manifest
from tests.web.conftest import Visitor

OFFICIAL, ADDRESS = "CB1", "cb1@tp.example.gov.vn"
ROSTER = Roster(
    {"Sở Y tế": Unit("Sở Y tế", "Sở Y tế", None)},
    {OFFICIAL: Official(OFFICIAL, "Nguyễn Thị An")},
    (Post(OFFICIAL, "Sở Y tế", "Giám đốc", "leader"),),
    {ADDRESS: Mailbox(ADDRESS, "personal", "Sở Y tế", OFFICIAL)},
)
ASK = "/audits/from-store"
LINES = (
    "Oct  6 09:00:00 mail1 postfix/submission/smtpd[9]: 4F1A2B3C4D: client=unknown[10.2.0.9], sasl_method=PLAIN, "
    f"sasl_username={ADDRESS}\n"
    f"Oct  6 09:00:01 mail1 postfix/qmgr[9]: 4F1A2B3C4D: from=<{ADDRESS}>, size=858, nrcpt=1 (queue active)\n"
    "Oct  6 09:00:02 mail1 postfix/qmgr[9]: 4F1A2B3C4D: removed\n"
)


@pytest.fixture
def collected(settings: Settings) -> None:
    """One official, and one message sent, collected."""
    log = settings.log_folders[0] / "mail.log"
    log.write_text(LINES)
    written = datetime(2026, 10, 31, tzinfo=UTC).timestamp()
    os.utime(log, (written, written))
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=ROSTER)
        source = collecting.add_source(session, command_line_actor(), name="mail", paths=[log])
    collecting.collect(settings, command_line_actor(), source_ids=[source])


def test_a_report_from_asking_to_its_lines(admin: Visitor, settings: Settings, collected: None) -> None:
    asked = admin.post(ASK, ASK, first="2026-10-05", last="2026-10-09")
    assert (asked.status_code, asked.location) == (303, "/audits/1")
    run_waiting(settings)
    run_waiting(settings)
    page = admin.get("/audits/1")
    assert "/audits/1/manifest.json" in page.text
    manifest = read_manifest(admin.get("/audits/1/manifest.json").text)
    with unit_of_work(settings) as session:
        assert standing.made_again(settings.store, manifest) == queries.report(session, 1)
    day = f"/audits/1/days/2026-10-06/{OFFICIAL}"
    assert "4F1A2B3C4D: client=unknown[10.2.0.9]" in admin.get(day).text
    standing.remove_old_events(settings, actor="test", today=date(2028, 1, 1))
    after = admin.get(day).text
    assert "4F1A2B3C4D" not in after
    assert "Dòng nhật ký đã được xóa" in after


@pytest.mark.parametrize("how", ["cut off", "gone"])
@pytest.mark.parametrize("what", ["lines", "evidence"])
def test_a_file_of_the_store_that_cannot_be_read_is_named_and_the_rest_is_shown(
    admin: Visitor, settings: Settings, collected: None, how: str, what: str
) -> None:
    admin.post(ASK, ASK, first="2026-10-05", last="2026-10-09")
    run_waiting(settings)
    run_waiting(settings)
    place = "events" if what == "lines" else "audits"
    (key,) = [one.key for one in settings.store.listed(place) if one.name == f"{what}.parquet"]
    whole = settings.store.read(key)
    settings.store.put(key, whole[:-30]) if how == "cut off" else settings.store.remove(key)
    for address in (f"days/2026-10-06/{OFFICIAL}", f"figures/sent/{OFFICIAL}"):
        page = admin.get(f"/audits/1/{address}")
        assert (page.status_code, key in page.text, "giữ nguyên" in page.text) == (200, True, True), address
        assert "không có dòng nào về" not in page.text, "that would be said of an official of whom nothing was found"
    settings.store.put(key, whole)
    assert "4F1A2B3C4D: client=unknown[10.2.0.9]" in admin.get(f"/audits/1/days/2026-10-06/{OFFICIAL}").text


def test_a_copy_stands_in_the_table_of_logs_as_one(admin: Visitor, settings: Settings) -> None:
    """Not as if it were empty: the log of which it is the copy is named, in the reader's language."""
    folder = settings.log_folders[0]
    (folder / "mail.log").write_text(LINES)
    (folder / "mail.log.1.gz").write_bytes(gzip.compress(LINES.encode()))
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=ROSTER)
        start_audit(
            session, command_line_actor(), timezone="Asia/Ho_Chi_Minh", log_folders=settings.log_folders, paths=[folder]
        )
    assert run_waiting(settings) == 3
    for page in ("/audits/1", "/audits/1/coverage"):
        assert 'mail.log.1.gz <span class="vt-muted">(bản sao, đã đếm ở mail.log)</span>' in admin.get(page).text


def test_what_cannot_be_asked_is_said_beside_the_form(admin: Visitor, settings: Settings) -> None:
    nothing = admin.post(ASK, ASK, first="2026-10-05", last="2026-10-09")
    assert nothing.status_code == 422
    assert "vanthu collect" in nothing.text
    turned = admin.post(ASK, ASK, first="2026-10-09", last="2026-10-05")
    assert turned.status_code == 422
    del settings


def test_the_list_begins_with_the_latest_mornings(admin: Visitor, settings: Settings, collected: None) -> None:
    """Two mornings are shown, the others on request; a report that was asked for is always there."""
    assert admin.post(ASK, ASK, first="2026-10-05", last="2026-10-09").status_code == 303
    with unit_of_work(settings) as session:
        for number in range(6):
            day = date(2026, 10, 10 + number)
            standing.ask_report(session, SCHEDULER, timezone=settings.timezone, first=day, last=day)
    page = admin.get("/audits").text
    shown = [number for number in range(1, 8) if f'href="/audits/{number}"' in page]
    assert shown == [1, 4, 5, 6, 7]
    assert "2 báo cáo của các buổi sáng trước" in page
    every = admin.get("/audits?mornings=all").text
    assert [number for number in range(1, 8) if f'href="/audits/{number}"' in every] == list(range(1, 8))
