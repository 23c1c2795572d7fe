"""Who gets what: every route and method, for a stranger, an official, and every role here, there and everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from argon2 import PasswordHasher

from core import permissions
from core.db import unit_of_work
from core.directory.queries import account_by_name
from core.directory.services import accounts, create_account, grant_role, name_deputy
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from mail_audit.services.contests import ask_contest
from mail_audit.services.exceptions import record_exception
from tests.web import town
from tests.web.access import PUBLIC, ROWS, Row
from tests.web.conftest import PASSWORD, TOKEN, Visitor
from web.border import BorderedFlask

pytestmark = pytest.mark.slow

ROLES = tuple(role for role in Role if role != Role.OFFICIAL)
LAST = ("POST", "/log-out")
Made = Callable[..., Visitor]


@pytest.fixture
def stored(settings: Settings, app: BorderedFlask, listed: None, audit_id: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The town's audit; of an official of each of two units an account, a contest, an exception and a deputy.

    Whoever asks for every page there is asks faster than people do.
    """
    app.config["OPTIONS"] = replace(app.config["OPTIONS"], page_requests_a_minute=1_000_000)
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    clerk, day = command_line_actor(), date(2099, 1, 1)
    with unit_of_work(settings) as session:
        for number, name in (("CB1", "can.bo"), ("CB5", "khac")):
            if account_by_name(session, name) is None:
                create_account(session, clerk, name=name, password=PASSWORD, official_id=number)
            name_deputy(
                session, clerk, official_id=number, deputy_official_id="CB9", scope="opinions", first=day, last=day
            )
            own = Actor("x", frozenset({Role.OFFICIAL}), number)
            ask_contest(session, own, audit_id=audit_id, official_id=number, about="received", reason="x")
            record_exception(session, clerk, official_id=number, kind="leave", first=town.FIRST)
    return audit_id


def _token(visitor: Visitor) -> str:
    # the page of an error has the log-out form for whoever is logged in; others have the log-in form
    token = TOKEN.search(visitor.get("/nothing").text) or TOKEN.search(visitor.get("/log-in").text)
    assert token
    return token[1]


def _asked(visitor: Visitor, expected: dict[tuple[str, str], int]) -> None:
    """Ask for everything; what ends the session last."""
    order, answers, token = sorted(expected, key=lambda one: one == LAST), {}, _token(visitor)
    for method, address in order:
        if method == "GET":
            answer = visitor.get(address)
        else:
            answer = visitor.client.post(address, data={"csrf_token": token})
            if answer.status_code == 400:  # a new session has a new token
                token = _token(visitor)
                answer = visitor.client.post(address, data={"csrf_token": token})
        answers[method, address] = answer.status_code
    assert answers == expected


def _public(row: Row) -> int:
    return 302 if row.address == "/log-in" and row.method == "GET" else row.status


def _of(row: Row, role: str, *, whole: bool) -> int:
    """What a role gets for a row's own address, granted for the whole city or for the row's unit."""
    if row.roles == PUBLIC:
        return _public(row)
    if role not in row.roles.split() or not (whole or row.of_units):
        return 403
    return row.only.get(role, row.status)


def test_strangers(stranger: Visitor, stored: int) -> None:
    _asked(stranger, {(row.method, row.address): row.stranger for row in ROWS})


def test_an_account_without_rights(admin: Visitor, stored: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "HELD", MappingProxyType({}))
    _asked(admin, {(row.method, row.address): _public(row) if row.roles == PUBLIC else 403 for row in ROWS})


@pytest.mark.parametrize("role", ROLES)
def test_a_role_for_the_whole_city(account_of: Made, stored: int, role: Role) -> None:
    _asked(account_of(role), {(row.method, row.address): _of(row, role, whole=True) for row in ROWS})


