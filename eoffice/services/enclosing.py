"""What goes with a draft: files attached to it, and links to the documents it has to do with."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.permissions import Actor
from core.store import Store
from eoffice.actions import EofficeAction
from eoffice.errors import DraftNotFoundError, MoveError
from eoffice.files import FileKind, keep, kind_of, readable_words, safe_name
from eoffice.models import AttachmentRow, DraftLink, DraftRow
from eoffice.models.drafts import LINK_KINDS
from eoffice.permissions import can_read
from eoffice.services.changes import record, touch
from eoffice.services.drafting import changeable, writable
from eoffice.services.rounds import Moment
from eoffice.services.turns import official_of
from eoffice.writing.secrecy import refuse_secrets

MOST_ATTACHMENTS = 50
MOST_LINKS = 50
LONGEST_NAMED = 300


def attach(
    session: Session, actor: Actor, *, store: Store, draft_id: int, name: str, content: bytes, moment: Moment
) -> int:
    """Attach a file; the same file under the same name is attached once. Returns the attachment's key.

    Raises `DraftNotFoundError`, `MoveError` where the draft cannot be changed now or has too many, `DocumentFileError`
    for what is not taken, `SecretError` for what bears a level in its name or its words, as far as they can be read.
    """
    changeable(session, actor, draft_id=draft_id, moment=moment)
    kind, shown = _looked_at(name, content)  # takes its time, so before anything is locked
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    return _kept(session, actor, draft, store, kind, shown, content, moment)


def enclose(
    session: Session, actor: Actor, draft: DraftRow, *, store: Store, name: str, content: bytes, moment: Moment
) -> int:
    """Attach a file that comes with a decision or an opinion, while the draft is with somebody else than its author.

    Whoever calls holds the draft's lock and has seen whose turn it is. Returns and raises as `attach`.
    """
    kind, shown = _looked_at(name, content)
    return _kept(session, actor, draft, store, kind, shown, content, moment)


def _looked_at(name: str, content: bytes) -> tuple[FileKind, str]:
    """The kind and the name of a file that may be kept."""
    kind, shown = kind_of(name, content), safe_name(name)
    refuse_secrets(shown.rpartition(".")[0])
    refuse_secrets(readable_words(kind, content))
    return kind, shown


def _kept(
    session: Session, actor: Actor, draft: DraftRow, store: Store, kind: FileKind, shown: str, content: bytes,
    moment: Moment,
) -> int:  # fmt: skip
    digest, draft_id = keep(store, content), draft.id
    there = select(AttachmentRow).where(AttachmentRow.draft == draft_id, AttachmentRow.removed_at.is_(None))
    same = session.scalars(there.where(AttachmentRow.digest == digest, AttachmentRow.name == shown)).first()
    if same is not None:
        return same.id
    if (session.scalar(select(func.count()).select_from(there.subquery())) or 0) >= MOST_ATTACHMENTS:
        raise MoveError(
            f"Nhiều nhất {MOST_ATTACHMENTS} tệp đính kèm.", f"There can be at most {MOST_ATTACHMENTS} attachments."
        )
    row = AttachmentRow(
        draft=draft_id, name=shown, media_type=kind.media_type, size=len(content), digest=digest, added_at=moment.now,
        added_by=official_of(session, actor).id,
    )  # fmt: skip
    session.add(row)
    touch(draft, moment)
    session.flush()
    record(session, actor, EofficeAction.ATTACHMENT_ADDED, draft, attachment=row.id, file=digest, size=len(content))
    return row.id


def remove_attachment(session: Session, actor: Actor, *, draft_id: int, attachment_id: int, moment: Moment) -> None:
    """Take an attachment away; it is kept with who took it away. Taken away already: nothing happens.

    Raises `DraftNotFoundError`, `MoveError`.
    """
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    row = _attachment(session, draft_id, attachment_id)
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_by = moment.now, official_of(session, actor).id
    touch(draft, moment)
    session.flush()
    record(session, actor, EofficeAction.ATTACHMENT_REMOVED, draft, attachment=attachment_id)


def restore_attachment(session: Session, actor: Actor, *, draft_id: int, attachment_id: int, moment: Moment) -> None:
    """Put an attachment back that was taken away. Raises as `remove_attachment`."""
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    row = _attachment(session, draft_id, attachment_id)
    if row.removed_at is None:
        return
    row.removed_at = row.removed_by = None
    touch(draft, moment)
    session.flush()
    record(session, actor, EofficeAction.ATTACHMENT_ADDED, draft, attachment=attachment_id, file=row.digest, again=True)


def link(
    session: Session, actor: Actor, *, draft_id: int, kind: str, moment: Moment, other: int | None = None,
    named: str = "",
) -> int:  # fmt: skip
    """Link a draft to another document: one here (`other`) that the actor may see, or one `named` by its number.

    The same link is made once. Raises `DraftNotFoundError` (also for an `other` that is not the actor's to see),
    `MoveError`, `SecretError`.
    """
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    said = " ".join(named.split())
    if kind not in LINK_KINDS or (other is None) == (not said) or len(said) > LONGEST_NAMED or other == draft_id:
        raise MoveError(
            "Hãy chọn quan hệ và ghi số, ký hiệu của văn bản liên quan.",
            "Choose how it is related and write the number of the other document.",
        )
    refuse_secrets(said)
    if other is not None:
        row = session.get(DraftRow, other)
        if row is None or not can_read(session, actor, row, today=moment.today):
            raise DraftNotFoundError(other)
    links = list(session.scalars(select(DraftLink).where(DraftLink.draft == draft_id)))
    for one in links:
        if (one.kind, one.other, one.named) == (kind, other, said or None):
            return one.id
    if len(links) >= MOST_LINKS:
        raise MoveError(f"Nhiều nhất {MOST_LINKS} liên kết.", f"There can be at most {MOST_LINKS} links.")
    made = DraftLink(
        draft=draft_id, kind=kind, other=other, named=said or None, added_at=moment.now,
        added_by=official_of(session, actor).id,
    )  # fmt: skip
    session.add(made)
    touch(draft, moment)
    session.flush()
    record(session, actor, EofficeAction.DRAFT_LINKED, draft, link=made.id, kind=kind, other=other)
    return made.id


def unlink(session: Session, actor: Actor, *, draft_id: int, link_id: int, moment: Moment) -> None:
    """Take a link away; one that is gone stays gone. Raises `DraftNotFoundError`, `MoveError`."""
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    row = session.get(DraftLink, link_id)
    if row is None or row.draft != draft_id:
        return
    facts = {"link": link_id, "kind": row.kind, "other": row.other}
    session.delete(row)
    touch(draft, moment)
    session.flush()
    record(session, actor, EofficeAction.DRAFT_UNLINKED, draft, **facts)


def _attachment(session: Session, draft_id: int, attachment_id: int) -> AttachmentRow:
    row = session.get(AttachmentRow, attachment_id)
    if row is None or row.draft != draft_id:
        raise DraftNotFoundError(draft_id)
    return row
