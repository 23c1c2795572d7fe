"""What every change of a draft leaves behind: its time and count, and one entry in the trail."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.models import DraftRow, RevisionRow
from eoffice.services.rounds import Moment


def touch(draft: DraftRow, moment: Moment) -> None:
    """Count a change of a locked draft: a page that was made before it is known to be stale."""
    draft.changed_at, draft.changes = moment.now, draft.changes + 1


def record(session: Session, actor: Actor, action: EofficeAction, draft: DraftRow, **facts: object) -> None:
    """One entry in the trail about a draft; `facts` are names and numbers."""
    audit.record(session, actor=actor.in_trail, action=action, subject=f"draft:{draft.id}", facts=facts)


def latest_revision(session: Session, draft_id: int) -> int:
    """The number of the draft's last revision; 0 where there is none."""
    return session.scalar(select(func.max(RevisionRow.number)).where(RevisionRow.draft == draft_id)) or 0
