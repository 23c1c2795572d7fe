"""Accounts with second factors for tests: made by the services, with the cheapest hashes there are."""

from __future__ import annotations

from datetime import datetime

import pytest
from argon2 import PasswordHasher

from core.db import unit_of_work
from core.directory.factors import one_time, recovery_codes
from core.directory.models import Account
from core.directory.queries import the_account
from core.directory.services import accounts, create_account, factors
from core.permissions import Actor, Role
from core.settings import Settings
from tests.core.directory.authenticator import Authenticator

PASSWORD = "bốn con mèo uống trà"
ADMINISTRATOR = Actor("quantri", frozenset({Role.ADMINISTRATOR}))
SITE = factors.Site("vanthu.tp.example.gov.vn", "https://vanthu.tp.example.gov.vn", "a browser")
OFFICE = "192.0.2.1"


def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests count tries, not milliseconds."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(recovery_codes, "COST", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})


def make(settings: Settings, name: str = "an") -> int:
    """An account with a password only; its id."""
    with unit_of_work(settings) as session:
        return create_account(session, ADMINISTRATOR, name=name, password=PASSWORD).id


def with_app(settings: Settings, now: datetime, name: str = "an") -> tuple[str, list[str]]:
    """Give the account an app; its secret and the recovery codes. The code of the step before `now` is used."""
    with unit_of_work(settings) as session:
        secret = factors.offer_app(session, Actor(name), now=now)
    with unit_of_work(settings) as session:
        code = one_time.code_at(secret, one_time.step_of(now) - 1)
        codes = factors.confirm_app(session, Actor(name), code=code, now=now)
    assert codes is not None
    return secret, codes


def with_passkey(
    settings: Settings, now: datetime, name: str = "an", key: Authenticator | None = None
) -> Authenticator:
    """Give the account a passkey."""
    made = key or Authenticator()
    with unit_of_work(settings) as session:
        options = factors.creation_options(session, Actor(name), site=SITE, now=now)
        factors.add_passkey(session, Actor(name), answer=made.made(options), name="USB", site=SITE, now=now)
    return made


def account(settings: Settings, name: str = "an") -> Account:
    """The account as it is now."""
    with unit_of_work(settings) as session:
        return the_account(session, name)


def code_for(secret: str, moment: datetime) -> str:
    """What the app shows."""
    return one_time.code_at(secret, one_time.step_of(moment))
