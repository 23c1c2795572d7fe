"""Reports of a campaign's effect: made from what is known then, kept with their inputs, and never changed.

Whoever makes one again of the same inputs gets the one there is. New figures make a new report beside the old ones.
"""

from __future__ import annotations

import hashlib
import json
import math
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.jobs import queue
from core.permissions import SCHEDULER, Actor, Permission, require
from training.actions import TrainingAction
from training.effect import Effect, Panel, measure_effect
from training.effect.measuring import PERMUTATIONS
from training.errors import CampaignNotFoundError, TooEarlyError
from training.models import CampaignRow, EffectReportRow
from training.moments import Moment
from training.queries.effects import EFFECT
from training.queries.panels import DAYS, CampaignPanel, campaign_panel

TASK = "training.report_effect"


def ask_for_effect(session: Session, actor: Actor, *, campaign_id: int) -> int:
    """Have a campaign's effect reported by a worker; the job's id. Raises `ForbiddenError`, `CampaignNotFoundError`."""
    require(actor, Permission.TRAINING_EFFECT_REPORT)
    if session.get(CampaignRow, campaign_id) is None:
        raise CampaignNotFoundError(campaign_id)
    args = {"campaign_id": campaign_id, "by": actor.in_trail}
    return queue(session, TASK, subject=f"campaign:{campaign_id}", args=args).id


def effects_due(session: Session, last: datetime | None, now: datetime) -> dict[str, Any] | None:
    """Whether campaigns have to be looked at: once a day, where there are any."""
    if last is not None and last.date() >= now.date():
        return None
    return {} if session.scalars(_settled().limit(1)).first() is not None else None


def campaigns_to_report(session: Session) -> list[int]:
    """The campaigns whose people were assigned."""
    return list(session.scalars(_settled().order_by(CampaignRow.id)))


def report_effect(
    session: Session, *, campaign_id: int, moment: Moment, by: str = SCHEDULER.name, permutations: int = PERMUTATIONS
) -> int:
    """Report a campaign's effect as far as it is known; the report's id, of an earlier one where nothing is new.

    Raises `CampaignNotFoundError`, `TooEarlyError`. Two at once make one report: the database refuses the second.
    """
    found = campaign_panel(session, campaign_id, today=moment.today)
    inputs = panel_as_json(found)
    digest = digest_of(inputs)
    same = (EffectReportRow.campaign == campaign_id, EffectReportRow.inputs_digest == digest)
    known = session.scalar(select(EffectReportRow.id).where(*same))
    if known is not None:
        return known
    effect = measure_effect(found.panel, permutations=permutations)
    row = EffectReportRow(
        campaign=campaign_id, made_at=moment.now, made_by=by, first_day=found.periods[0][0],
        last_day=found.periods[-1][1], days_each=DAYS, periods=len(found.periods), people=found.panel.people,
        permutations=permutations, seed=None, inputs_digest=digest, panel=inputs, left_out=found.left_out,
        verdict=effect.verdict, label=effect.label, result=EFFECT.dump_python(effect, mode="json"),
    )  # fmt: skip
    session.add(row)
    session.flush()
    facts = {"campaign": campaign_id, "label": effect.label, "verdict": effect.verdict, "inputs": digest}
    audit.record(session, actor=by, action=TrainingAction.EFFECT_REPORTED, subject=f"effect:{row.id}", facts=facts)
    return row.id


def report_if_known(session: Session, *, campaign_id: int, moment: Moment) -> int | None:
    """As `report_effect`; None where it is too early to say anything."""
    try:
        return report_effect(session, campaign_id=campaign_id, moment=moment)
    except TooEarlyError:
        return None


def measured_again(row: EffectReportRow) -> Effect:
    """What the report's own inputs give: whoever doubts a report holds it against this."""
    given = row.panel
    panel = Panel(
        unit=_whole(given["unit"]),
        start=_whole(given["start"]),
        drawn=np.array(given["drawn"], dtype=np.bool_),
        days=np.array([[math.nan if day is None else day for day in days] for days in given["days"]]),
    )
    seed = int(row.seed) if row.seed is not None else None
    return measure_effect(panel, permutations=row.permutations, seed=seed)


def panel_as_json(found: CampaignPanel) -> dict[str, Any]:
    """The panel as plain values: nobody's name, unknown days null."""
    panel = found.panel
    return {
        "first_day": found.periods[0][0].isoformat(),
        "days_each": DAYS,
        "unit": panel.unit.tolist(),
        "start": panel.start.tolist(),
        "drawn": panel.drawn.tolist(),
        "days": [[None if math.isnan(day) else day for day in days] for days in panel.days.tolist()],
    }


def digest_of(inputs: dict[str, Any]) -> str:
    """What names the inputs of a report: the SHA-256 of their JSON, keys in order, without spaces."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _settled() -> Any:
    return select(CampaignRow.id).where(CampaignRow.settled_at.is_not(None))


def _whole(numbers: list[int]) -> Any:
    return np.array(numbers, dtype=np.int64)
