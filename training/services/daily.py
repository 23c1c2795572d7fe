"""What assigning does by itself, once a day: waves begin, exemptions that begin excuse, active rules are applied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of, unit_of_work
from core.errors import ConflictError
from core.jobs import Run
from core.permissions import SCHEDULER
from mail_audit.queries.running import is_being_measured
from training.models import AssignmentRow, ExemptionRow, RuleRow
from training.moments import Moment
from training.services import assigning, campaigns, exempting

Part = Callable[..., object]
EARLIEST = time(5, 30)
"""Before reminders are looked at, and before the day's mail is made."""


def assigning_due(session: Session, last: datetime | None, now: datetime) -> dict[str, Any] | None:
    """Whether it is time: once a day in the morning, not while logs that were collected still wait to be measured."""
    here = now.astimezone(ZoneInfo(settings_of(session).timezone))
    if here.time() < EARLIEST or (last is not None and last.astimezone(here.tzinfo).date() >= here.date()):
        return None
    active = select(RuleRow.id).where(RuleRow.activated_at.is_not(None), RuleRow.retired_at.is_(None))
    if session.scalars(active.limit(1)).first() is not None:
        return None if is_being_measured(session, today=here.date()) else {}
    begins = select(AssignmentRow.id).where(AssignmentRow.state == "waiting", AssignmentRow.starts_on <= here.date())
    exempt = select(ExemptionRow.id).where(
        ExemptionRow.ended_at.is_(None), ExemptionRow.first_day <= here.date(), ExemptionRow.last_day >= here.date()
    )
    waits = any(session.scalars(one.limit(1)).first() is not None for one in (begins, exempt))
    return {} if waits else None


def assign_daily(run: Run, *, moment: Moment) -> None:
    """The day's work, each part in a transaction of its own: killed between them and run again, the rest is done."""
    parts = (assigning.begin_waves, exempting.excuse_exempted, campaigns.apply_rules)
    for number, part in enumerate(parts):
        _do(run, part, moment)
        run.progress(number + 1, len(parts))


def _do(run: Run, part: Part, moment: Moment, tries: int = 3) -> None:
    """One part, and again where somebody else changed the same in between: what they did is then seen."""
    try:
        with unit_of_work(run.settings) as session:
            part(session, SCHEDULER, moment=moment)
            run.confirm(session)
    except ConflictError:
        if tries == 1:
            raise
        _do(run, part, moment, tries - 1)
