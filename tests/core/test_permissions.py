"""Permissions: closed by default, in order, spelt alike; who reaches what, as a table and for any grants."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ForbiddenError
from core.permissions import (
    HELD,
    NOTHING,
    OF_NO_UNIT,
    ROLE_WORDS,
    WHOLE,
    Actor,
    Granted,
    Permission,
    Reach,
    Role,
    command_line_actor,
    require,
)

UNITS = ("city", "works", "roads", "health")
units = st.frozensets(st.sampled_from(UNITS))
permissions = st.sampled_from(list(Permission))
grants = st.lists(st.builds(Granted, st.sampled_from(list(Role)), st.none() | units), max_size=4).map(tuple)
actors = st.builds(
    Actor,
    st.just("an"),
    st.frozensets(st.sampled_from(list(Role)), max_size=3),
    st.sampled_from([None, "CB1"]),
    grants,
    st.none() | st.frozensets(permissions),
)


def test_permissions_are_in_alphabetical_order_and_spelt_alike() -> None:
    values = [permission.value for permission in Permission]
    assert values == sorted(values)
    assert all(re.fullmatch(r"[a-z_]+:[a-z_]+:[a-z_]+", value) for value in values)
    assert [permission.name for permission in Permission] == [value.replace(":", "_").upper() for value in values]


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize(
    ("roles", "may"), [(frozenset(), False), (frozenset({"nobody"}), False), (frozenset({Role.ADMINISTRATOR}), True)]
)
def test_only_a_role_that_holds_it_gives_a_permission(permission: Permission, roles: frozenset[str], may: bool) -> None:
    actor = Actor("a", roles)
    assert actor.may(permission) is may
    if may:
        require(actor, permission)
    else:
        with pytest.raises(ForbiddenError):
            require(actor, permission)


def test_every_role_has_a_name_and_something_to_do() -> None:
    assert set(ROLE_WORDS) == set(HELD) == set(Role)
    assert all(Permission.CORE_ACCOUNT_OWN in held for held in HELD.values())


def test_who_reads_only_changes_nothing_but_the_own_account() -> None:
    """And only an administrator lets others in, grants, reads accounts or imports the directory."""
    changing = {one for one in HELD[Role.INSPECTOR] if not one.endswith(":read")}
    assert {one for one in changing if not one.endswith((":own", ":own_token"))} <= {Permission.CORE_ACCOUNT_OWN}
    others = frozenset[Permission]().union(*(held for role, held in HELD.items() if role != Role.ADMINISTRATOR))
    assert (
        not {
            Permission.CORE_ACCOUNT_CLOSE,
            Permission.CORE_ACCOUNT_CREATE,
            Permission.CORE_ACCOUNT_PASSWORD,
            Permission.CORE_ACCOUNT_READ,
            Permission.CORE_DIRECTORY_IMPORT,
            Permission.CORE_GRANT_GIVE,
            Permission.CORE_SESSION_END,
            Permission.MAIL_AUDIT_AUDIT_DELETE,
        }
        & others
    )


HERE = frozenset({"works", "roads"})
EVIDENCE = Permission.MAIL_AUDIT_EVIDENCE_READ
TABLE = (
    # roles, official, granted -> anywhere, in works, in health, of no unit; of CB1 in works, of CB2 in health, reach
    ((), None, (), (False, False, False, False, False, False), NOTHING),
    ((Role.OFFICIAL,), "CB1", (), (True, False, False, False, True, False), NOTHING),
    ((), "CB1", (), (False, False, False, False, False, False), NOTHING),
    ((Role.AUDITOR,), None, (), (True, True, True, True, True, True), WHOLE),
    ((Role.AUDITOR,), "CB1", (), (True, True, True, True, True, True), WHOLE),
    ((), None, (Granted(Role.LEADER, HERE),), (True, True, False, False, True, False), Reach(HERE)),
    ((Role.OFFICIAL,), "CB2", (Granted(Role.LEADER, HERE),), (True, True, False, False, True, True), Reach(HERE)),
    ((), None, (Granted(Role.LEADER, frozenset()),), (False, False, False, False, False, False), NOTHING),
    ((), None, (Granted(Role.HR, HERE),), (False, False, False, False, False, False), NOTHING),
    ((), None, (Granted(Role.OFFICIAL, HERE),), (True, True, False, False, True, False), Reach(HERE)),
)


@pytest.mark.parametrize(("roles", "official", "granted", "answers", "reach"), TABLE)
def test_who_reaches_whose_evidence(
    roles: tuple[str, ...], official: str | None, granted: tuple[Granted, ...], answers: tuple[bool, ...], reach: Reach
) -> None:
    actor = Actor("a", frozenset(roles), official, granted)
    assert answers == (
        actor.may(EVIDENCE),
        actor.may_in(EVIDENCE, "works"),
        actor.may_in(EVIDENCE, "health"),
        actor.may_in(EVIDENCE, None),
        actor.may_of(EVIDENCE, "CB1", ["works"]),
        actor.may_of(EVIDENCE, "CB2", ["health"]),
    )
    assert actor.reach(EVIDENCE) == reach


@given(actors, permissions, st.sampled_from(UNITS))
def test_the_three_questions_agree(actor: Actor, permission: Permission, unit: str) -> None:
    """What may be done in a unit may be done somewhere; in reach is what may be done; of somebody, where they are."""
    inside = actor.may_in(permission, unit)
    assert inside == actor.reach(permission).holds(unit)
    assert not inside or actor.may(permission)
    assert actor.may_of(permission, "CB9", [unit]) == inside
    assert not actor.may_of(permission, "CB9") or actor.reach(permission).whole


@given(actors, permissions, units)
def test_a_role_for_units_gives_nothing_elsewhere(
    actor: Actor, permission: Permission, given_units: frozenset[str]
) -> None:
    """More units never mean less, and another grant adds what its role holds in its own units and nothing else."""
    for role in Role:
        more = Actor("an", actor.roles, actor.official_id, (*actor.granted, Granted(role, given_units)), actor.at_most)
        before, after = actor.reach(permission), more.reach(permission)
        added = {one for one in UNITS if after.holds(one) and not before.holds(one)}
        assert all(after.holds(one) for one in UNITS if before.holds(one))
        assert added <= given_units
        assert not added or permission in HELD[role]
        assert not added or permission not in OF_NO_UNIT


@given(actors, st.frozensets(permissions), permissions)
def test_a_limit_only_takes_away(actor: Actor, limit: frozenset[Permission], permission: Permission) -> None:
    limited = actor.limited_to(limit)
    assert limited.may(permission) == (actor.may(permission) and permission in limit)
    assert limited.reach(permission) == (actor.reach(permission) if permission in limit else NOTHING)
    assert limited.limited_to(frozenset(Permission)) == limited


@given(st.none() | units, st.none() | units, st.sampled_from(UNITS))
def test_reaches_add_up(one: frozenset[str] | None, other: frozenset[str] | None, unit: str) -> None:
    both = Reach(one) | Reach(other)
    assert both.holds(unit) == (Reach(one).holds(unit) or Reach(other).holds(unit))
    assert both.whole == (one is None or other is None)
    assert both.holds(None) == both.whole


def test_a_deputy_has_both_names_in_the_trail() -> None:
    assert Actor("binh").in_trail == "binh"
    assert Actor("binh", acting_for="CB1").in_trail == "binh (for CB1)"


def test_the_command_line_acts_under_the_system_account() -> None:
    assert re.fullmatch(r"cli:.+", command_line_actor().name)


def test_the_page_on_security_says_who_holds_what() -> None:
    """One row a permission, in order: the roles that hold it, and whether they may be granted for a unit."""
    page = (Path(__file__).parents[2] / "docs/security.md").read_text("utf-8")
    told = re.findall(
        r"^\| `([a-z_]+:[a-z_]+:[a-z_]+)` \| ([a-z, ]+) \| (units|the whole city only) \|$", page, re.MULTILINE
    )
    assert [(name, set(roles.split(", ")), reach) for name, roles, reach in told] == [
        (
            one.value,
            {role.value for role in Role if one in HELD[role]},
            "the whole city only" if one in OF_NO_UNIT else "units",
        )
        for one in Permission
    ]
