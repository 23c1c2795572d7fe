"""Setting and taking back targets: one entry in the trail each time, nothing where nothing changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import record
from core.db import utc_now
from core.errors import InputError
from core.permissions import Actor, Permission, require
from core.words import Text
from mail_audit.actions import AuditAction
from mail_audit.errors import TargetNotFoundError
from mail_audit.models import TargetRow
from mail_audit.permissions import can_set_target
from mail_audit.queries.targets import units_for_targets
from mail_audit.targets import WHOLE_CITY, Target

MOST = 5_000
"""Targets set at once; a country has fewer units."""
MOST_NAMED = 50
"""So many of them are named in the trail; the rest is counted."""


@dataclass(frozen=True, slots=True)
class TargetChanges:
    """How many were new, had another share before, or were so already."""

    added: int
    changed: int
    same: int


def set_targets(session: Session, actor: Actor, *, targets: Iterable[Target]) -> TargetChanges:
    """Set each target; one for the same unit, rank and day takes the place of the one before.

    Raises `ForbiddenError`, and `InputError` for a unit that neither the directory nor an audit has, for a share
    outside 0 < share <= 1, and for more than `MOST` targets. Setting what is set already leaves no trace.
    """
    if not can_set_target(actor):
        require(actor, Permission.MAIL_AUDIT_TARGET_SET)
    wanted = {(one.unit, one.rank, one.due): one for one in targets}
    _check(session, wanted.values())
    rows = {(row.unit, row.rank, row.due): row for row in session.scalars(select(TargetRow).with_for_update())}
    added: list[Target] = []
    changed: list[Target] = []
    for key, target in wanted.items():
        row = rows.get(key)
        if row is not None and row.share == target.share:
            continue
        (added if row is None else changed).append(target)
        if row is None:
            row = TargetRow(unit=target.unit, rank=target.rank, due=target.due)
            session.add(row)
        row.share, row.set_at, row.set_by = target.share, utc_now(), actor.name
    session.flush()
    done = [*added, *changed]
    if done:
        facts = {
            "added": len(added),
            "changed": len(changed),
            "targets": [_named(one) for one in done[:MOST_NAMED]],
        }
        record(session, actor=actor.name, action=AuditAction.TARGETS_SET, subject="targets", facts=facts)
    return TargetChanges(len(added), len(changed), len(wanted) - len(done))


def withdraw_target(session: Session, actor: Actor, *, target_id: int) -> Target:
    """Take a target back; gives what it was. Raises `ForbiddenError` and `TargetNotFoundError`."""
    if not can_set_target(actor):
        require(actor, Permission.MAIL_AUDIT_TARGET_SET)
    row = session.get(TargetRow, target_id, with_for_update=True)
    if row is None:
        raise TargetNotFoundError(target_id)
    target = Target(row.unit, row.rank, row.share, row.due)  # type: ignore[arg-type]  # checked by the table
    session.delete(row)
    session.flush()
    record(
        session,
        actor=actor.name,
        action=AuditAction.TARGET_WITHDRAWN,
        subject="targets",
        facts=_named(target),
    )
    return target


def _named(target: Target) -> dict[str, str | float]:
    return {"unit": target.unit, "rank": target.rank, "share": target.share, "due": target.due.isoformat()}


def _check(session: Session, targets: Iterable[Target]) -> None:
    some = list(targets)
    if len(some) > MOST:
        raise InputError(Text(f"Nhiều nhất {MOST} mục tiêu mỗi lần.", f"At most {MOST} targets at once."))
    if any(not 0 < one.share <= 1 for one in some):
        raise InputError(Text("Mục tiêu phải trên 0 và đến 100 %.", "A target lies above 0 and up to 100%."))
    known = units_for_targets(session)
    for one in some:
        if one.unit != WHOLE_CITY and one.unit not in known:
            raise InputError(
                Text(f"Không có đơn vị “{one.unit}” trong danh bạ.", f"There is no unit “{one.unit}” in the directory.")
            )
