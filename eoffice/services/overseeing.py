"""Looks at lists of people: whose turns are late, who uses the e-office how; in the trail once a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from core.audit.looks import record_look
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.queries.board import UnitBoard
from eoffice.queries.use import UsePeriod


def look_at_use(session: Session, actor: Actor, *, period: UsePeriod, day: date) -> None:
    """Note that `actor` is shown people's use by name."""
    facts = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    record_look(session, actor=actor.in_trail, action=EofficeAction.USE_LISTED, subject="use", day=day, facts=facts)


def look_at_board(session: Session, actor: Actor, *, units: Sequence[UnitBoard], day: date) -> None:
    """Note that `actor` is shown who is late in the units they lead; nothing where nobody is."""
    if any(one.lines for one in units):
        action = EofficeAction.BOARD_LOOKED_AT
        record_look(session, actor=actor.in_trail, action=action, subject="overdue", day=day)
