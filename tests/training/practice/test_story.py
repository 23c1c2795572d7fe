"""Exercises from beginning to end on both databases: begun, tried, refused with a reason, done, recorded once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.errors import ConflictError, NotFoundError
from core.mail.models import OutgoingMail
from core.words import Text
from eoffice.services import deciding, practice, remarking
from tests.training.practice.office import (
    DOMAIN,
    START,
    Office,
    actor,
    change,
    delivery,
    moment,
    office_moment,
    session_of,
    submission,
)
from training.models import AssignmentRow, ExerciseProofRow, ExerciseRow, StepDoneRow
from training.practice.evidence import Evidence
from training.practice.kinds import DAYS, KINDS
from training.queries.practice import evidence_of, exercise_page
from training.services import practising


def coded(code: str) -> str:
    return f"thuchanh+{code}@{DOMAIN}"


def test_a_message_is_sent_and_the_step_is_proved(either: Office) -> None:
    """Nothing, then a try from a colleague's mailbox, then the learner's own; each time the page says why not yet."""
    row = either.begin("cb1", "send")["send"]
    said = [_why(either, "send", 0.5)]
    assert either.look(1) == {"send": "nothing_yet"}
    either.write(*submission(2, "cb2", [coded(row.code)], client="10.20.30.42"))
    assert either.look(5) == {"send": "somebody_else"}
    said.append(_why(either, "send", 6))
    either.write(*submission(10, "cb1", [coded(row.code)]))
    assert either.look(12) == {"send": "done"}
    assert either.look(13) == {}
    assert all(one is not None and one.vi for one in said)
    with unit_of_work(either.settings) as session:
        steps = session.scalars(select(StepDoneRow)).all()
        assert [(one.kind, one.key, one.proof) for one in steps] == [("exercise", "send", {"exercise": row.id})]
        told = session.scalars(select(AuditEntry).where(AuditEntry.subject == "assignment:1")).all()
        assert [one.action for one in told] == [
            "training:exercise:begin", "training:exercise:end", "training:step:done",
        ]  # fmt: skip
        assert session.scalar(select(func.count()).select_from(ExerciseProofRow)) == 1


def _why(office: Office, kind: str, minutes: float) -> Text | None:
    with unit_of_work(office.settings) as session:
        page = exercise_page(session, actor("cb1"), assignment_id=1, kind=kind, moment=moment(minutes))
    return page.why


def test_judged_by_two_at_once_it_is_recorded_once(office: Office) -> None:
    row = office.begin("cb1", "send")["send"]
    office.write(*submission(10, "cb1", [coded(row.code)]))
    office.look(12)
    with unit_of_work(office.settings) as session:
        known = Evidence()
        assert practising.judge(session, exercise_id=row.id, known=known, moment=moment(13)) is None
        assert session.scalar(select(func.count()).select_from(StepDoneRow)) == 1


def test_our_letter_is_sent_once_and_answered_to_a_code_that_the_page_does_not_tell(office: Office) -> None:
    row = office.begin("cb1", "answer")["answer"]
    assert office.begin("cb1", "answer")["answer"].id == row.id
    with unit_of_work(office.settings) as session:
        (mail,) = session.scalars(select(OutgoingMail)).all()
        page = exercise_page(session, actor("cb1"), assignment_id=1, kind="answer", moment=moment(1))
    assert (mail.address, mail.facts, page.address) == (f"cb1@{DOMAIN}", {"exercise": row.id}, None)
    office.write(*submission(2, "cb1", [coded(row.code)]))
    assert office.look(3) == {"answer": "letter_not_there"}
    office.write(*delivery(4, "cb1", office.letter(row), sender=coded(row.code)))
    assert office.look(5) == {"answer": "before_letter"}
    office.write(*submission(9, "cb1", [coded(row.code)]))
    assert office.look(10) == {"answer": "done"}


def test_everything_that_is_done_with_a_letter(office: Office) -> None:
    """Read, flagged, filed and deleted; on the phone from another network; and no rule sends it on."""
    kinds = ("read", "phone", "flag", "file", "delete", "no_forward")
    rows = office.begin("cb1", *kinds)
    ids = {kind: office.letter(row) for kind, row in rows.items()}
    came = [line for kind in kinds for line in delivery(1, "cb1", ids[kind], sender=coded(rows[kind].code))]
    office.write(*came)
    assert office.look(3) == {**dict.fromkeys(kinds, "letter_waits"), "no_forward": "settling"}
    at_desk = (
        change("flag_change", ids["read"], uid=1, flags="\\Seen"),
        change("flag_change", ids["flag"], uid=3, flags="\\Flagged"),
        change("copy from INBOX", ids["file"], box="Luu tru", uid=1),
        change("expunge", ids["file"], uid=4, flags="\\Deleted"),
        change("copy from INBOX", ids["delete"], box="Trash", uid=1),
    )
    on_phone = change("flag_change", ids["phone"], uid=2, flags="\\Seen")
    office.write(
        *session_of(-600, "cb1"), *session_of(20, "cb1", *at_desk),
        *session_of(30, "cb1", on_phone, client="171.224.10.7"),
    )  # fmt: skip
    assert office.look(40) == dict.fromkeys(kinds, "done")


def test_a_rule_that_sends_mail_on_is_seen(office: Office) -> None:
    row = office.begin("cb1", "no_forward")["no_forward"]
    letter = office.letter(row)
    lines = delivery(1, "cb1", letter, sender=coded(row.code))
    sent_on = lines[3].replace(": saved mail to INBOX", ": redirect action: forwarded to <boss@gmail.test>")
    office.write(*lines, sent_on, *session_of(20, "cb1"))
    assert office.look(30) == {"no_forward": "forwarded"}
    again = office.begin("cb1", "no_forward", minutes=40, again=True)["no_forward"]
    office.write(*delivery(41, "cb1", office.letter(again), sender=coded(again.code)), *session_of(60, "cb1"))
    assert office.look(70) == {"no_forward": "done"}


def test_begun_again_the_old_code_is_worth_nothing(office: Office) -> None:
    first = office.begin("cb1", "send")["send"]
    second = office.begin("cb1", "send", minutes=5, again=True)["send"]
    assert (second.number, second.code != first.code) == (2, True)
    office.write(*submission(10, "cb1", [coded(first.code)]))
    assert office.look(12) == {"send": "nothing_yet"}


def test_in_time_though_the_log_comes_late_and_over_after_that(office: Office) -> None:
    rows = office.begin("cb1", "send", "webmail")
    end = DAYS * 1440
    office.write(*submission(end - 1, "cb1", [coded(rows["send"].code)]))
    assert office.look(end + 60) == {"send": "done", "webmail": "nothing_yet"}
    office.write(*submission(end + 70, "cb1", [coded(rows["webmail"].code)], client="127.0.0.1"))
    assert office.look(end + 80) == {"webmail": "late"}
    assert office.look(end + 3000) == {"webmail": "expired"}
    assert office.exercises("cb1")["webmail"].state == "failed"


def test_of_a_course_that_was_taken_back_nothing_is_recorded(office: Office) -> None:
    row = office.begin("cb1", "send")["send"]
    with unit_of_work(office.settings) as session:
        assignment = session.get_one(AssignmentRow, 1)
        assignment.state, assignment.ended_at, assignment.ended_by = "withdrawn", START, "x"
        assignment.ended_why = "x"
    office.write(*submission(10, "cb1", [coded(row.code)]))
    assert office.look(12) == {"send": "course_over"}
    with unit_of_work(office.settings) as session:
        assert session.scalar(select(func.count()).select_from(StepDoneRow)) == 0


def test_what_cannot_be_begun(office: Office) -> None:
    """Somebody else's course, what the course does not ask for, without a mailbox of the own, too often."""
    with unit_of_work(office.settings) as session:
        for who, kind in (("cb2", "send"), ("cb1", "fly")):
            with pytest.raises(NotFoundError):
                practising.begin(session, actor(who), assignment_id=1, kind=kind, moment=moment())
        with pytest.raises(ConflictError, match="mailbox"):
            practising.begin(session, actor("cb3"), assignment_id=3, kind="send", moment=moment())
    for number in range(practising.MOST_A_DAY):
        office.begin("cb1", "send", minutes=number, again=True)
    with pytest.raises(ConflictError, match="10"):
        office.begin("cb1", "send", minutes=20, again=True)


