"""The front: what waits, finding people, what is undone, and that everything works where no script runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import html
from sqlalchemy.orm import Session

from core.db import unit_of_work
from core.permissions import WHOLE, Actor, Role
from core.settings import Settings
from mail_audit import queries
from mail_audit.services.contests import ask_contest
from mail_audit.targets import Target
from tests.web import town
from tests.web.access import PUBLIC, ROWS
from tests.web.conftest import Visitor
from web.waiting import SHOWN, Offer, Waiting, desk_of

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
ADMIN = Actor("admin", frozenset({Role.ADMINISTRATOR}))
UNDO = re.compile(r'<div class="vt-notice".*?</div>', re.DOTALL)


def _asked(settings: Settings, audit_id: int, about: str) -> int:
    with unit_of_work(settings) as session:
        own = Actor("can.bo", frozenset({Role.OFFICIAL}), "CB1")
        return ask_contest(session, own, audit_id=audit_id, official_id="CB1", about=about, reason="Nghỉ phép.")


def test_a_new_installation_says_what_to_do_first(admin: Visitor, settings: Settings) -> None:
    page = admin.get("/").text
    assert ("2 việc đang chờ" in page, "Nhập danh bạ cán bộ" in page, "/audits/new" in page) == (True, True, True)


def test_what_waits_is_gone_when_it_is_done(
    admin: Visitor, official: Visitor, settings: Settings, audit_id: int
) -> None:
    """From the request over the answer to the reading of it: each time it waits for somebody else, then for nobody."""
    contest = f"/contests/{_asked(settings, audit_id, 'sent')}"
    assert contest not in official.get("/").text
    assert contest in admin.get("/").text
    admin.post(f"{contest}/answer", contest, verdict="accepted", answer="Đã ghi.")
    assert contest not in admin.get("/").text
    assert "Đề nghị của Ông/Bà đã được trả lời" in official.get("/").text
    # fetched ahead to be kept: nobody has read it yet
    assert official.get(contest, headers={"Vanthu-Ahead": "1"}).status_code == 200
    assert admin.get(contest).status_code == 200
    assert contest in official.get("/").text
    assert official.get(contest).status_code == official.get(contest).status_code == 200
    assert "Không có việc nào đang chờ" in official.get("/").text
    assert admin.get("/trail").text.count("đọc câu trả lời cho đề nghị xem lại") == 1


def test_a_greeting_with_the_day(admin: Visitor, official: Visitor, audit_id: int) -> None:
    assert "Xin chào Nguyễn Thị Ngọc Ánh" in official.get("/").text
    admin.get("/language/en")
    english = admin.get("/").text
    assert re.search(r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d+ \w+ 20\d\d", english)


def _thing(title: str, *, since: int | None = None, due: int | None = None) -> Waiting:
    return Waiting(
        "k",
        title,
        "/",
        since=NOW - timedelta(days=since) if since is not None else None,
        due=date(2026, 11, 22) + timedelta(days=due) if due is not None else None,
    )


def test_the_most_urgent_comes_first(settings: Settings) -> None:
    things = [_thing("long", since=9), _thing("late", due=-1), _thing("short", since=1), _thing("soon", since=1, due=2)]
    many = [_thing(f"m{number}", since=0) for number in range(SHOWN)]

    def offered(_session: Session, _actor: Actor, _now: datetime) -> Offer:
        return Offer.of(things, words="one", address="/one")

    def more(_session: Session, _actor: Actor, _now: datetime) -> Offer:
        return Offer.of(many, words="many", address="/many", total=70)

    with unit_of_work(settings) as session:
        desk = desk_of(session, ADMIN, NOW, [offered, more, lambda *_given: None])
    assert [one.title for one in desk.cards] == ["late", "soon", "long", "short", "m0"]
    assert (desk.more, desk.total) == ((("many", "/many", 69),), 74)


@pytest.mark.parametrize(
    ("question", "there"),
    [
        ("nguyen thi ngoc anh", "/audits/1/officials/CB1"),
        ("NGỌC ÁNH", "/audits/1/officials/CB1"),
        ("cb2@tp.example.gov.vn", "/audits/1/officials/CB2"),
        ("so xay dung", "/audits/1/units/S%E1%BB%9F%20X%C3%A2y%20d%E1%BB%B1ng"),
        ("danh ba", "/directory"),
        ("zzz", "Không tìm thấy"),
        ("", "Không cần chữ hoa hay dấu"),
    ],
)
def test_finding(admin: Visitor, listed: None, audit_id: int, question: str, there: str) -> None:
    seen = admin.get("/search", query_string={"q": question})
    main = seen.text.partition("<main")[2]
    assert (seen.status_code, there in main, town.HOSTILE in seen.text) == (200, True, False), main


def test_what_is_secret_is_not_looked_for_and_says_why(official: Visitor) -> None:
    seen = official.get("/search", query_string={"q": "TUYỆT MẬT"}).text
    assert "Luật 29/2018/QH14" in seen
    assert "Không tìm thấy" not in seen


def test_nobody_finds_beyond_their_reach(account_of: Callable[..., Visitor], official: Visitor, audit_id: int) -> None:
    leader = account_of(Role.LEADER, unit_key=town.CONSTRUCTION)
    assert "Trần Văn Ửng" in leader.get("/search?q=ung").text
    assert "Hoàng Minh Quân" not in leader.get("/search?q=quan").text
    assert "Trần Văn Ửng" not in official.get("/search?q=ung").text
    # personnel sees figures but no evidence: the list, not the lines; the clerk sees who there is, and no figures
    assert "/audits/1/officials?text=CB2" in account_of(Role.HR).get("/search?q=ung").text
    clerk = account_of(Role.CLERK).get("/search?q=ung").text
    assert ("Trần Văn Ửng" in clerk, "/audits/1/officials" in clerk) == (True, False)


def _undo(visitor: Visitor, page: str) -> int:
    """Press the button beside what was done just now."""
    notice = UNDO.search(page)
    assert notice, page
    form = html.fromstring(notice[0]).find(".//form")
    assert form is not None
    return visitor.client.post(form.action, data=dict(form.form_values())).status_code


def test_closing_an_account_is_undone(admin: Visitor, official: Visitor, settings: Settings) -> None:
    assert admin.post("/accounts/can.bo/close", "/accounts").status_code == 303
    assert _undo(admin, admin.get("/accounts").text) == 303
    assert official.log_in(name="can.bo").status_code == 303
    assert _undo(admin, admin.get("/accounts").text) == 303
    assert "Đã đóng tài khoản can.bo." in admin.get("/accounts").text


def test_taking_a_target_back_is_undone(admin: Visitor, settings: Settings, audit_id: int) -> None:
    fields = {"unit": town.HEALTH, "rank": "staff", "share": "62.5", "due": "2026-12-31"}
    assert admin.post("/targets", "/targets", **fields).status_code == 303
    before = admin.get("/targets").text
    row = html.fromstring(before).xpath("//form[contains(@action, '/withdraw')]")[0]
    assert admin.post(row.action, "/targets").status_code == 303
    taken = admin.get("/targets").text
    assert "/withdraw" not in taken
    assert _undo(admin, taken) == 303
    with unit_of_work(settings) as session:
        again = [one.target for one in queries.targets(session, reach=WHOLE)]
    assert again == [Target(town.HEALTH, "staff", 0.625, date(2026, 12, 31))]


def test_a_source_is_followed_again(admin: Visitor, settings: Settings) -> None:
    places = str(settings.log_folders[0])
    fields = {"name": "mail1", "places": places, "patterns": "mail.*", "host": "mx1", "timezone": "Asia/Ho_Chi_Minh"}
    assert admin.post("/sources", "/sources", **fields).status_code == 303
    assert admin.post("/sources/1/remove", "/sources").status_code == 303
    gone = admin.get("/sources").text
    assert _undo(admin, gone) == 303
    again = admin.get("/sources").text
    assert ("/sources/1/remove" in gone, "/sources/1/remove" in again, "mail.*" in again) == (False, True, True)


@pytest.mark.parametrize(("chosen", "kind"), [("dark", "vt-dark"), ("light", "vt-light"), ("device", None)])
def test_the_look_is_kept(stranger: Visitor, chosen: str, kind: str | None) -> None:
    assert stranger.get(f"/look/{chosen}?next=/log-in").location == "/log-in"
    classes = html.fromstring(stranger.get("/log-in").data).get("class").split()
    assert classes == ["govuk-template", *([kind] if kind else [])]
    assert stranger.get("/look/pink").status_code == 404


def test_pages_say_whose_they_are_only_where_they_may_be_kept(admin: Visitor, official: Visitor) -> None:
    assert "Vanthu-Keep" not in admin.get("/").headers
    for visitor in (admin, official):
        assert visitor.post("/keep/on", "/").status_code == 303
    marks = {visitor.get(page).headers["Vanthu-Keep"] for visitor in (admin, official) for page in ("/", "/account")}
    assert len(marks) == 2
    assert "Vanthu-Keep" not in admin.get("/nothing").headers
    assert admin.post("/keep/off", "/").status_code == 303
    assert "Vanthu-Keep" not in admin.get("/").headers
    assert official.post("/log-out", "/").headers["Clear-Site-Data"] == '"storage"'


def test_errors_say_what_to_do_and_whom_to_ask(admin: Visitor, app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    page = admin.get("/nothing").text
    assert re.search(r"mã số này: *<strong>\d{8}-[0-9A-F]{6}</strong>", page)
    assert "bộ phận công nghệ thông tin" in page
    monkeypatch.setattr("web.views.home.waiting.desk_of", lambda *_given: 1 / 0)
    broken = admin.get("/")
    assert (broken.status_code, "Không có gì bị mất." in broken.text) == (500, True)


def test_every_form_works_without_scripts(admin: Visitor, listed: None, settings: Settings, audit_id: int) -> None:
    """Each form of each page is sent as a browser does that runs no script: it has an address, a button, a token.

    Whatever it answers, it is an answer: done, not usable (with reasons), not now; never "no such page" nor a defect.
    """
    _asked(settings, audit_id, "received")
    sent: set[tuple[str, str]] = set()
    for row in ROWS:
        if row.method != "GET" or row.status != 200 or (row.roles == PUBLIC and row.stranger != 200):
            continue
        page = admin.get(row.address)
        if page.mimetype != "text/html":
            continue
        tree = html.fromstring(page.data)
        assert tree.xpath("//a[@href='#' or starts-with(@href, 'javascript:') or not(@href)]") == [], row.address
        loose = "//button[not(ancestor::form)][not(@hidden)]"
        assert tree.xpath(loose) == [], row.address
        for form in tree.forms:
            _send(admin, row.address, form, sent)
    assert len(sent) > 20


def _send(admin: Visitor, page: str, form: html.FormElement, sent: set[tuple[str, str]]) -> None:
    method, action = form.method, (form.action or page)
    if (method, action) in sent or action.endswith(("/log-out", "/sessions/end")) or "/sessions/" in action:
        return
    sent.add((method, action))
    assert form.xpath(".//button[not(@type) or @type='submit'] | .//input[@type='submit']"), f"{page}: {action}"
    fields = dict(form.form_values())
    if method == "GET":
        address = action.partition("?")[0]  # its fields take the place of what was asked before
        assert admin.get(address, query_string=fields).status_code == 200, action
        return
    assert "csrf_token" in fields, f"{page}: {action}"
    status = admin.client.post(action, data=fields, buffered=True).status_code
    assert status in {200, 302, 303, 409, 422}, f"{page}: {action} answers {status}"
