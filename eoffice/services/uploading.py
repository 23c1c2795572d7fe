"""A draft that is written elsewhere: each upload of its DOCX is a revision, and the file is kept as it came.

What is read out of the file is kept beside it: for the comparison of two revisions, for remarks, and for the search.
Two uploads cannot be put together, so one that began from an older revision is refused with nothing lost: the file is
still where it was written.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from core.permissions import Actor
from core.store import Store
from eoffice.actions import EofficeAction
from eoffice.documents import ruleset
from eoffice.documents.docx_file.mending import mend_docx
from eoffice.errors import DocumentFileError, MoveError, StaleDraftError
from eoffice.files import keep, kept_file, kind_of, readable_words, safe_name, written_in
from eoffice.files.kinds import DOCX
from eoffice.models import DraftRow
from eoffice.services.changes import record
from eoffice.services.drafting import Saved, add_revision, begin, changeable, checked, revision_row, writable
from eoffice.services.rounds import Moment
from eoffice.services.turns import official_of
from eoffice.writing import Written, with_known_ids
from eoffice.writing.secrecy import refuse_secrets


def create_from_docx(
    session: Session, actor: Actor, *, store: Store, kind: str, title: str, name: str, content: bytes, moment: Moment,
    urgency: str = "normal", due: date | None = None,
) -> int:  # fmt: skip
    """Begin a draft with a DOCX; returns its key.

    Raises `MoveError` as `create_draft`, `DocumentFileError` for what is no usable DOCX, `SecretError`.
    """
    draft = begin(session, actor, source="docx", kind=kind, title=title, urgency=urgency, due=due, moment=moment)
    text = _read(name, content, draft.type, moment)
    digest = keep(store, content)
    add_revision(
        session, draft, draft.drafter, text, moment, base=None, file_digest=digest, file_name=safe_name(name)
    )  # fmt: skip
    record(session, actor, EofficeAction.DRAFT_CREATED, draft, type=kind, file=digest)
    return draft.id


def upload_docx(
    session: Session, actor: Actor, *, store: Store, draft_id: int, base: int, name: str, content: bytes, moment: Moment
) -> Saved:
    """Upload the changed file: the next revision, unless it is the very file of the last one.

    Raises `DraftNotFoundError`, `MoveError` where it cannot be changed now or is written in the browser,
    `StaleDraftError` where somebody uploaded after revision `base`, `DocumentFileError`, `SecretError`.
    """
    peeked, _ = changeable(session, actor, draft_id=draft_id, moment=moment)
    if peeked.source != "docx":
        raise MoveError("Văn bản này được soạn trên trang.", "This draft is written in the browser.")
    text = _read(name, content, peeked.type, moment)  # takes its time, so before anything is locked
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    latest = revision_row(session, draft_id)
    digest = keep(store, content)
    if digest == latest.file_digest:
        return Saved(latest.number, title=draft.title)
    if base != latest.number:
        raise StaleDraftError
    return _next(session, actor, draft, text, latest.number, digest, safe_name(name), moment)


def mend_file(session: Session, actor: Actor, *, store: Store, draft_id: int, base: int, moment: Moment) -> Saved:
    """Mend the faults of form that can safely be mended in the uploaded file; the result is the next revision.

    Raises as `upload_docx`.
    """
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    latest = revision_row(session, draft_id)
    if latest.file_digest is None or latest.file_name is None:
        raise MoveError("Văn bản này được soạn trên trang.", "This draft is written in the browser.")
    if base != latest.number:
        raise StaleDraftError
    rules = ruleset.load(moment.today)
    mended, _ = mend_docx(kept_file(store, latest.file_digest), rules, document_type=draft.type)
    text = _read(latest.file_name, mended, draft.type, moment)
    digest = keep(store, mended)
    if digest == latest.file_digest:
        return Saved(latest.number, title=draft.title)
    return _next(session, actor, draft, text, latest.number, digest, latest.file_name, moment)


def _next(
    session: Session, actor: Actor, draft: DraftRow, text: Written, base: int, digest: str, name: str, moment: Moment
) -> Saved:
    before = Written.of_json(revision_row(session, draft.id, base).content)
    number = add_revision(
        session, draft, official_of(session, actor).id, with_known_ids(before, text), moment, base=base,
        file_digest=digest, file_name=name,
    )  # fmt: skip
    record(session, actor, EofficeAction.DRAFT_UPLOADED, draft, revision=number, file=digest)
    return Saved(number, title=draft.title)


def _read(name: str, content: bytes, kind: str, moment: Moment) -> Written:
    """The words of the file, after it was found to be a DOCX that bears no level anywhere."""
    found = kind_of(name, content)
    if found is not DOCX:
        raise DocumentFileError("Hãy tải lên tệp DOCX.", "Please upload a DOCX file.")
    refuse_secrets(safe_name(name).rpartition(".")[0])
    refuse_secrets(readable_words(found, content))
    text = written_in(content, ruleset.load(moment.today), kind)
    checked(text.passages)
    return text
