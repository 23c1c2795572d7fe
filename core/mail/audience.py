"""Whom something concerns: the account of an official, and the accounts that may do something about it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import Account, GrantRow, OfficialRow
from core.directory.queries import actor_of, unit_keys_of
from core.directory.queries.grants import in_force
from core.permissions import HELD, Actor, Permission


def account_of(session: Session, official_id: str) -> list[int]:
    """The open account of the official with that number: one or none."""
    wanted = select(Account.id).join(OfficialRow, OfficialRow.id == Account.official)
    return list(session.scalars(wanted.where(OfficialRow.official_id == official_id, Account.closed_at.is_(None))))


def who_may(session: Session, permission: Permission, *, today: date, official_id: str | None = None) -> list[int]:
    """The open accounts that hold `permission` by a role they are granted: at all, or over this official's things."""
    roles = [role for role, held in HELD.items() if permission in held]
    granted = select(GrantRow.account).where(GrantRow.role.in_(roles), in_force(today))
    rows = session.execute(
        select(Account, OfficialRow.official_id)
        .outerjoin(OfficialRow, OfficialRow.id == Account.official)
        .where(Account.id.in_(granted), Account.closed_at.is_(None))
        .order_by(Account.id)
    ).all()
    units: Collection[str] = ()
    if official_id is not None:
        units = unit_keys_of(
            session, session.scalar(select(OfficialRow.id).where(OfficialRow.official_id == official_id))
        )

    def may(actor: Actor) -> bool:
        reach = actor.reach(permission)
        return bool(reach.whole or reach.units) if official_id is None else any(map(reach.holds, [None, *units]))

    return [account.id for account, own in rows if may(actor_of(session, account, own, today=today))]
