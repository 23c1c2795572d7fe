"""Every message of the corpus: what becomes of it, who is told, and that nothing else changes.

A case is a file in `mails`; the word TOKEN written five times is replaced by the token of the deputy director's letter.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.models import Account
from core.mail.models import OutgoingMail
from eoffice.inbound.taking import take_message
from eoffice.models import AttachmentRow, RemarkRow, TaskRow
from tests.eoffice.inbound.conftest import NOW, Office

MAILS = Path(__file__).parent / "mails"
BLANK = b"TOKENTOKENTOKENTOKENTOKEN"
BINH, CHI, NOBODY = "binh", "chi", ""

CHANGES = {
    # case: decision, remark, files
    "agree_thunderbird_vi": ("agree", "", 0),
    "agree_gmail_vi": ("agree", "đề nghị trình ký trong ngày", 0),
    "agree_gmail_en": ("agree", "", 0),
    "agree_outlook_en": ("agree", "", 0),
    "return_outlook_vi": ("return", "số liệu mục 2 chưa khớp", 0),
    "return_thu_goc": ("return", "thieu phu luc", 0),
    "opinion_zimbra": (None, "bổ sung thời hạn báo cáo", 0),
    "agree_iphone_vi": ("agree", "", 0),
    "agree_without_marks": ("agree", "", 0),
    "agree_decomposed": ("agree", "", 0),
    "agree_below_our_line": ("agree", "", 0),
    "agree_windows_1258": ("agree", "", 0),
    "agree_odd_charset": ("agree", "", 0),
    "agree_base64": ("agree", "", 0),
    "agree_quoted_printable": ("agree", "đã xem", 0),
    "html_only_outlook": ("agree", "Cho ban hành.", 0),
    "html_only_gmail": ("agree", "Cho ban hành.", 0),
    "agree_by_alias": ("agree", "", 0),
    "agree_login_without_domain": ("agree", "", 0),
    "agree_through_filter": ("agree", "", 0),
    "with_attachment": ("agree", "Có phụ lục kèm theo.", 1),
}
"""What is done; an opinion where a decision is waited for decides nothing."""
REFUSALS = {
    # case: outcome, who is told
    "unclear_not_agreed": ("unclear", BINH),
    "unclear_condition": ("unclear", BINH),
    "unclear_question": ("unclear", BINH),
    "unclear_words": ("unclear", BINH),
    "empty_above_quote": ("empty", BINH),
    "return_without_reason": ("refused", BINH),
    "secret_mark": ("secret", BINH),
    "forged_outside": ("forged", BINH),
    "forged_received_below": ("forged", BINH),
    "forged_other_server": ("forged", BINH),
    "forged_helo": ("forged", BINH),
    "forged_two_senders": ("forged", BINH),
    "forged_from_of_another_login": ("forged", BINH),
    "forwarded_to_a_colleague": ("foreign", CHI),
    "unknown_token": ("no_token", BINH),
    "no_token": ("no_token", BINH),
    "unknown_token_of_a_stranger": ("no_token", NOBODY),
    "automatic_absence": ("automatic", NOBODY),
    "automatic_absence_by_subject": ("automatic", NOBODY),
    "automatic_list": ("automatic", NOBODY),
    "automatic_own": ("automatic", NOBODY),
    "automatic_bounce": ("automatic", NOBODY),
    "broken_deep": ("broken", BINH),
    "broken_many_parts": ("broken", BINH),
    "attachment_program": ("file_refused", BINH),
    "attachment_secret": ("secret", BINH),
    "forwarded_as_attachment": ("file_refused", BINH),
}


def deliver(office: Office, name: str) -> str:
    raw = (MAILS / f"{name}.eml").read_bytes().replace(BLANK, office.token.encode())
    return take_message(office.settings, raw, recipients=(), door="imap", now=NOW).value


def told(office: Office) -> list[str]:
    """The accounts that an answer is queued for, beside the letter about the turn."""
    with unit_of_work(office.settings) as session:
        wanted = select(Account.name).join(OutgoingMail, OutgoingMail.account == Account.id)
        return list(session.scalars(wanted.where(OutgoingMail.kind == "eoffice:reply:answered")))


def counts(office: Office) -> tuple[int, ...]:
    """Decisions, remarks and attachments."""
    with unit_of_work(office.settings) as session:
        decided = select(func.count()).select_from(TaskRow).where(TaskRow.decision.is_not(None))
        others = (select(func.count()).select_from(row) for row in (RemarkRow, AttachmentRow))
        return tuple(session.scalar(one) or 0 for one in (decided, *others))


def test_the_table_names_every_case() -> None:
    assert sorted(CHANGES | REFUSALS) == sorted(path.stem for path in MAILS.glob("*.eml"))


@pytest.mark.parametrize("name", CHANGES)
def test_done_once(office: Office, name: str) -> None:
    """Done as it was meant, by mail, in the name of who wrote; delivered again nothing more happens."""
    decision, remark, files = CHANGES[name]
    outcome = deliver(office, name)
    assert outcome == {"agree": "agreed", "return": "returned", None: "opinion"}[decision]
    expected = (int(decision is not None), int(bool(remark)), files)
    assert counts(office) == expected
    with unit_of_work(office.settings) as session:
        task = session.scalars(select(TaskRow).order_by(TaskRow.id)).first()
        assert task is not None
        assert (task.decision, task.via) == (decision, "mail" if decision else None)
        if remark:
            assert [(one.text, one.via, one.author) for one in session.scalars(select(RemarkRow))] == [
                (remark, "mail", 2)
            ]
        if files:
            assert [one.name for one in session.scalars(select(AttachmentRow))] == ["phụ lục.txt"]
    assert told(office) == [BINH]
    assert deliver(office, name) == outcome
    assert counts(office) == expected
    assert told(office) == [BINH]


@pytest.mark.parametrize("name", REFUSALS)
def test_nothing_changed_and_told(office: Office, name: str) -> None:
    outcome, whom = REFUSALS[name]
    assert deliver(office, name) == outcome
    assert counts(office) == (0, 0, 0)
    assert told(office) == [whom] * bool(whom)
    with unit_of_work(office.settings) as session:
        attempts = list(session.scalars(select(AuditEntry).where(AuditEntry.actor == "mail")))
    assert len(attempts) == (outcome in {"forged", "foreign"})
