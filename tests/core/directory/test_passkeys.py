"""Passkeys as services, with an authenticator in software: honest ones get in, everything else is refused and told."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from core.audit import AuditEntry
from core.db import unit_of_work, utc_now
from core.directory.errors import FactorError
from core.directory.models import Passkey, SpentChallenge
from core.directory.queries.factors import factors_of
from core.directory.services import close_account, factors
from core.directory.services.factors.changing import MOST_PASSKEYS
from core.errors import InputError, NotFoundError
from core.permissions import Actor
from core.settings import Settings
from tests.core.directory import second_steps
from tests.core.directory.authenticator import Authenticator
from tests.core.directory.second_steps import ADMINISTRATOR, SITE

NOW = utc_now()
LATER = NOW + timedelta(seconds=10)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    second_steps.cheap_hashes(monkeypatch)


def asked(settings: Settings, number: int | None) -> str:
    """What a browser is asked at the log-in: by the account, or (None) by nobody in particular."""
    with unit_of_work(settings) as session:
        account = None if number is None else second_steps.account(settings)
        return factors.request_options(session, account=account, site=SITE, now=NOW)


def proves(settings: Settings, number: int, answer: str, *, seconds: float = 10, site: factors.Site = SITE) -> bool:
    moment = NOW + timedelta(seconds=seconds)
    with unit_of_work(settings) as session:
        return factors.prove_by_passkey(session, account_id=number, answer=answer, site=site, now=moment)


def enters(settings: Settings, answer: str, *, site: factors.Site = SITE) -> str | None:
    with unit_of_work(settings) as session:
        account = factors.enter_by_passkey(session, answer=answer, site=site, now=LATER)
        return None if account is None else account.name


def refusals(settings: Settings) -> list[str]:
    with unit_of_work(settings) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "core:factor:refuse"))
        return [str(one.facts["reason"]) for one in entries]


def test_second_step_and_only_step(each_database: Settings) -> None:
    number = second_steps.make(each_database)
    key = second_steps.with_passkey(each_database, NOW)
    assert proves(each_database, number, key.signed(asked(each_database, number)))
    assert enters(each_database, key.signed(asked(each_database, None))) == "an"
    with unit_of_work(each_database) as session:
        own = factors_of(session, second_steps.account(each_database))
        assert [(one.name, one.transports, one.used_at) for one in own.passkeys] == [("USB", "internal", LATER)]
        assert own.codes_left == 10


def test_without_pin_or_finger_it_is_a_second_step_only(settings: Settings) -> None:
    number = second_steps.make(settings)
    key = second_steps.with_passkey(settings, NOW, key=Authenticator(verifies=False))
    assert enters(settings, key.signed(asked(settings, None))) is None
    assert proves(settings, number, key.signed(asked(settings, number)))
    assert "User verification is required" in refusals(settings)[0]


def test_an_answer_is_taken_once(each_database: Settings) -> None:
    """A passkey of a cloud counts nothing, so the counter would not notice."""
    number = second_steps.make(each_database)
    key = second_steps.with_passkey(each_database, NOW, key=Authenticator(counts=False))
    answer = key.signed(asked(each_database, number))
    with ThreadPoolExecutor(4) as threads:
        taken = sorted(threads.map(lambda _: proves(each_database, number, answer), range(4)))
    assert taken == [False, False, False, True]
    only = key.signed(asked(each_database, None))
    assert [enters(each_database, only), enters(each_database, only)] == ["an", None]


def test_an_answer_is_good_for_what_was_asked(settings: Settings) -> None:
    """The second step of one account is no log-in, nor the second step of another; nor is another browser's."""
    mine, other = second_steps.make(settings), second_steps.make(settings, "binh")
    key = second_steps.with_passkey(settings, NOW)
    second_steps.with_passkey(settings, NOW, "binh")
    assert enters(settings, key.signed(asked(settings, mine))) is None
    assert not proves(settings, mine, key.signed(asked(settings, None)))
    assert not proves(settings, other, key.signed(asked(settings, mine)))
    assert not proves(settings, mine, key.signed(asked(settings, mine)), site=replace(SITE, browser="another"))
    assert not proves(settings, mine, key.signed(asked(settings, mine)), seconds=301)
    assert proves(settings, mine, key.signed(asked(settings, mine)))


def test_made_for_the_log_in_is_not_taken_for_adding(settings: Settings) -> None:
    second_steps.make(settings)
    with unit_of_work(settings) as session:
        options = json.loads(factors.creation_options(session, Actor("an"), site=SITE, now=NOW))
    options["challenge"] = json.loads(asked(settings, None))["challenge"]
    answer = Authenticator().made(json.dumps(options))
    with pytest.raises(InputError), unit_of_work(settings) as session:
        factors.add_passkey(session, Actor("an"), answer=answer, name="x", site=SITE, now=NOW)


def test_a_page_elsewhere_gets_nothing(settings: Settings) -> None:
    number = second_steps.make(settings)
    key = second_steps.with_passkey(settings, NOW)
    for origin in ("https://vanthu.example", "http://vanthu.tp.example.gov.vn", "null"):
        key.origin = origin
        assert not proves(settings, number, key.signed(asked(settings, number)))
        assert "origin" in refusals(settings)[-1]


def test_another_site_of_the_same_server(settings: Settings) -> None:
    number = second_steps.make(settings)
    key = second_steps.with_passkey(settings, NOW)
    elsewhere = factors.Site("vanthu.example", "https://vanthu.example", SITE.browser)
    key.origin = elsewhere.origin
    assert not proves(settings, number, key.signed(asked(settings, number), site="vanthu.example"), site=elsewhere)


