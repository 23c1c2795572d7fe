"""Passkeys through the pages, with an authenticator in software (a real browser: tests/e2e)."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from tests.core.directory.authenticator import Authenticator
from tests.web.conftest import PASSWORD, Visitor
from tests.web.second_steps import Owner, stopped_clock
from web.border import BorderedFlask


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch, admin: Visitor) -> Owner:
    """The administrator, with a passkey and nothing else."""
    made = Owner(admin, stopped_clock(monkeypatch))
    assert made.add_passkey().status_code == 200
    assert made.is_in()
    return made


def test_as_the_second_step(app: BorderedFlask, owner: Owner) -> None:
    there = owner.elsewhere(app.test_client())
    assert there.visitor.log_in().location == "/log-in/second"
    page = there.visitor.get("/log-in/second").text
    assert ('data-passkey="get"' in page, 'name="code"' in page) == (True, False)
    assert there.prove_by_passkey().location == "/"
    assert there.is_in()


def test_as_the_only_step(app: BorderedFlask, owner: Owner) -> None:
    there = owner.elsewhere(app.test_client())
    assert there.enter_by_passkey().location == "/"
    assert there.is_in()


def test_not_as_the_only_step_where_nobody_was_verified(app: BorderedFlask, owner: Owner) -> None:
    owner.device.verifies = False
    there = owner.elsewhere(app.test_client())
    refused = there.enter_by_passkey()
    assert (refused.status_code, "Khóa truy cập không được chấp nhận" in refused.text) == (422, True)
    assert not there.is_in()
    there.visitor.log_in()
    assert there.prove_by_passkey().status_code == 303


def test_a_stranger_s_passkey(app: BorderedFlask, owner: Owner) -> None:
    there = owner.elsewhere(app.test_client())
    there.device = Authenticator(origin=owner.device.origin)
    assert there.enter_by_passkey().status_code == 422
    there.visitor.log_in()
    assert (there.prove_by_passkey().status_code, there.is_in()) == (422, False)


def test_what_one_browser_was_asked_no_other_answers(app: BorderedFlask, owner: Owner) -> None:
    victim, thief = owner.elsewhere(app.test_client()), owner.elsewhere(app.test_client())
    stolen = victim.device.signed(victim.visitor.get("/log-in/passkey/options").text)
    assert thief.visitor.post("/log-in/passkey", "/log-in", answer=stolen).status_code == 422
    assert victim.visitor.post("/log-in/passkey", "/log-in", answer=stolen).status_code == 303


def test_a_name_that_is_no_name(owner: Owner) -> None:
    page = "/account/security/passkeys/new"
    refused = owner.visitor.post(page, page, name="", password=PASSWORD, answer="{}")
    assert (refused.status_code, "Hãy ghi tên thiết bị" in refused.text) == (422, True)
    refused = owner.visitor.post(page, page, name="<b>USB</b>", password=PASSWORD, answer="{}")
    assert (refused.status_code, "không được chấp nhận" in refused.text, "<b>USB" in refused.text) == (422, True, False)


def test_it_is_taken_away(app: BorderedFlask, owner: Owner) -> None:
    page = "/account/security/passkeys/1/remove"
    assert "“USB”" in owner.visitor.get(page).text
    assert owner.visitor.post(page, page, password="sai mất rồi").status_code == 422
    assert owner.visitor.post(page, page, password=PASSWORD).location == "/account/security"
    assert owner.visitor.get(page).status_code == 404
    there = owner.elsewhere(app.test_client())
    assert there.enter_by_passkey().status_code == 422


def test_where_browsers_have_no_passkeys_the_page_says_so(app: BorderedFlask) -> None:
    client = app.test_client()
    for address in ("http://10.0.0.7", "http://vanthu.tp.example.gov.vn", "https://[::1]:8443"):
        page = client.get("/log-in", base_url=address)
        assert (page.status_code, "data-passkey" in page.text) == (200, False), address
        refused = client.get("/log-in/passkey/options", base_url=address)
        assert (refused.status_code, "HTTPS" in refused.text) == (400, True), address


def test_the_name_that_passkeys_are_for(app: BorderedFlask) -> None:
    client: FlaskClient = app.test_client()
    for address, site in (
        ("https://vanthu.tp.example.gov.vn", "vanthu.tp.example.gov.vn"),
        ("https://VANTHU.tp.example.gov.vn:8443", "vanthu.tp.example.gov.vn"),
        ("http://localhost:8000", "localhost"),
    ):
        asked = json.loads(client.get("/log-in/passkey/options", base_url=address).text)
        assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == (site, "required", [])
