"""Remarks: made on a passage or on the whole, answered by others, resolved by the author; never changed.

Whoever may see a draft may remark on it. A remark holds the words it is about, so that it is found again after the text
has changed (`eoffice.writing.found_again`).
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.queries import official_row
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.errors import DraftNotFoundError, MoveError
from eoffice.models import DraftRow, RemarkRow
from eoffice.permissions import as_reader, as_writer, can_change, can_read
from eoffice.services import notices, rounds
from eoffice.services.changes import record
from eoffice.services.deciding import checked_remark
from eoffice.services.drafting import revision_row
from eoffice.services.rounds import Moment
from eoffice.services.turns import official_of
from eoffice.writing import Anchor, Written

LONGEST_QUOTE = 1_000


def remark(
    session: Session, actor: Actor, *, draft_id: int, text: str, moment: Moment, revision: int | None = None,
    passage: str | None = None, quote: str = "", parent: int | None = None, via: str = "web",
) -> int:  # fmt: skip
    """Remark on a draft: on the whole, on a `passage` of the `revision` that was read, on the words `quote` in it.

    `parent` is the remark it answers. The same words said twice by the same person (a double click) are one remark.
    Returns its key. Raises `DraftNotFoundError`, `MoveError` (nothing said, words that are not there), `SecretError`,
    `StaleDraftError` for a revision that does not exist.
    """
    draft, actor = _readable(session, actor, draft_id, moment)
    if draft.state == "withdrawn":
        raise MoveError("Văn bản này đã thôi soạn.", "This draft was given up.")
    said, number = checked_remark(text), revision_row(session, draft_id, revision).number
    anchor = None if passage is None else _anchor(session, draft_id, number, passage, " ".join(quote.split()))
    answered = None if parent is None else _first_of(_of_draft(session, draft_id, parent))
    own = official_of(session, actor)
    row = RemarkRow(
        draft=draft_id, revision=number, author=own.id, at=moment.now, text=said, parent=answered, via=via,
        acting_for=_principal(session, actor),
        block_id=anchor and anchor.passage, quote=anchor and anchor.quote,
        begin_at=anchor and anchor.start, end_at=anchor and anchor.end,
    )  # fmt: skip
    if (before := _just_said(session, row)) is not None:
        return before
    session.add(row)
    draft.changes += 1
    session.flush()
    record(
        session, actor, EofficeAction.REMARK_MADE, draft,
        remark=row.id, revision=number, answers=answered, via=via, anchored=anchor is not None,
    )  # fmt: skip
    notices.remarked(session, draft, own, moment)
    return row.id


def resolve(session: Session, actor: Actor, *, draft_id: int, remark_id: int, moment: Moment) -> None:
    """Note that a remark is dealt with: by whoever writes the draft, or by who made it; again changes nothing.

    Raises `DraftNotFoundError` (also for a remark that is not there), `MoveError` for anybody else.
    """
    draft, actor, row = _to_settle(session, actor, draft_id, remark_id, moment)
    if row.resolved_at is not None:
        return
    row.resolved_at, row.resolved_by = moment.now, official_of(session, actor).id
    draft.changes += 1
    session.flush()
    record(session, actor, EofficeAction.REMARK_RESOLVED, draft, remark=remark_id)


def reopen(session: Session, actor: Actor, *, draft_id: int, remark_id: int, moment: Moment) -> None:
    """Take back that a remark is dealt with. Raises as `resolve`."""
    draft, actor, row = _to_settle(session, actor, draft_id, remark_id, moment)
    if row.resolved_at is None:
        return
    row.resolved_at = row.resolved_by = None
    draft.changes += 1
    session.flush()
    record(session, actor, EofficeAction.REMARK_REOPENED, draft, remark=remark_id)


def _readable(session: Session, actor: Actor, draft_id: int, moment: Moment) -> tuple[DraftRow, Actor]:
    """The locked draft, and the actor as the trail names them."""
    draft = rounds.locked(session, draft_id)
    if not can_read(session, actor, draft, today=moment.today):
        raise DraftNotFoundError(draft_id)
    return draft, as_reader(session, actor, draft, today=moment.today)


def _to_settle(
    session: Session, actor: Actor, draft_id: int, remark_id: int, moment: Moment
) -> tuple[DraftRow, Actor, RemarkRow]:
    draft, reader = _readable(session, actor, draft_id, moment)
    row = _of_draft(session, draft_id, remark_id)
    if row.author == official_of(session, actor).id:
        return draft, reader, row
    if not can_change(session, actor, draft, today=moment.today):
        raise MoveError(
            "Chỉ người soạn hoặc người góp ý đánh dấu được là đã xử lý.",
            "Only the author of the draft or of the remark settles it.",
        )
    return draft, as_writer(session, actor, draft), row


def _anchor(session: Session, draft_id: int, number: int, passage: str, quote: str) -> Anchor:
    """Where in the revision that was read it stands; without `quote` the whole passage, whose beginning is kept."""
    content = Written.of_json(revision_row(session, draft_id, number).content)
    found = content.passage(passage)
    if found is None or not found.text.strip():
        raise MoveError("Không còn đoạn này; hãy mở lại trang.", "That passage is not there; open the page again.")
    if not quote:
        return Anchor(passage, found.text[:LONGEST_QUOTE])
    start = found.text.find(quote)
    if start < 0 or len(quote) > LONGEST_QUOTE:
        raise MoveError(
            "Đoạn không có đúng những chữ được trích; hãy chép lại nguyên văn.",
            "The passage does not have just these words; please copy them as they stand.",
        )
    return Anchor(passage, quote, start, start + len(quote))


def _of_draft(session: Session, draft_id: int, remark_id: int) -> RemarkRow:
    row = session.get(RemarkRow, remark_id)
    if row is None or row.draft != draft_id:
        raise DraftNotFoundError(draft_id)
    return row


def _first_of(remark_row: RemarkRow) -> int:
    """Answers stand below the remark that began it: an answer to an answer answers that one."""
    return remark_row.id if remark_row.parent is None else remark_row.parent


def _principal(session: Session, actor: Actor) -> int | None:
    row = None if actor.acting_for is None else official_row(session, actor.acting_for)
    return None if row is None else row.id


def _just_said(session: Session, row: RemarkRow) -> int | None:
    """The last remark on the draft, where it is this very one."""
    wanted = select(RemarkRow).where(RemarkRow.draft == row.draft).order_by(RemarkRow.id.desc()).limit(1)
    last = session.scalars(wanted).first()
    if last is None or last.resolved_at is not None:
        return None
    same = all(
        getattr(last, name) == getattr(row, name)
        for name in ("author", "text", "parent", "block_id", "quote", "begin_at", "revision")
    )
    return last.id if same else None
