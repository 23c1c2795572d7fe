"""The whole story of a document: everybody who did something, both names of a deputy, on a page and as a paper."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pypdfium2  # type: ignore[import-untyped]
import pytest
from sqlalchemy.orm import Session

from core.directory.models import Account, DeputyRow, OfficialRow
from core.words import LANGUAGES, Language, day_words
from eoffice.errors import DraftNotFoundError
from eoffice.queries import draft_page
from eoffice.queries.story import story
from eoffice.services import deciding, looking, remarking, reminding, sending_round
from eoffice.story import Somebody, as_pdf
from tests.eoffice.services.conftest import actor, moment
from tests.pdf_a import faults

AN, BINH, CHI, DUNG, EM = range(1, 6)
REMARK = 'Sai căn cứ <b>#let</b> "ngoặc" \U0001f600\nĐiều 2'


def lived(session: Session) -> None:
    """Sent, looked at, asked about, returned to the form, answered again, late, approved by a deputy."""
    day = moment().today
    session.add(DeputyRow(official=CHI, deputy=EM, scope="decisions", first_day=day, last_day=day,
                          named_at=moment().now, named_by="x"))  # fmt: skip
    session.add(Account(name="tk.chi", password_hash="", official=CHI, created_at=moment().now,
                        password_changed_at=moment().now))  # fmt: skip
    for key, name in ((AN, "an"), (BINH, "binh"), (DUNG, "dung"), (EM, "em")):
        session.add(Account(name=name, password_hash="", official=key, created_at=moment().now,
                            password_changed_at=moment().now))  # fmt: skip
    sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())
    looking.look(session, actor("binh"), draft_id=1, moment=moment())
    deciding.ask_opinion(session, actor("binh"), draft_id=1, whom=["em", "dung"], moment=moment(), question="Đủ chưa?")
    reminding.remind(session, draft_id=1, moment=moment(3 * 86_400))
    deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment())
    deciding.approve(session, actor("dung"), draft_id=1, seen_revision=1, moment=moment())
    deciding.return_to(session, actor("em"), draft_id=1, seen_revision=1, moment=moment(), comment=REMARK, to=1)
    deciding.approve(session, actor("dung"), draft_id=1, seen_revision=1, moment=moment())
    deciding.approve(session, actor("em"), draft_id=1, seen_revision=1, moment=moment(), via="mail")


def test_it_names_everybody(session: Session) -> None:
    lived(session)
    found = story(session, actor("an"), draft_id=1, today=moment().today)
    assert [(one.names("vi"), one.sentence("vi")) for one in found.happenings] == [
        ("An, Chuyên viên", "trình văn bản theo quy trình, bản 1"),
        ("Binh, Phó Giám đốc", "mở xem văn bản, bản 1"),
        ("Binh, Phó Giám đốc", "xin ý kiến người khác: Dung, Chánh Văn phòng; Em, Văn thư"),
        ("Chương trình", "nhắc việc sắp đến hạn (chịu trách nhiệm nội dung): Binh, Phó Giám đốc"),
        ("Chương trình", "báo cáo việc quá hạn lên lãnh đạo (chịu trách nhiệm nội dung): Chi, Giám đốc"),
        ("Binh, Phó Giám đốc", "đồng ý ở một bước (chịu trách nhiệm nội dung), bản 1"),
        ("Dung, Chánh Văn phòng", "đồng ý ở một bước (chịu trách nhiệm thể thức), bản 1"),
        ("Em, Văn thư (thay Chi, Giám đốc)", "trả lại kèm ý kiến (phê duyệt), bản 1"),
        ("Dung, Chánh Văn phòng", "đồng ý ở một bước (chịu trách nhiệm thể thức), bản 1"),
        ("Em, Văn thư (thay Chi, Giám đốc)", "phê duyệt văn bản, bản 1, bằng thư"),
    ]
    assert [one.said for one in found.happenings if one.said] == ["Đủ chưa?", REMARK]
    assert (found.content_by, found.form_by, found.approved_by) == (
        Somebody("Binh", "Phó Giám đốc"), Somebody("Dung", "Chánh Văn phòng"), Somebody("Em", "Văn thư"),
    )  # fmt: skip


def test_nobody_else_reads_it(session: Session) -> None:
    lived(session)
    session.add(OfficialRow(official_id="la", name="La"))
    session.flush()
    for stranger in ("la", "nobody"):
        with pytest.raises(DraftNotFoundError):
            story(session, actor(stranger), draft_id=1, today=moment().today)


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_a_paper(session: Session, language: Language) -> None:
    lived(session)
    found = story(session, actor("an"), draft_id=1, today=moment().today)
    made = as_pdf.render(found, type_words="Công văn", zone="Asia/Ho_Chi_Minh", language=language)
    assert faults(made) == []
    begun = found.happenings[0].at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert f"{begun:%H:%M} {day_words(begun).to(language)}" in _text(made)
    assert made == as_pdf.render(found, type_words="Công văn", zone="Asia/Ho_Chi_Minh", language=language)
    for words in (
        "V/v kiểm tra",
        "Binh, Phó Giám đốc",
        'Sai căn cứ <b>#let</b> "ngoặc" \ufffd Điều 2',
    ):
        assert words in _text(made)


def _text(paper: bytes) -> str:
    """All words of a PDF, on one line."""
    document = pypdfium2.PdfDocument(paper)
    text = " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
    document.close()
    return text


def test_whoever_reads_in_it_is_named_once_a_revision(session: Session) -> None:
    """On its page or elsewhere, its author left out; what a device keeps is read only when it is opened."""
    sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())
    for note in (looking.note_fetched, looking.note_fetched, looking.note_read, looking.look, looking.note_read):
        for who in ("an", "binh"):
            note(session, actor(who), draft_id=1, moment=moment())
    found = story(session, actor("an"), draft_id=1, today=moment().today)
    assert [one.action for one in found.happenings] == ["eoffice:draft:submit", *["eoffice:draft:look"] * 2]
    with pytest.raises(DraftNotFoundError):
        looking.note_read(session, actor("em"), draft_id=1, moment=moment())


def test_what_came_while_the_page_was_on_its_way_is_not_seen_yet(session: Session) -> None:
    lived(session)
    shown = draft_page(session, actor("binh"), draft_id=1, today=moment().today).newest
    remarking.remark(session, actor("an"), draft_id=1, text="Vừa thêm.", moment=moment())
    looking.look(session, actor("binh"), draft_id=1, moment=moment(), shown=shown)
    page = draft_page(session, actor("binh"), draft_id=1, today=moment().today)
    assert [one.text for one in page.opinions if one.is_new] == ["Vừa thêm."]
    looking.look(session, actor("binh"), draft_id=1, moment=moment(), shown=page.newest)
    page = draft_page(session, actor("binh"), draft_id=1, today=moment().today)
    assert not any(one.is_new for one in page.opinions)
