"""A draft on its way: sent, answered for, returned, approved, taken back; by the right people, once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.models import DeputyRow
from core.settings import Settings
from eoffice.actions import EofficeAction
from eoffice.errors import DraftNotFoundError, MoveError, NotYourTurnError, SecretError, StaleDraftError, TooLateError
from eoffice.models import DraftRow, RemarkRow, RevisionRow, RoundRow, TaskRow
from eoffice.services import deciding, sending_round
from tests.eoffice.services.conftest import actor, moment, revision_row

AN, BINH, CHI, DUNG, EM = range(1, 6)


def submit(session: Session) -> None:
    sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())


def agree(session: Session, name: str, seconds: float = 0, revision: int = 1) -> deciding.Done:
    return deciding.approve(session, actor(name), draft_id=1, seen_revision=revision, moment=moment(seconds))


def draft(session: Session) -> DraftRow:
    found = session.get(DraftRow, 1)
    assert found is not None
    return found


def trail(session: Session) -> list[tuple[str, str]]:
    return [(one.actor, one.action) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_from_draft_to_approval(session: Session) -> None:
    submit(session)
    assert agree(session, "binh").waits_for == {DUNG}
    assert agree(session, "dung").waits_for == {CHI}
    done = agree(session, "chi")
    assert (done.state, done.waits_for) == ("approved", frozenset())
    kept = draft(session)
    assert (kept.content_by, kept.form_by, kept.approved_by, kept.approved_revision) == (BINH, DUNG, CHI, 1)
    assert trail(session) == [
        ("an", EofficeAction.DRAFT_SUBMITTED),
        ("binh", EofficeAction.DRAFT_AGREED),
        ("dung", EofficeAction.DRAFT_AGREED),
        ("chi", EofficeAction.DRAFT_APPROVED),
    ]


def test_whoever_has_nothing_to_do_with_it_learns_nothing(session: Session) -> None:
    submit(session)
    for stranger in ("em", "nobody"):
        with pytest.raises(DraftNotFoundError):
            agree(session, stranger)
    with pytest.raises(NotYourTurnError):
        agree(session, "dung")  # who leads the unit may read it, and knows that there is one
    agree(session, "binh")
    with pytest.raises(NotYourTurnError):
        agree(session, "binh")
    with pytest.raises(NotYourTurnError):
        agree(session, "an")


def test_returned_to_its_author_and_sent_again(session: Session) -> None:
    submit(session)
    agree(session, "binh")
    with pytest.raises(MoveError):
        deciding.return_to(session, actor("dung"), draft_id=1, seen_revision=1, moment=moment(), comment=" ")
    done = deciding.return_to(session, actor("dung"), draft_id=1, seen_revision=1, moment=moment(), comment="Sai số")
    assert (done.state, done.waits_for) == ("returned", frozenset())
    session.add(revision_row(1, 2))
    session.flush()
    with pytest.raises(StaleDraftError):
        submit(session)
    sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=2, moment=moment())
    assert draft(session).content_by is None, "another text has to be answered for anew"
    with pytest.raises(StaleDraftError):
        agree(session, "binh", revision=1)


def test_returned_to_an_earlier_step(session: Session) -> None:
    submit(session)
    agree(session, "binh")
    agree(session, "dung")
    done = deciding.return_to(
        session, actor("chi"), draft_id=1, seen_revision=1, moment=moment(), comment="Xem lại thể thức", to=1
    )
    assert done.state == "on_route"
    assert done.waits_for == {DUNG}
    assert (draft(session).content_by, draft(session).form_by) == (BINH, None)
    agree(session, "dung")
    assert agree(session, "chi").state == "approved"


def test_a_deputy_decides_and_both_names_stand_in_the_trail(session: Session) -> None:
    day = moment().today
    session.add(
        DeputyRow(
            official=CHI, deputy=EM, scope="decisions", first_day=day, last_day=day, named_at=moment().now, named_by="x"
        )
    )
    submit(session)
    agree(session, "binh")
    agree(session, "dung")
    assert agree(session, "em").state == "approved"
    kept = draft(session)
    assert (kept.approved_by, kept.approved_for) == (EM, CHI)
    assert trail(session)[-1] == ("em (for chi)", EofficeAction.DRAFT_APPROVED)


def test_one_deputy_cannot_answer_for_content_and_form(session: Session) -> None:
    day = moment().today
    for principal in (BINH, DUNG):
        session.add(
            DeputyRow(
                official=principal, deputy=EM, scope="everything", first_day=day, last_day=day,
                named_at=moment().now, named_by="x",
            )
        )  # fmt: skip
    submit(session)
    agree(session, "em")
    with pytest.raises(MoveError, match="two different people"):
        agree(session, "em")


def test_undone_within_a_minute(session: Session) -> None:
    submit(session)
    agree(session, "binh")
    with pytest.raises(TooLateError):
        deciding.undo(session, actor("binh"), draft_id=1, position=0, moment=moment(61))
    done = deciding.undo(session, actor("binh"), draft_id=1, position=0, moment=moment(59))
    assert done.waits_for == {BINH}
    assert draft(session).content_by is None
    agree(session, "binh", 60)
    deciding.note_look(session, actor("dung"), draft_id=1, moment=moment(61))
    with pytest.raises(TooLateError):
        deciding.undo(session, actor("binh"), draft_id=1, position=0, moment=moment(62))


def returned_to_the_form(session: Session) -> None:
    submit(session)
    agree(session, "binh")
    agree(session, "dung")
    deciding.return_to(
        session, actor("chi"), draft_id=1, seen_revision=1, moment=moment(), comment="Xem lại thể thức", to=1
    )


def test_a_return_to_an_earlier_step_undone(session: Session) -> None:
    """As if it had not been: the round that began by it is gone, and who answered for the form does so again."""
    returned_to_the_form(session)
    done = deciding.undo(session, actor("chi"), draft_id=1, position=2, moment=moment(30))
    assert (done.state, done.waits_for) == ("on_route", frozenset({CHI}))
    kept = draft(session)
    assert (kept.content_by, kept.form_by) == (BINH, DUNG)
    assert session.scalars(select(RoundRow.number)).all() == [1]
    assert agree(session, "chi", 31).state == "approved"


def test_a_return_to_an_earlier_step_stays_once_it_was_opened(session: Session) -> None:
    returned_to_the_form(session)
    for person, seconds in (("dung", 1), ("binh", 1), ("chi", 61)):
        with pytest.raises((TooLateError, NotYourTurnError)):
            deciding.undo(session, actor(person), draft_id=1, position=2, moment=moment(seconds))
    deciding.note_look(session, actor("dung"), draft_id=1, moment=moment(2))
    with pytest.raises(TooLateError):
        deciding.undo(session, actor("chi"), draft_id=1, position=2, moment=moment(3))
    assert session.scalars(select(RoundRow.number).order_by(RoundRow.number)).all() == [1, 2]
    assert draft(session).form_by is None


def test_who_answers_is_known_over_rounds(session: Session) -> None:
    """Returned to the form twice: an undone agreement to the form leaves the content to whoever answered long ago."""
    returned_to_the_form(session)
    agree(session, "dung")
    deciding.return_to(session, actor("chi"), draft_id=1, seen_revision=1, moment=moment(), comment="Vẫn sai", to=1)
    agree(session, "dung", 1)
    deciding.undo(session, actor("dung"), draft_id=1, position=1, moment=moment(2))
    kept = draft(session)
    assert (kept.content_by, kept.form_by) == (BINH, None)


def test_an_approval_undone(session: Session) -> None:
    submit(session)
    for name in ("binh", "dung", "chi"):
        agree(session, name)
    assert deciding.undo(session, actor("chi"), draft_id=1, position=2, moment=moment(5)).waits_for == {CHI}
    assert (draft(session).state, draft(session).approved_by) == ("on_route", None)


def test_asked_beside_the_plan(session: Session) -> None:
    submit(session)
    done = deciding.ask_opinion(
        session, actor("binh"), draft_id=1, whom=["em", "an"], moment=moment(), question="Đủ căn cứ chưa?"
    )
    assert done.waits_for == {BINH, EM}
    answer = deciding.give_opinion(
        session, actor("em"), draft_id=1, seen_revision=1, moment=moment(), comment="Đủ", position=3
    )
    assert answer.waits_for == {BINH}


def test_pulled_back_until_it_is_opened(session: Session) -> None:
    submit(session)
    sending_round.pull_back(session, actor("an"), draft_id=1, moment=moment())
    assert draft(session).state == "drafting"
    submit(session)
    deciding.note_look(session, actor("binh"), draft_id=1, moment=moment())
    with pytest.raises(TooLateError):
        sending_round.pull_back(session, actor("an"), draft_id=1, moment=moment())


def test_the_same_moment_twice(settings: Settings) -> None:
    """Two browsers agree for the same person at once, four times over: one decision, one entry in the trail."""
    with unit_of_work(settings) as session:
        submit(session)
    barrier, outcomes = threading.Barrier(4), list[str]()

    def press() -> None:
        barrier.wait()
        try:
            with unit_of_work(settings) as session:
                agree(session, "binh")
            outcomes.append("agreed")
        except NotYourTurnError:
            outcomes.append("not your turn")

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["agreed", *["not your turn"] * 3]
    with unit_of_work(settings) as session:
        agreed = select(func.count()).where(AuditEntry.action == EofficeAction.DRAFT_AGREED)
        assert session.scalar(agreed) == 1
        assert session.scalar(select(func.count()).where(TaskRow.state == "decided")) == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("service", [deciding.approve, deciding.give_opinion, deciding.return_to])
@pytest.mark.parametrize(
    ("words", "refused"),
    [("Số liệu kèm theo:\nTUYỆT MẬT", SecretError), ("x" * (deciding.LONGEST_REMARK + 1), MoveError)],
    ids=["secret", "long"],
)
def test_no_decision_carries_what_may_not_be_kept(
    session: Session, service: Callable[..., deciding.Done], words: str, refused: type[Exception]
) -> None:
    submit(session)
    with pytest.raises(refused):
        service(session, actor("binh"), draft_id=1, seen_revision=1, comment=words, moment=moment())
    session.rollback()
    assert session.scalars(select(RemarkRow)).all() == []


def test_who_wrote_in_it_does_not_agree_to_it(session: Session) -> None:
    """Whoever acts for the author in everything may write; then somebody else answers for it. Returning is open."""
    day = moment().today
    session.add(DeputyRow(official=1, deputy=2, scope="everything", first_day=day, last_day=day, named_at=moment().now,
                          named_by="an"))  # fmt: skip
    session.add(RevisionRow(draft=1, number=2, author=2, acting_for=1, at=moment().now, content={}, content_digest="1"))
    session.flush()
    sending_round.submit(session, actor("binh"), draft_id=1, template_id=1, seen_revision=2, moment=moment())
    with pytest.raises(MoveError):
        deciding.approve(session, actor("binh"), draft_id=1, seen_revision=2, moment=moment())
    deciding.return_to(session, actor("binh"), draft_id=1, seen_revision=2, moment=moment(), comment="Sửa lại.")
    actors = session.scalars(select(AuditEntry.actor).order_by(AuditEntry.id))
    assert list(actors) == ["binh (for an)", "binh"]
