"""Looks at whom rules pick, with their figures: in the trail once a day for whoever is shown them by name."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from core.audit.looks import record_look
from core.permissions import Actor
from training.actions import TrainingAction


def show_preview(session: Session, actor: Actor, *, rule_id: int, day: date) -> None:
    """Note that `actor` is shown whom a rule would pick."""
    action, subject = TrainingAction.RULE_TRIED, f"training_rule:{rule_id}"
    record_look(session, actor=actor.in_trail, action=action, subject=subject, day=day, facts={})


def show_list(session: Session, actor: Actor, *, campaign_id: int, day: date) -> None:
    """Note that `actor` is shown who is on a list."""
    action, subject = TrainingAction.CAMPAIGN_LOOKED_AT, f"training_campaign:{campaign_id}"
    record_look(session, actor=actor.in_trail, action=action, subject=subject, day=day, facts={})


def show_exemptions(session: Session, actor: Actor, *, day: date) -> None:
    """Note that `actor` is shown who is exempt, and why."""
    action = TrainingAction.EXEMPTIONS_LISTED
    record_look(session, actor=actor.in_trail, action=action, subject="exemptions", day=day, facts={})
