"""A clock that stands still and a visitor with a telephone: what tests of second steps share."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.db import utc_now
from core.directory.factors import one_time
from tests.core.directory import second_steps
from tests.core.directory.authenticator import Authenticator
from tests.web.conftest import PASSWORD, Visitor
from web import factor_pages, halfway
from web.views import passkey_log_in, recoveries, second_step, security

LETTERS = re.compile(r'<p class="vt-code">([A-Z2-7 ]+)</p>')
SHEET = re.compile(r'<ol class="vt-code-sheet">(.*?)</ol>', re.DOTALL)
HANDED_OVER = re.compile(r'<p class="vt-code">([a-z2-9-]+)</p>')
ORIGIN = "http://localhost"


@dataclass
class Clock:
    """The time that the pages of second steps see."""

    now: datetime = field(default_factory=lambda: utc_now().replace(second=5, microsecond=0))

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give the pages a clock that stands still, and the cheapest hashes there are."""
    clock = Clock()
    for module in (factor_pages, halfway, passkey_log_in, recoveries, second_step, security):
        monkeypatch.setattr(module, "utc_now", clock)
    second_steps.cheap_hashes(monkeypatch)
    return clock


@dataclass
class Owner:
    """Somebody in front of a browser, with a telephone that shows codes and a device that has passkeys."""

    visitor: Visitor
    clock: Clock
    secret: str = ""
    codes: list[str] = field(default_factory=list)
    device: Authenticator = field(default_factory=lambda: Authenticator(origin=ORIGIN))

    def code(self) -> str:
        """What the telephone shows now."""
        return one_time.code_at(self.secret, one_time.step_of(self.clock.now))

    def elsewhere(self, client: FlaskClient) -> Owner:
        """The same person at another browser."""
        return Owner(Visitor(client), self.clock, self.secret, self.codes, self.device)

    def add_app(self, password: str = PASSWORD) -> TestResponse:
        """Set the app up in a session."""
        page = "/account/security/app"
        self.secret = read_secret(self.visitor.post(page, page, password=password))
        added = self.visitor.post(f"{page}/code", page, code=self.code())
        self.codes = read_codes(added) or self.codes
        self.clock.later(seconds=30)
        return added

    def add_passkey(self, password: str = PASSWORD) -> TestResponse:
        """Add a passkey in a session."""
        page = "/account/security/passkeys/new"
        options = self.visitor.get("/account/security/passkeys/options").text
        added = self.visitor.post(page, page, name="USB", password=password, answer=self.device.made(options))
        self.codes = read_codes(added) or self.codes
        return added

    def prove(self, address: str = "/log-in/second", **fields: str) -> TestResponse:
        """Send something to a page of the second step."""
        return self.visitor.post(address, "/log-in/second", **fields)

    def prove_by_passkey(self) -> TestResponse:
        """Answer the second step with the passkey."""
        options = self.visitor.get("/log-in/second/passkey/options").text
        return self.prove("/log-in/second/passkey", answer=self.device.signed(options))

    def enter_by_passkey(self) -> TestResponse:
        """Log in with the passkey and nothing else."""
        options = self.visitor.get("/log-in/passkey/options").text
        return self.visitor.post("/log-in/passkey", "/log-in", answer=self.device.signed(options))

    def is_in(self) -> bool:
        """Whether there is a session."""
        return self.visitor.get("/account").status_code == 200


def read_secret(page: TestResponse) -> str:
    """The letters of a QR code's page."""
    found = LETTERS.search(page.text)
    assert found, page.text
    return found[1].replace(" ", "")


def read_codes(page: TestResponse) -> list[str]:
    """The recovery codes that a page shows."""
    found = SHEET.search(page.text)
    return re.findall(r"<li>([A-Z2-9-]+)</li>", found[1]) if found else []


def cookie_of(client: FlaskClient) -> str:
    """The signed cookie of a browser, as a thief would copy it."""
    cookie = client.get_cookie("vanthu")
    assert cookie is not None
    return cookie.value


def options_of(page: str) -> dict[str, object]:
    """Options for a passkey, read."""
    return dict(json.loads(html.unescape(page)))
