"""Logging in at a real OpenID provider: who gets in, who does not, and what an attacker sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from argon2 import PasswordHasher
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import forget, unit_of_work
from core.directory.doors.oidc import keys
from core.directory.models import Identity
from core.directory.services import accounts, close_account, create_account, import_roster, throttling
from core.permissions import command_line_actor
from core.settings import Settings, load
from tests.servers.oidc import BACK, CLIENT, SECRET, Provider
from tests.web import town
from tests.web.conftest import PASSWORD, Visitor
from web.app import create_app

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("oidc")]
START = "/log-in/with/city"


def table(provider: Provider, secret_file: Path, more: str = "") -> str:
    return f"""
[oidc.city]
issuer = "{provider.issuer}"
client_id = "{CLIENT}"
secret_file = "{secret_file}"
address = "{BACK}"
label = "Tài khoản thành phố"
label_en = "City account"
loopback = true
scopes = ["openid", "email", "staff"]
official_id_claim = "employee_number"
{more}
"""


Opened = Callable[..., Visitor]


@pytest.fixture
def opened(
    settings: Settings, oidc_provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opened]:
    """A browser at an installation with that provider, as the settings say; its officials CB1 to CB3 have accounts."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=town.roster())
        for number in ("CB1", "CB2", "CB3"):
            create_account(session, command_line_actor(), name=number.lower(), password=PASSWORD, official_id=number)
    made: list[Settings] = []

    def open_(link: str = '["official_id", "address"]', more: str = "") -> Visitor:
        (settings.home / "vanthu.toml").write_text(table(oidc_provider, secret, f"link = {link}\n{more}"))
        made.append(load({"VANTHU_HOME": str(settings.home)}))
        return Visitor(create_app(made[-1]).test_client())

    yield open_
    for one in made:
        forget(one)


def comes_back(
    visitor: Visitor, provider: Provider, name: str, start: str = START, browser: requests.Session | None = None
) -> str:
    """The address that the provider sends the browser back to, without the host that nobody listens at."""
    begun = visitor.get(start)
    assert begun.status_code == 302, begun.text
    there = urlsplit(provider.log_in(begun.location, name, browser))
    assert f"{there.scheme}://{there.netloc}" == BACK
    return f"{there.path}?{there.query}"


def told(settings: Settings) -> list[tuple[str, str, dict[str, object]]]:
    with unit_of_work(settings) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [
            (one.action, one.subject, one.facts)
            for one in entries
            if "identity" in one.action or "log_in" in one.action
        ]


def test_an_official_comes_in_and_is_known_from_then_on(
    opened: Opened, oidc_provider: Provider, settings: Settings
) -> None:
    visitor = opened()
    assert "Tài khoản thành phố" in visitor.get("/log-in").text
    answer = visitor.get(comes_back(visitor, oidc_provider, "an", f"{START}?next=/account"))
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "cb1" in visitor.get("/account").text
    again = opened(link="[]")  # the identity is stored: nothing has to be found by an address any more
    assert again.get(comes_back(again, oidc_provider, "an")).status_code == 303
    assert told(settings) == [
        ("core:identity:link", "account:cb1", {"by": "address", "door": "city"}),
        ("core:account:log_in", "account:cb1", {"door": "city"}),
        ("core:account:log_in", "account:cb1", {"door": "city"}),
    ]


def test_an_official_is_found_by_number(opened: Opened, oidc_provider: Provider) -> None:
    visitor = opened(link='["official_id"]')
    assert visitor.get(comes_back(visitor, oidc_provider, "ha")).status_code == 303
    assert "cb3" in visitor.get("/account").text


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("stranger", '["official_id", "address"]'),
        ("ung", '["address"]'),  # the address is an official's, and nobody verified that it is this person's
        ("an", '["official_id"]'),
        ("an", "[]"),
    ],
)
def test_strangers_stay_outside_and_leave_nothing(
    opened: Opened, oidc_provider: Provider, settings: Settings, name: str, link: str
) -> None:
    visitor = opened(link=link)
    answer = visitor.get(comes_back(visitor, oidc_provider, name))
    assert answer.status_code == 403
    assert "chưa có tài khoản" in answer.text
    assert visitor.get("/account").status_code == 302
    with unit_of_work(settings) as session:
        assert session.scalars(select(Identity)).all() == []
    assert told(settings) == []


def test_an_address_given_to_somebody_else_opens_nothing(opened: Opened, oidc_provider: Provider) -> None:
    first = opened()
    assert first.get(comes_back(first, oidc_provider, "an")).status_code == 303
    second = opened()
    answer = second.get(comes_back(second, oidc_provider, "other-an"))
    assert answer.status_code == 403
    assert "một người dùng khác" in answer.text


@pytest.mark.parametrize("known", [True, False])
def test_a_closed_account_stays_closed(
    opened: Opened, oidc_provider: Provider, settings: Settings, known: bool
) -> None:
    visitor = opened()
    if known:
        assert visitor.get(comes_back(visitor, oidc_provider, "an")).status_code == 303
    with unit_of_work(settings) as session:
        close_account(session, command_line_actor(), name="cb1")
    answer = visitor.get(comes_back(visitor, oidc_provider, "an"))
    assert answer.status_code == 403
    assert "đã bị đóng" in answer.text
    with unit_of_work(settings) as session:
        assert len(session.scalars(select(Identity)).all()) == known


