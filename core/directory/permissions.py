"""Who may read and change the directory, the accounts and what they may do."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.permissions import HELD, Actor, Granted, Permission


def can_import_directory(actor: Actor) -> bool:
    """Whether `actor` may put a new directory in place of the present one."""
    return actor.may(Permission.CORE_DIRECTORY_IMPORT)


def can_provision(actor: Actor) -> bool:
    """Whether `actor` may put and remove single officials and units, as a personnel system does."""
    return actor.may(Permission.CORE_DIRECTORY_PROVISION)


def can_create_account(actor: Actor, unit_keys: Collection[str] = ()) -> bool:
    """Whether `actor` may let somebody in who has posts in these units (none: somebody who is in no unit)."""
    reach = actor.reach(Permission.CORE_ACCOUNT_CREATE)
    return reach.whole or any(reach.holds(one) for one in unit_keys)


def can_give(actor: Actor, role: str, units: frozenset[str] | None) -> bool:
    """Whether `actor` may grant `role` for these units (None: the whole city), and withdraw it.

    With the permission to give over all of them, and with everything that the role holds there: nobody makes another
    more than they are, nor beyond their reach.
    """
    granted = Granted(role, units)
    if units is None and not actor.reach(Permission.CORE_GRANT_GIVE).whole:
        return False
    wanted = {Permission.CORE_GRANT_GIVE, *(one for one in HELD.get(role, ()) if granted.gives(one))}
    return role in HELD and all(_covers(actor, one, units) for one in wanted)


def can_act_on(actor: Actor, permission: Permission, unit_keys: Collection[str], held: Iterable[Granted]) -> bool:
    """Whether `actor` may do this to an account that holds these roles and whose official is in these units.

    With the permission there, and only to accounts that hold no more than the actor may grant: whoever could set the
    password of a higher account would be that account.
    """
    reach = actor.reach(permission)
    reached = reach.whole or any(reach.holds(one) for one in unit_keys)
    return reached and all(can_give(actor, one.role, one.units) for one in held)


def can_close_account(actor: Actor, account_name: str) -> bool:
    """Whether `actor` may close and reopen that account: with the permission, and never the own one."""
    return actor.name != account_name and actor.may(Permission.CORE_ACCOUNT_CLOSE)


def can_name_deputy(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """Whether `actor` may say who acts for this official: their own deputies, or with the permission over them."""
    return actor.may_of(Permission.CORE_DEPUTY_NAME, official_id, unit_keys)


def _covers(actor: Actor, permission: Permission, units: frozenset[str] | None) -> bool:
    reach = actor.reach(permission)
    return reach.units is None or (units is not None and units <= reach.units)


def can_make_own_token(actor: Actor) -> bool:
    """Whether `actor` may make a token for the own account: not by a token, for one that leaked would beget others."""
    return actor.at_most is None and actor.may(Permission.CORE_ACCOUNT_OWN)


def can_give_tokens(actor: Actor) -> bool:
    """Whether `actor` may give tokens to services; not by a token either."""
    return actor.at_most is None and actor.may(Permission.CORE_TOKEN_GIVE)


def can_revoke_token(actor: Actor, account_name: str | None) -> bool:
    """Whether `actor` may revoke a token of that account (None: of a service): one's own, or with the permission."""
    own = actor.name == account_name and actor.may(Permission.CORE_ACCOUNT_OWN)
    return own or actor.may(Permission.CORE_TOKEN_GIVE)
