"""Noting that somebody looked at a draft: what changed since then is shown to them the next time."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.errors import DraftNotFoundError
from eoffice.models import DraftRow, LookRow, RemarkRow, RevisionRow
from eoffice.permissions import can_read
from eoffice.services.deciding import note_look
from eoffice.services.rounds import Moment
from eoffice.services.turns import official_of


def look(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> None:
    """Note the latest revision and remark as seen; a first look, and one at something new, is in the trail.

    Raises `DraftNotFoundError` for whoever may not see it.
    """
    draft = session.get(DraftRow, draft_id)
    if draft is None or not can_read(session, actor, draft, today=moment.today):
        raise DraftNotFoundError(draft_id)
    own = official_of(session, actor)
    revision = session.scalar(select(func.max(RevisionRow.number)).where(RevisionRow.draft == draft_id)) or 0
    remark = session.scalar(select(func.max(RemarkRow.id)).where(RemarkRow.draft == draft_id)) or 0
    row = session.get(LookRow, (draft_id, own.id), with_for_update=True)
    if row is not None and (row.revision, row.remark) == (revision, remark):
        return
    first = row is None or row.revision < revision
    if row is None:
        row = LookRow(draft=draft_id, official=own.id, revision=revision, remark=remark, at=moment.now)
        session.add(row)
    row.revision, row.remark, row.at = revision, remark, moment.now
    session.flush()
    note_look(session, actor, draft_id=draft_id, moment=moment)
    if first and draft.drafter != own.id:
        audit.record(
            session, actor=actor.in_trail, action=EofficeAction.DRAFT_LOOKED_AT, subject=f"draft:{draft_id}",
            facts={"revision": revision},
        )  # fmt: skip
