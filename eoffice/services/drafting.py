"""Writing drafts: begun from a template of the rule set, saved as revisions, two people's changes put together."""

from __future__ import annotations

import hashlib
import json
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, UnitRow
from core.directory.queries import main_unit
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.documents import ruleset, structured
from eoffice.errors import DraftNotFoundError, MoveError, StaleDraftError
from eoffice.models import DraftRow, RevisionRow
from eoffice.models.drafts import URGENCIES
from eoffice.permissions import as_writer, can_change
from eoffice.services import rounds
from eoffice.services.changes import latest_revision, record, touch
from eoffice.services.rounds import Moment
from eoffice.services.turns import official_of
from eoffice.writing import Passage, Written, merge
from eoffice.writing.merging import merged_words
from eoffice.writing.secrecy import refuse_secrets

LONGEST_TITLE = 500
"""As the field `Subject` of Decree 30/2020, appendix VI."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The revision that a save made, or the one that said the same already; passages where both wrote at once."""

    revision: int
    both: tuple[str, ...] = ()
    merged: bool = False
    _: KW_ONLY
    title: str
    """The subject as it is now."""


def create_draft(
    session: Session, actor: Actor, *, kind: str, title: str, moment: Moment, urgency: str = "normal",
    due: date | None = None,
) -> int:  # fmt: skip
    """Begin a draft of a document type in the actor's own unit; its first revision has the type's parts.

    Raises `MoveError` for an unknown type or urgency or a title that is missing or too long, `SecretError`.
    """
    draft = begin(session, actor, source="text", kind=kind, title=title, urgency=urgency, due=due, moment=moment)
    add_revision(session, draft, draft.drafter, begun_text(session, draft, kind, moment), moment, base=None)
    record(session, actor, EofficeAction.DRAFT_CREATED, draft, type=kind)
    return draft.id


def begun_text(session: Session, draft: DraftRow, kind: str, moment: Moment) -> Written:
    """What the draft's text begins with as one of that type: the type's parts, some with what is known already."""
    begun = structured.new_draft(kind, ruleset.load(moment.today))
    own_words = _own_words(session, draft)
    return Written(kind, tuple(Passage(one.id, one.role, own_words.get(one.role, one.text)) for one in begun.blocks))


def _own_words(session: Session, draft: DraftRow) -> dict[str, str]:
    """What the parts of a new draft say that is known already: its subject, and who issues it."""
    unit = session.get(UnitRow, draft.unit)
    subject = draft.title if draft.title.casefold().startswith("v/v") else f"V/v {draft.title}"
    known = {"reference": subject, "subject": draft.title, "issuer": "" if unit is None else unit.name.upper()}
    return {role: words for role, words in known.items() if words}


