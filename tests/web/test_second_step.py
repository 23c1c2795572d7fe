"""The story of a second step: added, asked for, done without; no session before it, whatever is tried."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.models import AccountSession
from core.settings import Settings
from tests.core.directory.second_steps import make, with_app
from tests.web.conftest import PASSWORD, TOKEN, Visitor
from tests.web.second_steps import Clock, Owner, cookie_of, read_codes, read_secret, stopped_clock
from web.border import BorderedFlask
from web.language import COOKIE

NEW = "bốn con mèo uống trà"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return stopped_clock(monkeypatch)


@pytest.fixture
def owner(clock: Clock, admin: Visitor) -> Owner:
    """The administrator, logged in, without a second step yet."""
    return Owner(admin, clock)


@pytest.fixture
def again(app: BorderedFlask, owner: Owner) -> Owner:
    """The same person at a browser of their own, when an app was added; only the password was given so far."""
    assert owner.add_app().status_code == 200
    there = owner.elsewhere(app.test_client())
    assert there.visitor.log_in().location == "/log-in/second"
    return there


def told(settings: Settings) -> list[tuple[str, object]]:
    with unit_of_work(settings) as session:
        return [(one.action, one.facts) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_an_app_is_added_and_asked_for(app: BorderedFlask, owner: Owner, settings: Settings) -> None:
    before = cookie_of(owner.visitor.client)
    added = owner.add_app()
    assert len(owner.codes) == 10
    assert "Mã khôi phục" in added.text
    assert owner.is_in()
    assert cookie_of(owner.visitor.client) != before
    assert "Đang bật" in owner.visitor.get("/account/security").text
    there = owner.elsewhere(app.test_client())
    assert there.visitor.log_in(page="/log-in?next=/audits").location == "/log-in/second?next=/audits"
    assert not there.is_in()
    proved = there.visitor.post("/log-in/second/code?next=/audits", "/log-in/second", code=there.code())
    assert proved.location == "/audits"
    assert there.is_in()
    assert told(settings)[-2:] == [("core:account:password_right", {}), ("core:account:log_in", {"second": "app"})]


def test_the_qr_code_stands_in_the_page(owner: Owner) -> None:
    page = owner.visitor.post("/account/security/app", "/account/security/app", password=PASSWORD).text
    assert re.search(r'<svg [^>]*class="vt-qr"', page)
    assert "data:" not in page
    assert 'href="otpauth://totp/Vanthu' in page


def test_no_way_around_the_password_shows_a_qr_code(owner: Owner) -> None:
    """A session that somebody left open is not enough, whatever is sent to the page of the first code."""
    for code in ("", "000000"):
        sent = owner.visitor.post("/account/security/app/code", "/account/security/app", code=code)
        assert (sent.status_code, sent.location) == (303, "/account/security/app")


def test_a_qr_code_is_shown_again_to_its_own_browser_only(app: BorderedFlask, owner: Owner) -> None:
    other, page = Owner(Visitor(app.test_client()), owner.clock), "/account/security/app"
    assert other.visitor.log_in().status_code == 303
    secret = read_secret(owner.visitor.post(page, page, password=PASSWORD))
    assert other.visitor.post(f"{page}/code", page, code="000000").location == page
    wrong = owner.visitor.post(f"{page}/code", page, code="000000")
    assert (wrong.status_code, read_secret(wrong)) == (422, secret)


def test_adding_ends_the_sessions_elsewhere_and_the_old_cookie(app: BorderedFlask, owner: Owner) -> None:
    other = Owner(Visitor(app.test_client()), owner.clock)
    assert other.visitor.log_in().status_code == 303
    stolen = cookie_of(owner.visitor.client)
    owner.add_app()
    assert not other.is_in()
    thief = Visitor(app.test_client())
    thief.client.set_cookie("vanthu", stolen)
    assert thief.get("/account").status_code == 302


def test_the_page_with_the_codes_has_a_way_out(owner: Owner) -> None:
    """It is shown in answer to the form that ended the session before, whose tokens are worth nothing any more."""
    token = TOKEN.search(owner.add_app().text)
    assert token
    assert owner.visitor.client.post("/log-out", data={"csrf_token": token[1]}).status_code == 303


def test_a_recovery_code_instead(again: Owner, settings: Settings) -> None:
    assert again.prove("/log-in/second/recovery-code", recovery_code=again.codes[3].lower()).location == "/"
    assert again.is_in()
    assert "Còn 9 mã" in again.visitor.get("/account/security").text
    assert told(settings)[-1] == ("core:account:log_in", {"second": "recovery_code"})


def test_no_code_is_good_twice(app: BorderedFlask, again: Owner) -> None:
    code, sheet = again.code(), again.codes[0]
    assert again.prove("/log-in/second/code", code=code).status_code == 303
    for address, fields in (("code", {"code": code}), ("recovery-code", {"recovery_code": sheet})):
        there = again.elsewhere(app.test_client())
        there.visitor.log_in()
        refused = there.prove(f"/log-in/second/{address}", **fields)
        if address == "recovery-code":
            assert refused.status_code == 303
            there = again.elsewhere(app.test_client())
            there.visitor.log_in()
            refused = there.prove(f"/log-in/second/{address}", **fields)
        assert (refused.status_code, there.is_in()) == (422, False)
        assert "error-summary" in refused.text


WRONG = (
    ("code", {"code": ""}, "Hãy nhập sáu chữ số"),
    ("code", {"code": "000000"}, "Mã này chưa đúng hoặc đã dùng rồi"),
    ("code", {"code": "1" * 101}, "Đó không phải là mã"),
    ("recovery-code", {"recovery_code": ""}, "Hãy nhập một mã khôi phục"),
    ("recovery-code", {"recovery_code": "ABCD-EFGH-JKMN"}, "Mã này chưa đúng hoặc đã dùng rồi"),
    ("passkey", {"answer": "{}"}, "Khóa truy cập không được chấp nhận"),
)


def test_what_is_wrong_is_said(again: Owner) -> None:
    for address, fields, words in WRONG:
        refused = again.prove(f"/log-in/second/{address}", **fields)
        assert (refused.status_code, words in refused.text, again.is_in()) == (422, True, False), words


def test_guessing_codes_has_its_pauses_and_ends(again: Owner) -> None:
    for _ in range(5):
        assert again.prove("/log-in/second/code", code="000000").status_code == 422
    assert again.prove("/log-in/second/code", code=again.code()).status_code == 422
    again.clock.later(seconds=31)
    assert again.prove("/log-in/second/code", code=again.code()).status_code == 303


PAGES = (
    "/", "/account", "/account/security", "/account/security/app", "/account/security/app/remove", "/accounts",
    "/account/security/passkeys/options", "/account/security/recovery-codes", "/audits", "/trail",
)  # fmt: skip


def test_half_way_nothing_opens(again: Owner) -> None:
    for page in PAGES:
        assert again.visitor.get(page).location.startswith("/log-in?next="), page
    for address in ("/account/security/app", "/account/security/app/code", "/account/password"):
        refused = again.visitor.post(address, "/log-in/second", password=PASSWORD, code=again.code())
        assert refused.location.startswith("/log-in"), address


def test_who_knows_the_password_only_cannot_add_a_factor_of_their_own(again: Owner) -> None:
    """The pages for a first factor, and for a password that was handed over, send back to the step that is due."""
    for address in ("/log-in/add", "/log-in/add/passkey/options", "/log-in/new-password"):
        assert again.visitor.get(address).location == "/log-in/second", address
    for address in ("/log-in/add/app", "/log-in/add/passkey", "/log-in/new-password"):
        sent = again.visitor.post(address, "/log-in/second", code="000000", new=NEW, again=NEW, answer="{}", name="x")
        assert sent.location == "/log-in/second", address
    assert not again.is_in()


def test_half_way_ends_after_ten_minutes(again: Owner) -> None:
    assert again.visitor.get("/log-in/second").status_code == 200
    again.clock.later(seconds=601)
    assert again.visitor.get("/log-in/second").location == "/log-in"
    assert again.visitor.post("/log-in/second/code", "/log-in", code=again.code()).location == "/log-in"


def test_a_stolen_half_lacks_the_other_half(app: BorderedFlask, again: Owner) -> None:
    """The cookie of somebody half-way lets a thief try codes, slowed; once the owner is in, it lets in nobody else."""
    stolen = cookie_of(again.visitor.client)
    code = again.code()
    assert again.prove("/log-in/second/code", code=code).status_code == 303
    thief = Visitor(app.test_client())
    thief.client.set_cookie("vanthu", stolen)
    assert thief.post("/log-in/second/code", "/log-in/second", code=code).status_code == 422
    assert thief.get("/account").status_code == 302


def test_a_half_ends_with_the_password_and_with_the_factors_it_was_made_for(app: BorderedFlask, again: Owner) -> None:
    owner = again.elsewhere(app.test_client())
    owner.visitor.log_in()
    assert owner.prove("/log-in/second/code", code=owner.code()).status_code == 303
    assert again.visitor.get("/log-in/second").status_code == 200
    owner.add_passkey()
    assert again.visitor.get("/log-in/second").location == "/log-in"
    again.visitor.log_in()
    assert again.visitor.get("/log-in/second").status_code == 200
    owner.visitor.post("/account/password", "/account", old=PASSWORD, new=NEW, again=NEW)
    assert again.visitor.get("/log-in/second").location == "/log-in"
    assert owner.is_in()


def test_a_half_is_of_one_account(app: BorderedFlask, again: Owner, settings: Settings) -> None:
    """Whoever is half-way as one is not let in by another's code, nor is the cookie bent to another account."""
    make(settings, "binh")
    other_secret, other_codes = with_app(settings, again.clock.now, "binh")
    other = Owner(again.visitor, again.clock, other_secret, other_codes)
    assert again.prove("/log-in/second/code", code=other.code()).status_code == 422
    assert again.prove("/log-in/second/recovery-code", recovery_code=other_codes[0]).status_code == 422
    with again.visitor.client.session_transaction() as cookie:
        cookie["halfway"] = cookie["halfway"] | {"account": 2}
    assert again.visitor.get("/log-in/second").location == "/log-in"


