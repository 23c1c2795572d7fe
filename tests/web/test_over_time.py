"""Two periods, rolling lines, days back, targets and exports, as visitors meet them; and the menu that leads there."""

from __future__ import annotations

import io
from datetime import date, timedelta

import polars as pl
import pytest
from flask import g

from core import permissions
from core.db import unit_of_work
from core.permissions import Actor, Permission, Role
from core.settings import Settings
from tests.web import town
from tests.web.conftest import Visitor
from web import navigation
from web.border import BorderedFlask

BEFORE = (town.FIRST - timedelta(28), town.LAST - timedelta(28))


@pytest.fixture
def two(settings: Settings, audit_id: int) -> tuple[int, int]:
    """The town's audit, and one of the four weeks before."""
    with unit_of_work(settings) as session:
        return town.store(session, settings.store, town.report(*BEFORE)), audit_id


def test_one_audit_is_too_few_to_compare(admin: Visitor, audit_id: int) -> None:
    assert "Cần có hai lần kiểm tra đã có số liệu" in admin.get("/comparison").text


def test_the_latest_two_are_compared_unasked(admin: Visitor, two: tuple[int, int]) -> None:
    page = admin.get("/comparison").text
    assert "07/09/2026 – 04/10/2026" in page
    assert "Kỳ sau có nhật ký của 21/28 ngày." in page
    assert "không đổi" in page
    assert town.HOSTILE not in page


def test_the_order_of_the_choice_does_not_matter(admin: Visitor, two: tuple[int, int]) -> None:
    pages = [admin.get(f"/comparison?earlier={first}&later={second}").text for first, second in (two, two[::-1])]
    assert len({page.partition("<main")[2].partition("</main>")[0] for page in pages}) == 1


@pytest.mark.parametrize(
    "query", ["earlier=x&later=y", "moved=upwards", "offset=-1", "all=1", "earlier=1", "offset=999"]
)
def test_what_nobody_could_have_chosen_is_passed_over(admin: Visitor, two: tuple[int, int], query: str) -> None:
    assert admin.get(f"/comparison?{query}").status_code == 200


def test_who_moved_is_named_with_the_reasons_of_both(admin: Visitor, settings: Settings, audit_id: int) -> None:
    with unit_of_work(settings) as session:
        earlier = town.report(*BEFORE)
        people = list(earlier.officials)
        people[0] = town.official("CB1", town.PEOPLE[0][1], town.CONSTRUCTION, "leader", "none")
        changed = town.report(*BEFORE)
        object.__setattr__(changed, "officials", tuple(people))
        town.store(session, settings.store, changed)
    page = admin.get("/comparison").text
    assert "Dùng nhiều hơn: 1" in page
    assert page.count("Căn cứ về CB1.") == 2


def test_a_line_and_its_figures(admin: Visitor, audit_id: int) -> None:
    page = admin.get(f"/audits/{audit_id}/trends?unit={town.CONSTRUCTION}&days=30").text
    assert "Tỷ lệ có dùng trong 7 ngày gần nhất" in page
    assert page.count("<svg") >= 2
    assert "không có dữ liệu" in page
    assert f'<option value="{town.CONSTRUCTION}" selected' in page


@pytest.mark.parametrize("query", ["day=2026-10-11", "day=yesterday", "day=1066-10-14", "day=9999-12-31", "all=1", ""])
def test_days_back_from_any_day(admin: Visitor, audit_id: int, query: str) -> None:
    page = admin.get(f"/audits/{audit_id}/windows?{query}")
    assert page.status_code == 200
    assert ("(1/3)" in page.text) == (query == "day=2026-10-11")


def test_a_target_is_set_held_against_figures_and_taken_back(admin: Visitor, audit_id: int) -> None:
    fields = {"unit": "*", "rank": "leader", "share": "80", "due": "2026-12-31"}
    assert admin.post("/targets", "/targets", **fields).status_code == 303
    page = admin.get("/targets").text
    assert "Mục tiêu: thêm mới 1, sửa 0, giữ nguyên 0." in page
    assert "còn thiếu ít nhất 1 người; 2/4 người dùng, cần 4" in page
    assert "80\u00a0% lãnh đạo đến 31/12/2026" in admin.get("/").text
    assert admin.post("/targets/1/withdraw", "/targets").status_code == 303
    assert "Chưa đặt mục tiêu nào." in admin.get("/targets").text


