"""Asking for a review, answering, exceptions and accounts: as a browser without scripts sends them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work, utc_now
from core.directory.queries import TimeOuts, accounts
from core.directory.services import import_roster
from core.permissions import WHOLE, command_line_actor
from core.settings import Settings
from mail_audit.queries import report
from mail_audit.queries.exceptions import exemptions
from tests.web import town
from tests.web.conftest import PASSWORD, Visitor

OWN_PARTS = ("audits/1/days/2026-", "audits/1/figures/", "audits/1/contests/")
ASK = "/audits/1/contests/{}/CB1"


@pytest.fixture
def listed(settings: Settings) -> None:
    """The town's directory."""
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=town.roster())


def ask(visitor: Visitor, about: str = "sent", reason: str = "Tôi nghỉ phép.") -> str:
    sent = visitor.post(ASK.format(about), ASK.format(about), reason=reason)
    assert sent.status_code == 303, sent.text
    return str(sent.location)


def answer(visitor: Visitor, contest: str, **fields: str) -> tuple[int, str]:
    sent = visitor.post(f"{contest}/answer", contest, **fields)
    return sent.status_code, sent.text


def test_an_official_asks_and_reads_the_answer(
    official: Visitor, admin: Visitor, audit_id: int, settings: Settings
) -> None:
    with unit_of_work(settings) as session:
        before = report(session, audit_id)
    contest = ask(official, reason="Nghỉ phép.\nTừ ngày 5.")
    assert "đang chờ trả lời" in official.get("/mine").text
    assert "1 số liệu được đề nghị xem lại" in admin.get("/audits/1/city").text
    assert "1 đề nghị đang chờ trả lời" in admin.get("/contests").text
    assert answer(admin, contest, verdict="accepted", answer="Đã ghi nhận kỳ nghỉ.")[0] == 303
    for page in (contest, "/audits/1/officials/CB1"):
        assert "được chấp nhận" in official.get(page).text, page
    read = official.get(contest).text
    assert ("Đã ghi nhận kỳ nghỉ." in read, "Nghỉ phép.\nTừ ngày 5." in read, "answer-form" in read) == (
        True, True, False,
    )  # fmt: skip
    assert "1 số liệu được xác nhận là chưa đúng" in admin.get("/audits/1").text
    with unit_of_work(settings) as session:
        assert report(session, audit_id) == before
    assert answer(admin, contest, verdict="explained", answer="Hai lần.")[0] == 409


def test_what_is_written_is_shown_as_text(official: Visitor, admin: Visitor, audit_id: int) -> None:
    contest = ask(official, reason=town.HOSTILE)
    assert answer(admin, contest, verdict="explained", answer=town.HOSTILE)[0] == 303
    for page in (contest, "/contests", "/mine", "/audits/1/officials/CB1", "/audits/1/city"):
        for visitor in (official, admin):
            seen = visitor.get(page)
            assert town.HOSTILE not in seen.text, page


@pytest.mark.parametrize("reason", ["", " ", "x" * 2001, "\u200b"])
def test_a_reason_is_needed_and_bounded(official: Visitor, audit_id: int, reason: str) -> None:
    sent = official.post(ASK.format("sent"), ASK.format("sent"), reason=reason)
    assert (sent.status_code, "Lỗi" in sent.text) == (422, True)


def test_the_same_figure_twice(official: Visitor, audit_id: int) -> None:
    ask(official)
    again = official.post(ASK.format("sent"), ASK.format("sent"), reason="Lần nữa.")
    assert (again.status_code, "đang chờ trả lời" in again.text, "Lần nữa." in again.text) == (422, True, True)
    ask(official, "2026-10-06")
    ask(official, "usage_class")
    assert official.get("/contests").text.count('href="/contests/') == 3


def test_a_poor_answer_comes_back(official: Visitor, admin: Visitor, audit_id: int) -> None:
    contest = ask(official)
    status, page = answer(admin, contest, answer="Đã xem.")
    assert (status, "Hãy chọn kết quả xem lại" in page, "Đã xem." in page) == (422, True, True)
    assert answer(official, contest, verdict="accepted", answer="Tôi đúng.")[0] == 404


def test_looking_is_noted_once_and_only_of_others(
    official: Visitor, admin: Visitor, audit_id: int, settings: Settings
) -> None:
    pages = ("/audits/1/officials/CB1", "/audits/1/figures/sent/CB1", "/audits/1/days/2026-10-06/CB1")
    for page in pages:
        assert official.get(page).status_code == admin.get(page).status_code == 200
    official.get("/audits/1/officials/CB2")
    with unit_of_work(settings) as session:
        looked = [
            (one.actor, one.subject, one.facts)
            for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            if one.action == "mail_audit:official:look"
        ]
    assert looked == [
        ("admin", "official:CB1", {"audit": 1}),
        ("admin", "official:CB1", {"audit": 1, "figure": "sent"}),
        ("admin", "official:CB1", {"audit": 1, "day": "2026-10-06"}),
    ]


