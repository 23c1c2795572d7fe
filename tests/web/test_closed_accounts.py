"""Accounts closed and opened again: on the page, by the command, in the trail; sessions are over at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.cli import main
from core.db import unit_of_work
from core.directory.models import Account
from core.settings import Settings
from tests.web.conftest import NAME, Visitor
from web.language import COOKIE

CLOSE, REOPEN = "/accounts/can.bo/close", "/accounts/can.bo/reopen"


def _trail(settings: Settings) -> list[tuple[str, str, str, object]]:
    with unit_of_work(settings) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(entry.actor, entry.action, entry.subject, entry.facts) for entry in entries]


def test_closed_and_opened_again(admin: Visitor, official: Visitor, stranger: Visitor, settings: Settings) -> None:
    assert official.get("/account").status_code == 200
    assert admin.post(CLOSE, "/accounts").status_code == 303
    assert official.get("/account").status_code == 302
    assert _trail(settings)[-1] == (NAME, "core:account:close", "account:can.bo", {"sessions": 1})
    assert stranger.log_in(name="can.bo").status_code == 422
    assert _trail(settings)[-1] == ("can.bo", "core:account:refuse", "account:can.bo", {"failed": 1, "closed": True})
    page = admin.get("/accounts").text
    assert f'action="{REOPEN}"' in page
    assert f"người đóng: {NAME}" in page
    assert admin.post(REOPEN, "/accounts").status_code == 303
    assert _trail(settings)[-1] == (NAME, "core:account:reopen", "account:can.bo", {})
    assert official.get("/account").status_code == 302
    assert stranger.log_in(name="can.bo").status_code == 303


def test_twice_is_once(admin: Visitor, official: Visitor, settings: Settings) -> None:
    for address in (REOPEN, CLOSE, CLOSE, REOPEN, REOPEN):
        assert admin.post(address, "/accounts").status_code == 303
    assert [action for _, action, _, _ in _trail(settings)][-2:] == ["core:account:close", "core:account:reopen"]
    assert [action for _, action, _, _ in _trail(settings)].count("core:account:close") == 1


def test_nobody_closes_the_own_account(admin: Visitor, settings: Settings) -> None:
    refused = admin.post(f"/accounts/{NAME}/close", "/accounts")
    assert (refused.status_code, "chính mình" in refused.text) == (409, True)
    assert f'action="/accounts/{NAME}/close"' not in admin.get("/accounts").text
    with unit_of_work(settings) as session:
        assert session.scalars(select(Account.closed_at)).all() == [None]


def test_an_official_closes_nobody(official: Visitor) -> None:
    assert official.post(f"/accounts/{NAME}/close", "/account").status_code == 404


def test_by_the_command(
    official: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VANTHU_HOME", str(settings.home))
    monkeypatch.setenv("VANTHU_LANGUAGE", "en")
    assert main(["admin", "end-sessions", "can.bo"]) == 0
    assert main(["admin", "close", "can.bo"]) == 0
    assert main(["admin", "close", "can.bo"]) == 0
    assert main(["admin", "reopen", "can.bo"]) == 0
    assert main(["admin", "close", "nobody"]) == 3
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "Sessions ended: 1.",
        "The account can.bo is closed.",
        "The account can.bo was closed already.",
        "The account can.bo is open again.",
    ]
    assert told.err == "There is no account nobody.\n"
    assert official.get("/account").status_code == 302


@pytest.mark.parametrize(("language", "words"), [("vi", "Mở lại"), ("en", "Open again")])
def test_both_languages(admin: Visitor, official: Visitor, language: str, words: str) -> None:
    admin.post(CLOSE, "/accounts")
    admin.client.set_cookie(COOKIE, language)
    assert words in admin.get("/accounts").text
