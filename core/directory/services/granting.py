"""Roles granted and withdrawn. Nobody grants more than they hold or beyond their reach; an administrator remains."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import audit
from core.calendar import day_in
from core.db import settings_of, utc_now
from core.directory.errors import GrantError, LastAdministratorError
from core.directory.models import Account, GrantRow, UnitRow
from core.directory.permissions import can_act_on, can_give
from core.directory.queries import actor_of, official_of_account, the_account, unit_keys_of, units_below
from core.errors import ForbiddenError, InputError, NotFoundError
from core.permissions import Actor, Granted, Permission, Role, require
from core.words import Text

GRANTABLE: tuple[Role, ...] = tuple(role for role in Role if role != Role.OFFICIAL)
"""`official` is not granted: an account has it by being tied to one."""


class GrantAction(StrEnum):
    """What the trail says of roles."""

    GIVE = "core:grant:give"
    WITHDRAW = "core:grant:withdraw"


def today_of(session: Session) -> date:
    """The day it is in the offices."""
    return day_in(settings_of(session).timezone, utc_now())


def grant_role(
    session: Session,
    actor: Actor,
    *,
    name: str,
    role: str,
    unit_key: str | None = None,
    since: date | None = None,
    until: date | None = None,
    today: date | None = None,
) -> int:
    """Grant `role` to the account `name` for a unit and all below it (None: the whole city); the grant's id.

    From `since` (default: today) to `until` (None: until it is withdrawn), both days included. Raises `NotFoundError`
    for an account or a unit that is not there for the actor, `InputError` for a role or days that cannot be,
    `GrantError` where the account has the role there on one of these days, `ForbiddenError`.
    """
    require(actor, Permission.CORE_GRANT_GIVE)
    day = today or today_of(session)
    first = since or day
    if until is not None and (until < first or until < day):
        raise InputError(
            Text(
                "Ngày cuối không được trước ngày đầu hay trước hôm nay.",
                "The last day must not be before the first, nor before today.",
            )
        )
    account = account_acted_on(session, actor, Permission.CORE_GRANT_GIVE, name=name, today=day, for_update=True)
    row = give(session, actor, account, role=role, unit_key=unit_key, since=first, until=until)
    _record(session, actor, GrantAction.GIVE, account, row, unit_key)
    return row.id


def give(
    session: Session,
    actor: Actor,
    account: Account,
    *,
    role: str,
    unit_key: str | None,
    since: date,
    until: date | None,
) -> GrantRow:
    """Grant a role to an account that is locked or new, as a part of a change that makes the entry in the trail.

    Raises as `grant_role`.
    """
    unit = _grantable(session, actor, role, unit_key)
    same = select(GrantRow.id).where(
        GrantRow.account == account.id,
        GrantRow.role == role,
        GrantRow.unit.is_(None) if unit is None else GrantRow.unit == unit.id,
        GrantRow.withdrawn_at.is_(None),
        or_(GrantRow.until.is_(None), GrantRow.until >= since),
    )
    same = same if until is None else same.where(GrantRow.since <= until)
    if session.scalars(same.limit(1)).first() is not None:
        raise GrantError(
            Text(
                "Tài khoản này đã có vai trò đó ở đó trong những ngày này.",
                "The account has that role there on these days already.",
            )
        )
    row = GrantRow(
        account=account.id,
        role=role,
        unit=None if unit is None else unit.id,
        since=since,
        until=until,
        given_at=utc_now(),
        given_by=actor.name,
    )
    session.add(row)
    session.flush()
    return row


def withdraw_grant(session: Session, actor: Actor, *, name: str, grant_id: int, today: date | None = None) -> bool:
    """Take a role back from the account `name`, from now on; False where it was withdrawn already.

    Raises `NotFoundError` where the account has no such grant, `LastAdministratorError`, `ForbiddenError`.
    """
    require(actor, Permission.CORE_GRANT_GIVE)
    day = today or today_of(session)
    remaining = lasting_administrators(session, today=day)
    account = account_acted_on(session, actor, Permission.CORE_GRANT_GIVE, name=name, today=day)
    wanted = select(GrantRow).where(GrantRow.id == grant_id, GrantRow.account == account.id).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError(Text("Tài khoản không có vai trò này.", "The account has no such role."))
    unit = None if row.unit is None else session.get_one(UnitRow, row.unit)
    _grantable(session, actor, row.role, None if unit is None else unit.key)
    if row.withdrawn_at is not None:
        return False
    if set(remaining) == {row.id}:
        raise LastAdministratorError
    row.withdrawn_at, row.withdrawn_by = utc_now(), actor.name
    session.flush()
    _record(session, actor, GrantAction.WITHDRAW, account, row, None if unit is None else unit.key)
    return True


def lasting_administrators(session: Session, *, today: date) -> dict[int, int]:
    """Grant -> account of those who administer the whole city without an end; the rows are locked.

    Ask before anything else is locked, in every change that could take one away: of two that each take away one of the
    last two, the second waits here, and then finds itself the last.
    """
    wanted = (
        select(GrantRow.id, GrantRow.account)
        .join(Account, Account.id == GrantRow.account)
        .where(
            GrantRow.role == Role.ADMINISTRATOR,
            GrantRow.unit.is_(None),
            GrantRow.withdrawn_at.is_(None),
            GrantRow.until.is_(None),
            GrantRow.since <= today,
            Account.closed_at.is_(None),
        )
        .order_by(GrantRow.id)
        .with_for_update()
    )
    return {grant: account for grant, account in session.execute(wanted)}  # noqa: C416 - rows are no pairs to mypy


def keep_an_administrator(remaining: dict[int, int], leaving: Collection[int]) -> None:
    """Raises `LastAdministratorError` where the accounts `leaving` are all that `remaining` has."""
    if remaining and set(remaining.values()) <= set(leaving):
        raise LastAdministratorError


def account_acted_on(
    session: Session,
    actor: Actor,
    permission: Permission,
    *,
    name: str,
    today: date | None = None,
    for_update: bool = False,
) -> Account:
    """The account `name`, to which `actor` is about to do what `permission` allows.

    Raises `NotFoundError` for one that is not there, or belongs to nobody whom the actor reaches, and `ForbiddenError`
    for one that holds more than the actor may grant.
    """
    require(actor, permission)
    account = the_account(session, name, for_update=for_update)
    units = unit_keys_of(session, account.official)
    if not can_act_on(actor, permission, units, ()):
        raise NotFoundError(Text(f"Không có tài khoản {name}.", f"There is no account {name}."))
    if not can_act_on(actor, permission, units, held_by(session, account, today=today or today_of(session))):
        raise ForbiddenError(
            Text(
                "Tài khoản đó có nhiều quyền hơn quyền mình có.",
                "That account may do more than this one.",
            ),
            detail=f"{actor.name} may not {permission} {account.name}",
        )
    return account


def roles_of(session: Session, account: Account) -> frozenset[str]:
    """The names of all roles that hold today for an account, wherever they are held."""
    return actor_of(session, account, official_of_account(session, account), today=today_of(session)).every_role


def held_by(session: Session, account: Account, *, today: date) -> tuple[Granted, ...]:
    """The roles that an account has from that day on, those not begun yet among them, with the units they reach."""
    wanted = select(GrantRow.role, GrantRow.unit).where(
        GrantRow.account == account.id,
        GrantRow.withdrawn_at.is_(None),
        or_(GrantRow.until.is_(None), GrantRow.until >= today),
    )
    held = session.execute(wanted.order_by(GrantRow.id)).all()
    below = units_below(session, {unit for _, unit in held if unit is not None})
    return tuple(Granted(role, None if unit is None else below[unit]) for role, unit in held)


def _grantable(session: Session, actor: Actor, role: str, unit_key: str | None) -> UnitRow | None:
    """The unit for which the actor may grant that role; None: the whole city. Raises as `grant_role`."""
    if role not in GRANTABLE:
        raise InputError(Text("Hãy chọn một vai trò.", "Please choose a role."), detail=role)
    unit, units = None, None
    if unit_key is not None:
        unit = session.scalars(select(UnitRow).where(UnitRow.key == unit_key)).one_or_none()
        if unit is None or not actor.may_in(Permission.CORE_GRANT_GIVE, unit_key):
            raise NotFoundError(Text(f"Không có đơn vị {unit_key}.", f"There is no unit {unit_key}."))
        units = units_below(session, {unit.id})[unit.id]
    if not can_give(actor, role, units):
        raise ForbiddenError(
            Text(
                "Không thể giao nhiều quyền hơn quyền mình có, hay ở nơi mình không phụ trách.",
                "Nobody grants more than they hold, or beyond their reach.",
            ),
            detail=f"{actor.name} may not grant {role} for {unit_key}",
        )
    return unit


def _record(
    session: Session, actor: Actor, action: GrantAction, account: Account, row: GrantRow, unit_key: str | None
) -> None:
    facts = {
        "grant": row.id,
        "role": row.role,
        "unit": unit_key,
        "since": row.since.isoformat(),
        "until": None if row.until is None else row.until.isoformat(),
    }
    audit.record(session, actor=actor.in_trail, action=action, subject=f"account:{account.name}", facts=facts)