def test_an_exception_from_its_form_to_its_end(admin: Visitor, listed: None, audit_id: int, settings: Settings) -> None:
    new = "/exceptions/new?official=CB1"
    assert "Nguyễn Thị Ngọc Ánh" in admin.get(new).text
    fields = {"official_id": "CB1", "kind": "leave", "first": "2026-10-05", "last": "2026-10-09", "note": town.HOSTILE}
    sent = admin.post("/exceptions", new, **fields)
    assert (sent.status_code, sent.location) == (303, "/exceptions/1")
    for page in ("/exceptions/1", "/exceptions", "/audits/1/officials/CB1", "/exceptions?text=ngoc&state=ended"):
        seen = admin.get(page).text
        assert ("nghỉ phép" in seen, town.HOSTILE in seen) == (True, False), page
    assert "Ghi nhận sau khi lập báo cáo này" in admin.get("/audits/1/officials/CB1").text
    assert "1 ngoại lệ trong kỳ này" in admin.get("/audits/1/city").text
    assert "Không có ngoại lệ nào phù hợp" in admin.get("/exceptions?text=nobody").text
    assert admin.post("/exceptions/1/end", "/exceptions/1", last="2026-10-01").status_code == 422
    assert admin.post("/exceptions/1/end", "/exceptions/1", last="2026-10-07").status_code == 303
    assert admin.post("/exceptions/1/withdraw", "/exceptions/1", why="").status_code == 422
    assert admin.post("/exceptions/1/withdraw", "/exceptions/1", why="Nhầm người").status_code == 303
    assert "Nhầm người" in admin.get("/exceptions/1").text
    with unit_of_work(settings) as session:
        assert exemptions(session) == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"official_id": "CB99"}, "không có cán bộ nào mang mã"),
        ({"official_id": ""}, "Hãy ghi mã cán bộ"),
        ({"first": ""}, "ngày có thật"),
        ({"last": "2026-10-01"}, "không được trước"),
        ({"kind": "shared_station"}, "địa chỉ IP"),
        ({"kind": "shared_station", "address": "máy 7"}, "địa chỉ IP"),
        ({"kind": "agreed_delegate"}, "mã của người làm thay"),
        ({"kind": "agreed_delegate", "delegate": "CB1"}, "phải là người khác"),
    ],
    ids=str,
)
def test_an_exception_that_cannot_be_recorded(
    admin: Visitor, listed: None, changed: dict[str, str], words: str
) -> None:
    fields = {"official_id": "CB1", "kind": "leave", "first": "2026-10-05"} | changed
    sent = admin.post("/exceptions", "/exceptions/new", **fields)
    assert (sent.status_code, words in sent.text) == (422, True), sent.text


def test_an_account_for_an_official(admin: Visitor, listed: None, settings: Settings) -> None:
    fields = {"official_id": "CB2", "name": "Can.Bo.2", "password": PASSWORD}
    assert admin.post("/accounts", "/accounts", **fields).status_code == 303
    assert "Trần Văn Ửng" in admin.get("/accounts").text
    for wrong in (
        fields,
        fields | {"official_id": "CB99"},
        fields | {"official_id": "CB3", "password": "ngắn"},
        fields | {"official_id": "CB3", "name": "tên có dấu"},
    ):
        refused = admin.post("/accounts", "/accounts", **wrong)
        assert (refused.status_code, PASSWORD in refused.text) == (422, False)
    with unit_of_work(settings) as session:
        found = accounts(session, reach=WHOLE, times=TimeOuts(timedelta(hours=12), timedelta(hours=1)), now=utc_now())
        assert [(account.name, official and official.official_id) for account, official, _ in found.rows] == [
            ("admin", None),
            ("can.bo.2", "CB2"),
        ]


def test_the_menu_of_an_official_leads_nowhere_else(official: Visitor, audit_id: int) -> None:
    for page in ("/mine", "/audits/1/officials/CB1", "/audits/1/figures/sent/CB1", "/contests", ASK.format("sent")):
        seen = official.get(page).text
        links = {part.split('"')[0] for part in seen.split('href="/')[1:]}
        allowed = (
            "mine",
            "account",
            "contests",
            "deputies",
            "documents",
            "drafts",
            "help",
            "look/",
            "manifest/",
            "language/",
            "learning",
            "static/",
            "audits/1/officials/CB1",
            *OWN_PARTS,
        )
        assert {link for link in links if link and not link.startswith(allowed)} == set(), page
        assert quote(town.CONSTRUCTION) not in "".join(links)


def test_a_figure_counted_without_a_log_says_so(admin: Visitor, audit_id: int) -> None:
    """The town's report says that twelve were sent; its days know two, its evidence one line without a kind of ours."""
    page = admin.get("/audits/1/figures/sent/CB1").text
    assert ("Thư gửi: 12" in page, "nhật ký bản sao thư" in page, "06/10/2026" in page) == (True, True, True)
    assert "không cho biết số liệu này" in admin.get("/audits/1/figures/opened/CB1").text
    assert "không còn được lưu" in admin.get("/audits/1/figures/sent_recipients/CB1").text
    assert "bằng không" in admin.get("/audits/1/figures/forwards/CB1").text
