"""Noting that somebody looked at a draft: what changed since then is shown to them the next time."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.models import OfficialRow
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.errors import DraftNotFoundError
from eoffice.models import DraftRow, LookRow, RemarkRow
from eoffice.permissions import as_reader, can_read
from eoffice.services.changes import latest_revision, record
from eoffice.services.deciding import note_look
from eoffice.services.rounds import Moment
from eoffice.services.turns import official_of


def look(
    session: Session, actor: Actor, *, draft_id: int, moment: Moment, shown: tuple[int, int] | None = None
) -> None:
    """Note the latest revision and remark as seen; a first look, and one at something new, is in the trail.

    `shown` are those on the page: what others saved or said since it was made is not seen yet. Raises
    `DraftNotFoundError` for whoever may not see it.
    """
    draft, own, revision = _readable(session, actor, draft_id, moment)
    remark = session.scalar(select(func.max(RemarkRow.id)).where(RemarkRow.draft == draft_id)) or 0
    if shown is not None:
        revision, remark = min(revision, shown[0]), min(remark, shown[1])
    row = session.get(LookRow, (draft_id, own.id), with_for_update=True)
    if row is not None:
        revision, remark = max(revision, row.revision), max(remark, row.remark)
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
        _tell_once(session, actor, draft, revision, moment)


def note_fetched(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> None:
    """Put in the trail that a device keeps the latest revision to be read later, once; seen it is not yet.

    Whoever asks for a page has got it, whatever they say they will do with it. Raises as `look`.
    """
    draft, own, revision = _readable(session, actor, draft_id, moment)
    if draft.drafter != own.id:
        _tell_once(session, actor, draft, revision, moment, kept=True)


def note_read(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> None:
    """Put in the trail, once a revision, that somebody read in a draft elsewhere than on its page.

    In its versions, its files, its story: there nothing says what is new, so for the page it is not seen yet. Raises as
    `look`.
    """
    draft, own, revision = _readable(session, actor, draft_id, moment)
    if draft.drafter != own.id:
        _tell_once(session, actor, draft, revision, moment)


def _tell_once(
    session: Session, actor: Actor, draft: DraftRow, revision: int, moment: Moment, *, kept: bool = False
) -> None:  # fmt: skip
    """An entry in the trail, unless one says so already: that they opened this revision, or (if `kept`) have it."""
    reader = as_reader(session, actor, draft, today=moment.today)
    of_this = (AuditEntry.action == EofficeAction.DRAFT_LOOKED_AT.value, AuditEntry.subject == f"draft:{draft.id}")
    told = session.scalars(select(AuditEntry.facts).where(AuditEntry.actor == reader.in_trail, *of_this))
    if any(facts.get("revision") == revision and (kept or not facts.get("kept")) for facts in told):
        return
    facts = {"revision": revision} | ({"kept": True} if kept else {})
    record(session, reader, EofficeAction.DRAFT_LOOKED_AT, draft, **facts)


def _readable(session: Session, actor: Actor, draft_id: int, moment: Moment) -> tuple[DraftRow, OfficialRow, int]:
    """The draft, who looks, and the number of its latest revision."""
    draft = session.get(DraftRow, draft_id)
    if draft is None or not can_read(session, actor, draft, today=moment.today):
        raise DraftNotFoundError(draft_id)
    return draft, official_of(session, actor), latest_revision(session, draft_id)
