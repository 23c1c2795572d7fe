"""Deputies, and officials who leave: who acts for whom and until when; nothing is left open behind anybody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.errors import DeputyError, LastAdministratorError
from core.directory.queries import (
    account_by_name,
    acting_for,
    actor_of,
    deputies,
    deputies_of,
    deputy_actor,
    grants,
    open_sessions,
)
from core.directory.queries.accounts import TimeOuts
from core.directory.roster import Roster
from core.directory.services import begin_session, end_deputy, grant_role, import_roster, name_deputy, withdraw_grant
from core.errors import ForbiddenError, InputError, NotFoundError, VanthuError
from core.permissions import WHOLE, Actor, Granted, Role
from core.settings import Settings
from mail_audit.queries.exceptions import exception
from mail_audit.services.exceptions import record_exception
from tests.core.directory.test_grants import DAY, fill, town

LATER = DAY + timedelta(9)
AN = Actor("an", frozenset({Role.OFFICIAL}), "AN")
BINH = Actor("binh", frozenset({Role.OFFICIAL}), "BINH")


@pytest.fixture
def made(settings: Settings, actor: Actor) -> Settings:
    """The town with its accounts."""
    fill(settings, actor)
    return settings


def name(settings: Settings, actor: Actor, official: str = "AN", deputy: str = "BINH", **more: object) -> int:
    wanted = {"scope": "opinions", "first": DAY, "last": LATER} | more
    with unit_of_work(settings) as session:
        return name_deputy(session, actor, official_id=official, deputy_official_id=deputy, today=DAY, **wanted)  # type: ignore[arg-type]


def test_an_official_goes_on_leave(made: Settings) -> None:
    """The story: An names Binh, Binh acts for An on those days and in that, An is back early and ends it."""
    number = name(made, AN)
    with unit_of_work(made) as session:
        assert [one.deputy_official_id for one in deputies_of(session, "AN", day=DAY)] == ["BINH"]
        assert [one.official for one in acting_for(session, "BINH", day=LATER, scope="opinions")] == ["An"]
        acts = deputy_actor(session, BINH, official_id="AN", scope="opinions", day=DAY)
        assert (acts.in_trail, acts.official_id) == ("binh (for AN)", "BINH")
        assert end_deputy(session, AN, deputy_id=number)
        assert not end_deputy(session, AN, deputy_id=number)
        assert acting_for(session, "BINH", day=DAY) == []
        told = [(one.actor, one.action, one.facts["official"], one.facts["deputy"]) for one in _trail(session)[-2:]]
    assert told == [("an", "core:deputy:name", "AN", "BINH"), ("an", "core:deputy:end", "AN", "BINH")]


@pytest.mark.parametrize(
    ("day", "scope", "acts"),
    [
        (DAY - timedelta(1), "opinions", False),
        (DAY, "opinions", True),
        (LATER, "opinions", True),
        (LATER + timedelta(1), "opinions", False),
        (DAY, "decisions", False),
        (DAY, "everything", False),
    ],
)
def test_a_deputy_acts_on_those_days_and_in_that(made: Settings, day: date, scope: str, acts: bool) -> None:
    name(made, AN)
    with unit_of_work(made) as session:
        assert bool(acting_for(session, "BINH", day=day, scope=scope)) is acts
        if not acts:
            with pytest.raises(ForbiddenError):
                deputy_actor(session, BINH, official_id="AN", scope=scope, day=day)


def test_a_deputy_in_everything_acts_in_each_thing_and_hands_nothing_on(made: Settings) -> None:
    name(made, AN, scope="everything")
    name(made, BINH, "BINH", "CHI", scope="everything")
    with unit_of_work(made) as session:
        assert [one.official_id for one in acting_for(session, "BINH", day=DAY, scope="decisions")] == ["AN"]
        assert [one.official_id for one in acting_for(session, "CHI", day=DAY)] == ["BINH"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"deputy": "AN"}, InputError),
        ({"deputy": "NOBODY"}, NotFoundError),
        ({"official": "CHI"}, NotFoundError),
        ({"scope": "signing"}, InputError),
        ({"last": DAY - timedelta(1), "first": DAY - timedelta(2)}, InputError),
        ({"first": LATER, "last": DAY}, InputError),
        ({"last": DAY + timedelta(366)}, InputError),
        ({"first": LATER}, DeputyError),
    ],
)
def test_who_cannot_be_named(made: Settings, changed: dict[str, object], error: type[VanthuError]) -> None:
    name(made, AN)
    with pytest.raises(error):
        name(made, AN, **changed)  # type: ignore[arg-type]


def test_an_administrator_of_a_unit_names_deputies_there(made: Settings) -> None:
    boss = Actor("boss", granted=(Granted(Role.ADMINISTRATOR, frozenset({"works", "roads"})),))
    number = name(made, boss, "BINH", "CHI")
    with pytest.raises(NotFoundError):
        name(made, boss, "CHI", "BINH")
    with unit_of_work(made) as session:
        seen = {who.name: [one.deputy_id for one in deputies(session, who, day=DAY).rows] for who in (boss, AN, BINH)}
        elsewhere = Actor("x", granted=(Granted(Role.ADMINISTRATOR, frozenset({"health"})),))
        assert deputies(session, elsewhere, day=DAY).total == 0
        for stranger in (AN, elsewhere):
            with pytest.raises(NotFoundError):
                end_deputy(session, stranger, deputy_id=number)
        with pytest.raises(ForbiddenError):
            end_deputy(session, Actor("hr", frozenset({Role.HR})), deputy_id=number)
    assert seen == {"boss": [number], "an": [], "binh": [number]}


def without(*numbers: str) -> Roster:
    """The town after some have left it."""
    whole = town()
    people = {number: one for number, one in whole.officials.items() if number not in numbers}
    return Roster(whole.units, people, tuple(post for post in whole.posts if post.official_id not in numbers), {})


def test_somebody_leaves_and_nothing_stays_open(made: Settings, actor: Actor) -> None:
    """Account, sessions, roles, deputies on both sides and standing exceptions end; one entry says what."""
    today = day_in(made.timezone, utc_now())
    long = {"first": today, "last": today + timedelta(30)}
    with unit_of_work(made) as session:
        grant = grant_role(session, actor, name="an", role="leader", unit_key="works")
        numbers = [
            name_deputy(session, actor, official_id=one, deputy_official_id=other, scope="everything", **long)
            for one, other in (("AN", "BINH"), ("CHI", "AN"), ("CHI", "BINH"))
        ]
        kept = record_exception(session, actor, official_id="AN", kind="leave", first=today)
        account = account_by_name(session, "an")
        assert account is not None
        begin_session(session, account, address=None, browser="")
    with unit_of_work(made) as session:
        import_roster(session, actor, roster=without("AN"))
    with unit_of_work(made) as session:
        account = account_by_name(session, "an")
        assert account is not None
        assert actor_of(session, account, "AN", today=today) == Actor("an")
        times = TimeOuts(timedelta(hours=1), timedelta(hours=1))
        assert open_sessions(session, name="an", times=times, now=utc_now()) == []
        assert [one.in_force for one in grants(session, today=today, name="an")] == [False]
        assert [one.deputy_id for one in deputies(session, actor, day=today).rows if one.in_force] == numbers[2:]
        assert exception(session, kept, reach=WHOLE, today=today).last == today
        told = [one for one in _trail(session) if one.action == "core:official:leave"]
    assert [(one.subject, one.facts) for one in told] == [
        (
            "official:AN",
            {
                "account": "an",
                "sessions": 1,
                "tokens": 0,
                "grants": [grant],
                "deputies": numbers[:2],
                "mail_audit": {"exceptions": 1, "to": "BINH"},
            },
        )
    ]


def test_who_left_nothing_behind_leaves_no_entry(made: Settings, actor: Actor) -> None:
    with unit_of_work(made) as session:
        import_roster(session, actor, roster=without("AN"))
        import_roster(session, actor, roster=town())
        before = len(_trail(session))
        import_roster(session, actor, roster=without("AN"))
        assert [one.action for one in _trail(session)[before:]] == ["core:directory:import"]


def test_the_last_administrator_does_not_leave_by_an_import(made: Settings, actor: Actor) -> None:
    with unit_of_work(made) as session:
        grant_role(session, actor, name="an", role="administrator")
        (boss,) = [one.grant_id for one in grants(session, today=DAY, name="boss")]

        withdraw_grant(session, actor, name="boss", grant_id=boss)
    with pytest.raises(LastAdministratorError), unit_of_work(made) as session:
        import_roster(session, actor, roster=without("AN"))
    with unit_of_work(made) as session:
        account = account_by_name(session, "an")
        assert account is not None
        assert account.closed_at is None


def _trail(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
