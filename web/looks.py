"""Who looked at whose figures: a line in the audit trail each time somebody opens an official's page."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from core import audit
from web import auth


class LookAction(StrEnum):
    """What the trail calls it."""

    OFFICIAL = "mail_audit:official:look"


def record(session: Session, *, audit_id: int, official_id: str, day: date | None = None) -> None:
    """Note that the actor of this request looks at an official's figures (or the lines of one day)."""
    facts = {"audit": audit_id} | ({"day": day.isoformat()} if day else {})
    audit.record(
        session,
        actor=auth.required().name,
        action=LookAction.OFFICIAL,
        subject=f"official:{official_id}",
        facts=facts,
    )
