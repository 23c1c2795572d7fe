"""Readers of what accounts may do: the actor behind an account, and the roles that are or were granted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from core.directory.models import Account, GrantRow, OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Granted, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that an account has or had; `unit_key` None: for the whole city. `in_force`: on the day asked about."""

    grant_id: int
    account: str
    role: str
    unit_key: str | None
    unit: str | None
    since: date
    until: date | None
    given_at: datetime
    given_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    in_force: bool


def actor_of(session: Session, account: Account, official_id: str | None, *, today: date) -> Actor:
    """Who `account` is to a service on that day: its roles with the units they reach. Two SQL queries at most.

    `official_id` is the number of the official it is tied to. A closed account may do nothing.
    """
    if account.closed_at is not None:
        return Actor(account.name)
    wanted = select(GrantRow.role, GrantRow.unit).where(GrantRow.account == account.id, in_force(today))
    held = session.execute(wanted).all()
    roles = {role for role, unit in held if unit is None}
    below = units_below(session, {unit for _, unit in held if unit is not None})
    return Actor(
        account.name,
        frozenset(roles | ({Role.OFFICIAL} if official_id is not None else set())),
        official_id,
        tuple(Granted(role, below[unit]) for role, unit in held if unit is not None),
    )


def in_force(today: date) -> ColumnElement[bool]:
    """Of grants: whether they hold on that day."""
    return and_(
        GrantRow.withdrawn_at.is_(None),
        GrantRow.since <= today,
        or_(GrantRow.until.is_(None), GrantRow.until >= today),
    )


def units_below(session: Session, roots: Collection[int]) -> dict[int, frozenset[str]]:
    """Row of a unit -> the keys of the unit and of all below it, of units that are gone too. One SQL query.

    Earlier reports name units that are gone: whoever has a unit goes on reaching what lay below it. A ring of units
    ends because UNION drops what was found already.
    """
    if not roots:
        return {}
    root: ColumnElement[Any] = UnitRow.id.label("root")
    tree = select(root, UnitRow.id, UnitRow.key).where(UnitRow.id.in_(roots)).cte("below", recursive=True)
    tree = tree.union(select(tree.c.root, UnitRow.id, UnitRow.key).where(UnitRow.parent_id == tree.c.id))
    found: dict[int, set[str]] = {one: set() for one in roots}
    for top, key in session.execute(select(tree.c.root, tree.c.key)):
        found[top].add(key)
    return {top: frozenset(keys) for top, keys in found.items()}


def unit_keys_of(session: Session, official: int | None) -> frozenset[str]:
    """The units in which an official (the row's id) has a post now; none for somebody who left."""
    wanted = select(UnitRow.key).join(PostRow, PostRow.unit == UnitRow.id).where(PostRow.official == official)
    return frozenset(session.scalars(wanted))


def units_of_official(session: Session, official_id: str) -> frozenset[str]:
    """The same of the official of that number."""
    row = select(OfficialRow.id).where(OfficialRow.official_id == official_id).scalar_subquery()
    wanted = select(UnitRow.key).join(PostRow, PostRow.unit == UnitRow.id).where(PostRow.official == row)
    return frozenset(session.scalars(wanted))


def grants(
    session: Session, *, today: date, name: str | None = None, names: Collection[str] | None = None
) -> list[Grant]:
    """Every grant there is or was (of the account `name`, or of `names`): by account, the newest first. One query."""
    wanted = (
        select(GrantRow, Account.name, UnitRow.key, UnitRow.name, in_force(today))
        .join(Account, Account.id == GrantRow.account)
        .outerjoin(UnitRow, UnitRow.id == GrantRow.unit)
        .order_by(Account.name, GrantRow.id.desc())
    )
    if name is not None:
        wanted = wanted.where(Account.name == name)
    if names is not None:
        wanted = wanted.where(Account.name.in_(names))
    return [
        Grant(
            grant_id=row.id,
            account=account,
            role=row.role,
            unit_key=key,
            unit=unit,
            since=row.since,
            until=row.until,
            given_at=row.given_at,
            given_by=row.given_by,
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=row.withdrawn_by,
            in_force=bool(holds),
        )
        for row, account, key, unit, holds in session.execute(wanted)
    ]
