"""Reminders as they are lived: four to the learner, two to the head, each once; none while away, none once done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.models import OfficialRow
from core.mail.digests import digest_due, make_digests
from core.mail.letters import compose
from core.mail.models import MailNotice, OutgoingMail
from core.permissions import SCHEDULER
from mail_audit.services.exceptions import record_exception
from tests.training.following.office import (
    ASSIGNED,
    COURSE,
    DUE,
    HR,
    PEOPLE,
    WORKS_HR,
    assigned,
    assignment,
    moment,
    official,
    run_day,
    told,
    walk,
)
from training.models import AssignmentRow, ExemptionRow, ReminderRow
from training.queries.coming import reminders
from training.services.completing import step_done
from training.services.reminding import remind, reminders_due

END = DUE + timedelta(days=20)
EVERY = [
    ("06/11", "before_14"), ("13/11", "before_7"), ("17/11", "before_3"), ("19/11", "before_1"),
    ("23/11", "head_1"), ("27/11", "head_7"),
]  # fmt: skip
"""Of a course that is due on Friday, 20 November; the first day after it is a Saturday."""


def away(session: Session, number: str, first: date, last: date | None, kind: str = "leave") -> None:
    record_exception(session, HR, official_id=number, kind=kind, first=first, last=last)


def test_the_learner_is_reminded_four_times_and_the_head_told_twice(session: Session) -> None:
    number = assigned(session, "an")
    assert walk(session, ASSIGNED, END) == EVERY
    due = "Hạn 20/11/2026: khóa học “Khóa mailbox”"
    late = "Quá hạn từ 20/11/2026: Nguyễn Văn An chưa học xong khóa “Khóa mailbox”."
    assert told(session) == [("an", due)] * 4 + [("head", late)] * 2
    trail = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"assignment:{number}"))
    said = [(one.actor, one.action, one.facts.get("to")) for one in trail if one.actor == SCHEDULER.name]
    assert (
        said
        == [(SCHEDULER.name, "training:assignment:remind", None)] * 4
        + [(SCHEDULER.name, "training:assignment:escalate", "head")] * 2
    )


def test_what_is_foretold_is_what_happens(session: Session) -> None:
    assigned(session, "an")
    away(session, "an", date(2026, 11, 12), date(2026, 11, 16))
    foretold = reminders(session, HR, today=date(2026, 11, 9)).coming
    happened = walk(session, date(2026, 11, 9), date(2026, 11, 23))
    assert [(f"{one.day:%d/%m}", one.kind) for one in foretold] == happened
    assert happened == [("09/11", "before_14"), ("17/11", "before_3"), ("19/11", "before_1"), ("23/11", "head_1")]


@pytest.mark.parametrize("exempted", [False, True])
def test_an_absence_over_the_day_it_was_due_is_foretold_when_it_has_ended(session: Session, exempted: bool) -> None:
    """Beside somebody who was there, and with nobody away any more."""
    for who in ("an", "second"):
        assigned(session, who)
    first, last = DUE - timedelta(days=3), DUE + timedelta(days=5)
    if exempted:
        row = {"official": official(session, "an"), "course_key": COURSE, "first_day": first, "last_day": last}
        session.add(ExemptionRow(**row, reason="x", recorded_at=moment(ASSIGNED).now, recorded_by="nhansu"))
        session.flush()
    else:
        away(session, "an", first, last)
    walk(session, ASSIGNED, last)
    today = last + timedelta(days=1)
    foretold = [(f"{one.day:%d/%m}", one.kind) for one in reminders(session, HR, today=today).coming]
    assert foretold == walk(session, today, today + timedelta(days=14)) != []


def test_parts_of_what_is_foretold_make_the_whole(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of learners who are reminded alike, and of those who are away, exempted, or were reminded of some already."""
    number = {one: assigned(session, one) for one in PEOPLE}
    run_day(session, date(2026, 11, 6))
    away(session, "an", date(2026, 11, 12), date(2026, 11, 16))
    session.get_one(AssignmentRow, number["binh"]).due_on = date(2026, 11, 24)
    session.flush()
    today = date(2026, 11, 9)
    whole = reminders(session, HR, today=today)
    assert whole.total == len(whole.coming) > 2 * len(PEOPLE)
    places = [(one.day, one.assignment_id) for one in whole.coming]
    assert places == sorted(set(places)), "by day and assignment, nobody twice on a day"
    assert {one.kind for one in whole.coming if one.official_id == "an"} == {"before_3", "before_1", "head_1"}
    for size in (1, 3, 4):
        parts = [reminders(session, HR, today=today, part=slice(at, at + size)) for at in range(0, whole.total, size)]
        assert tuple(one for part in parts for one in part.coming) == whole.coming
        assert {(part.total, part.of_today, part.paused) for part in parts} == {(whole.total, whole.of_today, 0)}
    assert reminders(session, HR, today=today, part=slice(whole.total, None)).coming == ()
    monkeypatch.setattr("training.queries.followed.MOST_NAMED", 0)
    assert reminders(session, HR, today=today) == whole, "however many are away"


