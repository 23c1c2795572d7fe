"""HR's board, its files, the reminders to come and the effect as pages: what is there, for whom, and what never is."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.queries import official_row
from core.jobs import Job
from core.permissions import WHOLE, Actor, Role
from core.settings import Settings
from mail_audit.queries.active_days import ActiveDays, active_days
from tests.training.following import measured, office
from tests.web import town
from tests.web.conftest import Visitor
from tests.web.test_queries_count import MOST, _statements
from training.moments import Moment
from training.services.assigning import assign_by_hand
from training.services.completing import step_done
from training.services.effects import report_effect
from web.border import BorderedFlask
from web.views import following
from web.views.own_mail import _address

Made = Callable[..., Visitor]
FORMULA = '=HYPERLINK("http://example.org")'


def _now(settings: Settings) -> Moment:
    now = utc_now()
    return Moment(now, day_in(settings.timezone, now))


@pytest.fixture
def learning(settings: Settings, listed: None) -> dict[str, int]:
    """Four people have a course to do: one is done, one has begun, one is late, one has just got it."""
    moment = _now(settings)
    earlier = Moment(moment.now - timedelta(days=30), moment.today - timedelta(days=30))
    found = {}
    with unit_of_work(settings) as session:
        session.add(office.course("mailbox"))
        session.flush()
        for number, due, at in (("CB1", 3, moment), ("CB2", 3, moment), ("CB3", -3, earlier), ("CB5", 3, moment)):
            found[number] = assign_by_hand(
                session, office.HR, official_id=number, course_key="mailbox", due_on=moment.today + timedelta(days=due),
                reason=FORMULA if number == "CB2" else "ít dùng thư", moment=at,
            )  # fmt: skip
        steps = (("CB1", "lesson", "one"), ("CB1", "quiz", "end"), ("CB2", "lesson", "one"))
        for number, kind, key in steps:
            step_done(session, office.HR, assignment_id=found[number], kind=kind, key=key, proof={}, moment=moment)
    return found


def test_the_board_says_who_stands_where_and_why(account_of: Made, learning: dict[str, int]) -> None:
    page = account_of("hr").get("/training").text
    for words in ("<strong>1</strong> quá hạn", "<strong>1</strong> đang học", "<strong>1</strong> phải học",
                  "<strong>1</strong> đã xong", "ít dùng thư", "quá hạn 3 ngày", "1/2 bước"):  # fmt: skip
        assert words in page
    assert page.index("Lê Thị Thu Hà") < page.index("Trần Văn Ửng") < page.index("Nguyễn Thị Ngọc Ánh")
    assert FORMULA.replace('"', "&#34;") in page


def test_two_lists_with_pages_are_told_apart_by_name(
    account_of: Made, learning: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hears the page read out goes from landmark to landmark: each has a name of its own."""
    monkeypatch.setattr(following, "LIMIT", 1)
    monkeypatch.setattr(following, "UNITS", 1)
    names = re.findall(r'<nav class="vt-links" aria-label="([^"]+)"', account_of("hr").get("/training").text)
    assert (len(names), len(set(names))) == (2, 2), names


FILTERED: dict[str, list[str]] = {
    "standing=late": ["CB3"],
    "standing=done": ["CB1"],
    "standing=learning": ["CB2"],
    "text=ung": ["CB2"],
    "text=cb5": ["CB5"],
    f"unit={town.CONSTRUCTION}": ["CB1", "CB2"],
    "course=other": [],
    "standing=nonsense&offset=-1&campaign=x": ["CB1", "CB2", "CB3", "CB5"],
    "offset=50": [],
}


def test_filters_and_parts(account_of: Made, learning: dict[str, int]) -> None:
    visitor, found = account_of("hr"), {}
    for asked in FILTERED:
        listed = visitor.get(f"/training?{asked}").text.partition('id="list"')[2].partition('id="units"')[0]
        found[asked] = [number for number, *_ in town.PEOPLE if f'"vt-title">{number}' in listed]
    assert found == FILTERED


def test_another_unit_is_not_there(account_of: Made, learning: dict[str, int]) -> None:
    """Not its people, not its sums, not its name among the choices; not in the files, not among the reminders."""
    visitor = account_of("leader", unit_key=town.HEALTH)
    pages = [visitor.get(f"/training{one}").text for one in ("", "/assignments.csv", "/reminders", "/statements.json")]
    for page in pages:
        assert "Hoàng Minh Quân" in page
        assert town.CONSTRUCTION not in page
        assert "Trần Văn Ửng" not in page
    assert "<strong>0</strong> quá hạn" in pages[0]
    assert visitor.get(f"/training?unit={town.CONSTRUCTION}").text.count('class="vt-title"') == 0


def test_files_hold_the_rows_and_run_nothing(account_of: Made, learning: dict[str, int], settings: Settings) -> None:
    visitor = account_of("hr", name="nhansu")
    rows = list(csv.DictReader(io.StringIO(visitor.get("/training/assignments.csv").data.decode("utf-8-sig"))))
    assert [row["official_id"] for row in rows] == ["CB3", "CB2", "CB5", "CB1"]
    assert (rows[1]["reason"], rows[0]["days_late"], rows[3]["standing"]) == (f"'{FORMULA}", "3", "đã xong")
    late = visitor.get("/training/assignments.xlsx?standing=late")
    book = openpyxl.load_workbook(io.BytesIO(late.data))
    (sheet,) = book.worksheets
    assert [cell.value for cell in sheet["A"]] == ["Mã số", "CB3"]
    whole = openpyxl.load_workbook(io.BytesIO(visitor.get("/training/assignments.xlsx").data)).worksheets[0]
    cells = {cell.value: cell.data_type for row in whole.iter_rows() for cell in row}
    assert cells[FORMULA] == "s"
    assert "f" not in cells.values()
    with unit_of_work(settings) as session:
        taken = session.scalars(select(AuditEntry).where(AuditEntry.action == "training:assignment:export")).all()
        assert [(one.actor, one.facts["form"], one.facts["rows"]) for one in taken] == [
            ("nhansu", "csv", 4), ("nhansu", "xlsx", 1), ("nhansu", "xlsx", 4),
        ]  # fmt: skip