def test_the_same_for_each_department(admin: Visitor, audit_id: int) -> None:
    fields = {"unit": "**", "rank": "staff", "share": "50", "due": "2026-12-31"}
    assert admin.post("/targets", "/targets", **fields).status_code == 303
    page = admin.get("/targets").text
    assert "thêm mới 3" in page
    assert town.HOUSING not in page.partition("<form")[0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"share": "0"}, "Nhập tỷ lệ từ 1 đến 100"),
        ({"share": "101"}, "Nhập tỷ lệ từ 1 đến 100"),
        ({"share": "NaN"}, "Nhập tỷ lệ từ 1 đến 100"),
        ({"share": "many"}, "Có chỗ chưa đúng"),
        ({"due": ""}, "Nhập ngày cần đạt mục tiêu"),
        ({"due": "2026-02-30"}, "Nhập ngày cần đạt mục tiêu"),
        ({"unit": "Sở Không Có"}, "Có chỗ chưa đúng"),
        ({"rank": "boss"}, "Có chỗ chưa đúng"),
    ],
)
def test_a_wrong_target_says_what_is_wrong(admin: Visitor, audit_id: int, changed: dict[str, str], words: str) -> None:
    fields = {"unit": "*", "rank": "leader", "share": "80", "due": "2026-12-31"} | changed
    answer = admin.post("/targets", "/targets", **fields)
    assert (answer.status_code, words in answer.text, "Not a valid" in answer.text) == (422, True, False), answer.text


def test_targets_by_file(admin: Visitor, audit_id: int) -> None:
    def send(text: str) -> tuple[int, str]:
        answer = admin.post("/targets/file", "/targets", file=(io.BytesIO(text.encode()), "mục tiêu.csv"))
        return answer.status_code, answer.text

    wrong = f"unit,rank,share,due\n{town.HEALTH},leader,200,2026-12-31\nX,leader,80,2026-12-31\n"
    status, page = send(wrong)
    assert (status, "Dòng 2: mục tiêu “200”" in page, "Dòng 3: không có đơn vị" in page) == (422, True, True)
    assert send(f"unit,rank,share,due\n{town.HEALTH},leader,100,2026-12-31\n")[0] == 303
    assert "đã đạt: 1/1 người dùng, cần 1" in admin.get("/targets").text
    status, page = send("not a table\n")
    assert (status, "mục tiêu.csv" in page or "Tệp thiếu cột" in page) == (422, True)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_export_is_a_file_to_keep(admin: Visitor, audit_id: int, ending: str) -> None:
    fields = {"what": "days", "first": "2026-10-05", "last": "2026-11-01", "ending": ending}
    answer = admin.post("/exports", "/exports", **fields)
    name = f"vanthu-days-2026-10-05-2026-11-01.{ending}"
    assert (answer.status_code, name in answer.headers["Content-Disposition"]) == (200, True)
    with answer:
        content = io.BytesIO(answer.data)
    read = pl.read_csv(content) if ending == "csv" else pl.read_parquet(content)
    assert read["mailbox"].to_list() == ["cb1@tp.example.gov.vn", "cb3@tp.example.gov.vn"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": ""}, "Nhập ngày đầu"),
        ({"last": "2026-10-01"}, "Ngày cuối không được trước ngày đầu"),
        ({"what": "officials", "last": "2026-10-30"}, "Chưa có lần kiểm tra hay báo cáo nào đúng kỳ"),
        ({"what": "secrets"}, "Có chỗ chưa đúng"),
        ({"ending": "exe"}, "Có chỗ chưa đúng"),
    ],
)
def test_what_cannot_be_exported_is_said(admin: Visitor, audit_id: int, changed: dict[str, str], words: str) -> None:
    fields = {"what": "days", "first": "2026-10-05", "last": "2026-11-01", "ending": "csv"} | changed
    answer = admin.post("/exports", "/exports", **fields)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text


