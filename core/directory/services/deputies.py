"""Deputies named and ended: somebody acts for an official who is away, on some days and in some things.

An official names the own deputies; an administrator names them for officials in reach. A deputy's deputy is not one:
what was handed over is not handed on.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import utc_now
from core.directory.errors import DeputyError
from core.directory.models import DeputyRow, OfficialRow
from core.directory.permissions import can_name_deputy
from core.directory.queries import official_row, unit_keys_of
from core.directory.services.granting import today_of
from core.errors import InputError, NotFoundError
from core.permissions import Actor, Permission, require
from core.words import Text

LONGEST_DAYS = 366
"""A deputy who is named for longer has taken over, which is another post and not a deputy's."""


class DeputyScope(StrEnum):
    """In what a deputy acts."""

    EVERYTHING = "everything"
    OPINIONS = "opinions"
    DECISIONS = "decisions"


class DeputyAction(StrEnum):
    """What the trail says of deputies."""

    NAME = "core:deputy:name"
    END = "core:deputy:end"


def name_deputy(
    session: Session,
    actor: Actor,
    *,
    official_id: str,
    deputy_official_id: str,
    scope: str,
    first: date,
    last: date,
    today: date | None = None,
) -> int:
    """Let one official act for another from `first` to `last`, both included; the deputy's id.

    Raises `NotFoundError` for somebody who is not in the directory or not in reach, `InputError` for days or a scope
    that cannot be, `DeputyError` where the same deputy acts on one of these days already, `ForbiddenError`.
    """
    require(actor, Permission.CORE_DEPUTY_NAME)
    _check(scope, first, last, today or today_of(session))
    official = _official(session, official_id, for_update=True)
    if not can_name_deputy(actor, official.official_id, unit_keys_of(session, official.id)):
        raise _nobody(official_id)
    deputy = _official(session, deputy_official_id)
    if deputy.id == official.id:
        raise InputError(Text("Người được ủy quyền phải là người khác.", "The deputy must be somebody else."))
    _refuse_twice(session, official, deputy, first, last)
    row = DeputyRow(
        official=official.id,
        deputy=deputy.id,
        scope=scope,
        first_day=first,
        last_day=last,
        named_at=utc_now(),
        named_by=actor.name,
    )
    session.add(row)
    session.flush()
    _record(session, actor, DeputyAction.NAME, row, official, deputy)
    return row.id


def end_deputy(session: Session, actor: Actor, *, deputy_id: int) -> bool:
    """End it from now on; False where it was ended already. Whoever may name it may end it, and the deputy too.

    Raises `NotFoundError`, also for one that is not the actor's to end, and `ForbiddenError`.
    """
    require(actor, Permission.CORE_DEPUTY_NAME)
    wanted = select(DeputyRow).where(DeputyRow.id == deputy_id).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise _no_deputy()
    official, deputy = session.get_one(OfficialRow, row.official), session.get_one(OfficialRow, row.deputy)
    named = can_name_deputy(actor, official.official_id, unit_keys_of(session, official.id))
    if not named and actor.official_id != deputy.official_id:
        raise _no_deputy()
    if row.ended_at is not None:
        return False
    row.ended_at, row.ended_by = utc_now(), actor.name
    session.flush()
    _record(session, actor, DeputyAction.END, row, official, deputy)
    return True


def _check(scope: str, first: date, last: date, today: date) -> None:
    if scope not in list(DeputyScope):
        raise InputError(Text("Hãy chọn phạm vi ủy quyền.", "Please choose in what the deputy acts."), detail=scope)
    if last < first or last < today or (last - first).days >= LONGEST_DAYS:
        raise InputError(
            Text(
                "Ngày cuối không được trước ngày đầu hay trước hôm nay, và ủy quyền dài nhất một năm.",
                "The last day must not be before the first or before today, and a deputy acts for a year at most.",
            )
        )


def _refuse_twice(session: Session, official: OfficialRow, deputy: OfficialRow, first: date, last: date) -> None:
    same = select(DeputyRow.id).where(
        DeputyRow.official == official.id,
        DeputyRow.deputy == deputy.id,
        DeputyRow.ended_at.is_(None),
        DeputyRow.first_day <= last,
        DeputyRow.last_day >= first,
    )
    if session.scalars(same.limit(1)).first() is not None:
        raise DeputyError(
            Text(
                f"{deputy.name} đã được ủy quyền thay {official.name} trong những ngày này.",
                f"{deputy.name} acts for {official.name} on these days already.",
            )
        )


def _official(session: Session, official_id: str, *, for_update: bool = False) -> OfficialRow:
    found = official_row(session, official_id.strip())
    if found is None or found.gone_at is not None:
        raise _nobody(official_id)
    if for_update:  # of two who name the same deputy at once, the second sees the first
        session.execute(select(OfficialRow.id).where(OfficialRow.id == found.id).with_for_update())
    return found


def _nobody(official_id: str) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Danh bạ không có cán bộ nào mang mã {official_id}.",
            f"There is no official with the number {official_id} in the directory.",
        )
    )


def _no_deputy() -> NotFoundError:
    return NotFoundError(Text("Không có ủy quyền này.", "There is no such deputy."))


def _record(
    session: Session, actor: Actor, action: DeputyAction, row: DeputyRow, official: OfficialRow, deputy: OfficialRow
) -> None:
    facts = {
        "official": official.official_id,
        "deputy": deputy.official_id,
        "scope": row.scope,
        "first": row.first_day.isoformat(),
        "last": row.last_day.isoformat(),
    }
    audit.record(session, actor=actor.in_trail, action=action, subject=f"deputy:{row.id}", facts=facts)
