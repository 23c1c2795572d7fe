"""Accounts recovered by somebody else: all of before is gone, the password handed over is for choosing another one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.cli import main
from core.db import unit_of_work, utc_now
from core.directory import queries
from core.directory.errors import PasswordError
from core.directory.passwords import is_guessed_early
from core.directory.queries.factors import Step, factors_of, next_step
from core.directory.services import begin_session, change_password, create_account, factors, verify_log_in
from core.directory.services.factors.recovering import HANDED_OVER_FOR, handed_over
from core.errors import ForbiddenError, InputError, NotFoundError
from core.permissions import Actor, Role
from core.settings import Settings
from tests.core.directory import second_steps
from tests.core.directory.second_steps import ADMINISTRATOR, PASSWORD

NOW = utc_now()
NEW = "mưa rào trên mái tôn"
WHY = "mất điện thoại; đã gọi lại số cơ quan"
TIMES = queries.TimeOuts(timedelta(hours=1), timedelta(hours=1))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    second_steps.cheap_hashes(monkeypatch)


def recover(settings: Settings, *, actor: Actor = ADMINISTRATOR, name: str = "an", reason: str = WHY) -> str:
    with unit_of_work(settings) as session:
        password = factors.recover_account(session, actor, name=name, reason=reason, now=NOW)
        assert password is not None
        return password


def enters(settings: Settings, password: str, *, later: timedelta = timedelta(0)) -> bool:
    with unit_of_work(settings) as session:
        return verify_log_in(session, name="an", password=password, now=NOW + later) is not None


def due(settings: Settings) -> Step | None:
    with unit_of_work(settings) as session:
        return next_step(session, second_steps.account(settings), proved=False, demanded=False)


def test_all_of_before_is_gone_and_the_owner_renews_it(each_database: Settings) -> None:
    number = second_steps.make(each_database)
    second_steps.with_app(each_database, NOW)
    second_steps.with_passkey(each_database, NOW)
    with unit_of_work(each_database) as session:
        begin_session(session, second_steps.account(each_database), address=None, browser="Firefox", now=NOW)
    password = recover(each_database)
    with unit_of_work(each_database) as session:
        own = factors_of(session, second_steps.account(each_database))
        assert (own.any, own.codes_left) == (False, 0)
        assert queries.open_sessions(session, name="an", times=TIMES, now=NOW) == []
    assert [enters(each_database, PASSWORD), enters(each_database, password)] == [False, True]
    assert due(each_database) is Step.RENEW
    with unit_of_work(each_database) as session:
        assert factors.renew_password(session, account_id=number, new=NEW, now=NOW)
    assert due(each_database) is Step.ENROL
    second_steps.with_app(each_database, NOW)
    assert due(each_database) is Step.PROVE
    assert [enters(each_database, password), enters(each_database, NEW)] == [False, True]


def test_who_had_no_second_factor_needs_none_afterwards(settings: Settings) -> None:
    number = second_steps.make(settings)
    password = recover(settings)
    with unit_of_work(settings) as session:
        assert factors.renew_password(session, account_id=number, new=NEW, now=NOW)
        assert factors.renew_password(session, account_id=number, new=PASSWORD, now=NOW) is None
    assert due(settings) is None
    assert [enters(settings, NEW), enters(settings, password)] == [True, False]


def test_where_the_role_demands_one_it_is_due(settings: Settings) -> None:
    number = second_steps.make(settings)
    with unit_of_work(settings) as session:
        demanding = frozenset({Role.ADMINISTRATOR.value})
        factors.recover_account(session, ADMINISTRATOR, name="an", reason=WHY, second_for=demanding, now=NOW)
        assert factors.renew_password(session, account_id=number, new=NEW, now=NOW)
    assert due(settings) is Step.ENROL


def test_recovering_again_before_it_was_renewed_forgets_nothing(settings: Settings) -> None:
    number = second_steps.make(settings)
    second_steps.with_app(settings, NOW)
    first, second = recover(settings), recover(settings)
    assert [enters(settings, first), enters(settings, second)] == [False, True]
    with unit_of_work(settings) as session:
        assert factors.renew_password(session, account_id=number, new=NEW, now=NOW)
    assert due(settings) is Step.ENROL


def test_the_password_handed_over_ends(settings: Settings) -> None:
    number = second_steps.make(settings)
    password = recover(settings)
    late = HANDED_OVER_FOR + timedelta(seconds=1)
    assert not enters(settings, password, later=late)
    with unit_of_work(settings) as session:
        assert factors.renew_password(session, account_id=number, new=NEW, now=NOW + late) is None
    assert recover(settings) != password


def test_a_password_set_by_somebody_else_meanwhile_does_not_end(settings: Settings) -> None:
    second_steps.make(settings)
    recover(settings)
    with unit_of_work(settings) as session:
        change_password(session, ADMINISTRATOR, name="an", password=NEW)
    assert enters(settings, NEW, later=HANDED_OVER_FOR * 2)
    assert due(settings) is Step.RENEW


def test_the_same_password_will_not_do_nor_an_easy_one(settings: Settings) -> None:
    number = second_steps.make(settings)
    password = recover(settings)
    for refused in (password, "ngắn quá", "password1234"):
        with pytest.raises(PasswordError), unit_of_work(settings) as session:
            factors.renew_password(session, account_id=number, new=refused, now=NOW)
    assert due(settings) is Step.RENEW


def test_who_may(settings: Settings) -> None:
    second_steps.make(settings)
    official = Actor("canbo", frozenset({Role.OFFICIAL}), "CB1")
    for actor, error in (
        (official, ForbiddenError),
        (Actor("leader", frozenset({Role.LEADER})), ForbiddenError),
        (Actor("an", frozenset({Role.ADMINISTRATOR})), InputError),  # a stolen session must not strip its own account
    ):
        with pytest.raises(error):
            recover(settings, actor=actor)
    with pytest.raises(InputError):
        recover(settings, reason="  ")
    with pytest.raises(NotFoundError):
        recover(settings, name="nobody")
    assert enters(settings, PASSWORD)


def test_the_trail_names_both_and_holds_no_password(settings: Settings) -> None:
    number = second_steps.make(settings)
    second_steps.with_app(settings, NOW)
    password = recover(settings)
    with unit_of_work(settings) as session:
        factors.renew_password(session, account_id=number, new=NEW, now=NOW)
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        told = [(one.actor, one.action, one.subject, one.facts) for one in entries]
    facts = {"reason": WHY, "factors": 1, "factor_due": True, "tokens": 0}
    assert told[-2:] == [
        ("quantri", "core:account:recover", "account:an", facts),
        ("an", "core:account:renew", "account:an", {"own": True}),
    ]
    assert password not in str(told)


def test_what_is_handed_over_can_be_read_out_and_is_not_guessed() -> None:
    made = {handed_over() for _ in range(20)}
    assert len(made) == 20
    assert all(len(one) == 19 and one.isascii() and one == one.lower() for one in made)
    assert not any(is_guessed_early(one, words=[]) for one in made)


def test_from_the_command_line(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way back for an only administrator, and for whoever is asked by somebody at the door."""
    second_steps.make(settings)
    second_steps.with_app(settings, NOW)
    monkeypatch.setenv("VANTHU_HOME", str(settings.home))
    assert main(["--language", "en", "admin", "recover", "an", "--reason", WHY]) == 0
    said = capsys.readouterr().out
    assert "To hand over, for three days: " in said
    assert enters(settings, said.split(": ")[1].strip())
    assert due(settings) is Step.RENEW


def test_an_account_that_comes_by_another_door_is_handed_no_password(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        create_account(session, ADMINISTRATOR, name="an", password=None)
    second_steps.with_app(settings, NOW)
    with unit_of_work(settings) as session:
        assert factors.recover_account(session, ADMINISTRATOR, name="an", reason=WHY, now=NOW) is None
    assert due(settings) is Step.ENROL
