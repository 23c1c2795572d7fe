"""Roles granted and withdrawn: for a unit and what lies below it, with dates, never more than the granter has."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.errors import AccountError, GrantError, LastAdministratorError
from core.directory.models import Account
from core.directory.queries import account_by_name, actor_of, grants, official_of_account
from core.directory.roster import Official, Post, Roster, Unit
from core.directory.services import (
    change_password,
    close_account,
    create_account,
    end_sessions,
    grant_role,
    import_roster,
    reopen_account,
    withdraw_grant,
)
from core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, VanthuError
from core.permissions import WHOLE, Actor, Granted, Permission, Reach, Role
from core.settings import Settings

DAY = date(2030, 5, 10)
READ = Permission.MAIL_AUDIT_AUDIT_READ
UNITS = {"city": None, "works": "city", "roads": "works", "health": "city"}
PEOPLE = {"AN": "works", "BINH": "roads", "CHI": "health"}


def town() -> Roster:
    """A city with two departments, an office below one of them, and somebody in each."""
    return Roster(
        {key: Unit(key, key.title(), above) for key, above in UNITS.items()},
        {number: Official(number, number.title()) for number in PEOPLE},
        tuple(Post(number, unit, "", "staff", None, None) for number, unit in PEOPLE.items()),
        {},
    )


@pytest.fixture
def made(settings: Settings, actor: Actor) -> Settings:
    """The town, an account for everybody in it, and one administrator."""
    fill(settings, actor)
    return settings


def fill(settings: Settings, actor: Actor) -> None:
    with unit_of_work(settings) as session:
        import_roster(session, actor, roster=town())
        create_account(session, actor, name="boss", password=None)
        for number in PEOPLE:
            create_account(session, actor, name=number.lower(), password=None, official_id=number)


def acting(settings: Settings, name: str, day: date = DAY) -> Actor:
    """Who the account is to a service on that day."""
    with unit_of_work(settings) as session:
        account = account_by_name(session, name)
        assert account is not None
        return actor_of(session, account, official_of_account(session, account), today=day)


def give(settings: Settings, actor: Actor, name: str, role: str, unit: str | None = None, **days: date) -> int:
    with unit_of_work(settings) as session:
        return grant_role(session, actor, name=name, role=role, unit_key=unit, today=DAY, **days)


def test_a_role_for_a_unit_reaches_what_lies_below_it_and_no_more(made: Settings, actor: Actor) -> None:
    give(made, actor, "an", "leader", "works")
    an = acting(made, "an")
    assert an.every_role == {"official", "leader"}
    assert an.reach(READ) == Reach(frozenset({"works", "roads"}))
    assert (an.may_in(READ, "roads"), an.may_in(READ, "health"), an.may_in(READ, "city")) == (True, False, False)
    assert an.may_of(Permission.MAIL_AUDIT_EVIDENCE_READ, "BINH", ["roads"])
    assert not an.may_of(Permission.MAIL_AUDIT_EVIDENCE_READ, "CHI", ["health"])
    assert not an.may(Permission.MAIL_AUDIT_TARGET_SET)  # a thing of no unit


def test_a_role_for_the_whole_city_reaches_everything(made: Settings, actor: Actor) -> None:
    give(made, actor, "an", "leader")
    assert acting(made, "an").reach(READ) == WHOLE
    assert acting(made, "an").may(Permission.MAIL_AUDIT_TARGET_SET)


def test_a_unit_that_is_gone_is_still_reached(made: Settings, actor: Actor) -> None:
    give(made, actor, "an", "leader", "works")
    left = town()
    with unit_of_work(made) as session:
        units = {key: unit for key, unit in left.units.items() if key != "roads"}
        people = {number: one for number, one in left.officials.items() if number != "BINH"}
        posts = tuple(post for post in left.posts if post.unit_key != "roads")
        import_roster(session, actor, roster=Roster(units, people, posts, {}))
    assert acting(made, "an").reach(READ) == Reach(frozenset({"works", "roads"}))


@pytest.mark.parametrize(("offset", "holds"), [(-1, False), (0, True), (5, True), (6, False)])
def test_a_role_holds_from_its_first_to_its_last_day(made: Settings, actor: Actor, offset: int, holds: bool) -> None:
    give(made, actor, "an", "hr", "works", since=DAY, until=DAY + timedelta(5))
    assert acting(made, "an", DAY + timedelta(offset)).may(READ) is holds


def test_what_is_withdrawn_holds_no_more_and_stays_known(made: Settings, actor: Actor) -> None:
    number = give(made, actor, "an", "hr", "works")
    with unit_of_work(made) as session:
        assert withdraw_grant(session, actor, name="an", grant_id=number, today=DAY)
        assert not withdraw_grant(session, actor, name="an", grant_id=number, today=DAY)
        (known,) = grants(session, today=DAY, name="an")
        told = [(one.actor, one.action, one.facts) for one in session.scalars(select(AuditEntry))][-2:]
    assert (known.in_force, known.withdrawn_by) == (False, "quantri")
    facts = {"grant": number, "role": "hr", "unit": "works", "since": "2030-05-10", "until": None}
    assert told == [("quantri", "core:grant:give", facts), ("quantri", "core:grant:withdraw", facts)]
    assert not acting(made, "an").may(READ)


@pytest.mark.parametrize(
    ("role", "unit", "days", "error"),
    [
        ("king", None, {}, InputError),
        ("official", None, {}, InputError),
        ("hr", "nowhere", {}, NotFoundError),
        ("hr", "works", {"until": DAY - timedelta(1)}, InputError),
        ("hr", "works", {"since": DAY + timedelta(2), "until": DAY + timedelta(1)}, InputError),
        ("leader", "works", {}, GrantError),
        ("leader", "works", {"since": DAY + timedelta(1), "until": DAY + timedelta(3)}, GrantError),
    ],
)
def test_what_cannot_be_granted(
    made: Settings, actor: Actor, role: str, unit: str | None, days: dict[str, date], error: type[VanthuError]
) -> None:
    give(made, actor, "an", "leader", "works", until=DAY + timedelta(9))
    with pytest.raises(error):
        give(made, actor, "an", role, unit, **days)


def test_the_same_role_again_after_its_last_day(made: Settings, actor: Actor) -> None:
    give(made, actor, "an", "hr", "works", until=DAY)
    give(made, actor, "an", "hr", "works", since=DAY + timedelta(1))
    assert acting(made, "an", DAY + timedelta(1)).may(READ)


def test_nobody_grants_more_than_they_hold_or_beyond_their_reach(made: Settings, actor: Actor) -> None:
    give(made, actor, "an", "administrator", "works")
    an = acting(made, "an")
    give(made, an, "binh", "leader", "roads")
    give(made, an, "binh", "administrator", "works")
    for unit, error in (("city", NotFoundError), ("health", NotFoundError), (None, ForbiddenError)):
        with pytest.raises(error):
            give(made, an, "binh", "leader", unit)
    with pytest.raises(NotFoundError):
        give(made, an, "chi", "leader", "works")
    for role in (Role.AUDITOR, Role.LEADER, Role.HR, Role.INSPECTOR, Role.CLERK):
        with pytest.raises(ForbiddenError):
            give(made, Actor("x", frozenset({role})), "binh", "clerk", "roads")
    limited = Actor("x", frozenset({Role.ADMINISTRATOR})).limited_to(frozenset({Permission.CORE_GRANT_GIVE}))
    with pytest.raises(ForbiddenError):
        give(made, limited, "binh", "hr", "roads")


@pytest.mark.parametrize(
    "act",
    [
        lambda session, actor: change_password(session, actor, name="binh", password="bốn con mèo uống trà"),
        lambda session, actor: close_account(session, actor, name="binh"),
        lambda session, actor: reopen_account(session, actor, name="binh"),
        lambda session, actor: end_sessions(session, actor, name="binh"),
        lambda session, actor: withdraw_grant(session, actor, name="binh", grant_id=3),
    ],
)
def test_an_account_that_holds_more_is_not_acted_on(made: Settings, actor: Actor, act: Callable[..., object]) -> None:
    """Who could set the password of a higher account would be that account."""
    give(made, actor, "an", "administrator", "works")
    give(made, actor, "binh", "administrator", "city")
    with pytest.raises(ForbiddenError), unit_of_work(made) as session:
        act(session, acting(made, "an"))
    with pytest.raises(NotFoundError), unit_of_work(made) as session:
        act(session, Actor("x", granted=(Granted("administrator", frozenset({"health"})),)))


def test_an_administrator_of_a_unit_lets_in_its_officials_only(made: Settings, actor: Actor) -> None:
    give(made, actor, "an", "administrator", "works")
    with unit_of_work(made) as session:
        session.delete(session.scalars(select(Account).where(Account.name == "binh")).one())
        session.delete(session.scalars(select(Account).where(Account.name == "chi")).one())
    an = acting(made, "an")
    with unit_of_work(made) as session:
        create_account(session, an, name="binh2", password=None, official_id="BINH")
        for asked, error in (
            ({"official_id": "CHI"}, NotFoundError),
            ({"role": "hr", "unit_key": "roads"}, ForbiddenError),
        ):
            with pytest.raises(error):
                create_account(session, an, name="other", password=None, **asked)


def test_the_last_administrator_stays(made: Settings, actor: Actor) -> None:
    with unit_of_work(made) as session:
        (only,) = [one.grant_id for one in grants(session, today=DAY) if one.role == "administrator"]
        grant_role(session, actor, name="an", role="administrator", until=DAY + timedelta(300), today=DAY)
        grant_role(session, actor, name="binh", role="administrator", unit_key="city", today=DAY)
        with pytest.raises(LastAdministratorError):
            withdraw_grant(session, actor, name="boss", grant_id=only, today=DAY)
        with pytest.raises(LastAdministratorError):
            close_account(session, actor, name="boss")
        grant_role(session, actor, name="chi", role="administrator", today=DAY)
        assert withdraw_grant(session, actor, name="boss", grant_id=only, today=DAY)


def test_nobody_closes_the_own_account(made: Settings, actor: Actor) -> None:
    with pytest.raises(AccountError), unit_of_work(made) as session:
        close_account(session, acting(made, "boss"), name="boss")


def _at_once(settings: Settings, *acts: Callable[..., object]) -> list[str]:
    """What becomes of things that begin at the same moment."""
    together = Barrier(len(acts))

    def run(act: Callable[..., object]) -> str:
        together.wait()
        try:
            with unit_of_work(settings) as session:
                act(session)
        except ConflictError as refused:
            return type(refused).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


@pytest.mark.parametrize("turn", range(3))
def test_of_two_who_remove_each_other_one_stays(each_database: Settings, actor: Actor, turn: int) -> None:
    """Each of the last two administrators takes the other's role, or closes the other's account, at the same moment."""
    del turn
    fill(each_database, actor)
    give(each_database, actor, "chi", "administrator")
    with unit_of_work(each_database) as session:
        number = {one.account: one.grant_id for one in grants(session, today=DAY) if one.role == "administrator"}
    boss, chi = acting(each_database, "boss"), acting(each_database, "chi")
    done = _at_once(
        each_database,
        lambda session: withdraw_grant(session, boss, name="chi", grant_id=number["chi"], today=DAY),
        lambda session: close_account(session, chi, name="boss"),
    )
    assert done == ["LastAdministratorError", "done"]


def test_two_who_grant_the_same_at_once_grant_it_once(each_database: Settings, actor: Actor) -> None:
    fill(each_database, actor)

    def granted(session: object) -> object:
        return grant_role(session, actor, name="an", role="hr", unit_key="works", today=DAY)  # type: ignore[arg-type]

    assert _at_once(each_database, granted, granted) == ["GrantError", "done"]
