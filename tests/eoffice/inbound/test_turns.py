"""Answers to a turn that is over, an earlier text, an old letter; and how often somebody is told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.db import unit_of_work
from core.mail.letters import compose
from core.mail.models import OutgoingMail
from eoffice.inbound.taking import take_message
from eoffice.models import ReplyToken
from eoffice.replying import tokens
from eoffice.services import deciding
from eoffice.services.replying import MOST_TOLD
from tests.eoffice.inbound.conftest import NOW, Office, actor, moment, revise, submit, token_of
from tests.eoffice.inbound.test_corpus import BLANK, MAILS, told


def answer(
    office: Office, *, token: str = "", number: int = 0, days: int = 0, name: str = "agree_without_marks"
) -> str:
    raw = (MAILS / f"{name}.eml").read_bytes().replace(BLANK, (token or office.token).encode())
    raw = raw.replace(b"Message-ID: <", f"Message-ID: <{number}.".encode())
    now = NOW + timedelta(days=days)
    return take_message(office.settings, raw, recipients=(), door="imap", now=now).value


def test_decided_on_the_page_meanwhile(office: Office) -> None:
    with unit_of_work(office.settings) as session:
        deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment())
    assert answer(office) == "late"


def test_an_earlier_text_and_an_earlier_round(office: Office) -> None:
    """After it came back and was sent round again the old letter is of no use; the new one is."""
    assert answer(office, name="return_outlook_vi") == "returned"
    revise(office.settings, 2)
    submit(office.settings, 2)
    first, last = token_of(office.settings, "binh", last=False), token_of(office.settings, "binh")
    assert first == office.token != last
    assert answer(office, token=first, number=1) == "used"
    assert answer(office, token=last, number=2) == "agreed"


def test_changed_while_the_letter_lay_there(office: Office) -> None:
    revise(office.settings, 2)
    assert answer(office) == "stale"


def test_an_old_letter(office: Office) -> None:
    assert answer(office, days=31) == "ended"


def test_unclear_and_then_clear(office: Office) -> None:
    """The same letter may be answered again after an answer that changed nothing; once after one that did."""
    assert answer(office, name="unclear_words") == "unclear"
    assert answer(office, number=1) == "agreed"
    assert answer(office, number=2) == "used"


def test_nobody_is_told_without_end(office: Office) -> None:
    for number in range(MOST_TOLD + 3):
        answer(office, number=number, name="forged_outside")
    assert len(told(office)) == MOST_TOLD


def test_no_token_lies_in_the_database(office: Office) -> None:
    """It is made from the key when the letter is sent, and goes into `Reply-To` alone."""
    with unit_of_work(office.settings) as session:
        row = session.scalars(select(ReplyToken)).one()
        mail = session.scalars(select(OutgoingMail)).one()
        letter = compose(session, mail, now=NOW)
        assert row.token_digest == tokens.digest(office.token)
        assert letter.reply_to == f"traloi+{office.token}@tp.example.gov.vn"
        assert office.token not in "".join(letter.paragraphs)
    database = office.settings.home / "vanthu.sqlite3"
    written = b"".join(path.read_bytes() for path in database.parent.glob("vanthu.sqlite3*"))
    assert office.token.encode() not in written
