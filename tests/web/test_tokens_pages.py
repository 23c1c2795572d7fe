"""Tokens on their pages: made with the password, shown once, used, seen, revoked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from core.audit import AuditEntry
from core.db import unit_of_work
from core.permissions import Role
from core.settings import Settings
from tests.web.api.conftest import Program
from tests.web.conftest import PASSWORD, Visitor
from web.border import BorderedFlask

SHOWN = re.compile(r'<code id="token">(vanthu_[ps]_\w+)</code>')


def _make(visitor: Visitor, page: str, **fields: object) -> str:
    given = {"name": "bang-thang", "scopes": ["figures"], "days": "30", "password": PASSWORD} | fields
    made = visitor.post(page, page, **given)
    assert made.status_code == 200
    shown = SHOWN.search(made.text)
    assert shown
    return shown[1]


def test_a_person_makes_a_token_uses_it_and_revokes_it(
    admin: Visitor, app: BorderedFlask, settings: Settings, audit_id: int
) -> None:
    token = _make(admin, "/account/tokens", name="bảng hằng tháng")
    program = Program(app.test_client(use_cookies=False), token)
    assert program.get("/audits/latest").status_code == 200
    page = admin.get("/account/tokens").text
    assert "bảng hằng tháng" in page
    assert f"{token[:13]}…" in page
    assert token not in page
    revoked = admin.post("/account/tokens/1/revoke", "/account/tokens")
    assert revoked.location == "/account/tokens"
    assert program.get("/audits/latest").status_code == 401
    with unit_of_work(settings) as session:
        said = [one.action for one in session.query(AuditEntry) if one.subject == "token:1"]
    assert said == ["core:token:give", "core:token:revoke"]


def test_an_administrator_gives_a_service_its_token(admin: Visitor, app: BorderedFlask, audit_id: int) -> None:
    token = _make(admin, "/tokens", name="hr-system", scopes=["figures", "trail"])
    program = Program(app.test_client(use_cookies=False), token)
    assert program.get("/trail").status_code == 200
    assert program.get("/accounts").status_code == 403
    assert "hr-system" in admin.get("/tokens").text
    assert "hr-system" not in admin.get("/account/tokens").text
    assert admin.post("/tokens/1/revoke", "/tokens").status_code == 303
    assert program.get("/trail").status_code == 401


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password": "sai"}, "Mật khẩu hiện tại chưa đúng"),
        ({"scopes": []}, "Hãy chọn ít nhất một quyền"),
        ({"scopes": ["everything"]}, "Hãy chọn ít nhất một quyền trong danh sách"),
        ({"name": ""}, "Hãy nhập tên dịch vụ"),
        ({"name": "Tên có dấu"}, "Tên dịch vụ cần 2 đến 64 ký tự"),
        ({"days": "100000"}, "Hãy chọn"),
    ],
)
def test_what_cannot_be_given_is_said_at_the_field(admin: Visitor, fields: dict[str, object], said: str) -> None:
    given = {"name": "hr-system", "scopes": ["figures"], "days": "30", "password": PASSWORD} | fields
    refused = admin.post("/tokens", "/tokens", **given)
    assert refused.status_code == 422
    assert said in refused.text
    assert SHOWN.search(refused.text) is None


def test_nobody_is_offered_more_than_they_have(account_of: Callable[..., Visitor]) -> None:
    visitor = account_of(Role.HR, name="to.chuc")
    offered = re.findall(r'name="scopes" type="checkbox" value="([a-z.]+)"', visitor.get("/account/tokens").text)
    training = ["training.read", "training", "courses", "classes", "certificates.read", "certificates"]
    assert offered == ["figures", "reviews.read", "reviews", "directory.read", "own", *training]
    forged = {"name": "x", "scopes": ["trail"], "days": "30", "password": PASSWORD}
    refused = visitor.post("/account/tokens", "/account/tokens", **forged)
    assert (refused.status_code, SHOWN.search(refused.text)) == (422, None)
    assert visitor.get("/tokens").status_code == 403


def test_anothers_token_is_not_there(admin: Visitor, account_of: Callable[..., Visitor]) -> None:
    _make(admin, "/account/tokens")
    other = account_of(Role.INSPECTOR, name="thanh.tra")
    assert other.post("/account/tokens/1/revoke", "/account/tokens").status_code == 404
    assert "bang-thang" not in other.get("/account/tokens").text


def test_the_guide_has_every_operation(stranger: Visitor) -> None:
    page = stranger.get("/api")
    assert page.status_code == 200
    document = stranger.get("/api/v1/openapi.json").json
    assert document is not None
    for methods in document["paths"].values():
        for one in methods.values():
            assert f'id="{one["operationId"]}"' in page.text
    assert "English" in page.text