def take_up(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> None:
    """Go on with a draft that was given up; one that was not stays as it is.

    Raises `DraftNotFoundError` for whoever may not write in it.
    """
    draft = rounds.locked(session, draft_id)
    if not can_change(session, actor, draft, today=moment.today):
        raise DraftNotFoundError(draft_id)
    if draft.state != "withdrawn":
        return
    draft.state, draft.withdrawn_at = "drafting", None
    touch(draft, moment)
    session.flush()
    record(session, as_writer(session, actor, draft), EofficeAction.DRAFT_TAKEN_UP, draft)


def begin(
    session: Session, actor: Actor, *, source: str, kind: str, title: str, urgency: str, due: date | None,
    moment: Moment,
) -> DraftRow:  # fmt: skip
    """The row of a new draft, without a revision yet. Raises as `create_draft`."""
    own = official_of(session, actor)
    check_kind(kind, urgency, moment)
    draft = DraftRow(
        type=kind, title=checked_title(title), unit=_unit(session, own, moment.today), drafter=own.id, source=source,
        urgency=urgency, due=due, created_at=moment.now, changed_at=moment.now,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def check_kind(kind: str, urgency: str, moment: Moment) -> None:
    """Raises `MoveError` for an unknown type or urgency."""
    if not kind or kind not in ruleset.load(moment.today).types:
        raise MoveError("Hãy chọn loại văn bản.", "Please choose the type of document.")
    if urgency not in URGENCIES:
        raise MoveError("Không có mức độ khẩn này.", "There is no such urgency.")


def save(
    session: Session, actor: Actor, *, draft_id: int, base: int, passages: tuple[Passage, ...], moment: Moment,
    title: str | None = None, seen_title: str | None = None,
) -> Saved:  # fmt: skip
    """Save what somebody wrote from revision `base`; what others saved meanwhile stays in the text as well.

    So it is with the subject, where `seen_title` says what it was when they began. Saying nothing new makes no
    revision. Raises `DraftNotFoundError`, `MoveError` where it cannot be changed now, `StaleDraftError` for a base that
    does not exist, `SecretError` for what must not be written on a network.
    """
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    if draft.source != "text":
        raise MoveError(
            "Văn bản này là tệp Word: hãy tải tệp đã sửa lên.", "This is a Word file: upload the changed file."
        )
    own = official_of(session, actor)
    latest = revision_row(session, draft_id)
    begun = revision_row(session, draft_id, base)
    mine = Written(draft.type, checked(passages))
    refuse_secrets(mine.plain)
    result = merge(Written.of_json(begun.content), Written.of_json(latest.content), mine)
    before = draft.title
    draft.title = before if title is None else renamed(draft, title, seen_title)
    if result.text == Written.of_json(latest.content):
        if draft.title != before:
            touch(draft, moment)
            record(session, actor, EofficeAction.DRAFT_DESCRIBED, draft, changed=["title"])
        return Saved(latest.number, result.both, title=draft.title)
    merged = begun.number != latest.number
    number = add_revision(session, draft, own.id, result.text, moment, base=begun.number, merged=merged)
    record(
        session, actor, EofficeAction.DRAFT_SAVED, draft,
        revision=number, base=base, both=len(result.both), renamed=draft.title != before,
    )  # fmt: skip
    return Saved(number, result.both, merged, title=draft.title)


def renamed(draft: DraftRow, title: str, seen: str | None) -> str:
    """The subject that was typed, with what others made of it since it was `seen` (None: as it is now).

    Raises as `checked_title`.
    """
    before = draft.title if seen is None else " ".join(seen.split())
    return checked_title(merged_words(before, draft.title, checked_title(title))[0])


def writable(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> tuple[DraftRow, Actor]:
    """The locked draft, where the actor may change it and it is with its author; the actor as the trail names them.

    Raises `DraftNotFoundError`, and `MoveError` where it is with somebody else, approved or given up.
    """
    rounds.locked(session, draft_id)
    return changeable(session, actor, draft_id=draft_id, moment=moment)


def changeable(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> tuple[DraftRow, Actor]:
    """The draft as `writable` gives it, but not locked: to ask before work that takes its time. Raises the same."""
    draft = session.get(DraftRow, draft_id)
    if draft is None or not can_change(session, actor, draft, today=moment.today):
        raise DraftNotFoundError(draft_id)
    if draft.state not in {"drafting", "returned"}:
        raise MoveError(
            "Văn bản đang ở người khác hoặc đã xong nên không sửa được lúc này.",
            "It is with somebody else, or done, and cannot be changed now.",
        )
    return draft, as_writer(session, actor, draft)


def checked(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """The passages as they may be kept: ids once, within bounds, without signs that no page can show."""
    seen: set[str] = set()
    if len(passages) > 2_000:
        raise MoveError("Văn bản có quá nhiều đoạn.", "The text has too many passages.")
    for one in passages:
        if not 0 < len(one.id) <= 64 or one.id in seen:
            raise MoveError("Trang soạn thảo bị lỗi; hãy mở lại.", "The page of the text is broken; open it again.")
        if len(one.text) > 100_000:
            raise MoveError("Một đoạn dài quá 100.000 ký tự.", "A passage is longer than 100,000 signs.")
        seen.add(one.id)
    return passages


def checked_title(text: str) -> str:
    """The subject as it may be kept. Raises `MoveError`, `SecretError`."""
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_TITLE:
        raise MoveError(
            f"Trích yếu cần từ 1 đến {LONGEST_TITLE} ký tự.", f"The subject needs from 1 to {LONGEST_TITLE} signs."
        )
    refuse_secrets(said)
    return said


def _unit(session: Session, own: OfficialRow, today: date) -> int:
    """The unit of the official's main post of today. Raises `MoveError` for somebody without a post."""
    found = main_unit(session, own.id, today)
    if found is None:
        raise MoveError("Ông/Bà chưa có chức vụ trong danh bạ.", "The directory knows no post of yours.")
    return found


def revision_row(session: Session, draft_id: int, number: int | None = None) -> RevisionRow:
    """A revision by its number, or the last. Raises `StaleDraftError` where there is none."""
    wanted = select(RevisionRow).where(RevisionRow.draft == draft_id).order_by(RevisionRow.number.desc()).limit(1)
    if number is not None:
        wanted = wanted.where(RevisionRow.number == number)
    found = session.scalars(wanted).first()
    if found is None:
        raise StaleDraftError
    return found


def add_revision(
    session: Session, draft: DraftRow, author: int, text: Written, moment: Moment, *, base: int | None,
    merged: bool = False, file_digest: str | None = None, file_name: str | None = None,
) -> int:  # fmt: skip
    """Keep the next revision of a locked draft; returns its number."""
    content = text.as_json()
    row = RevisionRow(
        draft=draft.id, number=latest_revision(session, draft.id) + 1, base=base, author=author, at=moment.now,
        content=content, content_digest=digest_of(content), merged=merged, file_digest=file_digest, file_name=file_name,
    )  # fmt: skip
    session.add(row)
    touch(draft, moment)
    session.flush()
    return row.number


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of a content as canonical JSON, hexadecimal."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
