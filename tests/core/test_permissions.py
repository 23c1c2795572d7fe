"""Permissions: closed by default, in order, spelt alike."""

from __future__ import annotations

import re

import pytest

from core.errors import ForbiddenError
from core.permissions import Actor, Permission, Role, command_line_actor, require


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


def test_the_command_line_acts_under_the_system_account() -> None:
    assert re.fullmatch(r"cli:.+", command_line_actor().name)
