"""Classes as pages: planned, filled, shown in the room, scanned by a telephone, entered from the sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.db import unit_of_work
from core.settings import Settings
from tests.web import town
from tests.web.classrooms import COURSE, STARTS, Clock, set_clock, settle
from tests.web.conftest import TOKEN, Visitor
from training import presence
from training.models import AttendanceRow, CertificateRow, ClassRow, SeatRow
from training.services.classes.attending import session_of
from web.border import BorderedFlask

Made = Callable[..., Visitor]
CODE = re.compile(r'class="vt-screen__code">(\w{4}) (\w{4})<')
FIELDS = {
    "day": "2026-11-25", "starts": "14:00", "ends": "16:00", "room": "Hội trường", "places": "30", "teacher": "CB2",
    "note": "",
}  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = set_clock(monkeypatch)
    turned(STARTS - timedelta(days=2))
    return turned


@pytest.fixture
def class_id(settings: Settings, listed: None, clock: Clock) -> int:
    with unit_of_work(settings) as session:
        return settle(session)


@pytest.fixture
def hr(account_of: Made, class_id: int) -> Visitor:
    return account_of("hr")


def present(settings: Settings) -> list[str]:
    with unit_of_work(settings) as session:
        return list(session.scalars(select(AttendanceRow.how).order_by(AttendanceRow.id)))


def the_code(settings: Settings, class_id: int, minutes: float = 5) -> str:
    """What the screen shows so many minutes after the class began."""
    with unit_of_work(settings) as session:
        when = session_of(session.get_one(ClassRow, class_id))
    made = presence.code(settings.secret_key, when, STARTS + timedelta(minutes=minutes))
    assert made is not None
    return made


def followed(visitor: Visitor, answer: TestResponse) -> TestResponse:
    assert answer.status_code in {302, 303}, answer.text
    return visitor.get(answer.location)


def test_the_personnel_office_plans_changes_and_cancels(hr: Visitor, class_id: int) -> None:
    made = hr.post("/classes", "/classes/new", course=f"{COURSE}/room", unit="", **FIELDS)
    page = followed(hr, made)
    assert "14:00–16:00, 25/11/2026" in page.text
    assert "Hội trường" in page.text
    address = made.location
    changed = hr.post(f"{address}/change", f"{address}/change", **(FIELDS | {"room": "Phòng 7", "seen": "0"}))
    assert "Phòng 7" in followed(hr, changed).text
    stale = hr.post(f"{address}/change", f"{address}/change", **(FIELDS | {"room": "Phòng 8", "seen": "0"}))
    assert (stale.status_code, "Phòng 8" in hr.get(address).text) == (422, False)
    assert hr.post(f"{address}/cancel", address, why="").status_code == 422
    page = followed(hr, hr.post(f"{address}/cancel", address, why="Giảng viên ốm"))
    assert "Giảng viên ốm" in page.text
    assert [line in hr.get("/classes").text for line in ("đã hủy", "Phòng 5", "Phòng 7")] == [True, True, True]


def test_a_class_that_cannot_be_comes_back_with_a_reason(hr: Visitor, class_id: int, settings: Settings) -> None:
    for wrong in (
        {"ends": "13:00"}, {"day": "hôm nay"}, {"places": "0"}, {"places": "nhiều"}, {"room": " "}, {"teacher": ""},
        {"course": "nothing/room"}, {"unit": "nowhere"}, {"day": "2096-01-01"}, {"starts": ""}, {"room": "x" * 201},
    ):  # fmt: skip
        fields = FIELDS | {"course": f"{COURSE}/room", "unit": ""} | wrong
        answer = hr.post("/classes", "/classes/new", **fields)
        assert (answer.status_code, "govuk-error-summary" in answer.text) == (422, True), wrong
    with unit_of_work(settings) as session:
        assert session.scalars(select(ClassRow.id)).all() == [class_id]


def test_seats_by_the_pages(hr: Visitor, account_of: Made, class_id: int, settings: Settings) -> None:
    """The office puts two on the list, a third waits, one gives the seat back, and the third has it."""
    address, own = f"/classes/{class_id}", f"/learning/classes/{class_id}"
    page = hr.get(address).text
    assert [name in page for name in ("Nguyễn Thị Ngọc Ánh", "Hoàng Minh Quân")] == [True, False]  # has it to do
    followed(hr, hr.post(f"{address}/seats", address, some=["CB2", "CB3"]))
    waits = account_of(official_id="CB1", name="can.bo")
    assert "Vào danh sách chờ" in waits.get(own).text
    assert "thứ 1 trong danh sách chờ" in followed(waits, waits.post(f"{own}/ask", own)).text
    assert hr.get(address).text.count("Bỏ khỏi danh sách") == 3
    leaves = account_of(official_id="CB3", name="cb3")
    followed(leaves, leaves.post(f"{own}/leave", own))
    assert "đã có chỗ" in waits.get("/learning/classes").text
    assert f'href="{own}/class.ics"' in waits.get(own).text
    event = waits.get(f"{own}/class.ics")
    assert (event.mimetype, "DTSTART;TZID=Asia/Ho_Chi_Minh:20261124T083000" in event.text) == ("text/calendar", True)
    assert (leaves.get(f"{own}/class.ics").status_code, "class.ics" in leaves.get(own).text) == (404, False)
    removed = followed(hr, hr.post(f"{address}/seats/remove", address, official_id="CB1"))
    assert 'value="CB1"' in removed.text  # the way back
    assert hr.post(f"{address}/seats", address, official_id="CB99").status_code == 422
    with unit_of_work(settings) as session:
        assert [one.state for one in session.scalars(select(SeatRow).order_by(SeatRow.id))] == [
            "seated",
            "left",
            "left",
        ]


def test_one_wrong_number_among_several_puts_nobody_on_the_list(hr: Visitor, class_id: int, settings: Settings) -> None:
    address = f"/classes/{class_id}"
    assert hr.post(f"{address}/seats", address, some=["CB2", "CB99"]).status_code == 422
    with unit_of_work(settings) as session:
        assert session.scalars(select(SeatRow)).all() == []


def scan(client: FlaskClient, page: TestResponse) -> TestResponse:
    """What a telephone does with the screen: the address that is in the picture."""
    found = CODE.search(page.text)
    assert found, page.text
    class_id = re.search(r"/classes/(\d+)/screen", page.text)
    assert class_id
    return client.get(f"/classes/{class_id[1]}/here/{found[1]}{found[2]}")


def test_a_telephone_scans_logs_in_and_is_there(
    app: BorderedFlask, account_of: Made, class_id: int, clock: Clock, settings: Settings
) -> None:
    """The state of the code is not lost by the log-in, though the code itself changed long ago."""
    teacher = account_of(official_id="CB2", name="teacher")
    account_of(official_id="CB1", name="can.bo")
    clock(STARTS + timedelta(minutes=5))
    screen = teacher.get(f"/classes/{class_id}/screen")
    assert 1 <= int(screen.headers["Refresh"]) <= 31
    phone = Visitor(app.test_client())
    scanned = scan(phone.client, screen)
    login = phone.get(scanned.location)
    assert login.status_code == 302
    assert present(settings) == []

    clock(STARTS + timedelta(minutes=13))  # eight minutes to find the password
    here = followed(phone, phone.log_in(page=login.location, name="can.bo"))
    assert here.request.path == f"/learning/classes/{class_id}/here"
    assert ("Tôi có mặt" in here.text, "tám ký tự" in here.text) == (True, False)
    done = followed(phone, phone.post(f"/learning/classes/{class_id}/here", here.request.path))
    assert "Đã ghi nhận Ông/Bà có mặt lúc 08:43" in done.text
    assert present(settings) == ["code"]
    assert "đã có mặt" in phone.get("/learning/classes").text


def test_a_telephone_that_is_logged_in_is_not_asked_again(
    account_of: Made, class_id: int, clock: Clock, settings: Settings
) -> None:
    teacher, phone = account_of(official_id="CB2", name="teacher"), account_of(official_id="CB1", name="can.bo")
    clock(STARTS + timedelta(minutes=5))
    here = followed(phone, scan(phone.client, teacher.get(f"/classes/{class_id}/screen")))
    assert here.status_code == 200
    assert present(settings) == []  # looking is not being there: no link of a message marks anybody
    followed(phone, phone.post(here.request.path, here.request.path))
    assert present(settings) == ["code"]


def test_there_is_no_success_without_a_record(
    account_of: Made, class_id: int, clock: Clock, settings: Settings
) -> None:
    phone, address = account_of(official_id="CB1", name="can.bo"), f"/learning/classes/{class_id}/here"
    clock(STARTS + timedelta(minutes=5))
    for code in ("ABCDEFGH", "", the_code(settings, class_id, minutes=2)):
        answer = phone.post(address, address, code=code)
        assert (answer.status_code, "chưa ghi nhận gì" in answer.text) == (409, True)
        assert "Đã ghi nhận" not in phone.get(address).text
    assert present(settings) == []


def test_the_code_may_be_typed(account_of: Made, class_id: int, clock: Clock, settings: Settings) -> None:
    phone, address = account_of(official_id="CB1", name="can.bo"), f"/learning/classes/{class_id}/here"
    clock(STARTS + timedelta(minutes=5))
    typed = the_code(settings, class_id)
    done = followed(phone, phone.post(address, address, code=f"{typed[:4]} {typed[4:]}".lower()))
    assert "Đã ghi nhận Ông/Bà có mặt" in done.text


def test_nobody_is_present_in_a_class_to_come(
    account_of: Made, hr: Visitor, class_id: int, clock: Clock, settings: Settings
) -> None:
    """Neither by the page, nor by a code for that time, nor from the sheet; and the screen shows none."""
    phone, address = account_of(official_id="CB1", name="can.bo"), f"/learning/classes/{class_id}/here"
    with unit_of_work(settings) as session:
        session.add(
            SeatRow(training_class=class_id, official=1, state="waiting", number=1, asked_at=STARTS, asked_by="x")
        )
    code = the_code(settings, class_id)
    scanned = phone.get(f"/classes/{class_id}/here/{code}")
    assert "Set-Cookie" not in scanned.headers or "vanthu_here" not in scanned.headers["Set-Cookie"]
    assert "Chưa đến giờ" in phone.get(address).text
    assert phone.post(address, f"/learning/classes/{class_id}", code=code).status_code == 409
    assert hr.post(f"/classes/{class_id}/present", f"/classes/{class_id}", official_id="CB1").status_code == 422
    screen = hr.get(f"/classes/{class_id}/screen")
    assert CODE.search(screen.text) is None
    assert present(settings) == []


def test_a_ticket_is_good_for_its_class_and_its_time(
    account_of: Made, class_id: int, clock: Clock, settings: Settings
) -> None:
    phone, address = account_of(official_id="CB1", name="can.bo"), f"/learning/classes/{class_id}/here"
    clock(STARTS + timedelta(minutes=5))
    phone.get(f"/classes/{class_id}/here/{the_code(settings, class_id)}")
    clock(STARTS + timedelta(minutes=16))
    assert phone.post(address, address).status_code == 409
    phone.client.set_cookie("vanthu_here", f"{class_id}.1795484400.{'0' * 64}")
    assert phone.post(address, address).status_code == 409
    assert present(settings) == []


def test_the_sheet_and_who_was_entered_by_whom(hr: Visitor, class_id: int, clock: Clock, settings: Settings) -> None:
    address = f"/classes/{class_id}"
    hr.post(f"{address}/seats", address, some=["CB3"])
    sheet = hr.get(f"{address}/sheet")
    assert ("Lê Thị Thu Hà" in sheet.text, sheet.text.count("<tr>")) == (True, 1 + 1 + 3)
    paper = hr.get(f"{address}/sheet/vi.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    clock(STARTS + timedelta(hours=3))
    page = followed(hr, hr.post(f"{address}/present", address, official_id="CB3", note="dòng 1"))
    assert re.search(r"do account\d+ nhập, 11:30 24/11/2026: dòng 1", page.text)
    assert present(settings) == ["entered"]


def test_a_wrong_entry_is_taken_back(
    hr: Visitor, account_of: Made, class_id: int, clock: Clock, settings: Settings
) -> None:
    address, back = f"/classes/{class_id}", f"/classes/{class_id}/present/take-back"
    clock(STARTS + timedelta(hours=3))
    hr.post(f"{address}/present", address, official_id="CB1")
    with unit_of_work(settings) as session:
        code = session.scalars(select(CertificateRow.code)).one()
    assert "còn hiệu lực" in hr.get(f"/certificates/{code}").text
    refused = hr.post(back, address, official_id="CB1", why=" ")
    assert (refused.status_code, "Hãy ghi lý do rút ghi nhận" in refused.text) == (422, True)
    page = followed(hr, hr.post(back, address, official_id="CB1", why="Nhầm người cùng tên"))
    assert "Người này phải học lại bước này; giấy chứng nhận đã bị thu hồi" in page.text
    assert re.search(r"account\d+ nhập; account\d+ rút, 11:30 24/11/2026: Nhầm người cùng tên", page.text)
    assert present(settings) == []
    assert "đã bị thu hồi" in hr.get(f"/certificates/{code}").text
    own = account_of(official_id="CB1", name="can.bo").get(f"/learning/classes/{class_id}")
    assert "Nhầm người cùng tên" in own.text
    assert hr.post(f"{address}/present", address, official_id="CB1").status_code == 303, "the way back"
    assert present(settings) == ["entered"]
    assert hr.get(f"/certificates/{code}").text.count("đã bị thu hồi"), "the first one stays revoked"


def test_a_class_of_another_unit_is_not_there(account_of: Made, class_id: int, settings: Settings) -> None:
    """Nor one of the whole city for whoever plans for a unit only; its own it plans."""
    here, there = account_of("hr", unit_key=town.CONSTRUCTION), account_of("hr", unit_key=town.HEALTH)
    assert here.get(f"/classes/{class_id}").status_code == 404
    fields = FIELDS | {"course": f"{COURSE}/room"}
    assert here.post("/classes", "/classes/new", unit=town.HEALTH, **fields).status_code == 422
    made = here.post("/classes", "/classes/new", unit=town.CONSTRUCTION, **fields)
    assert (here.get(made.location).status_code, there.get(made.location).status_code) == (200, 404)
    mine = account_of(official_id="CB1", name="can.bo").get("/learning/classes").text
    others = account_of(official_id="CB7", name="khac").get("/learning/classes").text
    assert ("Hội trường" in mine, "Hội trường" in others) == (True, False)


def test_only_the_teacher_among_officials_sees_the_list_and_the_screen(account_of: Made, class_id: int) -> None:
    teacher, other = account_of(official_id="CB2", name="teacher"), account_of(official_id="CB1", name="can.bo")
    for page in ("", "/screen", "/sheet", "/sheet/vi.pdf"):
        address = f"/classes/{class_id}{page}"
        assert (teacher.get(address).status_code, other.get(address).status_code) == (200, 404), page
    assert teacher.get(f"/classes/{class_id}/change").status_code == 404
    assert "Lớp tôi hướng dẫn" in teacher.get("/learning/classes").text


def test_the_home_page_tells_of_the_coming_class(account_of: Made, class_id: int) -> None:
    own, address = account_of(official_id="CB1", name="can.bo"), f"/learning/classes/{class_id}"
    followed(own, own.post(f"{address}/ask", address))
    assert "Hộp thư công vụ: Thứ ba, 08:30–10:30, 24/11/2026" in own.get("/").text


def test_forms_want_their_token(hr: Visitor, class_id: int) -> None:
    assert hr.client.post(f"/classes/{class_id}/cancel", data={"why": "x"}).status_code == 400
    assert TOKEN.search(hr.get(f"/classes/{class_id}").text)