def test_a_day_that_runs_twice_sends_once(session: Session) -> None:
    number = assigned(session, "an")
    day = date(2026, 11, 6)
    assert [run_day(session, day) for _ in range(3)] == [[(number, "before_14")], [], []]
    assert len(told(session)) == 1


def test_days_that_were_missed_are_made_up_for_by_the_nearest_alone(session: Session) -> None:
    number = assigned(session, "an")
    assert run_day(session, date(2026, 11, 18)) == [(number, "before_3")]
    assert run_day(session, date(2026, 12, 30)) == [(number, "head_7")]
    assert run_day(session, date(2026, 12, 31)) == []


def test_nobody_is_reminded_once_the_course_is_done(session: Session) -> None:
    number = assigned(session, "an")
    walk(session, ASSIGNED, date(2026, 11, 13))
    for kind, key in (("lesson", "one"), ("quiz", "end")):
        step_done(session, HR, assignment_id=number, kind=kind, key=key, proof={}, moment=moment(date(2026, 11, 14)))
    assert assignment(session, number).state == "done"
    assert walk(session, date(2026, 11, 14), END) == []


def test_nothing_goes_out_during_leave_and_the_first_day_back_is_the_last_day(session: Session) -> None:
    """Away over the day it is due: reminded on the first day back, and late only from the day after."""
    assigned(session, "an")
    away(session, "an", date(2026, 11, 16), date(2026, 11, 25))
    assert walk(session, date(2026, 11, 14), END) == [
        ("26/11", "before_1"), ("27/11", "head_1"), ("03/12", "head_7"),
    ]  # fmt: skip
    assert told(session)[0] == (
        "an", "Khóa học “Khóa mailbox” đã đến hạn 20/11/2026 trong lúc Ông/Bà vắng mặt; xin học trong hôm nay.",
    )  # fmt: skip


def test_days_of_sickness_make_nobody_later(session: Session) -> None:
    assigned(session, "an")
    away(session, "an", date(2026, 11, 24), date(2026, 11, 26), kind="sickness")
    assert walk(session, date(2026, 11, 20), END)[-2:] == [("23/11", "head_1"), ("30/11", "head_7")]


def test_an_absence_without_an_end_pauses_until_it_has_one(session: Session) -> None:
    assigned(session, "an")
    away(session, "an", date(2026, 11, 16), None)
    assert walk(session, date(2026, 11, 16), END) == []
    assert reminders(session, HR, today=date(2026, 11, 16)).paused == 1


def test_an_exemption_pauses_as_leave_does(session: Session) -> None:
    assigned(session, "an")
    session.add(
        ExemptionRow(
            official=official(session, "an"), course_key=COURSE, reason="tập huấn", first_day=date(2026, 11, 1),
            last_day=date(2026, 11, 15), recorded_at=moment(ASSIGNED).now, recorded_by="nhansu",
        )
    )  # fmt: skip
    assert walk(session, ASSIGNED, DUE) == [("16/11", "before_7"), ("17/11", "before_3"), ("19/11", "before_1")]


def test_nobody_is_reminded_of_days_that_passed_before_it_was_assigned(session: Session) -> None:
    assigned(session, "an", on=date(2026, 11, 13))
    assert walk(session, date(2026, 11, 13), DUE) == [("17/11", "before_3"), ("19/11", "before_1")]


@pytest.mark.parametrize(
    ("learner", "head"), [("an", "head"), ("head", "chair"), ("second", "head"), ("nurse", "doctor")]
)
def test_who_is_told_of_a_late_learner(session: Session, learner: str, head: str) -> None:
    assigned(session, learner)
    run_day(session, date(2026, 11, 23))
    assert [name for name, _ in told(session)] == [head]