@pytest.mark.parametrize("role", ROLES)
def test_a_role_for_the_unit_and_for_another_one(account_of: Made, stored: int, role: Role) -> None:
    """Here: what the role may of units. There: a thing of this unit is as if it were not there."""
    here, there = account_of(role, unit_key=town.CONSTRUCTION), account_of(role, unit_key=town.HEALTH)
    _asked(here, {(row.method, row.address): _of(row, role, whole=False) for row in ROWS})
    ours = [row for row in ROWS if row.elsewhere is not None]
    _asked(there, {(row.method, row.address): 403 if _of(row, role, whole=False) == 403 else 404 for row in ours})


@pytest.mark.parametrize("role", ROLES)
def test_a_role_for_the_unit_gets_nothing_of_another(account_of: Made, stored: int, role: Role) -> None:
    visitor = account_of(role, unit_key=town.CONSTRUCTION)
    expected = {
        (row.method, row.elsewhere): 403 if _of(row, role, whole=False) == 403 else 404
        for row in ROWS
        if row.elsewhere is not None
    }
    _asked(visitor, expected)


def test_an_official_gets_the_own_pages_and_no_others(official: Visitor, stored: int) -> None:
    """Every route: the own ones answer, those for everybody too, and all the rest are as if they were not there."""
    _asked(official, {(row.method, row.address): _public(row) if row.roles == PUBLIC else row.official for row in ROWS})


def test_an_official_gets_nothing_of_another(official: Visitor, stored: int) -> None:
    """Another's pages and contests are not there, whoever else may see them."""
    others = {(row.method, row.elsewhere): 404 for row in ROWS if row.elsewhere is not None}
    alike = ("/audits/1/officials/CB1/", "/audits/1/officials/cb1", "/audits/1/officials/CB2", "/contests/9")
    _asked(official, others | {("GET", address): 404 for address in alike})
    assert "Hoàng Minh Quân" not in official.get("/contests").text


@pytest.mark.parametrize("role", ROLES)
def test_an_official_with_a_role_keeps_the_own_pages(
    stranger: Visitor, settings: Settings, stored: int, role: Role
) -> None:
    """CB1 has a role in another unit: the own things are still there, and those of that unit are too."""
    with unit_of_work(settings) as session:
        grant_role(session, command_line_actor(), name="can.bo", role=role, unit_key=town.HEALTH)
    assert stranger.log_in(name="can.bo").status_code == 303
    own = {
        (row.method, row.address): row.official
        for row in ROWS
        if row.official != 404 and row.roles != PUBLIC and row.address != "/"
    }
    _asked(stranger, own)
    sees = role != Role.CLERK
    assert stranger.get("/audits/1/units/Sở Y tế").status_code == (200 if sees else 403)
    assert stranger.get("/audits/1/units/Sở Xây dựng").status_code == (404 if sees else 403)


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
    "/contests/9",
    "/exceptions/9",
    "/language/fr",
    "/nothing",
)


@pytest.mark.parametrize("address", OF_NOBODY)
def test_what_does_not_exist_is_not_found(admin: Visitor, audit_id: int, address: str) -> None:
    assert admin.get(address).status_code == 404


def test_the_table_has_every_route(app: BorderedFlask, settings: Settings) -> None:
    adapter = app.url_map.bind("localhost")
    tried = {(adapter.match(row.address.partition("?")[0], method=row.method)[0], row.method) for row in ROWS}
    there_are = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        # the API has a table of its own, made of its document: tests/web/api/test_api_access.py
        if rule.endpoint != "static" and not rule.endpoint.startswith(("api.", "scim."))
    }
    assert tried == there_are


def test_a_stranger_comes_back_after_logging_in(stranger: Visitor, audit_id: int) -> None:
    sent_away = stranger.get("/audits/1/officials?class=none")
    assert sent_away.location == "/log-in?next=/audits/1/officials?class%3Dnone"
    assert stranger.log_in(page=sent_away.location).location == "/audits/1/officials?class=none"
