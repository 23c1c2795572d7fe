"""Word files and attachments: revisions with their original, nothing hostile, nothing secret, nothing for strangers."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.settings import Settings
from core.store import Store
from eoffice.documents import ruleset
from eoffice.documents.inspection import inspect
from eoffice.errors import DocumentFileError, DraftNotFoundError, MoveError, SecretError, StaleDraftError
from eoffice.files import kept_file
from eoffice.models import AttachmentRow, DraftLink, DraftRow, RevisionRow
from eoffice.services import enclosing, sending_round, uploading
from tests.core.store import folder_of
from tests.eoffice.files.made import docx_of, pdf_of
from tests.eoffice.services.conftest import actor, moment
from tests.eoffice.services.test_drafting import begin, passages

LETTER = docx_of("Kính gửi: Sở Y tế", "Họp lúc 8 giờ tại phòng A", "Trân trọng./.")
CHANGED = docx_of("Kính gửi: Sở Y tế", "Căn cứ lịch công tác", "Họp lúc 9 giờ tại phòng A", "Trân trọng./.")


@pytest.fixture
def store(settings: Settings) -> Store:
    return settings.store


def uploaded(session: Session, store: Store, content: bytes = LETTER, name: str = "Giấy mời.docx") -> int:
    return uploading.create_from_docx(
        session, actor("an"), store=store, kind="cong_van", title="V/v họp", name=name, content=content, moment=moment()
    )


def upload(session: Session, store: Store, draft_id: int, base: int, content: bytes, name: str = "an") -> int:
    return uploading.upload_docx(
        session, actor(name), store=store, draft_id=draft_id, base=base, name="mới.docx", content=content,
        moment=moment(),
    ).revision  # fmt: skip


def test_a_word_file_and_its_next_state(session: Session, store: Store) -> None:
    draft_id = uploaded(session, store)
    assert upload(session, store, draft_id, 1, CHANGED) == 2
    assert upload(session, store, draft_id, 1, CHANGED) == 2, "the same file again, from a page made before"
    first, second = passages(session, draft_id, 1), passages(session, draft_id, 2)
    assert [one.text for one in second][1] == "Căn cứ lịch công tác"
    kept = {one.id for one in first} & {one.id for one in second}
    assert len(kept) == 3, "what stayed has kept its id"
    rows = list(session.scalars(select(RevisionRow).where(RevisionRow.draft == draft_id).order_by(RevisionRow.number)))
    assert [kept_file(store, one.file_digest or "") for one in rows] == [LETTER, CHANGED]
    assert [one.file_name for one in rows] == ["Giấy mời.docx", "mới.docx"]
    with pytest.raises(StaleDraftError):
        upload(session, store, draft_id, 1, LETTER)


def fixable(content: bytes) -> int:
    found = inspect("x.docx", content, ruleset.load(moment().today), document_type="cong_van").findings
    return sum(one.fixable for one in found)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_word_file_is_mended(session: Session, store: Store) -> None:
    draft_id = uploaded(session, store)
    assert fixable(LETTER) > 0
    for base in (1, 2):
        saved = uploading.mend_file(session, actor("an"), store=store, draft_id=draft_id, base=base, moment=moment())
        assert saved.revision == 2, "what is mended needs no mending"
    row = session.scalars(select(RevisionRow).where(RevisionRow.draft == draft_id, RevisionRow.number == 2)).one()
    assert fixable(kept_file(store, row.file_digest or "")) == 0
    with pytest.raises(MoveError):
        uploading.mend_file(session, actor("an"), store=store, draft_id=begin(session), base=1, moment=moment())


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("x.docx", b"PK\x03\x04", DocumentFileError),
        ("x.pdf", pdf_of("x"), DocumentFileError),
        ("x.docx", docx_of(), DocumentFileError),
        ("x.docx", docx_of("x", header="TỐI MẬT"), SecretError),
        ("x.docx", docx_of("x", box="TUYỆT MẬT"), SecretError),
        ("TUYỆT MẬT.docx", LETTER, SecretError),
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_is_not_kept(session: Session, store: Store, name: str, content: bytes, error: type[Exception]) -> None:
    before = session.scalar(select(func.count()).select_from(RevisionRow))
    with pytest.raises(error):
        uploaded(session, store, content, name)
    draft_id = uploaded(session, store)
    with pytest.raises(error):
        uploading.upload_docx(
            session, actor("an"), store=store, draft_id=draft_id, base=1, name=name, content=content, moment=moment()
        )
    assert session.scalar(select(func.count()).select_from(RevisionRow)) == (before or 0) + 1
    assert len([one for one in folder_of(store).rglob("*") if one.is_file()]) == 1


def test_strangers_and_drafts_on_their_way(session: Session, store: Store) -> None:
    draft_id = uploaded(session, store)
    for name in ("binh", "em", "x"):
        with pytest.raises(DraftNotFoundError):
            upload(session, store, draft_id, 1, CHANGED, name)
        with pytest.raises(DraftNotFoundError):
            enclosing.attach(
                session, actor(name), store=store, draft_id=draft_id, name="x.txt", content=b"x", moment=moment()
            )
    with pytest.raises(MoveError):
        upload(session, store, begin(session), 1, CHANGED)
    sending_round.submit(session, actor("an"), draft_id=draft_id, template_id=1, seen_revision=1, moment=moment())
    with pytest.raises(MoveError):
        upload(session, store, draft_id, 1, CHANGED)


def test_attached_once_and_taken_away(session: Session, store: Store) -> None:
    draft_id, content = begin(session), pdf_of("Số liệu")  # made once: a PDF holds the second it was made in
    made = {
        enclosing.attach(
            session, actor("an"), store=store, draft_id=draft_id, name="Phụ lục.pdf", content=content, moment=moment()
        )
        for _ in range(2)
    }
    (attachment_id,) = made
    for _ in range(2):
        enclosing.remove_attachment(
            session, actor("an"), draft_id=draft_id, attachment_id=attachment_id, moment=moment()
        )
    row = session.get(AttachmentRow, attachment_id)
    assert row is not None
    assert (row.removed_by, row.media_type) == (1, "application/pdf")
    enclosing.restore_attachment(session, actor("an"), draft_id=draft_id, attachment_id=attachment_id, moment=moment())
    assert row.removed_at is None
    actions = list(
        session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("eoffice:attachment:%")).order_by(AuditEntry.id)
        )
    )
    assert actions == ["eoffice:attachment:add", "eoffice:attachment:remove", "eoffice:attachment:add"]
    with pytest.raises(DraftNotFoundError):
        enclosing.remove_attachment(session, actor("an"), draft_id=1, attachment_id=attachment_id, moment=moment())


@pytest.mark.parametrize(
    ("name", "content"),
    [("TỐI MẬT.txt", b"x"), ("[MẬT].txt", b"x"), ("x.txt", "TỐI MẬT\nx".encode()), ("x.pdf", pdf_of("TUYỆT MẬT"))],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_nothing_secret_is_attached(session: Session, store: Store, name: str, content: bytes) -> None:
    draft_id = begin(session)
    with pytest.raises(SecretError):
        enclosing.attach(
            session, actor("an"), store=store, draft_id=draft_id, name=name, content=content, moment=moment()
        )
    assert not [one for one in folder_of(store).rglob("*") if one.is_file()]


def test_linked_to_what_one_may_see(session: Session, store: Store) -> None:
    draft_id = begin(session)
    made = [
        enclosing.link(session, actor("an"), draft_id=draft_id, kind="related", other=1, moment=moment()),
        enclosing.link(session, actor("an"), draft_id=draft_id, kind="related", other=1, moment=moment()),
        enclosing.link(session, actor("an"), draft_id=draft_id, kind="replaces", named=" 12/CV-SYT ", moment=moment()),
    ]
    assert made[0] == made[1]
    other = session.get(DraftRow, 1)
    assert other is not None
    other.drafter, other.unit = 5, 1
    session.flush()
    with pytest.raises(DraftNotFoundError):
        enclosing.link(session, actor("an"), draft_id=draft_id, kind="amends", other=1, moment=moment())
    for kind, named in (("sibling", "x"), ("related", ""), ("related", "x" * 301)):
        with pytest.raises(MoveError):
            enclosing.link(session, actor("an"), draft_id=draft_id, kind=kind, named=named, moment=moment())
    for _ in range(2):
        enclosing.unlink(session, actor("an"), draft_id=draft_id, link_id=made[0], moment=moment())
    assert list(session.scalars(select(DraftLink.named))) == ["12/CV-SYT"]
