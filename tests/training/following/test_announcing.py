"""Being told of a course: one line each, when it is theirs to begin; none for what is over; once, whatever dies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.models import Account
from core.mail.digests import make_digests
from core.mail.letters import compose
from core.mail.models import MailNotice, MailPreference, OutgoingMail
from core.permissions import SCHEDULER, Actor, Role
from core.settings import Settings
from tests.training.following.office import ASSIGNED, COURSE, HR, STEPS, assigned, assignment, course, moment, told
from training.models import AssignmentRow, AssignmentToldRow, CourseRow
from training.queries.learning import courses_due
from training.services import announcing
from training.services.assigning import begin_waves, withdraw_assignment
from training.services.completing import step_done
from training.services.exempting import record_exemption

LINE = "Khóa học mới: “Khóa mailbox”, khoảng 10 phút, hạn 20/11/2026. Trang khóa học ghi rõ lý do."
LATER = moment(ASSIGNED, 1)


def tell(session: Session) -> int:
    return announcing.tell_some(session, moment=LATER)


def test_one_line_each_without_the_reason(session: Session) -> None:
    for number in ("an", "nurse", "binh"):  # the last one has no account
        assigned(session, number)
    assert announcing.news_due(session, None, LATER.now) == {}
    assert (tell(session), tell(session)) == (3, 0)
    assert told(session) == [("an", LINE), ("nurse", LINE)]
    assert "ít dùng thư" not in "".join(said for _name, said in told(session)), "a reason tells of what somebody does"
    assert announcing.news_due(session, None, LATER.now) is None
    noted = session.scalars(select(AssignmentToldRow.accounts).order_by(AssignmentToldRow.assignment))
    assert noted.all() == [1, 1, 0]
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "training:assignment:tell"))
    assert (entry.actor, entry.facts["assignments"], entry.facts["accounts"]) == (SCHEDULER.name, 3, 2)


def test_in_the_days_message_with_why_in_the_readers_language(session: Session, settings: Settings) -> None:
    """Ten courses are one letter; who chose no such line, or no mail, gets none; a letter is one of the reader's."""
    session.add_all([course(f"course{number}") for number in range(9)])
    first = assigned(session, "an")
    for number in range(9):
        row = assignment(session, first)
        session.add(
            AssignmentRow(
                official=row.official, course_key=f"course{number}", reason_vi="x", reason_en="x",
                assigned_at=row.assigned_at, assigned_by="x", starts_on=row.starts_on, due_on=row.due_on, state="open",
            )
        )  # fmt: skip
    for name in ("nurse", "head"):
        assigned(session, name)
    accounts = {one.name: one.id for one in session.scalars(select(Account))}
    session.add(MailPreference(account=accounts["nurse"], every="day", unwanted=["training:course:assigned"]))
    session.add(MailPreference(account=accounts["head"], every="never", unwanted=[]))
    session.add(MailPreference(account=accounts["an"], every="day", language="en", unwanted=[]))
    session.flush()
    assert tell(session) == 12
    assert {name for name, _said in told(session)} == {"an"}
    session.commit()
    try:
        made = make_digests(settings, day=ASSIGNED + timedelta(days=1), now=LATER.now + timedelta(days=1))
        assert made == 1
        letter = compose(session, session.scalars(select(OutgoingMail)).one(), now=LATER.now)
        assert len(letter.items) == 10
        assert {one.why for one in letter.items} == {"because this course was assigned to you"}
        said = "A new course: “Course mailbox”, about 10 minutes, due on 20 November 2026."
        assert letter.items[0].said.startswith(said)
    finally:
        session.rollback()
        with unit_of_work(settings) as cleaning:
            for table in (MailNotice, OutgoingMail, MailPreference, AssignmentToldRow, AssignmentRow):
                cleaning.execute(delete(table))
            cleaning.execute(delete(CourseRow).where(CourseRow.key != COURSE))


def test_who_waits_for_a_wave_learns_of_it_when_it_begins(session: Session) -> None:
    row = assignment(session, assigned(session, "an"))
    row.state, row.starts_on = "waiting", ASSIGNED + timedelta(days=7)
    session.flush()
    assert (tell(session), told(session)) == (0, [])
    begins = moment(ASSIGNED + timedelta(days=7))
    assert begin_waves(session, SCHEDULER, moment=begins) == 1
    assert announcing.tell_some(session, moment=begins) == 1
    assert [name for name, _said in told(session)] == ["an"]


def test_what_is_over_is_not_told_and_is_taken_out_of_the_days_message(session: Session) -> None:
    an, nurse, doctor = (assigned(session, number) for number in ("an", "nurse", "doctor"))
    withdraw_assignment(session, HR, assignment_id=doctor, why="nhầm", moment=LATER)
    assert tell(session) == 2
    assert [name for name, _said in told(session)] == ["an", "nurse"]
    for step in STEPS:
        step_done(session, SCHEDULER, assignment_id=an, proof={}, moment=LATER, **step)
    assert [name for name, _said in told(session)] == ["nurse"]
    record_exemption(
        session, HR, official_id="nurse", course_key=COURSE, reason="Nghỉ thai sản", first=ASSIGNED, last=ASSIGNED,
        moment=LATER,
    )  # fmt: skip
    assert (told(session), assignment(session, nurse).state) == ([], "excused")
    assert tell(session) == 0, "and nobody is told again"


def test_it_waits_on_the_home_page_too(session: Session) -> None:
    made = assigned(session, "an")
    actor = Actor("an", frozenset({Role.OFFICIAL}), "an")
    assert [one.assignment_id for one in courses_due(session, actor)] == [made]


def test_what_began_long_ago_is_no_news(session: Session) -> None:
    assigned(session, "an")
    assert announcing.tell_some(session, moment=moment(ASSIGNED + timedelta(days=15))) == 1
    assert told(session) == []
    assert announcing.news_due(session, None, LATER.now) is None


def test_what_another_worker_told_while_the_rows_were_locked_is_left(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are looked for as they stood before that one's commit, which only a question asked anew sees."""
    assigned(session, "an")
    assert tell(session) == 1
    assigned(session, "nurse")
    monkeypatch.setattr(announcing, "_untold", lambda: AssignmentRow.state == "open")
    assert (tell(session), tell(session)) == (1, 0)
    assert [name for name, _said in told(session)] == ["an", "nurse"]


class Killed(BaseException):
    """The process ends here."""


def test_killed_and_run_again_everybody_is_told_once(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        for number in ("an", "nurse"):
            assigned(session, number)

    def killed() -> None:
        with unit_of_work(settings) as session:
            tell(session)
            raise Killed

    try:
        with pytest.raises(Killed):
            killed()
        for _again in range(2):
            with unit_of_work(settings) as session:
                tell(session)
        with unit_of_work(settings) as session:
            assert [name for name, _said in told(session)] == ["an", "nurse"]
            assert session.scalar(select(func.count()).select_from(AssignmentToldRow)) == 2
    finally:
        with unit_of_work(settings) as session:
            for table in (MailNotice, AssignmentToldRow, AssignmentRow):
                session.execute(delete(table))