def test_the_e_office_is_practised_with_documents_that_mean_nothing(either: Office) -> None:
    """Comment, return, agree, ask, write: by the learner passed, by the colleague who was asked not."""
    kinds = ("comment", "return", "approve", "ask_opinion", "draft")
    rows = either.begin("cb1", *kinds)
    with unit_of_work(either.settings) as session:
        lay = dict.fromkeys(kinds, practice.lay_before) | {"draft": practice.begin_own}
        drafts = {
            kind: lay[kind](session, actor("cb1"), mark=rows[kind].code, moment=office_moment(1)) for kind in kinds
        }
        assert (
            practice.lay_before(session, actor("cb1"), mark=rows["comment"].code, moment=office_moment(2))
            == (drafts["comment"])
        )
    assert either.look(3) == dict.fromkeys(kinds, "office_nothing")
    with unit_of_work(either.settings) as session:
        at, own = office_moment(5), actor("cb1")
        remarking.remark(session, own, draft_id=drafts["comment"], text="Nên thêm thời gian.", moment=at)
        deciding.return_to(session, own, draft_id=drafts["return"], seen_revision=1, moment=at, comment="Thiếu ngày.")
        deciding.approve(session, own, draft_id=drafts["approve"], seen_revision=1, moment=at)
        deciding.ask_opinion(session, own, draft_id=drafts["ask_opinion"], whom=["cb2"], moment=at)
    assert either.look(6) == {**dict.fromkeys(kinds, "done"), "draft": "office_nothing"}
    _write(either, drafts["draft"], "Văn phòng đã làm vệ sinh trụ sở đúng kế hoạch", 7)
    assert either.look(8) == {"draft": "faults"}
    _write(either, drafts["draft"], "Văn phòng đã làm vệ sinh trụ sở đúng kế hoạch./.", 9, motto=True)
    assert either.look(10) == {"draft": "done"}


