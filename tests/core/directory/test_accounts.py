"""Accounts: passwords that will do, doors that close for a while, the same work for a name nobody bears."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work, utc_now
from core.directory.errors import AccountError, PasswordError
from core.directory.queries import account_by_name, actor_of, count_accounts, official_of_account
from core.directory.roster import Official, Roster
from core.directory.services import (
    accounts,
    change_password,
    create_account,
    import_roster,
    throttling,
    verify_log_in,
)
from core.errors import ForbiddenError, InputError, NotFoundError
from core.permissions import Actor
from core.settings import Settings

PASSWORD = "một mật khẩu dài"
DAY = date(2030, 1, 1)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The cheapest hash there is: these tests count tries, not milliseconds."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._nobodys_hash.cache_clear()
    yield
    accounts._nobodys_hash.cache_clear()


def create(settings: Settings, actor: Actor, name: str = "quantri", password: str = PASSWORD) -> None:
    """An account."""
    with unit_of_work(settings) as session:
        create_account(session, actor, name=name, password=password)


def enters(settings: Settings, password: str = PASSWORD, *, name: str = "quantri", later: float = 0) -> bool:
    """Whether the log-in is let in, `later` seconds from now."""
    with unit_of_work(settings) as session:
        return (
            verify_log_in(session, name=name, password=password, now=utc_now() + timedelta(seconds=later)) is not None
        )


def test_the_right_password_and_no_other(each_database: Settings, actor: Actor) -> None:
    create(each_database, actor, name=" QuanTri ")
    assert enters(each_database)
    assert enters(each_database, name="QUANTRI ")
    assert not enters(each_database, "một mật khẩu khác")
    assert not enters(each_database, name="nobody")
    assert not enters(each_database, "")


def test_a_password_may_be_typed_composed_or_in_parts(settings: Settings, actor: Actor) -> None:
    create(settings, actor, password=unicodedata.normalize("NFD", PASSWORD))
    assert enters(settings, unicodedata.normalize("NFC", PASSWORD))


def test_the_password_is_nowhere_in_the_database(settings: Settings, actor: Actor) -> None:
    create(settings, actor)
    enters(settings, "sai mật khẩu rồi")
    with unit_of_work(settings) as session:
        account = account_by_name(session, "quantri")
        assert account is not None
        assert account.password_hash.startswith("$argon2id$")
        told = [(entry.action, entry.subject, entry.facts) for entry in session.scalars(select(AuditEntry))]
    assert told == [
        ("core:account:create", "account:quantri", {"role": "administrator", "unit": None}),
        ("core:account:refuse", "account:quantri", {"failed": 1}),
    ]


@pytest.mark.parametrize("password", ["", "short", "bốn con mèo", "x" * 20, "y" * 201, "quantri-quantri"])
def test_a_poor_password_is_refused(settings: Settings, actor: Actor, password: str) -> None:
    with pytest.raises(PasswordError):
        create(settings, actor, name="quantri-quantri", password=password)
    with unit_of_work(settings) as session:
        assert count_accounts(session) == 0


@pytest.mark.parametrize("name", ["", "a", "quản trị", "a b", "-ab", "a" * 65, "a\nb"])
def test_a_poor_name_is_refused(settings: Settings, actor: Actor, name: str) -> None:
    with pytest.raises(InputError):
        create(settings, actor, name=name)


def test_a_name_is_taken_once(settings: Settings, actor: Actor) -> None:
    create(settings, actor)
    with pytest.raises(AccountError):
        create(settings, actor, name="QUANTRI")


def test_nobody_is_called_as_the_scheduler_is(settings: Settings, actor: Actor) -> None:
    """The trail would say that the program did what a person did."""
    with pytest.raises(AccountError):
        create(settings, actor, name="Scheduler")


@pytest.fixture
def listed(each_database: Settings, actor: Actor) -> None:
    """Two officials in the directory, one of whom has left since."""
    two = {number: Official(number, name) for number, name in (("CB1", "Lê An"), ("CB2", "Trần Bình"))}
    with unit_of_work(each_database) as session:
        import_roster(session, actor, roster=Roster({}, two, (), {}))
        import_roster(session, actor, roster=Roster({}, {"CB1": two["CB1"]}, (), {}), allow_removals=True)


def test_an_account_of_an_official(each_database: Settings, actor: Actor, listed: None) -> None:
    with unit_of_work(each_database) as session:
        made = create_account(session, actor, name="an", password=PASSWORD, official_id=" CB1 ")
        assert official_of_account(session, made) == "CB1"
        assert actor_of(session, made, "CB1", today=DAY).every_role == {"official"}
        others = create_account(session, actor, name="quantri", password=PASSWORD)
        assert official_of_account(session, others) is None
        assert actor_of(session, others, None, today=DAY).every_role == {"administrator"}
        told = [one.facts for one in session.scalars(select(AuditEntry)) if one.action == "core:account:create"]
    assert told == [{"official": "CB1"}, {"role": "administrator", "unit": None}]
    assert enters(each_database, name="an")


@pytest.mark.parametrize(("number", "error"), [("CB1", AccountError), ("CB2", NotFoundError), ("CB9", NotFoundError)])
def test_one_account_an_official_who_is_there(
    each_database: Settings, actor: Actor, listed: None, number: str, error: type[Exception]
) -> None:
    with unit_of_work(each_database) as session:
        create_account(session, actor, name="an", password=PASSWORD, official_id="CB1")
    with pytest.raises(error), unit_of_work(each_database) as session:
        create_account(session, actor, name="other", password=PASSWORD, official_id=number)
    with unit_of_work(each_database) as session:
        assert count_accounts(session) == 1


def test_after_some_tries_the_door_closes_ever_longer(settings: Settings, actor: Actor) -> None:
    create(settings, actor)
    for _ in range(throttling.OF_BOTH.free):
        assert not enters(settings, "sai")
    assert not enters(settings)
    assert not enters(settings, later=29)
    assert not enters(settings, "sai", later=31)
    assert not enters(settings, later=31 + 59)
    assert enters(settings, later=31 + 62)
    assert not enters(settings, "sai", later=100)
    assert enters(settings, later=100)


def test_the_wait_has_an_end(settings: Settings, actor: Actor) -> None:
    create(settings, actor)
    moment = 0.0
    for _ in range(30):
        moment += 1801
        assert not enters(settings, "sai", later=moment)
    assert not enters(settings, later=moment + 1700)
    assert enters(settings, later=moment + 1801)


def test_a_name_nobody_bears_costs_a_hash_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def verify(kept: str, password: str) -> bool:
        asked.append(kept)
        return False

    monkeypatch.setattr(accounts, "_is_right", verify)
    assert not enters(settings, name="nobody")
    assert asked == [accounts._nobodys_hash()]


def test_a_new_password_takes_the_place_of_the_old(settings: Settings, actor: Actor) -> None:
    create(settings, actor)
    with unit_of_work(settings) as session:
        change_password(session, actor, name="Quantri", password="bốn con mèo uống trà")
    assert not enters(settings)
    assert enters(settings, "bốn con mèo uống trà")


def test_only_who_may_makes_accounts_and_passwords(settings: Settings, actor: Actor) -> None:
    create(settings, actor)
    nobody = Actor("nobody")
    with pytest.raises(ForbiddenError):
        create(settings, nobody, name="other")
    with pytest.raises(ForbiddenError), unit_of_work(settings) as session:
        change_password(session, nobody, name="quantri", password=PASSWORD)
    with pytest.raises(NotFoundError), unit_of_work(settings) as session:
        change_password(session, actor, name="none", password=PASSWORD)
    with unit_of_work(settings) as session:
        change_password(session, Actor("quantri"), name="quantri", password="của chính mình")
