"""Looks at who learns what, and why: in the trail once a day for whoever is shown others by name."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from core.audit.looks import record_look
from core.permissions import Actor
from training.actions import TrainingAction


def look_at_following(session: Session, actor: Actor, *, unit: str | None, day: date) -> None:
    """Note that `actor` is shown the assignments of people: of a unit, or (None) of everybody in reach."""
    facts = {} if unit is None else {"unit": unit}
    action = TrainingAction.FOLLOWING_LOOKED_AT
    record_look(session, actor=actor.in_trail, action=action, subject="training", day=day, facts=facts)