def _menu(app: BorderedFlask, actor: Actor, address: str) -> tuple[list[str], list[str]]:
    with app.test_request_context(address):
        g.actor = actor
        return [str(one["text"]) for one in navigation.main_menu()], [str(one["text"]) for one in navigation.sub_menu()]


def test_the_menu_has_at_most_seven_words(app: BorderedFlask) -> None:
    words, beside = _menu(app, Actor("admin", frozenset({Role.ADMINISTRATOR})), "/targets")
    assert words[:4] == ["Trang chủ", "Văn bản", "Thành phố", "Theo thời gian"]
    assert beside == ["Hai kỳ", "Đường diễn biến", "7 đến 180 ngày gần nhất", "Mục tiêu", "Xuất dữ liệu"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("number", [None, "CB1"])
def test_nobody_s_menu_has_more_than_seven_words(app: BorderedFlask, role: Role, number: str | None) -> None:
    roles = frozenset({role}) if number is None else frozenset({role, Role.OFFICIAL})
    words, _ = _menu(app, Actor("x", roles, number), "/")
    assert (words[0], 0 < len(words) <= navigation.MOST) == ("Trang chủ", True)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("address", ["/learning", "/training", "/training/rules", "/training/effect", "/classes"])
def test_beside_a_page_of_training_stand_at_most_seven(app: BorderedFlask, role: Role, address: str) -> None:
    _, beside = _menu(app, Actor("x", frozenset({role, Role.OFFICIAL}), "CB1"), address)
    assert len(beside) <= navigation.MOST
    assert len(set(beside)) == len(beside)


def test_own_learning_and_the_work_of_hr_stand_apart(app: BorderedFlask) -> None:
    hr = Actor("x", frozenset({Role.HR, Role.OFFICIAL}), "CB1")
    own = ["Khóa học của tôi", "Lớp học của tôi", "Giấy chứng nhận của tôi"]
    hers = ["Giao khóa học", "Có hiệu quả không?", "Khóa học và lớp học"]
    assert _menu(app, hr, "/learning")[1] == [*own, "Ai học gì", *hers]
    rules = ["Quy tắc", "Đợt học", "Miễn học"]
    assert _menu(app, hr, "/training/rules")[1] == ["Việc học của tôi", "Ai học gì", *rules, *hers[1:]]


def test_the_menu_shows_only_what_may_be_opened(app: BorderedFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "HELD", {"reader": frozenset({Permission.CORE_DIRECTORY_READ})})
    assert _menu(app, Actor("khach", frozenset({"reader"})), "/directory") == (["Danh bạ"], [])


def test_an_official_begins_with_the_own_figures(app: BorderedFlask) -> None:
    official = Actor("cb1", frozenset({Role.OFFICIAL}), "CB1")
    words, beside = _menu(app, official, "/mine")
    assert words[:2] == ["Trang chủ", "Văn bản"]
    assert beside == ["Trang chủ", "Số liệu của tôi", "Đề nghị xem lại"]
    assert not {"Toàn thành phố", "Thành phố", "Theo thời gian"} & set(words)


def test_every_page_of_the_menu_exists(app: BorderedFlask) -> None:
    endpoints = [entry.endpoint for section in navigation.MENU for entry in section.entries]
    assert [one for one in endpoints if one not in app.view_functions] == []
    assert len(endpoints) == len(set(endpoints))


def test_pages_of_an_audit_lead_to_pages_of_the_same(admin: Visitor, two: tuple[int, int]) -> None:
    page = admin.get(f"/audits/{two[0]}/units").text
    for noun in ("city", "officials", "trends"):
        assert f'href="/audits/{two[0]}/{noun}"' in page or noun == "trends"
    beside = admin.get(f"/audits/{two[0]}/trends").text
    assert f'href="/audits/{two[0]}/windows"' in beside
    assert date.fromisoformat("2026-10-04") == BEFORE[1]
