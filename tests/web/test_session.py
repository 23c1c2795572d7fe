"""Logging in: right and wrong passwords, pauses, sessions that end, forms and addresses from elsewhere."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from core.db import unit_of_work
from core.directory.services import change_password
from core.permissions import command_line_actor
from core.settings import Settings
from tests.web.conftest import NAME, PASSWORD, TOKEN, Visitor
from web.addresses import safe_next
from web.border import BorderedFlask


def test_the_cookie_is_out_of_reach(stranger: Visitor) -> None:
    cookies = stranger.log_in().headers.getlist("Set-Cookie")
    assert {
        one.partition("=")[0]: (("HttpOnly" in one), ("SameSite=Lax" in one), ("Expires" in one)) for one in cookies
    } == {"vanthu": (True, True, False), "vanthu_device": (True, True, True)}


def test_a_wrong_password_says_nothing_of_the_name(stranger: Visitor) -> None:
    known = stranger.log_in(password="not the password")
    unknown = stranger.post("/log-in", "/log-in", name="nobody", password="not the password")
    assert (known.status_code, unknown.status_code) == (422, 422)

    def without_input(page: str) -> str:
        return TOKEN.sub("", page).replace(f'value="{NAME}"', "").replace('value="nobody"', "")

    assert without_input(known.text) == without_input(unknown.text)


def test_after_many_wrong_passwords_the_right_one_waits(stranger: Visitor) -> None:
    statuses = [stranger.log_in(password="not the password").status_code for _ in range(5)]
    assert statuses == [422] * 5
    assert stranger.log_in().status_code == 422
    assert stranger.get("/").status_code == 302


def test_somebody_guessing_at_the_next_desk_does_not_keep_the_owner_out(stranger: Visitor, app: BorderedFlask) -> None:
    """Both have one address; the owner's browser is known since the last log-in, and it alone."""
    stranger.log_in()
    assert stranger.post("/log-out", "/audits").status_code == 303
    beside = Visitor(app.test_client())
    assert [beside.log_in(password="not the password").status_code for _ in range(6)] == [422] * 6
    assert beside.log_in().status_code == 422
    assert stranger.log_in().status_code == 303


def test_a_token_that_is_none_of_ours_is_not_kept_as_one(stranger: Visitor) -> None:
    stranger.client.set_cookie("vanthu_device", "x" * 500)
    stranger.log_in()
    kept = stranger.client.get_cookie("vanthu_device")
    assert kept is not None
    assert len(kept.value) == 43


def test_logging_out_ends_the_session(admin: Visitor) -> None:
    assert admin.get("/audits").status_code == 200
    assert admin.post("/log-out", "/audits").status_code == 303
    assert admin.get("/audits").status_code == 302


def test_a_new_log_in_ends_the_session_it_takes_the_place_of(admin: Visitor, app: BorderedFlask) -> None:
    """Whoever copied the cookie before has nothing any more; other browsers go on."""
    other = Visitor(app.test_client())
    other.log_in()
    with admin.client.session_transaction() as session:
        before = session["token"]
    token = TOKEN.search(admin.get("/account").text)
    assert token
    again = admin.client.post("/log-in", data={"csrf_token": token[1], "name": NAME, "password": PASSWORD})
    assert again.status_code == 303
    with admin.client.session_transaction() as session:
        assert session["token"] != before
    assert (admin.get("/audits").status_code, other.get("/audits").status_code) == (200, 200)
    with admin.client.session_transaction() as session:
        session["token"] = before
    assert admin.get("/audits").status_code == 302


def test_a_new_password_ends_other_sessions(admin: Visitor, settings: Settings) -> None:
    with unit_of_work(settings) as session:
        change_password(session, command_line_actor(), name=NAME, password="một mật khẩu khác hẳn")
    assert admin.get("/audits").status_code == 302


@pytest.mark.parametrize("token", ["0" * 43, "", None, 7, ["a"]], ids=str)
def test_a_token_nobody_was_given_is_nobodys(admin: Visitor, token: object) -> None:
    with admin.client.session_transaction() as session:
        session["token"] = token
    assert admin.get("/audits").status_code == 302


def test_a_forged_cookie_is_nobodys(app: BorderedFlask) -> None:
    client: FlaskClient = app.test_client()
    client.set_cookie("vanthu", "eyJhY2NvdW50IjoiYWRtaW4ifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert client.get("/audits").status_code == 302


@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_a_form_without_its_token_changes_nothing(admin: Visitor, token: str | None) -> None:
    data = {} if token is None else {"csrf_token": token}
    refused = admin.client.post("/log-out", data=data)
    assert refused.status_code == 400
    assert "Chưa có gì thay đổi" in refused.text
    assert admin.get("/audits").status_code == 200


def test_another_visitors_token_does_not_fit(admin: Visitor, stranger: Visitor) -> None:
    token = TOKEN.search(stranger.get("/log-in").text)
    assert token
    assert admin.client.post("/log-out", data={"csrf_token": token[1]}).status_code == 400


ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n//evil.example",
    " //evil.example",
    "evil.example",
    "/ok\\@evil.example",
    "",
    None,
)


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_way_leads_to_another_site(wanted: str | None) -> None:
    assert safe_next(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/", "/audits", "/audits/1/units/S%E1%BB%9F?sort=unit#x", "/a?next=//b"])
def test_own_pages_pass(wanted: str) -> None:
    assert safe_next(wanted) == wanted


def test_log_in_and_language_use_it(stranger: Visitor) -> None:
    page = "/log-in?next=//evil.example"
    assert stranger.post(page, page, name=NAME, password=PASSWORD).location == "/"
    assert stranger.get("/language/en?next=https://evil.example/").location == "/"
    assert stranger.get("/log-in?next=//evil.example").location == "/"
