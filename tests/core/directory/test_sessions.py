"""Sessions as services: whose they are, who may end them, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from core.db import unit_of_work, utc_now
from core.directory import queries, services
from core.directory.queries import TimeOuts
from core.directory.services import accounts
from core.directory.services.sessions import digest
from core.errors import ForbiddenError, NotFoundError
from core.permissions import Actor
from core.settings import Settings

PASSWORD = "bốn con mèo uống trà"
TIMES = TimeOuts(timedelta(hours=12), timedelta(hours=1))


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return iter(())


def _two(settings: Settings, actor: Actor) -> tuple[str, str]:
    """An account with two sessions: their tokens."""
    with unit_of_work(settings) as session:
        made = services.create_account(session, actor, name="an", password=PASSWORD)
        first, second = (
            services.begin_session(session, made, address="192.0.2.1", browser="Firefox") for _ in range(2)
        )
    return first, second


def _open(settings: Settings, token: str) -> int | None:
    with unit_of_work(settings) as session:
        found = queries.open_session(session, token_digest=digest(token), times=TIMES, now=utc_now())
        return None if found is None else found.id


def test_a_new_password_ends_them_all(each_database: Settings, actor: Actor) -> None:
    tokens = _two(each_database, actor)
    assert all(_open(each_database, token) for token in tokens)
    with unit_of_work(each_database) as session:
        services.change_password(session, actor, name="an", password="mưa rào trên mái tôn")
    assert [_open(each_database, token) for token in tokens] == [None, None]


def test_all_but_one(each_database: Settings, actor: Actor) -> None:
    first, second = _two(each_database, actor)
    kept = _open(each_database, second)
    with unit_of_work(each_database) as session:
        assert services.end_sessions(session, Actor("an"), name="an", but=kept) == 1
        assert services.end_sessions(session, Actor("an"), name="an", but=kept) == 0
    assert (_open(each_database, first), _open(each_database, second)) == (None, kept)


def test_only_the_own_or_with_the_permission(settings: Settings, actor: Actor) -> None:
    first, _ = _two(settings, actor)
    number = _open(settings, first)
    assert number is not None
    with pytest.raises(ForbiddenError), unit_of_work(settings) as session:
        services.end_sessions(session, Actor("binh"), name="an")
    with pytest.raises(ForbiddenError), unit_of_work(settings) as session:
        services.end_session(session, Actor("binh"), name="an", session_id=number)
    with unit_of_work(settings) as session:
        services.create_account(session, actor, name="binh", password=PASSWORD)
    with pytest.raises(NotFoundError), unit_of_work(settings) as session:
        services.end_session(session, Actor("binh"), name="binh", session_id=number)
    with unit_of_work(settings) as session:
        services.log_out(session, Actor("binh"), session_id=number)
    assert _open(settings, first) == number


def test_a_sign_of_life_is_noted_once_a_minute(settings: Settings, actor: Actor) -> None:
    first, _ = _two(settings, actor)
    number = _open(settings, first)
    assert number is not None
    now = utc_now()
    for seconds, noted in ((30, 0), (70, 70), (100, 70), (140, 140)):
        with unit_of_work(settings) as session:
            services.note_seen(session, session_id=number, now=now + timedelta(seconds=seconds))
        with unit_of_work(settings) as session:
            seen = {one.id: one.seen_at for one in queries.open_sessions(session, name="an", times=TIMES, now=now)}
        assert round((seen[number] - now).total_seconds()) == noted
