"""Codes of an app and recovery codes as services: each once, two at once, guessing slowed, nobody locked out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.audit import AuditEntry
from core.db import unit_of_work, utc_now
from core.directory.errors import FactorError, SealError
from core.directory.factors import one_time
from core.directory.models import OneTimeDevice, RecoveryCode
from core.directory.queries import TimeOuts, open_sessions
from core.directory.queries.factors import Step, factors_of, next_step
from core.directory.services import begin_session, close_account, factors, verify_log_in
from core.directory.services.throttling import CODES_OF_ACCOUNT, OF_BOTH
from core.permissions import Actor
from core.settings import Settings
from tests.core.directory import second_steps
from tests.core.directory.second_steps import ADMINISTRATOR, OFFICE, PASSWORD, code_for

START = utc_now()
BOTH = [(proved, demanded) for proved in (False, True) for demanded in (False, True)]
TIMES = TimeOuts(timedelta(hours=1), timedelta(hours=1))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    second_steps.cheap_hashes(monkeypatch)


def proves(settings: Settings, number: int, code: str, *, at: datetime = START, address: str = OFFICE) -> bool:
    with unit_of_work(settings) as session:
        return factors.prove_by_code(session, account_id=number, code=code, address=address, now=at)


def recovers(settings: Settings, number: int, code: str, *, at: datetime = START, address: str = OFFICE) -> bool:
    with unit_of_work(settings) as session:
        return factors.prove_by_recovery_code(session, account_id=number, code=code, address=address, now=at)


def told(settings: Settings) -> list[tuple[str, object]]:
    with unit_of_work(settings) as session:
        return [(one.action, one.facts) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def step(settings: Settings, *, proved: bool = False, demanded: bool = False) -> Step | None:
    with unit_of_work(settings) as session:
        return next_step(session, second_steps.account(settings), proved=proved, demanded=demanded)


def test_a_code_lets_in_once(each_database: Settings) -> None:
    number = second_steps.make(each_database)
    secret, _ = second_steps.with_app(each_database, START)
    assert proves(each_database, number, code_for(secret, START))
    assert not proves(each_database, number, code_for(secret, START))
    later = START + timedelta(seconds=30)
    assert not proves(each_database, number, code_for(secret, START), at=later)
    assert proves(each_database, number, code_for(secret, later), at=later)


def test_the_first_code_is_used_by_adding_the_app(settings: Settings) -> None:
    number = second_steps.make(settings)
    secret, _ = second_steps.with_app(settings, START)
    assert not proves(settings, number, code_for(secret, START - timedelta(seconds=30)))


def test_two_at_once_with_the_same_code(each_database: Settings) -> None:
    number = second_steps.make(each_database)
    secret, codes = second_steps.with_app(each_database, START)
    code = code_for(secret, START)
    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(lambda _: proves(each_database, number, code), range(6))) == [False] * 5 + [True]
        later = START + timedelta(hours=25)
        assert sorted(threads.map(lambda _: recovers(each_database, number, codes[0], at=later), range(6))) == [
            *[False] * 5,
            True,
        ]


def test_another_s_code_is_not_mine(settings: Settings) -> None:
    mine, _ = second_steps.make(settings), second_steps.make(settings, "binh")
    _, codes = second_steps.with_app(settings, START)
    secret, others = second_steps.with_app(settings, START, "binh")
    assert not proves(settings, mine, code_for(secret, START))
    assert not recovers(settings, mine, others[0])
    assert recovers(settings, mine, codes[0])


def test_a_recovery_code_lets_in_once_however_it_is_typed(each_database: Settings) -> None:
    number = second_steps.make(each_database)
    _, codes = second_steps.with_app(each_database, START)
    assert len(codes) == 10
    assert recovers(each_database, number, f" {codes[7].lower().replace('-', '')} ")
    assert not recovers(each_database, number, codes[7])
    assert recovers(each_database, number, codes[0])
    assert ("core:factor:code_used", {"left": 8}) in told(each_database)
    with unit_of_work(each_database) as session:
        kept = session.scalars(select(RecoveryCode.digest)).all()
    assert all(one.startswith("$argon2id$") for one in kept)


def test_a_new_sheet_ends_the_old_one(settings: Settings) -> None:
    number = second_steps.make(settings)
    _, old = second_steps.with_app(settings, START)
    with unit_of_work(settings) as session:
        new = factors.make_codes(session, Actor("an"), now=START)
    assert not recovers(settings, number, old[0])
    assert recovers(settings, number, new[0])


def test_recovery_codes_stand_in_for_something(settings: Settings) -> None:
    second_steps.make(settings)
    with pytest.raises(FactorError), unit_of_work(settings) as session:
        factors.make_codes(session, Actor("an"), now=START)


def test_guessing_codes_waits_ever_longer_and_a_right_password_does_not_wipe_it_out(settings: Settings) -> None:
    number = second_steps.make(settings)
    secret, _ = second_steps.with_app(settings, START)
    for _ in range(OF_BOTH.free):
        assert not proves(settings, number, "000000")
    with unit_of_work(settings) as session:
        assert verify_log_in(session, name="an", password=PASSWORD, address=OFFICE, now=START) is not None
    assert not proves(settings, number, code_for(secret, START))
    later = START + timedelta(seconds=31)
    assert proves(settings, number, code_for(secret, later), at=later)


def test_guessing_from_everywhere_waits_and_ends(settings: Settings) -> None:
    """Who guesses codes knows the password; the owner has recovery codes, passkeys, and the place they work at."""
    number = second_steps.make(settings)
    secret, codes = second_steps.with_app(settings, START)
    assert proves(settings, number, code_for(secret, START))
    for guess in range(CODES_OF_ACCOUNT.free + 2):
        assert not proves(settings, number, "000000", address=f"203.0.113.{guess}")
    soon = START + timedelta(seconds=30)
    assert not proves(settings, number, code_for(secret, soon), at=soon - timedelta(seconds=1), address="198.51.100.7")
    assert proves(settings, number, code_for(secret, soon), at=soon)  # where the owner was let in before
    assert recovers(settings, number, codes[0], at=soon, address="198.51.100.7")
    longest = START + CODES_OF_ACCOUNT.longest
    assert proves(settings, number, code_for(secret, longest), at=longest, address="198.51.100.7")


def test_what_was_wrong_is_in_the_trail_and_holds_no_code(settings: Settings) -> None:
    number = second_steps.make(settings)
    secret, codes = second_steps.with_app(settings, START)
    assert not proves(settings, number, "135790")
    assert not recovers(settings, number, "ABCD-EFGH-JKMN")
    entries = told(settings)
    assert entries[-2:] == [
        ("core:factor:refuse", {"second": "code", "failed": 1}),
        ("core:factor:refuse", {"second": "recovery code", "failed": 1}),
    ]
    assert not any(word in str(entries) for word in ("135790", "ABCD", secret, *codes))


def test_the_trail_tells_a_right_password_from_a_log_in(settings: Settings) -> None:
    second_steps.make(settings)
    for demanded in (frozenset[str](), frozenset({"administrator"})):
        with unit_of_work(settings) as session:
            assert verify_log_in(session, name="an", password=PASSWORD, second_for=demanded) is not None
    second_steps.with_app(settings, START)
    with unit_of_work(settings) as session:
        assert verify_log_in(session, name="an", password=PASSWORD) is not None
    actions = [action for action, _ in told(settings) if "log_in" in action or "right" in action]
    assert actions == ["core:account:log_in", "core:account:password_right", "core:account:password_right"]


def test_a_closed_account_proves_nothing(settings: Settings) -> None:
    number = second_steps.make(settings)
    second_steps.make(settings, "binh")
    secret, codes = second_steps.with_app(settings, START)
    with unit_of_work(settings) as session:
        close_account(session, ADMINISTRATOR, name="an")
    assert not proves(settings, number, code_for(secret, START))
    assert not recovers(settings, number, codes[0])
    assert not proves(settings, 99, "000000")


def test_the_secret_is_sealed_and_bound_to_its_account(settings: Settings) -> None:
    first, second = second_steps.make(settings), second_steps.make(settings, "binh")
    secret, _ = second_steps.with_app(settings, START)
    second_steps.with_app(settings, START, "binh")
    with unit_of_work(settings) as session:
        kept = session.get_one(OneTimeDevice, first).secret
        assert kept is not None
        assert secret not in kept
        session.execute(update(OneTimeDevice).where(OneTimeDevice.account == second).values(secret=kept))
    with pytest.raises(SealError):
        proves(settings, second, code_for(secret, START))
    assert proves(settings, first, code_for(secret, START))


def test_with_another_key_of_the_installation_recovery_codes_still_help(settings: Settings) -> None:
    number = second_steps.make(settings)
    secret, codes = second_steps.with_app(settings, START)
    (settings.home / "secret_key").write_text("another key of forty characters and more", "ascii")
    with pytest.raises(SealError):
        proves(settings, number, code_for(secret, START))
    assert recovers(settings, number, codes[0])


def test_the_old_app_holds_until_the_new_one_is_confirmed(settings: Settings) -> None:
    number = second_steps.make(settings)
    old, codes = second_steps.with_app(settings, START)
    with unit_of_work(settings) as session:
        new = factors.offer_app(session, Actor("an"), now=START)
    with unit_of_work(settings) as session:
        assert factors.confirm_app(session, Actor("an"), code="000000", now=START) is None
    assert proves(settings, number, code_for(old, START))
    later = START + timedelta(seconds=60)
    with unit_of_work(settings) as session:
        assert factors.confirm_app(session, Actor("an"), code=code_for(new, later), now=later) == []
    after = later + timedelta(seconds=30)
    assert not proves(settings, number, code_for(old, after), at=after)
    assert proves(settings, number, code_for(new, after), at=after)
    assert recovers(settings, number, codes[0])


def test_an_offer_ends(settings: Settings) -> None:
    second_steps.make(settings)
    with unit_of_work(settings) as session:
        secret = factors.offer_app(session, Actor("an"), now=START)
        mark, quarter = factors.mark_of(secret), START + timedelta(minutes=15)
        assert factors.standing_offer(session, Actor("an"), mark=mark, now=quarter) == secret
        assert factors.standing_offer(session, Actor("an"), mark="", now=quarter) is None
        late = START + timedelta(minutes=16)
    with pytest.raises(FactorError), unit_of_work(settings) as session:
        factors.confirm_app(session, Actor("an"), code=one_time.code_at(secret, one_time.step_of(late)), now=late)
    with unit_of_work(settings) as session:
        assert factors.standing_offer(session, Actor("an"), mark=mark, now=late) is None
    assert step(settings) is None


def test_adding_and_taking_away_ends_sessions(settings: Settings) -> None:
    second_steps.make(settings)

    def opened() -> int:
        with unit_of_work(settings) as session:
            begin_session(session, second_steps.account(settings), address=OFFICE, browser="Firefox")
        with unit_of_work(settings) as session:
            return len(open_sessions(session, name="an", times=TIMES, now=utc_now()))

    assert opened() == 1
    second_steps.with_app(settings, START)
    assert opened() == 1
    with unit_of_work(settings) as session:
        assert factors.remove_app(session, Actor("an"), demanded=False)
    assert opened() == 1


def test_the_last_factor_takes_the_codes_along_and_stays_where_it_is_demanded(settings: Settings) -> None:
    second_steps.make(settings)
    second_steps.with_app(settings, START)
    with pytest.raises(FactorError), unit_of_work(settings) as session:
        factors.remove_app(session, Actor("an"), demanded=True)
    second_steps.with_passkey(settings, START)
    with unit_of_work(settings) as session:
        assert factors.remove_app(session, Actor("an"), demanded=True)
        assert not factors.remove_app(session, Actor("an"), demanded=True)
        own = factors_of(session, second_steps.account(settings))
        key = own.passkeys[0].id
        assert own.codes_left == 10
    with pytest.raises(FactorError), unit_of_work(settings) as session:
        factors.remove_passkey(session, Actor("an"), passkey_id=key, demanded=True)
    with unit_of_work(settings) as session:
        assert factors.remove_passkey(session, Actor("an"), passkey_id=key, demanded=False) == "USB"
        assert not factors_of(session, second_steps.account(settings)).codes_left


def test_what_is_due(settings: Settings) -> None:
    second_steps.make(settings)
    without = {(proved, demanded): step(settings, proved=proved, demanded=demanded) for proved, demanded in BOTH}
    assert without == {one: Step.ENROL if one[1] else None for one in BOTH}
    second_steps.with_app(settings, START)
    with_one = {(proved, demanded): step(settings, proved=proved, demanded=demanded) for proved, demanded in BOTH}
    assert with_one == {one: None if one[0] else Step.PROVE for one in BOTH}
