"""The own account's page: the password is changed by whoever knows the present one, in every role."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.settings import Settings
from tests.web.conftest import NAME, PASSWORD, Visitor
from web.border import BorderedFlask
from web.language import COOKIE

NEW = "bốn con mèo uống trà"
PAGE, CHANGE = "/account", "/account/password"


def _change(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> tuple[int, str]:
    answer = visitor.post(CHANGE, PAGE, old=old, new=new, again=new if again is None else again)
    return answer.status_code, answer.text


def _another(app: BorderedFlask, name: str) -> Visitor:
    visitor = Visitor(app.test_client())
    assert visitor.log_in(name=name).status_code == 303
    return visitor


@pytest.mark.parametrize(("who", "name", "home"), [("admin", NAME, "/audits"), ("official", "can.bo", "/mine")])
def test_a_new_password_ends_every_other_session(
    request: pytest.FixtureRequest, app: BorderedFlask, audit_id: int, who: str, name: str, home: str
) -> None:
    visitor: Visitor = request.getfixturevalue(who)
    elsewhere = _another(app, name)
    assert _change(visitor)[0] == 303
    assert "Đã đổi mật khẩu" in visitor.get(PAGE).text
    assert (visitor.get(home).status_code, elsewhere.get(home).status_code) == (200, 302)
    assert elsewhere.log_in(name=name).status_code == 422
    assert elsewhere.log_in(NEW, name=name).status_code == 303


def test_the_trail_knows_and_holds_no_password(admin: Visitor, settings: Settings) -> None:
    assert _change(admin, old="sai mất rồi bạn ơi")[0] == 422
    assert _change(admin)[0] == 303
    with unit_of_work(settings) as session:
        told = [
            (entry.actor, entry.action, entry.facts)
            for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        ]
    assert told[-2:] == [
        (NAME, "core:account:refuse", {"failed": 1}),
        (NAME, "core:account:password", {"own": True}),
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"old": "sai mất rồi bạn ơi"}, "Mật khẩu hiện tại chưa đúng"),
        ({"new": "ngắn quá"}, "Mật khẩu cần từ 12 đến 200 ký tự"),
        ({"new": "password1234"}, "Mật khẩu này quá dễ đoán"),
        ({"new": PASSWORD}, "Mật khẩu mới phải khác mật khẩu cũ"),
        ({"again": "một câu khác hẳn"}, "không giống nhau"),
        ({"old": ""}, "Hãy nhập mật khẩu hiện tại"),
        ({"new": ""}, "Hãy nhập mật khẩu mới"),
        ({"old": "x" * 1001}, "Mật khẩu quá dài"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    admin: Visitor, stranger: Visitor, fields: dict[str, str], words: str
) -> None:
    status, text = _change(admin, **fields)
    assert (status, words in text) == (422, True)
    assert "error-summary" in text
    assert stranger.log_in().status_code == 303


def test_an_official_s_own_name_will_not_do(official: Visitor) -> None:
    status, text = _change(official, new="Nguyễn Thị Ngọc Ánh 1985")
    assert (status, "quá dễ đoán" in text) == (422, True)


def test_guessing_the_present_password_has_its_pauses(admin: Visitor) -> None:
    for _ in range(5):
        assert _change(admin, old="sai mất rồi bạn ơi")[0] == 422
    assert _change(admin)[0] == 422


@pytest.mark.parametrize(("language", "heading"), [("vi", "Tài khoản của tôi"), ("en", "My account")])
def test_both_languages(admin: Visitor, language: str, heading: str) -> None:
    admin.client.set_cookie(COOKIE, language)
    assert f">{heading}</h1>" in admin.get(PAGE).text
