"""A deputy answers by e-mail: a letter of their own, from their own mailbox, both names in the trail."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.models import Account, DeputyRow
from core.mail.letters import compose
from core.mail.models import OutgoingMail
from eoffice.inbound.taking import take_message
from eoffice.models import RemarkRow, RouteTemplate, TaskRow
from eoffice.services import sending_round
from tests.eoffice.inbound.conftest import NOW, Office, actor, moment, token_of
from tests.eoffice.inbound.test_corpus import BLANK, MAILS

BINH, EM = 2, 5
BOTH = [
    {"kind": "all", "purpose": "content", "who": [
        {"unit": "own", "title": "Văn thư"}, {"unit": "own", "title": "Phó Giám đốc"}]},
    {"kind": "any", "purpose": "form", "who": [{"unit": "own", "title": "Chánh Văn phòng"}]},
    {"kind": "any", "purpose": "approval", "who": [{"unit": "own", "title": "Giám đốc"}]},
]  # fmt: skip


def sent_again(office: Office, scope: str, steps: list[dict[str, Any]] | None = None) -> None:
    """The records clerk acts for the deputy director from today on, and the draft is sent anew."""
    with unit_of_work(office.settings) as session:
        today = moment().today
        session.add(DeputyRow(official=BINH, deputy=EM, scope=scope, first_day=today, last_day=today, named_at=NOW,
                              named_by="binh"))  # fmt: skip
        template = 1
        if steps is not None:
            made = RouteTemplate(name="Cả hai", version=1, steps=steps, made_at=NOW, made_by="x")
            session.add(made)
            session.flush()
            template = made.id
        sending_round.pull_back(session, actor("an"), draft_id=1, moment=moment())
        sending_round.submit(
            session, actor("an"), draft_id=1, template_id=template, seen_revision=1, moment=moment()
        )  # fmt: skip


def answer(office: Office, token: str, sender: str = "em", name: str = "agree_without_marks", number: int = 0) -> str:
    raw = (MAILS / f"{name}.eml").read_bytes().replace(BLANK, token.encode()).replace(b"binh@", f"{sender}@".encode())
    raw = raw.replace(b"Message-ID: <", f"Message-ID: <{number}.".encode())
    return take_message(office.settings, raw, recipients=(), door="imap", now=NOW).value


def letters_to(office: Office, account: str) -> list[str]:
    """The words of the letters about turns that are queued for an account."""
    with unit_of_work(office.settings) as session:
        wanted = select(OutgoingMail).join(Account, Account.id == OutgoingMail.account).where(Account.name == account)
        mails = session.scalars(wanted.where(OutgoingMail.kind == "eoffice:turn:asked").order_by(OutgoingMail.id))
        return ["\n".join((*(one := compose(session, mail, now=NOW)).paragraphs, one.why)) for mail in mails]


def decided(office: Office) -> list[tuple[int, int | None]]:
    """Whose turns are decided, and by whom."""
    with unit_of_work(office.settings) as session:
        tasks = session.scalars(select(TaskRow).where(TaskRow.decision.is_not(None)).order_by(TaskRow.id))
        return [(one.official, one.decided_by) for one in tasks]


@pytest.mark.parametrize("scope", ["everything", "decisions"])
def test_answered_with_both_names(office: Office, scope: str) -> None:
    sent_again(office, scope)
    (letter,) = letters_to(office, "em")
    assert "Ông/Bà làm thay Binh; nhật ký ghi cả hai tên." in letter
    assert "được ủy quyền làm thay" in letter
    assert answer(office, token_of(office.settings, "em")) == "agreed"
    assert decided(office) == [(BINH, EM)]
    with unit_of_work(office.settings) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.actor, last.action, last.facts["via"]) == ("em (for binh)", "eoffice:draft:agree", "mail")
    assert answer(office, token_of(office.settings, "binh"), "binh", number=1) == "late"


def test_only_in_what_they_act(office: Office) -> None:
    """Whoever may give opinions only gets no letter about a decision."""
    sent_again(office, "opinions")
    assert letters_to(office, "em") == []


def test_the_letter_is_the_deputys_own(office: Office) -> None:
    """Not even the official they act for can use it, nor the deputy the official's."""
    sent_again(office, "everything")
    assert answer(office, token_of(office.settings, "em"), "binh") == "foreign"
    assert answer(office, token_of(office.settings, "binh"), "em", number=1) == "foreign"
    assert decided(office) == []


@pytest.mark.parametrize("name", ["agree_without_marks", "opinion_zimbra"])
def test_who_acts_no_longer_changes_nothing(office: Office, name: str) -> None:
    sent_again(office, "everything")
    token = token_of(office.settings, "em")
    with unit_of_work(office.settings) as session:
        row = session.scalars(select(DeputyRow)).one()
        row.ended_at, row.ended_by = NOW, "binh"
    assert answer(office, token, name=name) == "late"
    with unit_of_work(office.settings) as session:
        assert list(session.scalars(select(RemarkRow))) == []
    assert decided(office) == []


def test_each_letter_answers_its_own_turn(office: Office) -> None:
    """Of somebody whose own turn it is at the same step: one letter for each, and one answer each."""
    sent_again(office, "everything", BOTH)
    own, for_binh = token_of(office.settings, "em", last=False), token_of(office.settings, "em")
    assert len(letters_to(office, "em")) == 2
    assert answer(office, for_binh) == "agreed"
    assert decided(office) == [(BINH, EM)]
    assert answer(office, own, number=1) == "agreed"
    assert sorted(decided(office)) == [(BINH, EM), (EM, EM)]
