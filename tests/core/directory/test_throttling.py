"""Guessing is slowed by account and by address; nobody is locked out for good by somebody else's guessing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from core.db import unit_of_work, utc_now
from core.directory.models import Account, LogInOrigin
from core.directory.origins import network
from core.directory.services import accounts, close_account, create_account, reopen_account, verify_log_in
from core.directory.services.doors import begin_try, note_wrong
from core.directory.services.throttling import (
    OF_ACCOUNT,
    OF_ADDRESS,
    OF_BOTH,
    Guessed,
    Rule,
    know,
    know_at_door,
    origin,
)
from core.permissions import Actor
from core.settings import Settings

PASSWORD = "bốn con mèo uống trà"
OFFICE, HOME, THIEF = "192.0.2.1", "198.51.100.7", "203.0.113.9"
START = utc_now()


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._nobodys_hash.cache_clear()
    yield
    accounts._nobodys_hash.cache_clear()


@pytest.fixture
def made(each_database: Settings, actor: Actor) -> Settings:
    """An installation on each database, with the account `an`."""
    with unit_of_work(each_database) as session:
        create_account(session, actor, name="an", password=PASSWORD)
    return each_database


def enters(
    settings: Settings,
    password: str = PASSWORD,
    *,
    name: str = "an",
    address: str = OFFICE,
    device: str | None = None,
    later: float = 0,
) -> bool:
    with unit_of_work(settings) as session:
        moment = START + timedelta(seconds=later)
        found = verify_log_in(session, name=name, password=password, address=address, device=device, now=moment)
        return found is not None


def guess(settings: Settings, times: int, *, name: str = "an", address: str = THIEF, later: float = 0) -> None:
    for _ in range(times):
        assert not enters(settings, "sai", name=name, address=address, later=later)


def test_where_it_succeeded_before_a_thief_s_guessing_is_not_felt(made: Settings) -> None:
    assert enters(made)
    for number in range(OF_ACCOUNT.free + 5):
        guess(made, 1, address=f"203.0.113.{number}")
    assert enters(made)


def test_a_new_address_waits_a_minute_at_most_while_thieves_guess(made: Settings) -> None:
    for number in range(OF_ACCOUNT.free):
        guess(made, 1, address=f"203.0.113.{number}")
    assert not enters(made, address=HOME, later=29)
    assert enters(made, address=HOME, later=31)
    assert OF_ACCOUNT.longest == timedelta(minutes=1)


def test_the_thief_waits_ever_longer_and_tries_in_between_do_not_count(made: Settings) -> None:
    guess(made, OF_BOTH.free)
    guess(made, 30, later=29)
    assert not enters(made, address=THIEF, later=29)
    guess(made, 1, later=31)
    assert not enters(made, address=THIEF, later=31 + 59)
    assert enters(made, address=THIEF, later=31 + 61)


def test_the_own_wrong_passwords_wait_where_it_succeeded_too(made: Settings) -> None:
    assert enters(made)
    guess(made, OF_BOTH.free, address=OFFICE)
    assert not enters(made, later=29)
    assert enters(made, later=31)


@pytest.fixture
def own(made: Settings) -> str:
    """The token of a browser in which `an` took all steps of a log-in, by a second factor too."""
    with unit_of_work(made) as session:
        know(session, session.scalars(select(Account)).one(), device="own", factor=True, moment=START)
    return "own"


def test_who_guesses_behind_the_same_address_is_not_felt_in_the_owner_s_browser(made: Settings, own: str) -> None:
    """A whole office has one address: forty-eight tries a day from beside must not keep its owner out for ever."""
    for half_hours in range(8):
        guess(made, OF_BOTH.free + 1, address=OFFICE, later=half_hours * 1801)
    assert not enters(made, address=OFFICE, later=7 * 1801 + 60)
    assert enters(made, address=OFFICE, device=own, later=7 * 1801 + 60)


def test_a_telephone_s_own_browser_is_known_at_every_address_while_thieves_guess(made: Settings, own: str) -> None:
    for number in range(OF_ACCOUNT.free + 5):
        guess(made, 1, address=f"203.0.113.{number}")
    assert not enters(made, address=HOME)
    assert enters(made, address=HOME, device=own)


def test_in_the_own_browser_the_own_wrong_passwords_wait_and_a_new_address_frees_nobody(
    made: Settings, own: str
) -> None:
    for number in range(OF_BOTH.free):
        assert not enters(made, "sai", address=f"198.51.100.{number}", device=own)
    assert not enters(made, address=HOME, device=own, later=29)
    assert enters(made, address=HOME, device=own, later=31)


def test_a_browser_without_a_log_in_for_ninety_days_is_known_no_more(made: Settings, own: str) -> None:
    later = 91 * 24 * 3600
    guess(made, OF_BOTH.free, address=OFFICE, later=later)
    assert not enters(made, address=OFFICE, device=own, later=later)


@pytest.mark.parametrize("invented", [True, False], ids=["a token of nobody", "another's token"])
def test_a_token_that_no_log_in_of_the_account_stands_behind_is_worth_nothing(
    made: Settings, own: str, actor: Actor, invented: bool
) -> None:
    with unit_of_work(made) as session:
        create_account(session, actor, name="binh", password=PASSWORD)
    for number in range(OF_BOTH.free):
        device = f"token {number}" if invented else own
        assert not enters(made, "sai", name="binh", address=THIEF, device=device)
    assert not enters(made, name="binh", address=THIEF, device="another" if invented else own)
    with unit_of_work(made) as session:
        assert session.scalar(select(func.count()).select_from(LogInOrigin)) == 3 + 2


def test_the_right_password_in_the_own_browser_wipes_no_wrong_codes_out(made: Settings, own: str) -> None:
    with unit_of_work(made) as session:
        account = session.scalars(select(Account)).one()
        of = {"address": HOME, "device": own, "guessed": Guessed.CODE, "moment": START}
        for _ in range(OF_BOTH.free):
            origin(session, account, **of).note_failure(START)  # type: ignore[arg-type]
    assert enters(made, address=HOME, device=own)
    with unit_of_work(made) as session:
        account = session.scalars(select(Account)).one()
        assert origin(session, account, **of).waits_until(START) > START  # type: ignore[arg-type]


def test_at_a_directory_server_the_own_browser_is_known_too(settings: Settings) -> None:
    thief = {"door": "city", "name": "an", "address": OFFICE, "now": START}
    with unit_of_work(settings) as session:
        know_at_door(session, door="city", name="An", device="own", moment=START)
        for _ in range(OF_BOTH.free):
            assert begin_try(session, **thief)  # type: ignore[arg-type]
            note_wrong(session, **thief)  # type: ignore[arg-type]
        assert not begin_try(session, **thief)  # type: ignore[arg-type]
        assert begin_try(session, **thief, device="own")  # type: ignore[arg-type]


def test_one_address_that_tries_many_names_waits_but_not_who_is_known_there(made: Settings) -> None:
    assert enters(made, address=THIEF)
    for number in range(OF_ADDRESS.free):
        guess(made, 1, name=f"nobody{number}")
    with unit_of_work(made) as session:
        create_account(session, Actor("quantri", frozenset({"administrator"})), name="binh", password=PASSWORD)
    assert not enters(made, name="binh", address=THIEF)
    assert enters(made, name="binh", address=HOME)
    assert enters(made, address=THIEF)
    assert enters(made, name="binh", address=THIEF, later=31)


def test_what_is_a_day_old_is_forgotten(made: Settings) -> None:
    guess(made, OF_BOTH.free)
    day = 24 * 3600 + 1
    guess(made, OF_BOTH.free - 1, later=day)
    assert enters(made, address=THIEF, later=day)


def test_after_ninety_days_an_address_is_known_no_more_and_its_row_goes(made: Settings) -> None:
    assert enters(made)
    later = 91 * 24 * 3600
    for number in range(OF_ACCOUNT.free):
        guess(made, 1, address=f"203.0.113.{number}", later=later)
    assert not enters(made, later=later)
    assert enters(made, later=later + 61)
    with unit_of_work(made) as session:
        oldest = session.scalar(select(func.min(LogInOrigin.used_at)))
    assert oldest is not None
    assert oldest >= START + timedelta(seconds=later)


def test_a_closed_account_is_as_wrong_as_a_wrong_password(made: Settings, actor: Actor) -> None:
    with unit_of_work(made) as session:
        create_account(session, actor, name="binh", password=PASSWORD)
        assert close_account(session, actor, name="an")
    assert not enters(made)
    with unit_of_work(made) as session:
        assert reopen_account(session, actor, name="an")
    assert enters(made)


def test_first_tries_at_once_are_all_counted(made: Settings) -> None:
    with ThreadPoolExecutor(4) as threads:
        refused = list(threads.map(lambda number: enters(made, "sai", name=f"nobody{number}", address=THIEF), range(8)))
    assert refused == [False] * 8
    with unit_of_work(made) as session:
        assert session.scalars(select(LogInOrigin.failed)).all() == [8]


def test_no_address_can_be_read_from_the_rows(made: Settings) -> None:
    assert enters(made)
    guess(made, 1)
    with unit_of_work(made) as session:
        marks = session.scalars(select(LogInOrigin.mark)).all()
    assert len(marks) == 4
    assert not any(address in mark for mark in marks for address in (OFFICE, THIEF))


@pytest.mark.parametrize(
    ("failed", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (10, 960), (11, 1800), (10**6, 1800)]
)
def test_waits_grow_and_have_an_end(failed: int, seconds: int) -> None:
    assert Rule(5, timedelta(minutes=30)).wait(failed) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix:", ""),
        (None, ""),
    ],
)
def test_whose_tries_are_counted_together(address: str | None, counted: str) -> None:
    assert network(address) == counted


def test_another_spelling_of_a_name_at_a_directory_server_is_no_other_name(settings: Settings) -> None:
    """RFC 4518 has a server overlook case, width and spaces, and Active Directory marks: each would count anew."""
    now = utc_now()
    spellings = ("an  nguyen", "AN NGUYEN", "\uff41n nguyen", "ân nguyễn", " an nguyen ")
    with unit_of_work(settings) as session:
        tried = [
            begin_try(session, door="city", name=spellings[number % 5], address=f"10.9.{number}.1", now=now)
            for number in range(21)
        ]
    assert tried == [True] * 20 + [False]
