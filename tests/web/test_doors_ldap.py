"""Logging in with name and password of a real directory server: pages, pauses, and what is told in the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import forget, unit_of_work, utc_now
from core.directory.doors.ldap.binding import LdapDoor
from core.directory.models import Identity
from core.directory.services import accounts, close_account, create_account, import_roster
from core.directory.services.identities import tie_identity
from core.permissions import command_line_actor
from core.settings import Settings, load
from tests.servers.slapd import BASE, PASSWORD, SERVICE, SERVICE_PASSWORD, Slapd
from tests.web import town
from tests.web.conftest import NAME, TOKEN, Visitor
from tests.web.conftest import PASSWORD as OWN_PASSWORD
from web.app import create_app
from web.views import doors

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("slapd")]
PAGE = "/log-in/with/office"
Opened = Callable[..., Visitor]


@pytest.fixture
def opened(
    settings: Settings, directory_server: Slapd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opened]:
    """A browser at an installation with that directory; CB1 has an account without a password of its own."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setenv("OFFICE_PASSWORD", SERVICE_PASSWORD)
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=town.roster())
        create_account(session, command_line_actor(), name="cb1", password=None, official_id="CB1")
        create_account(session, command_line_actor(), name="cb3", password=OWN_PASSWORD, official_id="CB3")
    made: list[Settings] = []

    def open_(more: str = 'link = ["official_id"]') -> Visitor:
        table = f"""
[ldap.office]
servers = ["127.0.0.1:{directory_server.tls_port}"]
label = "Máy tính cơ quan"
label_en = "Office computer"
ca_file = "{directory_server.ca_file}"
base = "{BASE}"
service_dn = "{SERVICE}"
password_variable = "OFFICE_PASSWORD"
{more}
"""
        (settings.home / "vanthu.toml").write_text(table, "utf-8")
        made.append(load({"VANTHU_HOME": str(settings.home)}))
        return Visitor(create_app(made[-1]).test_client())

    yield open_
    for one in made:
        forget(one)


def told(settings: Settings) -> list[tuple[str, str, dict[str, object]]]:
    with unit_of_work(settings) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(one.action, one.actor, one.facts) for one in entries if one.action != "core:account:create"][1:]


