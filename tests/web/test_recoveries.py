"""An administrator recovers somebody's account: what its owner meets then, and what nobody else can do with it."""

from __future__ import annotations

import pytest

from core.settings import Settings
from tests.core.directory import second_steps
from tests.web.conftest import Visitor
from tests.web.second_steps import HANDED_OVER, Clock, Owner, read_codes, read_secret, stopped_clock
from web.border import BorderedFlask

PAGE = "/accounts/an/recover"
WHY = "mất điện thoại; đã gọi lại số cơ quan"
NEW = "mưa rào trên mái tôn"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return stopped_clock(monkeypatch)


@pytest.fixture
def lost(settings: Settings, clock: Clock, app: BorderedFlask) -> Owner:
    """Somebody whose telephone is lost, logged in nowhere but in one old session."""
    second_steps.make(settings, "an")
    owner = Owner(Visitor(app.test_client()), clock)
    owner.visitor.log_in(second_steps.PASSWORD, name="an")
    owner.add_app(second_steps.PASSWORD)
    return owner


def recovered(admin: Visitor) -> str:
    """Recover the account as the administrator; the password to hand over."""
    shown = admin.post(PAGE, PAGE, reason=WHY)
    found = HANDED_OVER.search(shown.text)
    assert found, shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    return found[1]


def test_from_the_loss_to_work_again(app: BorderedFlask, admin: Visitor, lost: Owner) -> None:
    assert 'href="/accounts/an/recover"' in admin.get("/accounts").text
    password = recovered(admin)
    assert not lost.is_in()
    owner = Owner(Visitor(app.test_client()), lost.clock)
    assert owner.visitor.log_in(second_steps.PASSWORD, name="an").status_code == 422
    assert owner.visitor.log_in(password, name="an").location == "/log-in/new-password"
    assert owner.visitor.get("/account").location.startswith("/log-in")
    assert owner.visitor.get("/log-in/add").location == "/log-in/new-password"
    page = "/log-in/new-password"
    assert "phải khác mật khẩu được trao" in owner.visitor.post(page, page, new=password, again=password).text
    assert owner.visitor.post(page, page, new=NEW, again=second_steps.PASSWORD).status_code == 422
    assert owner.visitor.post(page, page, new=NEW, again=NEW).location == "/log-in/add"
    assert not owner.is_in()
    owner.secret = read_secret(owner.visitor.get("/log-in/add"))
    assert len(read_codes(owner.visitor.post("/log-in/add/app", "/log-in/add", code=owner.code()))) == 10
    assert owner.is_in()
    assert owner.visitor.post("/log-out", "/account").status_code == 303
    assert owner.visitor.log_in(password, name="an").status_code == 422
    assert owner.visitor.log_in(NEW, name="an").location == "/log-in/second"


def test_what_was_handed_over_ends(admin: Visitor, lost: Owner, app: BorderedFlask) -> None:
    password = recovered(admin)
    owner = Owner(Visitor(app.test_client()), lost.clock)
    assert owner.visitor.log_in(password, name="an").location == "/log-in/new-password"
    half = owner.visitor
    again = recovered(admin)
    assert half.get("/log-in/new-password").location == "/log-in"
    assert half.log_in(password, name="an").status_code == 422
    assert half.log_in(again, name="an").location == "/log-in/new-password"


def test_what_is_said_on_the_page(admin: Visitor, lost: Owner) -> None:
    page = admin.get(PAGE).text
    assert "Ứng dụng tạo mã, khóa truy cập và mã khôi phục của tài khoản bị bỏ" in page
    refused = admin.post(PAGE, PAGE, reason=" ")
    assert (refused.status_code, "Hãy ghi lý do" in refused.text) == (422, True)
    assert lost.is_in()


def test_nobody_recovers_the_own_account(admin: Visitor, clock: Clock) -> None:
    refused = admin.post("/accounts/admin/recover", "/accounts/admin/recover", reason=WHY)
    assert (refused.status_code, "Không thể tự khôi phục" in refused.text) == (422, True)
    assert admin.get("/account").status_code == 200


def test_the_reason_stands_in_the_trail_and_the_password_does_not(admin: Visitor, lost: Owner) -> None:
    password = recovered(admin)
    trail = admin.get("/trail").text
    assert "khôi phục tài khoản cho người khác" in trail
    assert WHY in trail
    assert password not in trail