def test_the_state_of_somebody_else_is_worth_nothing(opened: Opened, oidc_provider: Provider) -> None:
    """A link with the attacker's own code, sent to a victim: the victim must not work in the attacker's account."""
    attacker, victim = opened(), opened()
    address = comes_back(attacker, oidc_provider, "an")
    victim.get(START)
    assert victim.get(address).status_code == 400
    assert victim.get("/account").status_code == 302


def test_a_code_is_good_once(opened: Opened, oidc_provider: Provider) -> None:
    visitor = opened()
    address = comes_back(visitor, oidc_provider, "an")
    assert visitor.get(address).status_code == 303
    assert visitor.post("/log-out", "/account").status_code == 303
    assert visitor.get(address).status_code == 400
    # not even where the browser's cookie is put back as it was: the provider takes a code once
    begun = visitor.get(START)
    query = parse_qs(urlsplit(address).query) | {"state": parse_qs(urlsplit(begun.location).query)["state"]}
    with_old_code = "&".join(f"{name}={values[0]}" for name, values in query.items())
    assert visitor.get(f"{START}/back?{with_old_code}").status_code == 403


TAMPERED: dict[tuple[str, str], int] = {
    ("iss=", "iss=http%3A%2F%2Fevil.example&x="): 403,
    ("iss=", "x="): 403,
    ("code=", "code=x"): 403,
    ("code=", "x="): 403,
    ("code=", "error=access_denied&x="): 403,
    ("state=", "state=x"): 400,
    ("state=", "x="): 400,
    ("state=", "state=x&state="): 400,
}


def test_an_answer_that_was_tampered_with(opened: Opened, oidc_provider: Provider) -> None:
    visitor, browser = opened(), requests.Session()
    found = {}
    for old, new in TAMPERED:
        address = comes_back(visitor, oidc_provider, "an", browser=browser)
        found[old, new] = visitor.get(address.replace(old, new)).status_code
        assert visitor.get("/account").status_code == 302
    assert found == TAMPERED


def test_answers_that_prove_nothing_are_slowed_and_leaving_is_not(
    opened: Opened, oidc_provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "OF_ADDRESS", throttling.Rule(2, timedelta(minutes=30)))
    visitor, statuses = opened(), []
    for changed in ("error=access_denied&x=", "error=access_denied&x=", "code=1", "code=2", "code="):
        begun = visitor.get(START)
        state = parse_qs(urlsplit(begun.location).query)["state"][0]
        iss = quote(oidc_provider.issuer, safe="")
        statuses.append(visitor.get(f"{START}/back?iss={iss}&state={state}&{changed}").status_code)
    assert statuses == [403, 403, 403, 403, 429]


def test_the_request_says_what_the_standards_ask_for(opened: Opened) -> None:
    visitor = opened()
    asked = [parse_qs(urlsplit(visitor.get(START).location).query) for _ in range(2)]
    assert {
        name: values[0] for name, values in asked[0].items() if name not in {"state", "nonce", "code_challenge"}
    } == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": f"{BACK}/log-in/with/city/back",
        "scope": "openid email staff",
        "code_challenge_method": "S256",
    }
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) == 43
        assert asked[0][name] != asked[1][name]


def test_a_provider_may_change_its_keys(
    opened: Opened, oidc_provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "PAUSE_SECONDS", 0.0)
    visitor = opened()
    assert visitor.get(comes_back(visitor, oidc_provider, "an")).status_code == 303
    oidc_provider.stop()
    oidc_provider.start()
    again = Visitor(visitor.client.application.test_client())
    assert again.get(comes_back(again, oidc_provider, "an")).status_code == 303


def test_a_provider_that_is_away_stops_nobody_else(opened: Opened, oidc_provider: Provider) -> None:
    visitor = opened()
    oidc_provider.stop()
    try:
        answer = visitor.get(START)
        assert answer.status_code == 503
        assert "không trả lời" in answer.text
        assert visitor.log_in().status_code == 303
    finally:
        oidc_provider.start()


def test_logging_out_leads_to_the_provider_too(opened: Opened, oidc_provider: Provider) -> None:
    visitor = opened()
    visitor.get(comes_back(visitor, oidc_provider, "an"))
    left = visitor.post("/log-out", "/account")
    assert left.location == "/log-in?left=city"
    assert "/log-out/with/city" in visitor.get(left.location).text
    there = visitor.get("/log-out/with/city")
    assert there.location.startswith(f"{oidc_provider.issuer}/session/end?client_id={CLIENT}")
    assert "/log-out/with/city" not in visitor.get("/log-in").text


def test_who_came_by_a_password_is_not_sent_there(opened: Opened) -> None:
    visitor = opened()
    visitor.log_in()
    assert visitor.post("/log-out", "/account").location == "/log-in"