def test_the_password_of_the_office_is_enough(opened: Opened, settings: Settings) -> None:
    visitor = opened()
    page = visitor.get("/log-in").text
    assert "Đăng nhập bằng Máy tính cơ quan" in page
    assert f'href="{PAGE}"' in page
    answer = visitor.post(f"{PAGE}?next=/account", PAGE, name=" AN ", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/account")
    own = visitor.get("/account").text
    assert "Máy tính cơ quan, từ" in own
    assert "không có mật khẩu của Vanthu" in own
    assert told(settings) == [
        ("core:identity:link", "cb1", {"by": "official_id", "door": "office"}),
        ("core:account:log_in", "cb1", {"door": "office"}),
    ]
    assert visitor.post("/log-out", "/account").location == "/log-in"


def test_an_account_without_a_password_has_no_other_way_in(opened: Opened) -> None:
    visitor = opened()
    for guess in ("x", PASSWORD, "a password that belongs to nobody"):
        assert visitor.log_in(guess, name="cb1").status_code == 422


def test_the_password_of_the_office_opens_nothing_elsewhere(opened: Opened) -> None:
    """Nor does a password of ours open the office's door: neither is shown to the other."""
    visitor = opened()
    assert visitor.log_in(PASSWORD, name="cb3").status_code == 422
    assert visitor.post(PAGE, PAGE, name="ha", password=OWN_PASSWORD).status_code == 422
    assert visitor.post(PAGE, PAGE, name="ha", password=PASSWORD).status_code == 303


@pytest.mark.parametrize(("name", "more"), [("ngoai", 'link = ["official_id", "address"]'), ("an", "link = []")])
def test_strangers_stay_outside(opened: Opened, settings: Settings, name: str, more: str) -> None:
    visitor = opened(more)
    answer = visitor.post(PAGE, PAGE, name=name, password=PASSWORD)
    assert answer.status_code == 403
    assert "chưa có tài khoản" in answer.text
    with unit_of_work(settings) as session:
        assert session.scalars(select(Identity)).all() == []


def test_a_closed_account_stays_closed(opened: Opened, settings: Settings) -> None:
    visitor = opened()
    with unit_of_work(settings) as session:
        close_account(session, command_line_actor(), name="cb1")
    answer = visitor.post(PAGE, PAGE, name="an", password=PASSWORD)
    assert answer.status_code == 403
    assert told(settings)[-1] == ("core:account:refuse", "cb1", {"closed": True, "door": "office"})


@pytest.mark.parametrize("fields", [{}, {"name": "an"}, {"name": "an", "password": ""}, {"password": PASSWORD}])
def test_a_form_that_lacks_something_asks_nobody(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, fields: dict[str, str]
) -> None:
    monkeypatch.setattr(LdapDoor, "verify", lambda *_: pytest.fail("asked"))
    assert opened().post(PAGE, PAGE, **fields).status_code == 422


def test_guessing_is_slowed_and_the_server_not_even_asked(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = opened()
    for _ in range(5):
        assert visitor.post(PAGE, PAGE, name="an", password="sai").status_code == 422
    with monkeypatch.context() as patched:
        patched.setattr(LdapDoor, "verify", lambda *_: pytest.fail("asked"))
        assert visitor.post(PAGE, PAGE, name="an", password=PASSWORD).status_code == 422
        assert visitor.post(PAGE, PAGE, name="An", password=PASSWORD).status_code == 422
    assert visitor.post(PAGE, PAGE, name="ha", password=PASSWORD).status_code == 303  # another name need not wait
    later = utc_now() + timedelta(seconds=31)
    monkeypatch.setattr(doors, "utc_now", lambda: later)
    again = Visitor(visitor.client.application.test_client())
    assert again.post(PAGE, PAGE, name="an", password=PASSWORD).status_code == 303


def test_a_server_that_is_away_counts_no_try(opened: Opened, directory_server: Slapd) -> None:
    nobody = opened('link = ["official_id"]\nconnect_seconds = 1.0')
    options = nobody.client.application.config["DOORS"].ldap
    options["office"] = LdapDoor(replace(options["office"].options, servers=("127.0.0.1:1",)))
    for _ in range(7):
        answer = nobody.post(PAGE, PAGE, name="an", password=PASSWORD)
        assert answer.status_code == 503
        assert "không trả lời" in answer.text
    assert opened().post(PAGE, PAGE, name="an", password=PASSWORD).status_code == 303


def test_the_page_says_nothing_of_who_is_there(opened: Opened) -> None:
    """A name nobody bears and a wrong password get the same page, but for what was typed and the form's token."""
    visitor, pages = opened(), set()
    for name in ("nobodyx", "ung"):
        page = visitor.post(PAGE, PAGE, name=name, password="sai").text
        pages.add(TOKEN.sub("", page).replace(f'value="{name}"', ""))
    assert len(pages) == 1


def test_an_account_may_be_made_without_a_password(opened: Opened, admin: Visitor) -> None:
    """Where there is another way in; where there is none, a password is needed."""
    fields = {"official_id": "CB2", "name": "cb2", "password": ""}
    assert admin.post("/accounts", "/accounts", **fields).status_code == 422
    visitor = opened('link = ["address"]')
    visitor.log_in()
    assert "chỉ đăng nhập bằng Máy tính cơ quan" in visitor.get("/accounts").text
    assert visitor.post("/accounts", "/accounts", **fields).status_code == 303
    official = Visitor(visitor.client.application.test_client())
    assert official.post(PAGE, PAGE, name="ung", password=PASSWORD).status_code == 303


def test_a_role_that_needs_a_second_factor_goes_on_to_it(opened: Opened, settings: Settings) -> None:
    visitor = opened('link = []\n[web]\nsecond_factor_for = "administrator"')
    door = visitor.client.application.config["DOORS"].ldap["office"]
    subject = door.verify("an", PASSWORD).subject
    with unit_of_work(settings) as session:
        tie_identity(session, command_line_actor(), name=NAME, door="office", provider="ldap:office", subject=subject)
    answer = visitor.post(PAGE, PAGE, name="an", password=PASSWORD)
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/log-in/add")
    assert visitor.get("/account").status_code == 302
    assert told(settings)[-1] == ("core:identity:proved", NAME, {"door": "office"})
