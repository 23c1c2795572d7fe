"""Tokens as services: what is given, what it may, how often, and when it opens nothing any more; on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.audit import AuditEntry
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory import scopes, tokens
from core.directory.errors import TokenError
from core.directory.models import ApiToken
from core.directory.queries.tokens import all_tokens, tokens_of
from core.directory.services import accounts, close_account, create_account
from core.directory.services.tokens import (
    MOST_STANDING,
    Given,
    Use,
    actor_of_token,
    give_personal_token,
    give_service_token,
    offered,
    revoke_token,
    use_token,
)
from core.errors import ForbiddenError, NotFoundError
from core.permissions import Actor, Permission, Role
from core.settings import Settings

PASSWORD = "bốn con mèo uống trà"
# Accounts have their roles from today on; half past the minute, since what a token may is counted by the minute.
NOW = utc_now().replace(second=30, microsecond=0)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return iter(())


@pytest.fixture
def an(each_database: Settings, actor: Actor) -> Actor:
    """An administrator with an account, as the pages have them."""
    with unit_of_work(each_database) as session:
        create_account(session, actor, name="an", password=PASSWORD)
    return Actor("an", frozenset({Role.ADMINISTRATOR}))


def _personal(settings: Settings, actor: Actor, *names: str, days: int = 30) -> Given:
    with unit_of_work(settings) as session:
        return give_personal_token(session, actor, name="a script", scopes=names or ("figures",), days=days, now=NOW)


def _used(settings: Settings, token: str, *, now: datetime = NOW, most: int = 100) -> Use | None:
    with unit_of_work(settings) as session:
        return use_token(session, token=token, now=now, most=most)


def test_a_token_stands_for_its_account_and_may_only_what_was_chosen(each_database: Settings, an: Actor) -> None:
    made = _personal(each_database, an, "figures", "trail")
    used = _used(each_database, made.token)
    assert used is not None
    with unit_of_work(each_database) as session:
        whose = actor_of_token(session, used, today=day_in(each_database.timezone, utc_now()))
    assert (whose.name, whose.may(Permission.CORE_TRAIL_READ)) == ("an", True)
    allowed = {one for one in Permission if whose.may(one)}
    assert allowed == scopes.permissions_of(["figures", "trail"])


def test_the_database_does_not_know_the_token(each_database: Settings, an: Actor) -> None:
    made = _personal(each_database, an)
    with unit_of_work(each_database) as session:
        row = session.get_one(ApiToken, made.token_id)
        kept = {value for value in vars(row).values() if isinstance(value, str)}
        told = [str((one.subject, one.facts)) for one in session.scalars(select(AuditEntry))]
    assert made.token not in kept
    assert row.start == made.token[:13]
    assert not any(made.token in one for one in told)
    assert any("a script" in one for one in told)


def test_a_service_has_no_account_and_the_trail_calls_it_by_name(each_database: Settings, actor: Actor) -> None:
    with unit_of_work(each_database) as session:
        made = give_service_token(session, actor, service="HR-system", scopes=["directory.read"], days=366, now=NOW)
    used = _used(each_database, made.token)
    assert used is not None
    with unit_of_work(each_database) as session:
        whose = actor_of_token(session, used, today=day_in(each_database.timezone, utc_now()))
    assert (whose.in_trail, whose.may(Permission.CORE_DIRECTORY_READ)) == ("service:hr-system", True)
    assert not whose.may(Permission.MAIL_AUDIT_AUDIT_READ)


def test_what_came_by_a_token_makes_no_token(each_database: Settings, an: Actor) -> None:
    """Not even one of all scopes: who finds it could stay for ever."""
    limited = an.limited_to(frozenset(Permission))
    with unit_of_work(each_database) as session, pytest.raises(ForbiddenError):
        give_personal_token(session, limited, name="x", scopes=["figures"], days=1, now=NOW)
    with unit_of_work(each_database) as session, pytest.raises(ForbiddenError):
        give_service_token(session, limited, service="xx", scopes=["figures"], days=1, now=NOW)


WRONG: tuple[tuple[str, list[str], int], ...] = (
    ("", ["figures"], 30),
    ("x" * 101, ["figures"], 30),
    ("x", [], 30),
    ("x", ["figures", "everything"], 30),
    ("x", ["figures"], 0),
    ("x", ["figures"], 367),
)


def test_what_cannot_be_given(each_database: Settings, an: Actor) -> None:
    for name, names, days in WRONG:
        with unit_of_work(each_database) as session, pytest.raises(TokenError):
            give_personal_token(session, an, name=name, scopes=names, days=days, now=NOW)
    with unit_of_work(each_database) as session:
        assert tokens_of(session, "an", now=NOW) == []


def test_nobody_gives_what_they_do_not_have(each_database: Settings, an: Actor) -> None:
    inspector = Actor("an", frozenset({Role.INSPECTOR}))
    assert "sources" not in {one.name for one in offered(inspector)}
    with unit_of_work(each_database) as session, pytest.raises(TokenError, match="scope that they do not have"):
        give_personal_token(session, inspector, name="x", scopes=["sources"], days=1, now=NOW)
    with unit_of_work(each_database) as session, pytest.raises(ForbiddenError):
        give_service_token(session, inspector, service="xx", scopes=["figures"], days=1, now=NOW)


def test_an_account_has_so_many_and_no_more(each_database: Settings, an: Actor) -> None:
    first, *_others = (_personal(each_database, an, days=1) for _ in range(MOST_STANDING))
    with pytest.raises(TokenError):
        _personal(each_database, an)
    with unit_of_work(each_database) as session:
        assert revoke_token(session, an, token_id=first.token_id, now=NOW)
    assert _personal(each_database, an).token_id > first.token_id


def test_uses_are_counted_by_the_minute(each_database: Settings, an: Actor) -> None:
    token = _personal(each_database, an).token
    left = [used.left for _ in range(4) if (used := _used(each_database, token, most=3))]
    assert left == [2, 1, 0, -1]
    later = _used(each_database, token, now=NOW + timedelta(seconds=30), most=3)
    assert later is not None
    assert (later.left, later.seconds) == (2, 61)
    with unit_of_work(each_database) as session:
        (known,) = tokens_of(session, "an", now=NOW)
    assert known.last_used_at == NOW + timedelta(seconds=30)


def test_two_at_once_are_two(each_database: Settings, an: Actor) -> None:
    token = _personal(each_database, an).token
    with ThreadPoolExecutor(1) as thread, unit_of_work(each_database) as session:
        use_token(session, token=token, now=NOW, most=10)
        waiting = thread.submit(_used, each_database, token, most=10)
        with pytest.raises(TimeoutError):  # the row is locked until the first has committed
            waiting.result(0.05)
        session.commit()
        second = waiting.result(10)
    assert second is not None
    assert second.left == 8


def test_what_opens_nothing(each_database: Settings, an: Actor, actor: Actor) -> None:
    """Revoked, ended, of a closed account, mistyped, never given, nothing at all."""
    revoked, ended, closed = (_personal(each_database, an, days=days) for days in (30, 1, 30))
    with unit_of_work(each_database) as session:
        assert revoke_token(session, an, token_id=revoked.token_id, now=NOW)
        assert not revoke_token(session, an, token_id=revoked.token_id, now=NOW)
    assert _used(each_database, revoked.token) is None
    assert _used(each_database, ended.token, now=NOW + timedelta(days=1)) is None
    assert _used(each_database, ended.token, now=NOW + timedelta(hours=23)) is not None
    with unit_of_work(each_database) as session:
        create_account(session, actor, name="binh", password=PASSWORD)  # the last administrator cannot be closed
        close_account(session, actor, name="an")
    assert _used(each_database, closed.token) is None
    assert [_used(each_database, one) for one in (closed.token[:-1] + "é", tokens.made("personal"), "")] == [None] * 3
    with unit_of_work(each_database) as session:
        states = {one.token_id: one.state for one in all_tokens(session, now=NOW).rows}
    assert states == {revoked.token_id: "revoked", ended.token_id: "over", closed.token_id: "over"}


def test_anothers_token_is_not_there(each_database: Settings, an: Actor, actor: Actor) -> None:
    made = _personal(each_database, an)
    other = Actor("binh", frozenset({Role.INSPECTOR}))
    with unit_of_work(each_database) as session, pytest.raises(NotFoundError):
        revoke_token(session, other, token_id=made.token_id, now=NOW)
    with unit_of_work(each_database) as session:
        assert revoke_token(session, actor, token_id=made.token_id, now=NOW)
        assert session.get_one(ApiToken, made.token_id).revoked_by == actor.name


def test_no_permission_that_lets_others_in_can_be_given() -> None:
    never = {
        Permission.CORE_ACCOUNT_PASSWORD,
        Permission.CORE_GRANT_GIVE,
        Permission.CORE_TOKEN_GIVE,
    }
    assert scopes.permissions_of(scopes.SCOPES) & never == set()


def test_a_scope_of_another_version_gives_nothing() -> None:
    assert scopes.permissions_of(["figures", "from the future"]) == scopes.permissions_of(["figures"])


def test_tokens_look_as_the_guide_for_scanners_says() -> None:
    for kind, sign in (("personal", "p"), ("service", "s")):
        made = tokens.made(kind)  # type: ignore[arg-type]
        assert re.fullmatch(rf"vanthu_{sign}_[0-9A-Za-z]{{46}}", made)
        assert tokens.is_token(made)


@given(st.integers(9, 54), st.sampled_from("0Aaz"))
def test_one_wrong_sign_is_noticed(place: int, sign: str) -> None:
    made = tokens.made("personal")
    mistyped = made[:place] + sign + made[place + 1 :]
    assert tokens.is_token(mistyped) == (mistyped == made)