def test_a_copied_key_is_noticed_by_its_counter(settings: Settings) -> None:
    number = second_steps.make(settings)
    key = second_steps.with_passkey(settings, NOW)
    copy = replace(key)
    assert proves(settings, number, key.signed(asked(settings, number)))
    assert not proves(settings, number, copy.signed(asked(settings, number)))
    assert "sign count" in refusals(settings)[0]


def test_another_key_under_the_same_name(settings: Settings) -> None:
    number = second_steps.make(settings)
    key = second_steps.with_passkey(settings, NOW)
    forged = Authenticator(credential=key.credential, used=100, handle=key.handle)
    assert not proves(settings, number, forged.signed(asked(settings, number)))
    assert not proves(settings, number, replace(key, handle="AAAA").signed(asked(settings, number)))


def test_a_closed_account_and_a_removed_passkey(settings: Settings) -> None:
    second_steps.make(settings, "quanly")
    number = second_steps.make(settings)
    key = second_steps.with_passkey(settings, NOW)
    with unit_of_work(settings) as session:
        own = factors_of(session, second_steps.account(settings)).passkeys[0].id
    with pytest.raises(NotFoundError), unit_of_work(settings) as session:
        factors.remove_passkey(session, Actor("quanly"), passkey_id=own, demanded=False)
    with unit_of_work(settings) as session:
        close_account(session, ADMINISTRATOR, name="an")
    assert enters(settings, key.signed(asked(settings, None))) is None
    assert not proves(settings, number, key.signed(asked(settings, number)))


def test_one_device_is_added_once_and_there_is_a_most(settings: Settings) -> None:
    second_steps.make(settings)
    second_steps.make(settings, "binh")
    key = second_steps.with_passkey(settings, NOW)
    with pytest.raises(InputError):
        second_steps.with_passkey(settings, NOW, "binh", key=key)
    for _ in range(MOST_PASSKEYS - 1):
        second_steps.with_passkey(settings, NOW)
    with pytest.raises(FactorError):
        second_steps.with_passkey(settings, NOW)
    with unit_of_work(settings) as session:
        handles = set(session.scalars(select(Passkey.user_handle)))
    assert len(handles) == 1


def test_spent_challenges_are_forgotten_when_they_are_too_old_anyway(settings: Settings) -> None:
    number = second_steps.make(settings)
    key = second_steps.with_passkey(settings, NOW - timedelta(minutes=30))
    assert proves(settings, number, key.signed(asked(settings, number)))
    with unit_of_work(settings) as session:
        assert session.scalar(select(func.count()).select_from(SpentChallenge)) == 1


def _without(*path: str) -> Callable[[dict[str, Any]], Any]:
    def changed(answer: dict[str, Any]) -> dict[str, Any]:
        inner = answer
        for name in path[:-1]:
            inner = inner[name]
        del inner[path[-1]]
        return answer

    return changed


SPOILT: tuple[Callable[[dict[str, Any]], Any], ...] = (
    _without("id"),
    _without("rawId"),
    _without("type"),
    _without("response"),
    _without("response", "clientDataJSON"),
    _without("response", "authenticatorData"),
    _without("response", "signature"),
    lambda answer: answer | {"response": [1]},
    lambda answer: answer | {"response": answer["response"] | {"clientDataJSON": "!!"}},
    lambda answer: answer | {"response": answer["response"] | {"clientDataJSON": bytes_to_base64url(b"[]")}},
    lambda answer: answer | {"response": answer["response"] | {"clientDataJSON": bytes_to_base64url(b"\xff")}},
    lambda answer: answer | {"response": answer["response"] | {"authenticatorData": ""}},
    lambda answer: answer | {"response": answer["response"] | {"userHandle": {"a": 1}}},
    lambda answer: answer | {"id": {"a": 1}},
    lambda answer: [answer],
)


def test_what_no_browser_would_send(settings: Settings) -> None:
    number = second_steps.make(settings)
    key = second_steps.with_passkey(settings, NOW)
    for place, spoil in enumerate(SPOILT):
        answer = json.dumps(spoil(json.loads(key.signed(asked(settings, number)))))
        assert not proves(settings, number, answer), place
        assert enters(settings, answer) is None, place
    assert proves(settings, number, key.signed(asked(settings, number)))


@examples(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 199), value=st.integers(0, 255), part=st.sampled_from(["signature", "authenticatorData"]))
def test_a_changed_byte_is_noticed(
    changed_bytes: tuple[Settings, int, Authenticator], place: int, value: int, part: str
) -> None:
    settings, number, key = changed_bytes
    answer = json.loads(key.signed(asked(settings, number)))
    raw = bytearray(base64url_to_bytes(answer["response"][part]))
    place %= len(raw)
    if raw[place] == value:
        return
    raw[place] = value
    answer["response"][part] = bytes_to_base64url(bytes(raw))
    assert not proves(settings, number, json.dumps(answer))


@pytest.fixture
def changed_bytes(settings: Settings) -> tuple[Settings, int, Authenticator]:
    """An account with a passkey whose answers are about to be damaged."""
    number = second_steps.make(settings)
    return settings, number, second_steps.with_passkey(settings, NOW, key=Authenticator(counts=False))


def test_what_is_no_answer(settings: Settings) -> None:
    number = second_steps.make(settings)
    for text in ("", "{", "null", "[]", "[" * 30_000, "[" * 10_000, "x" * 30_000, '{"id": 1, "response": {}}'):
        assert not proves(settings, number, text), text[:40]
        assert enters(settings, text) is None, text[:40]
        with pytest.raises(InputError), unit_of_work(settings) as session:
            factors.add_passkey(session, Actor("an"), answer=text, name="x", site=SITE, now=NOW)
