"""The revisions of a draft, the difference between two of them, and the files that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.directory.models import OfficialRow
from core.permissions import Actor
from eoffice.errors import DraftNotFoundError
from eoffice.models import AttachmentRow, DraftLink, DraftRow, RevisionRow
from eoffice.permissions import can_read, readable
from eoffice.writing import ChangedPassage, Written, redline


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One saved state; `acting_for` whom its author acted for, `file_name` where it is an uploaded file.

    `merged` where two people's changes came together.
    """

    number: int
    author: str
    at: datetime
    base: int | None
    merged: bool
    file_name: str | None
    acting_for: str | None = None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that is attached."""

    attachment_id: int
    name: str
    size: int
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A document it has to do with: `other` is its key where it is one here that the reader may see."""

    link_id: int
    kind: str
    words: str
    other: int | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is needed to hand a file out."""

    name: str
    media_type: str
    digest: str


def revisions(session: Session, actor: Actor, *, draft_id: int, today: date) -> list[RevisionLine]:
    """All revisions, the last first. Raises `DraftNotFoundError`."""
    _seen(session, actor, draft_id, today)
    principal = aliased(OfficialRow)
    wanted = (
        select(RevisionRow, OfficialRow.name, principal.name)
        .join(OfficialRow, OfficialRow.id == RevisionRow.author)
        .outerjoin(principal, principal.id == RevisionRow.acting_for)
        .where(RevisionRow.draft == draft_id)
        .order_by(RevisionRow.number.desc())
    )
    return [
        RevisionLine(row.number, name, row.at, row.base, row.merged, row.file_name, acting_for)
        for row, name, acting_for in session.execute(wanted)
    ]


def difference(
    session: Session, actor: Actor, *, draft_id: int, old: int, new: int, today: date
) -> tuple[ChangedPassage, ...]:
    """Every passage of revision `old` and `new`, marked. Raises `DraftNotFoundError`, also for unknown revisions."""
    _seen(session, actor, draft_id, today)
    return redline(_text(session, draft_id, old), _text(session, draft_id, new))


def uploaded_file(session: Session, actor: Actor, *, draft_id: int, number: int, today: date) -> StoredFile:
    """The original of a revision that was uploaded. Raises `DraftNotFoundError`, also where there is none."""
    _seen(session, actor, draft_id, today)
    wanted = select(RevisionRow).where(RevisionRow.draft == draft_id, RevisionRow.number == number)
    row = session.scalars(wanted).first()
    if row is None or row.file_digest is None or row.file_name is None:
        raise DraftNotFoundError(draft_id)
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return StoredFile(row.file_name, media_type, row.file_digest)


def attachments(session: Session, actor: Actor, *, draft_id: int, today: date) -> list[Enclosed]:
    """The files attached now, the first first. Raises `DraftNotFoundError`."""
    _seen(session, actor, draft_id, today)
    wanted = (
        select(AttachmentRow, OfficialRow.name)
        .join(OfficialRow, OfficialRow.id == AttachmentRow.added_by)
        .where(AttachmentRow.draft == draft_id, AttachmentRow.removed_at.is_(None))
        .order_by(AttachmentRow.id)
    )
    return [Enclosed(row.id, row.name, row.size, row.added_at, name) for row, name in session.execute(wanted)]


def attached_file(session: Session, actor: Actor, *, draft_id: int, attachment_id: int, today: date) -> StoredFile:
    """An attachment, to hand it out. Raises `DraftNotFoundError`, also for one that was taken away."""
    _seen(session, actor, draft_id, today)
    row = session.get(AttachmentRow, attachment_id)
    if row is None or row.draft != draft_id or row.removed_at is not None:
        raise DraftNotFoundError(draft_id)
    return StoredFile(row.name, row.media_type, row.digest)


def links(session: Session, actor: Actor, *, draft_id: int, today: date) -> list[Linked]:
    """What it is linked to; of a document that is not the reader's to see only that there is one.

    Raises `DraftNotFoundError`.
    """
    _seen(session, actor, draft_id, today)
    titles = select(DraftRow.id, DraftRow.title).where(readable(session, actor, today=today)).subquery()
    wanted = (
        select(DraftLink, titles.c.title)
        .outerjoin(titles, titles.c.id == DraftLink.other)
        .where(DraftLink.draft == draft_id)
        .order_by(DraftLink.id)
    )
    return [
        Linked(row.id, row.kind, row.named or title or "", row.other if title is not None else None)
        for row, title in session.execute(wanted)
    ]


def _seen(session: Session, actor: Actor, draft_id: int, today: date) -> None:
    draft = session.get(DraftRow, draft_id)
    if draft is None or not can_read(session, actor, draft, today=today):
        raise DraftNotFoundError(draft_id)


def _text(session: Session, draft_id: int, number: int) -> Written:
    wanted = select(RevisionRow.content).where(RevisionRow.draft == draft_id, RevisionRow.number == number)
    content = session.scalars(wanted).first()
    if content is None:
        raise DraftNotFoundError(draft_id)
    return Written.of_json(content)
