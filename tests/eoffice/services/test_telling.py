"""Who is told of what happens to a document: of remarks whoever has a part in it, of a turn its deputies too."""

from __future__ import annotations

from sqlalchemy import select

from core.db import unit_of_work
from core.directory.models import Account, DeputyRow
from core.mail import MailKind
from core.mail.models import MailNotice
from core.settings import Settings
from eoffice.services import deciding, remarking, sending_round
from tests.eoffice.services.conftest import actor, moment

BINH, EM = 2, 5


def told(settings: Settings, kind: MailKind) -> list[tuple[str, str]]:
    """Account and words, in the order they were told."""
    with unit_of_work(settings) as session:
        wanted = select(Account.name, MailNotice.said_vi).join(Account, Account.id == MailNotice.account)
        rows = session.execute(wanted.where(MailNotice.kind == kind.value).order_by(MailNotice.id))
        return [(name, said) for name, said in rows]


def test_of_remarks(mailing: Settings) -> None:
    """Its author, and whoever has or had a turn; not who remarked, not who comes later; once a day and author."""
    with unit_of_work(mailing) as session:
        sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())
        deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment())
        for text in ("Một", "Hai"):
            remarking.remark(session, actor("dung"), draft_id=1, text=text, moment=moment())
    said = "Dung góp ý cho: V/v kiểm tra"
    assert told(mailing, MailKind.EOFFICE_REMARK_MADE) == [("an", said), ("binh", said)]
    with unit_of_work(mailing) as session:
        remarking.remark(session, actor("dung"), draft_id=1, text="Ba", moment=moment(86_400))
    assert len(told(mailing, MailKind.EOFFICE_REMARK_MADE)) == 4


def test_of_a_turn_that_is_over(mailing: Settings) -> None:
    """Who decided before the day's message was made is not told there that the document waits; a deputy neither."""
    with unit_of_work(mailing) as session:
        day = moment().today
        session.add(DeputyRow(official=BINH, deputy=EM, scope="everything", first_day=day, last_day=day,
                              named_at=moment().now, named_by="x"))  # fmt: skip
        session.flush()
        sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())
    assert {name for name, _ in told(mailing, MailKind.EOFFICE_TURN_CAME)} == {"binh", "em"}
    with unit_of_work(mailing) as session:
        deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment())
    assert [name for name, _ in told(mailing, MailKind.EOFFICE_TURN_CAME)] == ["dung"]
    with unit_of_work(mailing) as session:
        sending_round.withdraw(session, actor("an"), draft_id=1, moment=moment())
    assert told(mailing, MailKind.EOFFICE_TURN_CAME) == []


def test_of_words_beside_a_decision(mailing: Settings) -> None:
    """The author hears of a return as a return, not twice."""
    with unit_of_work(mailing) as session:
        sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())
        deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment(), comment="Đủ.")
        deciding.return_to(session, actor("dung"), draft_id=1, seen_revision=1, moment=moment(), comment="Sai mẫu.")
    assert [name for name, _ in told(mailing, MailKind.EOFFICE_REMARK_MADE)] == ["an", "dung", "binh"]
    assert [name for name, _ in told(mailing, MailKind.EOFFICE_DRAFT_DECIDED)] == ["an"]


def test_deputies_of_a_turn(mailing: Settings) -> None:
    """Who may act in that step, by name of whom; nobody whose time or scope it is not."""
    with unit_of_work(mailing) as session:
        day = moment().today
        for deputy, scope, last in ((EM, "decisions", day), (4, "opinions", day), (3, "everything", None)):
            row = DeputyRow(official=BINH, deputy=deputy, scope=scope, first_day=day, last_day=last or day,
                            named_at=moment().now, named_by="x")  # fmt: skip
            if last is None:
                row.ended_at, row.ended_by = moment().now, "x"
            session.add(row)
        session.flush()
        sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())
    assert told(mailing, MailKind.EOFFICE_TURN_CAME) == [
        ("binh", "Văn bản chờ ý kiến: V/v kiểm tra"),
        ("em", "Văn bản chờ Ông/Bà cho ý kiến thay Binh: V/v kiểm tra"),
    ]
