"""Exemptions: somebody need not do a course, or any, for a while. What they had still to do is excused with it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.directory.models import OfficialRow
from core.directory.queries import official_row, unit_keys_of
from core.permissions import Actor, Permission, require
from training.actions import TrainingAction
from training.errors import AssigningError, ExemptionNotFoundError
from training.models import STILL_OPEN, AssignmentRow, ExemptionRow
from training.moments import Moment
from training.permissions import can_exempt
from training.services.announcing import hush
from training.services.assigning import check_course, checked_reason, stranger

LONGEST = timedelta(days=731)
"""An exemption ends; one that should last for ever is said again."""


def record_exemption(
    session: Session, actor: Actor, *, official_id: str, course_key: str | None, reason: str, first: date, last: date,
    moment: Moment,
) -> int:  # fmt: skip
    """Exempt an official (by number) from a course, or from all (None), from `first` to `last`; its id.

    Where it holds today, what they had still to do of it is excused. Raises `ForbiddenError`, and `AssigningError` for
    an official who is not in reach (or oneself), days that cannot be, a course that is none, or no reason.
    """
    require(actor, Permission.TRAINING_EXEMPTION_RECORD)
    official = official_row(session, official_id.strip())
    if (
        official is None
        or official.gone_at is not None
        or not can_exempt(actor, official.official_id, unit_keys_of(session, official.id))
    ):
        raise stranger(official_id)
    if course_key is not None:
        check_course(session, course_key)
    if last < first or last < moment.today:
        raise AssigningError(
            "Ngày cuối phải từ hôm nay trở đi và không trước ngày đầu.",
            "The last day must be today or later, and not before the first.",
        )
    if last - first > LONGEST or first < moment.today - LONGEST:
        raise AssigningError("Miễn nhiều nhất hai năm một lần.", "An exemption lasts two years at most.")
    row = ExemptionRow(
        official=official.id, course_key=course_key, reason=checked_reason(reason), first_day=first, last_day=last,
        recorded_at=moment.now, recorded_by=actor.in_trail,
    )  # fmt: skip
    session.add(row)
    session.flush()
    excused = _excuse(session, actor, row, moment) if first <= moment.today else 0
    facts: dict[str, str | int | None] = {"official": official.official_id, "course": course_key}
    facts |= {"first": first.isoformat(), "last": last.isoformat(), "excused": excused}
    _record(session, actor, TrainingAction.EXEMPTION_RECORDED, row.id, facts)
    return row.id


def end_exemption(session: Session, actor: Actor, *, exemption_id: int, moment: Moment) -> None:
    """It holds no more from now on; what was excused stays so, and rules may pick the official again.

    Raises `ForbiddenError`, `ExemptionNotFoundError`. Ending it again changes nothing.
    """
    require(actor, Permission.TRAINING_EXEMPTION_RECORD)
    wanted = select(ExemptionRow).where(ExemptionRow.id == exemption_id).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise ExemptionNotFoundError(exemption_id)
    official = session.get_one(OfficialRow, row.official)
    if not can_exempt(actor, official.official_id, unit_keys_of(session, official.id)):
        raise ExemptionNotFoundError(exemption_id)
    if row.ended_at is None:
        row.ended_at, row.ended_by = moment.now, actor.in_trail
        row.last_day = max(row.first_day, min(row.last_day, moment.today - timedelta(days=1)))
        session.flush()
        _record(session, actor, TrainingAction.EXEMPTION_ENDED, row.id, {"official": official.official_id})


def excuse_exempted(session: Session, actor: Actor, *, moment: Moment) -> int:
    """Excuse what is still to be done by those whose exemption has begun since; how many assignments."""
    wanted = select(ExemptionRow).where(
        ExemptionRow.ended_at.is_(None), ExemptionRow.first_day <= moment.today, ExemptionRow.last_day >= moment.today
    )
    excused: Counter[int] = Counter()
    for row in session.scalars(wanted.order_by(ExemptionRow.id)):
        excused[row.id] += _excuse(session, actor, row, moment)
    for exemption, number in excused.items():
        if number:
            _record(session, actor, TrainingAction.EXEMPTION_BEGUN, exemption, {"excused": number})
    return excused.total()


def _excuse(session: Session, actor: Actor, exemption: ExemptionRow, moment: Moment) -> int:
    wanted = select(AssignmentRow).where(
        AssignmentRow.official == exemption.official, AssignmentRow.state.in_(STILL_OPEN)
    )
    if exemption.course_key is not None:
        wanted = wanted.where(AssignmentRow.course_key == exemption.course_key)
    locked = wanted.order_by(AssignmentRow.id).with_for_update().execution_options(populate_existing=True)
    rows = session.scalars(locked).all()
    for row in rows:
        row.state, row.ended_at, row.ended_by = "excused", moment.now, actor.in_trail
        row.ended_why = exemption.reason
    session.flush()
    hush(session, [row.id for row in rows])
    return len(rows)


def _record(
    session: Session, actor: Actor, action: TrainingAction, exemption: int, facts: dict[str, str | int | None]
) -> None:
    audit.record(session, actor=actor.in_trail, action=action, subject=f"training_exemption:{exemption}", facts=facts)