def _write(office: Office, draft_id: int, body: str, minutes: float, *, motto: bool = False) -> None:
    """The learner saves the text with this body, and with the motto as it should be."""
    from eoffice.services.drafting import revision_row, save
    from eoffice.writing import Passage, Written

    with unit_of_work(office.settings) as session:
        latest = revision_row(session, draft_id)
        words = {"body": body} | ({"motto": "Độc lập - Tự do - Hạnh phúc"} if motto else {})
        passages = tuple(
            Passage(one.id, one.role, words.get(one.role, one.text)) for one in Written.of_json(latest.content).passages
        )
        save(session, actor("cb1"), draft_id=draft_id, base=latest.number, passages=passages,
             moment=office_moment(minutes))  # fmt: skip


def test_every_kind_may_be_begun_and_is_judged_without_anything_known(office: Office) -> None:
    office.begin("cb1", *KINDS)
    assert {*office.look(1)} == {*KINDS}
    with unit_of_work(office.settings) as session:
        rows = session.scalars(select(ExerciseRow)).all()
        assert len({row.code for row in rows} | {row.second_code for row in rows if row.second_code}) == len(KINDS) + 1
        assert all(row.why_vi and row.expires_at - row.issued_at == timedelta(days=DAYS) for row in rows)
        assert len(evidence_of(session, rows, moment=moment(2))) == len(KINDS)
