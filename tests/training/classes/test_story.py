"""A class from its plan to the certificates: seats, the line, the calendar, the screen in the room, the sheet."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.audit import AuditEntry
from core.mail.letters import Letter, compose
from core.mail.models import OutgoingMail
from core.mail.rendering import as_email
from core.settings import Settings
from tests.training.classes.office import (
    COURSE,
    DAY,
    ENDS,
    HERE,
    HR,
    NAMES,
    STARTS,
    at,
    class_row,
    during,
    moment,
    new_class,
    official,
    plan,
    seats,
)  # fmt: skip
from training import presence
from training.models import AssignmentRow, AttendanceRow, CertificateRow, StepDoneRow
from training.queries.certificates import own_certificates, verified
from training.queries.classes import class_page, classes, own_class, own_classes
from training.services import classes as services
from training.services.classes.attending import Shown, session_of
from training.services.classes.seats import free_seats


@pytest.fixture
def office(both: Settings) -> Iterator[Session]:
    with db.session_factory(both)() as opened:
        yield opened
        opened.rollback()


def letters(session: Session) -> list[tuple[str, str, int, str]]:
    """What calendars are told, in the order of telling: to whom, method, SEQUENCE, and when it begins there."""
    told = []
    for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)):
        letter = compose(session, mail, now=at())
        event = calendar_of(letter)
        told.append((mail.address.partition("@")[0], *event))
    return told


def calendar_of(letter: Letter) -> tuple[str, int, str]:
    assert letter.calendar is not None
    method, text = letter.calendar
    read = Calendar.from_ical(text)
    [event] = read.events
    assert str(read["METHOD"]) == method
    assert [str(one["TZID"]) for one in read.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
    return method, event.sequence, f"{event.start:%d/%m %H:%M}"


def test_from_the_plan_to_the_certificates(office: Session, both: Settings) -> None:
    class_id = new_class(office, unit_key=HERE)
    coming = own_classes(office, official(1), now=at())
    assert [(one.line.class_id, one.state) for one in coming] == [(class_id, "none")]
    assert own_classes(office, official(6), now=at()) == []  # of another unit

    asked = [services.ask_seat(office, official(number), class_id=class_id, moment=moment()) for number in (1, 2, 3, 4)]
    assert [(one.seated, one.place_in_line) for one in asked] == [
        (True, None), (True, None), (False, 1), (False, 2),
    ]  # fmt: skip
    assert letters(office) == [("cb1", "REQUEST", 0, "24/11 08:30"), ("cb2", "REQUEST", 0, "24/11 08:30")]
    assert own_class(office, official(4), class_id=class_id, now=at()).place_in_line == 2

    services.leave_seat(office, official(1), class_id=class_id, moment=moment(at(60)))
    assert seats(office, class_id) == {1: ("left", None), 2: ("seated", 2), 3: ("seated", 1), 4: ("waiting", None)}
    page = class_page(office, HR, class_id=class_id)
    assert [one.name for one in page.people] == [NAMES[2], NAMES[1]]  # by given name: Hà, Ửng
    assert [one.name for one in page.waiting] == [NAMES[3]]

    services.change_class(
        office, HR, class_id=class_id, seen_changes=0, plan=plan(places=3, room="Hội trường"), moment=moment(at(90))
    )
    assert seats(office, class_id)[4] == ("seated", 3)
    _taught(office, both, class_id)


def _taught(office: Session, both: Settings, class_id: int) -> None:
    """Two come and scan, one signs the sheet; the fourth, who gave up the seat, is not there."""
    key, when = both.secret_key, session_of(class_row(office, class_id))
    for number, minutes in ((2, -10), (3, 5)):
        code = presence.code(key, when, during(minutes).now)
        assert code is not None
        services.check_in(office, official(number), class_id=class_id, shown=Shown(code=code), moment=during(minutes))
    services.enter(office, HR, class_id=class_id, official_id="CB4", note="ký tên", moment=during(180))
    there = office.scalars(select(AttendanceRow).order_by(AttendanceRow.id)).all()
    assert [(one.official, one.how, one.by) for one in there] == [
        (2, "code", "cb2"), (3, "code", "cb3"), (4, "entered", "to.chuc"),
    ]  # fmt: skip
    steps = office.scalars(select(StepDoneRow).order_by(StepDoneRow.id)).all()
    assert [one.proof for one in steps] == [{"attendance": one.id, "class": class_id} for one in there]
    assert office.scalars(select(AssignmentRow.official).where(AssignmentRow.state == "done")).all() == [2, 3, 4]

    [certificate] = own_certificates(office, official(2), today=DAY)
    assert verified(office, certificate.code, today=DAY).name == NAMES[1]
    assert own_certificates(office, official(1), today=DAY) == []
    [past], total = classes(office, HR, now=during(300).now, when="past")
    assert (past.present, past.seated, total) == (3, 3, 1)
    actions = office.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"class:{class_id}")).all()
    assert sorted(actions) == sorted(
        ["training:class:make", "training:class:change", *["training:seat:ask"] * 4, "training:seat:leave",
         *["training:class:check_in"] * 2, "training:class:enter"]
    )  # fmt: skip


def test_calendars_are_told_of_every_change_in_an_order_they_can_follow(office: Session) -> None:
    class_id = new_class(office)
    services.ask_seat(office, official(1), class_id=class_id, moment=moment())
    services.change_class(
        office, HR, class_id=class_id, seen_changes=0, plan=plan(room="Hội trường"), moment=moment(at(60))
    )
    first, second = office.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert calendar_of(compose(office, second, now=at(61))) == ("REQUEST", 1, "24/11 08:30")
    with pytest.raises(Exception, match="a later message"):
        compose(office, first, now=at(61))

    services.cancel_class(office, HR, class_id=class_id, why="Giảng viên ốm", moment=moment(at(120)))
    last = office.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert last is not None
    letter = compose(office, last, now=at(121))
    assert calendar_of(letter) == ("CANCEL", 2, "24/11 08:30")
    assert "Giảng viên ốm" in " ".join(letter.paragraphs)
    assert (class_row(office, class_id).starts_at, class_row(office, class_id).ends_at) == (STARTS, ENDS)


def test_who_moved_up_gets_the_class_and_who_left_loses_it(office: Session) -> None:
    class_id = new_class(office, places=1)
    for number in (1, 2):
        services.ask_seat(office, official(number), class_id=class_id, moment=moment())
    services.take_seat_away(office, HR, class_id=class_id, official_id="CB1", moment=moment(at(60)))
    told = office.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()[1:]
    made = [(one.address[:3], *calendar_of(compose(office, one, now=at(61)))[:2]) for one in told]
    assert made == [("cb1", "CANCEL", 1), ("cb2", "REQUEST", 0)]


def test_certificates_are_one_for_each_assignment(office: Session) -> None:
    class_id = new_class(office)
    for _ in range(2):
        services.enter(office, HR, class_id=class_id, official_id="CB2", note="", moment=during(10))
    assert len(office.scalars(select(CertificateRow)).all()) == 1
    assert office.scalars(select(CertificateRow.course_key)).one() == COURSE


def test_the_seat_of_who_left_goes_to_who_waits(office: Session) -> None:
    class_id, over = new_class(office, places=1), new_class(office, places=1)
    for number in (1, 2):
        services.ask_seat(office, official(number), class_id=class_id, moment=moment())
    services.ask_seat(office, official(1), class_id=over, moment=moment())
    services.cancel_class(office, HR, class_id=over, why="x", moment=moment())
    assert free_seats(office, official=1, by="to.chuc", moment=moment(at(60))) == 1
    assert seats(office, class_id) == {1: ("left", None), 2: ("seated", 1)}
    assert free_seats(office, official=1, by="to.chuc", moment=moment(at(60))) == 0


def test_the_letter_is_one_that_calendars_read(office: Session) -> None:
    """As it goes over the wire: the part that programs look for (RFC 6047), and what stands in it."""
    class_id = new_class(office)
    services.ask_seat(office, official(1), class_id=class_id, moment=moment())
    mail = office.scalars(select(OutgoingMail)).one()
    sent = as_email(
        compose(office, mail, now=at()), kind=mail.kind, sender="vanthu@tp.example.gov.vn", address=mail.address,
        message_id=mail.message_id, at=mail.created_at, site="https://vanthu.tp.example.gov.vn",
    )  # fmt: skip
    read = email.message_from_bytes(sent.as_bytes(), policy=email.policy.default)
    parts = list(read.iter_parts())
    assert [one.get_content_type() for one in parts] == ["text/plain", "text/html", "text/calendar"]
    assert (parts[2].get_param("method"), parts[2].get_content_charset()) == ("REQUEST", "utf-8")
    calendar = Calendar.from_ical(parts[2].get_content())
    [event] = calendar.events
    assert (event["ATTENDEE"], event["ORGANIZER"]) == (
        "mailto:cb1@tp.example.gov.vn", "mailto:vanthu@tp.example.gov.vn",
    )  # fmt: skip
    assert (event.start, event.end) == (STARTS, ENDS)
    assert (event["LOCATION"], event["STATUS"]) == ("Phòng 5, tầng 2", "CONFIRMED")
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert b"TZOFFSETTO:+0700" in calendar.to_ical()