def test_statements_are_one_array_of_what_was_learnt(account_of: Made, learning: dict[str, int]) -> None:
    found = json.loads(account_of("hr").get("/training/statements.json").data)
    verbs = [one["verb"]["id"].rpartition("/")[2] for one in found]
    assert sorted(verbs) == ["completed"] * 3 + ["passed"] + ["registered"] * 4
    assert len({one["id"] for one in found}) == len(found)


def test_whoever_looks_at_people_is_in_the_trail_once_a_day(
    account_of: Made, learning: dict[str, int], settings: Settings
) -> None:
    visitor = account_of("hr", name="nhansu")
    for address in ("/training", "/training?standing=late", "/training/reminders", "/training"):
        visitor.get(address)
    with unit_of_work(settings) as session:
        looks = session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "training:assignment:look")).all()
        assert looks == ["nhansu"]


def test_the_number_of_questions_is_fixed(admin: Visitor, settings: Settings, learning: dict[str, int]) -> None:
    for address in ("/training", "/training/reminders"):
        admin.get(address)  # the day's look goes into the trail
        at_one = _statements(admin, settings, f"{address}?text=cb3")
        assert 0 < at_one == _statements(admin, settings, f"{address}?text=cb") <= MOST


@pytest.fixture
def reported(settings: Settings) -> int:
    """A drawn list with an effect that was reported."""
    with unit_of_work(settings) as session:
        session.add(office.course("mailbox"))
        number = measured.campaign(session, units=1)
        measured.log(session, measured.habits(session, number, added=0.4))
        day = office.moment(measured.LAST + timedelta(days=2))
        return report_effect(session, campaign_id=number, moment=day, permutations=99)


def test_the_effect_is_a_sentence_a_dot_with_its_bar_and_what_it_rests_on(admin: Visitor, reported: int) -> None:
    for language, said, dot in (
        ("vi", "Có tăng. Người đã học dùng thư nhiều hơn", r">\+[5-9],\d</text>"),
        ("en", "Rose. Trained", r">\+[5-9]\.\d</text>"),
    ):
        admin.client.set_cookie("vanthu_language", language)
        page = admin.get(f"/training/effect/{reported}").text
        assert (said in page, 'class="vt-effect" role="img"' in page, re.search(dot, page) is not None) == (
            True,
            True,
            True,
        )
        assert page.count("<svg") >= 2
    assert "A: order of waves drawn within each unit" in page
    assert "2 people were not drawn and are left out." in page
    assert "Before and after: not evidence of effect." in page
    assert "Trần Thị" not in page
    assert "Phòng u0" not in page
    board = admin.get("/training").text
    assert ("Rose. Trained" in board, 'class="vt-effect"' in board) == (True, True)


def test_a_leader_sees_the_board_without_the_effect(account_of: Made, reported: int) -> None:
    page = account_of("leader").get("/training").text
    assert ("vt-effect" in page, account_of("leader").get("/training/effect").status_code) == (False, 403)


def test_a_report_is_asked_for_and_made_by_a_worker(account_of: Made, reported: int, settings: Settings) -> None:
    visitor = account_of("hr", name="nhansu")
    assert visitor.post("/training/effect", "/training/effect", campaign="1").status_code == 303
    assert "Đang tính hiệu quả" in visitor.get("/training/effect").text
    with unit_of_work(settings) as session:
        job = session.scalars(select(Job).where(Job.task == "training.report_effect")).one()
        assert (job.subject, job.args) == ("campaign:1", {"campaign_id": 1, "by": "nhansu"})
    assert visitor.post("/training/effect", "/training/effect", campaign="77").status_code == 404
    assert visitor.post("/training/effect", "/training/effect", campaign="x").status_code == 404


def test_a_line_of_the_day_s_mail_leads_to_the_course_or_to_the_board(app: BorderedFlask) -> None:
    official, leader = Actor("a", frozenset({Role.OFFICIAL}), "CB1"), Actor("b", frozenset({Role.LEADER}))
    with app.test_request_context("/"):
        assert _address(official, "assignment:7:before_1:2026-11-20") == "/learning/7"
        assert _address(leader, "late:7:head_1:2026-11-20") == "/training?standing=late"
        assert _address(official, "late:7:head_1:2026-11-20") == "/mine"


def test_days_of_audits_of_files_are_read_too(settings: Settings, listed: None) -> None:
    """Known are the days that its logs cover; of whom it missed any, or could not judge, only days of use are."""
    with unit_of_work(settings) as session:
        said = town.report()
        missed = [replace(one, covered_working_days=9) if one.official_id == "CB1" else one for one in said.officials]
        town.store(session, settings.store, replace(said, officials=tuple(missed)))
        keys = {number: official_row(session, number).id for number in ("CB1", "CB2", "CB3", "CB8")}  # type: ignore[union-attr]
        found = active_days(session, list(keys.values()), [(town.FIRST, town.LAST)], reach=WHOLE)
    assert {number: found[key][0] for number, key in keys.items()} == {
        "CB1": ActiveDays(20, 1, 1),
        "CB2": ActiveDays(20, 15, 0),
        "CB3": ActiveDays(20, 15, 0),
        "CB8": ActiveDays(20, 0, 0),
    }
