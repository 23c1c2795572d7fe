"""Officials who left: their account is closed, roles, deputies and sessions end, and what waits for them passes on.

A feature that keeps things waiting for somebody says what becomes of them in a module `<feature>.services.handover`
with one function, `hand_over(session, actor, *, official_id, to, day)`, which returns how many of what were passed on
or ended (for the trail). `to` is the number of who acted for the official last, None where nobody did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

import core.settings
from core import audit
from core.directory.models import Account, DeputyRow, GrantRow, OfficialRow
from core.directory.queries import deputies_of
from core.directory.services import granting, sessions
from core.directory.services.ways_in import close_ways_in
from core.permissions import Actor


class LeavingAction(StrEnum):
    """What the trail says of officials who left."""

    LEAVE = "core:official:leave"


class HandOver(Protocol):
    """What a feature does with what waits for somebody who left."""

    def __call__(
        self, session: Session, actor: Actor, *, official_id: str, to: str | None, day: date
    ) -> Mapping[str, int]:
        """Pass it on to `to`, or end it; what was done, counted by name."""
        ...


def see_off(session: Session, actor: Actor, officials: Sequence[OfficialRow], *, now: datetime) -> None:
    """End what these officials, who have just left the directory, could do here.

    One entry in the trail for each for whom there was anything. Raises `LastAdministratorError` where nobody would be
    left who lets others in: then they must not leave yet.
    """
    if not officials:
        return
    day = granting.today_of(session)
    remaining = granting.lasting_administrators(session, today=day)
    keys = [one.id for one in officials]
    wanted = select(Account).where(Account.official.in_(keys), Account.closed_at.is_(None)).with_for_update()
    accounts = {one.official: one for one in session.scalars(wanted.execution_options(populate_existing=True))}
    granting.keep_an_administrator(remaining, [one.id for one in accounts.values()])
    for official in officials:
        facts = _ended(session, actor, official, accounts.get(official.id), day=day, now=now)
        if facts:
            audit.record(
                session,
                actor=actor.in_trail,
                action=LeavingAction.LEAVE,
                subject=f"official:{official.official_id}",
                facts=facts,
            )


def _ended(
    session: Session, actor: Actor, official: OfficialRow, account: Account | None, *, day: date, now: datetime
) -> dict[str, object]:
    """Everything ended and passed on, for the trail; nothing where there was nothing."""
    facts: dict[str, object] = {}
    if account is not None:
        account.closed_at, account.closed_by = now, actor.name
        facts |= {"account": account.name, "sessions": sessions.end_all(session, account, by=actor.name)}
        facts["tokens"] = close_ways_in(session, account, by=actor.name, now=now)
        grants = update(GrantRow).where(GrantRow.account == account.id, GrantRow.withdrawn_at.is_(None))
        ended = grants.values(withdrawn_at=now, withdrawn_by=actor.name).returning(GrantRow.id)
        facts["grants"] = sorted(session.scalars(ended))
    acted = deputies_of(session, official.official_id, day=day)
    to = acted[-1].deputy_official_id if acted else None
    either = or_(DeputyRow.official == official.id, DeputyRow.deputy == official.id)
    deputies = update(DeputyRow).where(either, DeputyRow.ended_at.is_(None), DeputyRow.last_day >= day)
    ended_deputies = sorted(session.scalars(deputies.values(ended_at=now, ended_by=actor.name).returning(DeputyRow.id)))
    if ended_deputies:
        facts["deputies"] = ended_deputies
    for feature, hand_over in _hand_overs():
        passed = {
            name: count
            for name, count in hand_over(session, actor, official_id=official.official_id, to=to, day=day).items()
            if count
        }
        if passed:
            facts[feature] = {**passed, "to": to}
    return facts


def _hand_overs() -> Iterator[tuple[str, HandOver]]:
    """The features that keep something waiting for people, by name."""
    for feature in core.settings.INSTALLED:
        name = f"{feature}.services.handover"
        if find_spec(f"{feature}.services") is not None and find_spec(name) is not None:
            yield feature, cast("HandOver", import_module(name).hand_over)
