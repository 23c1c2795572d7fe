"""Who gets what: every route and method, for a stranger, for an account without rights, for the administrator."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from core import permissions
from core.settings import Settings
from tests.web.conftest import TOKEN, Visitor
from web.border import BorderedFlask

# method, address, then the status for a stranger, an account without rights, the administrator
TABLE: tuple[tuple[str, str, int, int, int], ...] = (
    ("GET", "/", 302, 403, 200),
    ("GET", "/account", 302, 403, 200),
    ("POST", "/account/password", 302, 403, 422),
    ("POST", "/account/sessions/9/end", 302, 403, 404),
    ("POST", "/account/sessions/end", 302, 403, 303),
    ("GET", "/accounts", 302, 403, 200),
    ("POST", "/accounts", 302, 403, 422),
    ("POST", "/accounts/nobody/close", 302, 403, 404),
    ("POST", "/accounts/nobody/reopen", 302, 403, 404),
    ("POST", "/accounts/nobody/sessions/end", 302, 403, 404),
    ("GET", "/audits", 302, 403, 200),
    ("POST", "/audits", 302, 403, 422),
    ("GET", "/audits/1", 302, 403, 200),
    ("POST", "/audits/1/cancel", 302, 403, 409),
    ("GET", "/audits/1/city", 302, 403, 200),
    ("GET", "/audits/1/contests/sent/CB1", 302, 403, 200),
    ("POST", "/audits/1/contests/sent/CB1", 302, 403, 422),
    ("GET", "/audits/1/coverage", 302, 403, 200),
    ("GET", "/audits/1/days/2026-10-06/CB1", 302, 403, 200),
    ("GET", "/audits/1/manifest.json", 302, 403, 404),
    ("GET", "/audits/1/figures/sent/CB1", 302, 403, 200),
    ("GET", "/audits/1/mailboxes", 302, 403, 200),
    ("GET", "/audits/1/officials", 302, 403, 200),
    ("GET", "/audits/1/officials/CB1", 302, 403, 200),
    ("GET", "/audits/1/progress", 302, 403, 200),
    ("GET", "/audits/1/reports/vi.pdf", 302, 403, 404),
    ("GET", "/audits/1/trends", 302, 403, 200),
    ("GET", "/audits/1/units", 302, 403, 200),
    ("GET", "/audits/1/units/Sở Y tế", 302, 403, 200),
    ("GET", "/audits/1/windows", 302, 403, 200),
    ("GET", "/audits/from-store", 302, 403, 200),
    ("POST", "/audits/from-store", 302, 403, 422),
    ("GET", "/audits/new", 302, 403, 200),
    ("GET", "/comparison", 302, 403, 200),
    ("GET", "/contests", 302, 403, 200),
    ("GET", "/contests/9", 302, 403, 404),
    ("POST", "/contests/9/answer", 302, 403, 404),
    ("GET", "/coverage", 302, 403, 302),
    ("GET", "/directory", 302, 403, 200),
    ("POST", "/directory", 302, 403, 422),
    ("POST", "/directory/import", 302, 403, 303),
    ("GET", "/exceptions", 302, 403, 200),
    ("POST", "/exceptions", 302, 403, 422),
    ("GET", "/exceptions/9", 302, 403, 404),
    ("POST", "/exceptions/9/end", 302, 403, 404),
    ("POST", "/exceptions/9/withdraw", 302, 403, 404),
    ("GET", "/exceptions/new", 302, 403, 200),
    ("GET", "/exports", 302, 403, 200),
    ("POST", "/exports", 302, 403, 422),
    ("GET", "/health", 200, 200, 200),
    ("GET", "/language/en", 302, 302, 302),
    ("GET", "/log-in", 200, 302, 302),
    ("POST", "/log-in", 422, 422, 422),
    ("POST", "/log-out", 303, 303, 303),
    ("GET", "/mine", 302, 403, 404),
    ("GET", "/sources", 302, 403, 200),
    ("POST", "/sources", 302, 403, 422),
    ("POST", "/sources/9/remove", 302, 403, 404),
    ("POST", "/sources/collect", 302, 403, 303),
    ("GET", "/targets", 302, 403, 200),
    ("POST", "/targets", 302, 403, 422),
    ("POST", "/targets/9/withdraw", 302, 403, 404),
    ("POST", "/targets/file", 302, 403, 422),
    ("GET", "/trail", 302, 403, 200),
)
# what an official's account may open, and what it gets there; whatever else asks for a permission is not there for it
OF_AN_OFFICIAL: dict[tuple[str, str], int] = {
    ("GET", "/"): 302,
    ("GET", "/account"): 200,
    ("POST", "/account/password"): 422,
    ("POST", "/account/sessions/9/end"): 404,
    ("POST", "/account/sessions/end"): 303,
    ("GET", "/audits/1/contests/sent/CB1"): 200,
    ("POST", "/audits/1/contests/sent/CB1"): 422,
    ("GET", "/audits/1/days/2026-10-06/CB1"): 200,
    ("GET", "/audits/1/figures/sent/CB1"): 200,
    ("GET", "/audits/1/officials/CB1"): 200,
    ("GET", "/contests"): 200,
    ("GET", "/mine"): 200,
}
OF_ANOTHER: tuple[tuple[str, str], ...] = (
    ("GET", "/audits/1/contests/sent/CB2"),
    ("POST", "/audits/1/contests/sent/CB2"),
    ("GET", "/audits/1/days/2026-10-06/CB2"),
    ("GET", "/audits/1/figures/sent/CB2"),
    ("GET", "/audits/1/officials/CB2"),
    ("GET", "/audits/1/officials/CB1/"),
    ("GET", "/audits/1/officials/cb1"),
    ("GET", "/contests/1"),
    ("GET", "/contests/2"),
)
OF_NOBODY: tuple[str, ...] = (
    "/audits/2",
    "/audits/2/city",
    "/audits/2/coverage",
    "/audits/2/progress",
    "/audits/2/trends",
    "/audits/2/units",
    "/audits/2/windows",
    "/audits/1/trends?unit=S%E1%BB%9F",
    "/comparison?earlier=1&later=2",
    "/audits/1/units/Sở Không Có",
    "/audits/1/officials/CB99",
    "/audits/1/days/2026-10-06/CB99",
    "/audits/1/days/2027-10-06/CB1",
    "/audits/1/days/yesterday/CB1",
    "/audits/1/contests/nothing/CB1",
    "/audits/1/contests/2027-10-06/CB1",
    "/audits/1/contests/sent/CB99",
    "/audits/1/figures/nothing/CB1",
    "/audits/1/figures/sent/CB99",
    "/audits/1/reports/fr.pdf",
    "/audits/1/reports/vi.exe",
    "/language/fr",
    "/nothing",
)


def _status(visitor: Visitor, method: str, address: str) -> int:
    if method == "GET":
        return visitor.get(address).status_code
    # the page of an error has the log-out form for whoever is logged in; others have the log-in form
    token = TOKEN.search(visitor.get("/nothing").text) or TOKEN.search(visitor.get("/log-in").text)
    assert token
    return visitor.client.post(address, data={"csrf_token": token[1]}).status_code


@pytest.mark.parametrize(("method", "address", "stranger_gets", "_without", "_admin"), TABLE)
def test_strangers(
    stranger: Visitor, audit_id: int, method: str, address: str, stranger_gets: int, _without: int, _admin: int
) -> None:
    assert _status(stranger, method, address) == stranger_gets


@pytest.mark.parametrize(("method", "address", "_stranger", "without", "_admin"), TABLE)
def test_an_account_without_rights(
    admin: Visitor,
    audit_id: int,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    address: str,
    _stranger: int,
    without: int,
    _admin: int,
) -> None:
    monkeypatch.setattr(permissions, "HELD", MappingProxyType({}))
    assert _status(admin, method, address) == without


@pytest.mark.parametrize(("method", "address", "_stranger", "_without", "admin_gets"), TABLE)
def test_the_administrator(
    admin: Visitor, audit_id: int, method: str, address: str, _stranger: int, _without: int, admin_gets: int
) -> None:
    assert _status(admin, method, address) == admin_gets


def test_an_official_gets_the_own_pages_and_no_others(official: Visitor, audit_id: int) -> None:
    """Every route: the own ones answer, those for everybody too, and all the rest are as if they were not there."""
    public = {(method, address) for method, address, stranger, _, _ in TABLE if stranger != 302} | {
        ("GET", "/language/en")
    }
    expected = {
        (method, address): OF_AN_OFFICIAL.get((method, address), admin if (method, address) in public else 404)
        for method, address, _, _, admin in TABLE
        if address != "/log-out"  # last, for it ends the session
    }
    assert {one: _status(official, *one) for one in expected} == expected
    assert _status(official, "POST", "/log-out") == 303


def test_an_official_gets_nothing_of_another(official: Visitor, admin: Visitor, audit_id: int) -> None:
    """Another's pages and contests are not there; nothing about the attempt is in anybody's trail."""
    asked = admin.post(f"/audits/{audit_id}/contests/sent/CB2", f"/audits/{audit_id}/contests/sent/CB2", reason="x")
    assert asked.location == "/contests/1"
    assert admin.get("/contests/1").status_code == 200
    assert {one: _status(official, *one) for one in OF_ANOTHER} == dict.fromkeys(OF_ANOTHER, 404)
    assert "Trần Văn Ửng" not in official.get("/contests").text


@pytest.mark.parametrize("address", OF_NOBODY)
def test_what_does_not_exist_is_not_found(admin: Visitor, audit_id: int, address: str) -> None:
    assert admin.get(address).status_code == 404


def test_the_table_has_every_route(app: BorderedFlask, settings: Settings) -> None:
    adapter = app.url_map.bind("localhost")
    tried = {(adapter.match(address, method=method)[0], method) for method, address, *_ in TABLE}
    there_are = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint != "static"
    }
    assert tried == there_are


def test_a_stranger_comes_back_after_logging_in(stranger: Visitor, audit_id: int) -> None:
    sent_away = stranger.get("/audits/1/officials?class=none")
    assert sent_away.location == "/log-in?next=/audits/1/officials?class%3Dnone"
    assert stranger.log_in(page=sent_away.location).location == "/audits/1/officials?class=none"
