"""Practice documents are in no list, on no board and in no figure; nobody is written to about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.mail.models import MailNotice
from core.permissions import Actor, Role
from eoffice.documents import ruleset
from eoffice.models import DraftRow, PracticeDraftRow
from eoffice.queries import draft_page, tasks_waiting
from eoffice.queries.board import board
from eoffice.queries.drafts import drafts_of
from eoffice.queries.finding import find_drafts
from eoffice.queries.form import findings_in_text
from eoffice.queries.practice import is_practice, practice_deeds
from eoffice.queries.use import officials_use, units_use, use_coverage
from eoffice.services import deciding, practice, remarking
from eoffice.services.drafting import create_draft, revision_row, save
from eoffice.services.rounds import Moment
from eoffice.writing import Written
from tests.eoffice.use.history import LAST, PEOPLE, PERIOD

LEARNER = Actor(PEOPLE[0][0], frozenset({Role.OFFICIAL}), PEOPLE[0][0])
COLLEAGUE = Actor(PEOPLE[1][0], frozenset({Role.OFFICIAL}), PEOPLE[1][0])
AUDITOR = Actor("kiemtra", frozenset({Role.AUDITOR}))
AT = Moment(PERIOD.begin + timedelta(days=1, hours=2), PERIOD.first)
EVERYBODY = Actor("quantri", frozenset({Role.ADMINISTRATOR}), PEOPLE[0][0])


@pytest.fixture(autouse=True)
def _author(session: Session) -> None:
    """The author of practice documents, under a number of its own, as the people of this office have theirs."""
    session.add(OfficialRow(id=900, official_id=practice.AUTHOR, name=practice.AUTHOR_NAME, gone_at=AT.now))
    session.flush()


def _practise(session: Session) -> list[int]:
    """Everything a learner may do with practice documents."""
    laid = [practice.lay_before(session, LEARNER, mark=mark, moment=AT) for mark in ("a", "b", "c", "d")]
    remarking.remark(session, LEARNER, draft_id=laid[0], text="Nên thêm thời gian.", moment=AT)
    deciding.return_to(session, LEARNER, draft_id=laid[1], seen_revision=1, moment=AT, comment="Thiếu ngày.")
    deciding.approve(session, LEARNER, draft_id=laid[2], seen_revision=1, moment=AT)
    deciding.ask_opinion(session, LEARNER, draft_id=laid[3], whom=[PEOPLE[1][0]], moment=AT)
    own = practice.begin_own(session, LEARNER, mark="e", moment=AT)
    text = Written.of_json(revision_row(session, own).content).passages
    save(session, LEARNER, draft_id=own, base=1, passages=(*text[:-1],), moment=AT)
    return [*laid, own]


def test_practice_is_no_use_of_the_e_office(session: Session) -> None:
    """Every figure is the same after all that, and different after the same with a real document."""

    def figures() -> object:
        people = officials_use(session, AUDITOR, period=PERIOD, limit=None)
        return people, units_use(session, AUDITOR, period=PERIOD), use_coverage(session, PERIOD)

    before = figures()
    drafts = _practise(session)
    assert figures() == before
    assert {one.did for one in practice_deeds(session, drafts, today=LAST)} == {
        "remarked", "returned", "agreed", "asked", "revised",
    }  # fmt: skip
    create_draft(session, LEARNER, kind=practice.KIND, title="Báo cáo tháng", moment=AT)
    assert figures() != before


def test_practice_stands_in_no_list(session: Session) -> None:
    real = create_draft(session, LEARNER, kind=practice.KIND, title="Báo cáo vệ sinh", moment=AT)
    drafts = _practise(session)
    assert [tasks_waiting(session, one, today=AT.today) for one in (LEARNER, COLLEAGUE)] == [[], []]
    assert [one.draft_id for one in drafts_of(session, LEARNER, today=AT.today)[0]] == [real]
    assert [one.draft_id for one in find_drafts(session, LEARNER, question="vệ sinh", today=AT.today)[0]] == [real]
    assert board(session, EVERYBODY, today=AT.today) == []
    assert session.scalar(select(func.count()).select_from(MailNotice)) == 0
    assert [is_practice(session, one) for one in (real, *drafts)] == [False, *[True] * len(drafts)]


def test_a_practice_document_has_its_page_and_its_turn(session: Session) -> None:
    """It is decided on the page that every document has; its author is nobody in post, its text has faults to mend."""
    laid = practice.lay_before(session, LEARNER, mark="a", moment=AT)
    page = draft_page(session, LEARNER, draft_id=laid, today=AT.today)
    assert ([one.purpose for one in page.waiting], page.following) == (["approval"], None)
    assert page.title.startswith("[Thực hành]")
    assert practice.lay_before(session, LEARNER, mark="a", moment=AT) == laid
    own = practice.begin_own(session, LEARNER, mark="b", moment=AT)
    faults = findings_in_text(Written.of_json(revision_row(session, own).content), ruleset.load(AT.today))
    assert len(faults) >= 2
    assert session.scalar(select(func.count()).select_from(PracticeDraftRow)) == 2
    assert session.get_one(DraftRow, own).drafter != session.get_one(DraftRow, laid).drafter