def test_of_the_head_of_all_nobody_is_told_and_that_is_noted(session: Session) -> None:
    number = assigned(session, "chair")
    assert run_day(session, date(2026, 11, 23)) == [(number, "head_1")]
    row = session.scalars(select(ReminderRow).where(ReminderRow.assignment == number)).one()
    assert (row.official, row.accounts, told(session)) == (None, 0, [])
    assert reminders(session, HR, today=date(2026, 11, 24)).sent[0].to is None


def test_who_has_no_account_is_noted_as_told_by_nobody(session: Session) -> None:
    assigned(session, "binh")
    run_day(session, date(2026, 11, 6))
    (sent,) = reminders(session, HR, today=date(2026, 11, 6)).sent
    assert (sent.official_id, sent.to, sent.accounts) == ("binh", "Nguyễn Văn Binh", 0)


def test_a_later_day_begins_anew(session: Session) -> None:
    number = assigned(session, "an")
    walk(session, ASSIGNED, DUE)
    assignment(session, number).due_on = DUE + timedelta(days=14)
    session.flush()
    assert walk(session, DUE + timedelta(days=1), DUE + timedelta(days=14)) == [
        ("23/11", "before_14"), ("27/11", "before_7"), ("01/12", "before_3"), ("03/12", "before_1"),
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["excused", "withdrawn"])
def test_what_was_taken_back_is_over(session: Session, state: str) -> None:
    row = assignment(session, assigned(session, "an"))
    row.state, row.ended_at, row.ended_by, row.ended_why = state, moment(ASSIGNED).now, "nhansu", "x"
    session.flush()
    assert walk(session, ASSIGNED, END) == []


def test_who_has_left_is_followed_no_more(session: Session) -> None:
    assigned(session, "an")
    session.get_one(OfficialRow, official(session, "an")).gone_at = moment(date(2026, 11, 10)).now
    session.flush()
    assert walk(session, date(2026, 11, 10), END) == []


def test_while_mail_is_off_nothing_is_noted_that_nobody_was_told(session: Session) -> None:
    number = assigned(session, "an")
    settings = session.info["settings"]
    session.info["settings"] = replace(settings, tables=MappingProxyType({}))
    assert remind(session, assignment_id=number, moment=moment(date(2026, 11, 6))) is None
    assert reminders_due(session, None, moment(date(2026, 11, 6)).now) is None
    assert session.scalar(select(func.count()).select_from(ReminderRow)) == 0


def test_the_run_is_due_once_a_working_day_and_before_the_day_s_mail(session: Session) -> None:
    friday = datetime(2026, 11, 5, 23, 40, tzinfo=UTC)  # 6.40 on Friday in Viet Nam
    assert (reminders_due(session, None, friday), digest_due(session, None, friday)) == ({}, None)
    assert reminders_due(session, friday, friday + timedelta(hours=5)) is None
    assert reminders_due(session, friday, friday + timedelta(days=1)) is None
    assert reminders_due(session, friday, friday + timedelta(days=3)) == {}


def test_who_reaches_one_department_sees_no_reminder_of_another(session: Session) -> None:
    for one in PEOPLE:
        assigned(session, one)
    run_day(session, date(2026, 11, 6))
    seen = reminders(session, WORKS_HR, today=date(2026, 11, 9))
    works = {one for one, (unit, _, _) in PEOPLE.items() if unit == "works"}
    assert {one.official_id for one in seen.coming} == works
    assert {one.official_id for one in seen.sent} == works


def test_the_day_s_message_says_it_with_its_reason(session: Session) -> None:
    assigned(session, "an")
    run_day(session, date(2026, 11, 23))
    head = session.scalars(select(MailNotice).where(MailNotice.kind == "training:course:late")).one()
    settings = session.info["settings"]
    session.commit()
    try:
        assert make_digests(settings, day=date(2026, 11, 23), now=moment(date(2026, 11, 23), 1).now) == 1
        with unit_of_work(settings) as after:
            mail = after.scalars(select(OutgoingMail).where(OutgoingMail.account == head.account)).one()
            (item,) = compose(after, mail, now=mail.created_at).items
        assert item.said == "Quá hạn từ 20/11/2026: Nguyễn Văn An chưa học xong khóa “Khóa mailbox”."
        assert item.why == "vì Ông/Bà là lãnh đạo đơn vị của người chưa học xong"
        assert item.address == f"https://vanthu.tp.example.gov.vn/told/{head.id}"
    finally:
        with unit_of_work(settings) as after:
            for table in (MailNotice, OutgoingMail, ReminderRow, AssignmentRow):
                after.execute(delete(table))