def test_a_changed_password_keeps_what_was_proved(app: BorderedFlask, again: Owner, settings: Settings) -> None:
    assert again.prove("/log-in/second/code", code=again.code()).status_code == 303
    again.visitor.post("/account/password", "/account", old=PASSWORD, new=NEW, again=NEW)
    with unit_of_work(settings) as session:
        opened = session.scalars(select(AccountSession.factor).where(AccountSession.ended_at.is_(None))).all()
    assert opened == ["app"]


def test_each_change_asks_for_the_password(owner: Owner) -> None:
    owner.add_app()
    page, more = "/account/security", {"name": "USB", "answer": "{}"}
    for address in (f"{page}/app", f"{page}/app/remove", f"{page}/recovery-codes", f"{page}/passkeys/new"):
        for password, words in (("", "Hãy nhập mật khẩu"), ("sai rồi", "Mật khẩu hiện tại chưa đúng")):
            refused = owner.visitor.post(address, address, password=password, **more)
            assert (refused.status_code, words in refused.text) == (422, True), address
            assert read_codes(refused) == []
    assert "Đang bật" in owner.visitor.get(page).text


def test_the_app_is_taken_away(app: BorderedFlask, owner: Owner) -> None:
    owner.add_app()
    page = "/account/security/app/remove"
    assert owner.visitor.post(page, page, password=PASSWORD).location == "/account/security"
    assert "Đang tắt" in owner.visitor.get("/account/security").text
    assert Visitor(app.test_client()).log_in().location == "/"
    assert owner.visitor.post(page, page, password=PASSWORD).location == "/account/security"


def test_new_codes_are_shown_once(owner: Owner) -> None:
    owner.add_app()
    page = "/account/security/recovery-codes"
    made = read_codes(owner.visitor.post(page, page, password=PASSWORD))
    assert len(made) == 10
    assert not set(made) & set(owner.codes)
    assert read_codes(owner.visitor.get(page)) == []
    assert not any(code in owner.visitor.get("/account/security").text for code in made)


def test_an_offer_that_is_too_old_begins_again(owner: Owner) -> None:
    page = "/account/security/app"
    owner.visitor.post(page, page, password=PASSWORD)
    owner.clock.later(minutes=16)
    assert owner.visitor.post(f"{page}/code", page, code="000000").location == page
    assert "đã hết hạn" in owner.visitor.get(page).text


def test_both_languages(again: Owner, owner: Owner) -> None:
    for language, step, heading in (
        ("vi", "Bước thứ hai", "Đăng nhập hai bước"),
        ("en", "Second step", "Two-step log-in"),
    ):
        for visitor in (again.visitor, owner.visitor):
            visitor.client.set_cookie(COOKIE, language)
        assert f">{step}</h1>" in again.visitor.get("/log-in/second").text
        assert f">{heading}</h1>" in owner.visitor.get("/account/security").text
