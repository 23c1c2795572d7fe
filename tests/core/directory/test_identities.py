"""Who is let in by another door: found once by what the settings allow, known for ever by the identity."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.doors.presented import Presented
from core.directory.errors import AccountError
from core.directory.models import AccountSession, Identity
from core.directory.roster import Mailbox, Official, Roster, Unit
from core.directory.services import (
    accounts,
    begin_session,
    close_account,
    create_account,
    import_roster,
    reopen_account,
)
from core.directory.services.doors import Entered, Refusal, begin_try, enter, note_unanswered, note_wrong
from core.directory.services.identities import identities_of, tie_identity, untie_identity
from core.errors import ForbiddenError, InputError, NotFoundError
from core.permissions import Actor, Role
from core.settings import Settings

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
AN = Presented("city", "https://id.tp.example.gov.vn", "an", "CB1", "an@tp.example.gov.vn")
UNIT = "Sở Xây dựng"


def roster(*numbers: str) -> Roster:
    people = {"CB1": "Lê An", "CB2": "Trần Bình"}
    boxes = [
        Mailbox("an@tp.example.gov.vn", "personal", UNIT, "CB1", ("le.an@tp.example.gov.vn",)),
        Mailbox("binh@tp.example.gov.vn", "personal", UNIT, "CB2", ()),
        Mailbox("so@tp.example.gov.vn", "shared", UNIT, None, ()),
    ]
    return Roster(
        {UNIT: Unit(UNIT, UNIT, None)},
        {number: Official(number, people[number]) for number in numbers},
        (),
        {box.address: box for box in boxes if box.owner in {*numbers, None}},
    )


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._nobodys_hash.cache_clear()
    yield
    accounts._nobodys_hash.cache_clear()


def _list(settings: Settings, actor: Actor) -> Settings:
    with unit_of_work(settings) as session:
        import_roster(session, actor, roster=roster("CB1", "CB2"))
        for name, number in (("an", "CB1"), ("binh", "CB2")):
            create_account(session, actor, name=name, password=None, official_id=number)
    return settings


@pytest.fixture
def listed(settings: Settings, actor: Actor) -> Settings:
    """Two officials with accounts that have no password."""
    return _list(settings, actor)


@pytest.fixture
def listed_in_each(each_database: Settings, actor: Actor) -> Settings:
    """The same on either database."""
    return _list(each_database, actor)


def comes(settings: Settings, presented: Presented, second_for: frozenset[str] = frozenset()) -> str:
    """The name of the account that is entered, or the refusal."""
    with unit_of_work(settings) as session:
        found = enter(session, presented, now=NOW, second_for=second_for)
        if isinstance(found, Refusal):
            return found.value
        return found.account.name + ("" if found.complete else " half-way")


def tied(settings: Settings) -> list[tuple[str, str]]:
    with unit_of_work(settings) as session:
        return [(one.provider, one.subject) for one in session.scalars(select(Identity).order_by(Identity.id))]


@pytest.mark.parametrize(
    ("presented", "whose"),
    [
        (AN, "an"),
        (replace(AN, official_id=None), "an"),
        (replace(AN, address=None), "an"),
        (replace(AN, official_id=None, address="le.an@tp.example.gov.vn"), "an"),
        (replace(AN, official_id="CB2"), "stranger"),  # number and address speak for two people
        (replace(AN, address="nobody@tp.example.gov.vn"), "stranger"),
        (replace(AN, official_id="CB9", address=None), "stranger"),
        (replace(AN, official_id="cb1", address=None), "stranger"),
        (replace(AN, official_id=None, address="so@tp.example.gov.vn"), "stranger"),
        (replace(AN, official_id=None, address=None), "stranger"),
    ],
)
def test_who_is_found_the_first_time(listed: Settings, presented: Presented, whose: str) -> None:
    assert comes(listed, presented) == whose
    assert tied(listed) == ([] if whose == "stranger" else [(AN.provider, "an")])


def test_afterwards_only_the_identity_counts(listed_in_each: Settings) -> None:
    assert comes(listed_in_each, AN) == "an"
    assert comes(listed_in_each, replace(AN, official_id="CB2", address="binh@tp.example.gov.vn")) == "an"
    assert comes(listed_in_each, replace(AN, official_id=None, address=None)) == "an"
    assert comes(listed_in_each, replace(AN, subject="another")) == "tied"
    assert comes(listed_in_each, replace(AN, provider="https://another.example")) == "an"
    assert tied(listed_in_each) == [(AN.provider, "an"), ("https://another.example", "an")]


def test_who_has_left_the_directory_is_not_found(listed: Settings, actor: Actor) -> None:
    with unit_of_work(listed) as session:
        import_roster(session, actor, roster=roster("CB2"), allow_removals=True)
    for presented in (AN, replace(AN, official_id=None), replace(AN, address=None)):
        assert comes(listed, presented) == "stranger"


def test_a_closed_account_is_closed_for_every_door(listed: Settings, actor: Actor) -> None:
    with unit_of_work(listed) as session:
        close_account(session, actor, name="an")
    assert comes(listed, AN) == "closed"
    assert tied(listed) == []
    with unit_of_work(listed) as session:
        reopen_account(session, actor, name="an")
    assert comes(listed, AN) == "an"
    with unit_of_work(listed) as session:
        close_account(session, actor, name="an")
    assert comes(listed, AN) == "closed"


def test_two_first_log_ins_at_once_tie_one_identity(listed_in_each: Settings) -> None:
    with ThreadPoolExecutor(2) as threads:
        found = sorted(threads.map(lambda subject: comes(listed_in_each, replace(AN, subject=subject)), ("one", "two")))
        assert found == ["an", "tied"]
        assert set(threads.map(lambda _: comes(listed_in_each, replace(AN, provider="p")), range(2))) == {"an"}
    assert len(tied(listed_in_each)) == 2


def test_a_second_step_follows_where_the_role_needs_one(listed: Settings, actor: Actor) -> None:
    needed = frozenset({Role.OFFICIAL})
    assert comes(listed, AN, needed) == "an half-way"
    assert comes(listed, AN) == "an"
    with unit_of_work(listed) as session:
        told = [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert told[-3:] == ["core:identity:link", "core:identity:proved", "core:account:log_in"]


def test_identities_are_tied_and_untied_by_hand(listed_in_each: Settings, actor: Actor) -> None:
    with unit_of_work(listed_in_each) as session:
        create_account(session, actor, name="quantri2", password=None)
        where: dict[str, Any] = {"name": "quantri2", "door": "city", "provider": AN.provider}
        tie_identity(session, actor, subject=" boss ", **where)
        for clash in ({"subject": "other"}, {"subject": "boss", "name": "binh"}):
            with pytest.raises(AccountError):
                tie_identity(session, actor, **(where | clash))
        with pytest.raises(InputError):
            tie_identity(session, actor, subject="a\nb", **where)
        with pytest.raises(ForbiddenError):
            tie_identity(session, Actor("nobody"), subject="x", **where)
    boss = replace(AN, subject="boss", official_id=None, address=None)
    assert comes(listed_in_each, boss) == "quantri2"
    with unit_of_work(listed_in_each) as session:
        entered = enter(session, boss, now=NOW)
        assert isinstance(entered, Entered)
        begin_session(session, entered.account, address=None, browser="", now=NOW)
        assert [one.subject for one in identities_of(session, "quantri2")] == ["boss"]
        untie_identity(session, actor, **where)
        assert session.scalars(select(AccountSession.ended_by)).all() == [actor.name]
        with pytest.raises(NotFoundError):
            untie_identity(session, actor, **where)
    assert comes(listed_in_each, boss) == "stranger"


def test_tries_are_counted_before_the_answer(listed_in_each: Settings) -> None:
    """Many at once get no more than a few tries; a server that does not answer costs none."""
    asked: dict[str, Any] = {"door": "office", "name": "an", "address": "10.0.0.9", "now": NOW}

    def may() -> bool:
        with unit_of_work(listed_in_each) as session:
            return begin_try(session, **asked)

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(lambda _: may(), range(12))) == 5
    with unit_of_work(listed_in_each) as session:
        note_unanswered(session, **asked)
    assert may()
    with unit_of_work(listed_in_each) as session:
        note_wrong(session, **asked)
        assert not begin_try(session, **asked)
        assert begin_try(session, **(asked | {"name": "ha"}))
        assert begin_try(session, **(asked | {"address": "10.9.9.9"}))
        enter(session, replace(AN, door="office"), login="an", address="10.0.0.9", now=NOW)
    assert may()
