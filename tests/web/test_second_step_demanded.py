"""Roles that may not be without a second step: set up on the way in, asked for in old sessions, never taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.db import unit_of_work
from core.directory.services import grant_role, withdraw_grant
from core.permissions import command_line_actor
from core.settings import Settings, SettingsError, load
from tests.core.directory import second_steps
from tests.web.conftest import Visitor
from tests.web.second_steps import Clock, Owner, read_codes, read_secret, stopped_clock
from web.app import create_app
from web.options import Options


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return stopped_clock(monkeypatch)


def demanding(settings: Settings, roles: str) -> Settings:
    """The same installation, whose roles may not be without a second step."""
    (settings.home / "vanthu.toml").write_text(f'[web]\nsecond_factor_for = "{roles}"\n', "utf-8")
    return load({"VANTHU_HOME": str(settings.home)})


@pytest.fixture
def newcomer(settings: Settings, clock: Clock) -> Owner:
    """An administrator at the log-in page of an installation that demands a second step."""
    return Owner(Visitor(create_app(demanding(settings, "auditor administrator")).test_client()), clock)


def test_it_is_set_up_on_the_way_in(newcomer: Owner) -> None:
    assert newcomer.visitor.log_in(page="/log-in?next=/audits").location == "/log-in/add?next=/audits"
    assert not newcomer.is_in()
    newcomer.secret = read_secret(newcomer.visitor.get("/log-in/add"))
    page = "/log-in/add?next=/audits"
    wrong = newcomer.visitor.post("/log-in/add/app?next=/audits", page, code="000000")
    assert (wrong.status_code, read_secret(wrong)) == (422, newcomer.secret)
    done = newcomer.visitor.post("/log-in/add/app?next=/audits", page, code=newcomer.code())
    assert len(read_codes(done)) == 10
    assert 'href="/audits"' in done.text
    assert newcomer.is_in()


def test_who_else_has_the_password_does_not_learn_the_owners_secret(newcomer: Owner) -> None:
    """Else the codes of the owner's telephone would be a thief's as well, for as long as the app is in use."""
    thief = newcomer.elsewhere(newcomer.visitor.client.application.test_client())
    for one in (thief, newcomer):
        one.visitor.log_in()
        one.secret = read_secret(one.visitor.get("/log-in/add"))
    seen = {thief.secret, read_secret(thief.visitor.get("/log-in/add"))}
    assert newcomer.secret not in seen
    assert newcomer.visitor.get("/log-in/add").status_code == 200


def test_or_a_passkey(newcomer: Owner) -> None:
    newcomer.visitor.log_in()
    options = newcomer.visitor.get("/log-in/add/passkey/options").text
    answer = newcomer.device.made(options)
    nameless = newcomer.visitor.post("/log-in/add/passkey", "/log-in/add", name="", answer=answer)
    assert (nameless.status_code, "Hãy ghi tên thiết bị" in nameless.text) == (422, True)
    forged = newcomer.visitor.post("/log-in/add/passkey", "/log-in/add", name="USB", answer="{}")
    assert (forged.status_code, newcomer.is_in()) == (422, False)
    done = newcomer.visitor.post("/log-in/add/passkey", "/log-in/add", name="USB", answer=answer)
    assert len(read_codes(done)) == 10
    assert newcomer.is_in()


def test_roles_that_are_not_named_go_on_as_before(settings: Settings, clock: Clock) -> None:
    visitor = Visitor(create_app(demanding(settings, "auditor")).test_client())
    assert visitor.log_in().location == "/"


def test_a_session_of_before_must_add_one_first(settings: Settings, clock: Clock, admin: Visitor) -> None:
    strict = create_app(demanding(settings, "administrator"))
    owner = Owner(Visitor(strict.test_client()), clock)
    cookie = admin.client.get_cookie("vanthu")
    assert cookie is not None
    owner.visitor.client.set_cookie("vanthu", cookie.value)
    for page in ("/", "/audits", "/accounts", "/trail"):
        assert owner.visitor.get(page).location == "/account/security", page
    assert "bắt buộc đăng nhập hai bước" in owner.visitor.get("/account/security").text
    assert owner.visitor.get("/health").status_code == 200
    owner.add_app()
    assert owner.visitor.get("/accounts").status_code == 200


def test_a_role_that_is_granted_later_asks_at_once(settings: Settings, clock: Clock) -> None:
    second_steps.make(settings, "chi")
    with unit_of_work(settings) as session:
        withdraw_grant(session, command_line_actor(), name="chi", grant_id=2)
        grant_role(session, command_line_actor(), name="chi", role="inspector")
    owner = Owner(Visitor(create_app(demanding(settings, "auditor")).test_client()), clock)
    assert owner.visitor.log_in(second_steps.PASSWORD, name="chi").location == "/"
    assert owner.visitor.get("/audits").status_code == 200
    with unit_of_work(settings) as session:
        grant_role(session, command_line_actor(), name="chi", role="auditor")
    assert owner.visitor.get("/audits").location == "/account/security"


def test_one_way_must_always_be_there(newcomer: Owner) -> None:
    newcomer.visitor.log_in()
    newcomer.secret = read_secret(newcomer.visitor.get("/log-in/add"))
    newcomer.visitor.post("/log-in/add/app", "/log-in/add", code=newcomer.code())
    page = "/account/security/app/remove"
    assert newcomer.visitor.post(page, page, password="mat khau rat dai").status_code == 409
    newcomer.add_passkey()
    assert newcomer.visitor.post(page, page, password="mat khau rat dai").status_code == 303


def test_the_roles_of_the_setting(tmp_path: Path) -> None:
    def read(roles: str) -> frozenset[str]:
        (tmp_path / "vanthu.toml").write_text(f'[web]\nsecond_factor_for = "{roles}"\n', "utf-8")
        return Options.of(load({"VANTHU_HOME": str(tmp_path)})).second_for

    for roles in ("", "administrator", "leader hr clerk", " administrator "):
        assert read(roles) == set(roles.split())
    for roles in ("root", "administrator,auditor", "administrator  auditor"):
        with pytest.raises(SettingsError, match="second_factor_for"):
            read(roles)
