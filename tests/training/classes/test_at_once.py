"""Everything at the same moment, on both databases: one chair is given once, one record and certificate are made."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, db
from core.audit import AuditEntry
from core.db import unit_of_work
from core.settings import Settings
from tests.training.classes.office import HR, during, moment, new_class, official, plan, seats
from training.errors import SeatError
from training.models import AssignmentRow, AttendanceRow, CertificateRow, SeatRow, StepDoneRow
from training.services import classes as services
from training.services.classes import TakenBack

Work = Callable[[Session], object]


@pytest.fixture
def both_at_once(both: Settings) -> Callable[..., list[object]]:
    """Runs works in threads of their own, each in its own transaction, begun together; what each gave or raised."""

    def run(*works: Work) -> list[object]:
        gate, given = threading.Barrier(len(works)), dict[int, object]()

        def one(number: int, work: Work) -> None:
            gate.wait(60)
            try:
                with unit_of_work(both) as session:
                    given[number] = work(session)
            except Exception as raised:  # noqa: BLE001 - what it was is looked at
                given[number] = raised

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return [given[number] for number in range(len(works))]

    return run


def made(both: Settings, **changed: object) -> int:
    with unit_of_work(both) as session:
        return new_class(session, **changed)  # type: ignore[arg-type]


def asking(class_id: int, number: int) -> Work:
    return lambda session: services.ask_seat(session, official(number), class_id=class_id, moment=moment()).seated


def test_two_take_the_last_seat_at_once(both: Settings, both_at_once: Callable[..., list[object]]) -> None:
    class_id = made(both, places=1)
    given = both_at_once(*(asking(class_id, number) for number in (1, 2, 3, 4)))
    assert sorted(given, key=bool) == [False, False, False, True]
    with unit_of_work(both) as session:
        listed = seats(session, class_id)
        numbers = session.scalars(select(SeatRow.number).where(SeatRow.training_class == class_id)).all()
    assert sorted(state for state, _ in listed.values()) == ["seated", "waiting", "waiting", "waiting"]
    assert sorted(numbers) == [1, 2, 3, 4]


def test_one_asks_twice_at_once(both: Settings, both_at_once: Callable[..., list[object]]) -> None:
    class_id = made(both)
    assert both_at_once(asking(class_id, 1), asking(class_id, 1)) == [True, True]
    with unit_of_work(both) as session:
        assert seats(session, class_id) == {1: ("seated", 1)}
        asked = (AuditEntry.subject == f"class:{class_id}", AuditEntry.action == "training:seat:ask")
        assert session.scalar(select(func.count(AuditEntry.id)).where(*asked)) == 1


def test_a_seat_is_given_back_while_another_asks(both: Settings, both_at_once: Callable[..., list[object]]) -> None:
    """Whoever is first: nobody waits beside a free chair."""
    class_id = made(both, places=1)
    with unit_of_work(both) as session:
        services.ask_seat(session, official(1), class_id=class_id, moment=moment())
    both_at_once(
        lambda session: services.leave_seat(session, official(1), class_id=class_id, moment=moment()),
        asking(class_id, 2),
        asking(class_id, 3),
    )
    with unit_of_work(both) as session:
        listed = seats(session, class_id)
    assert listed[1] == ("left", None)
    assert sorted([listed[2], listed[3]], key=str) == [("seated", 1), ("waiting", None)]


def test_two_change_a_class_at_once_and_one_is_told(both: Settings, both_at_once: Callable[..., list[object]]) -> None:
    class_id = made(both)

    def changing(room: str) -> Work:
        return lambda session: services.change_class(
            session, HR, class_id=class_id, seen_changes=0, plan=plan(room=room), moment=moment()
        )

    given = both_at_once(changing("A"), changing("B"))
    assert sorted(type(one).__name__ for one in given) == ["NoneType", "StaleClassError"]


def test_the_button_and_the_sheet_at_once(both: Settings, both_at_once: Callable[..., list[object]]) -> None:
    """One record, one step, one certificate; the trail holds together."""
    class_id = made(both)

    def entering(session: Session) -> object:
        return services.enter(session, HR, class_id=class_id, official_id="CB3", note="", moment=during(10))

    first, second = both_at_once(entering, entering)
    assert first == second
    assert isinstance(first, int)
    with unit_of_work(both) as session:
        assert session.scalar(select(func.count()).where(AttendanceRow.training_class == class_id)) == 1
        assert session.scalar(select(func.count()).where(CertificateRow.official == 3)) == 1
        chain = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.previous_hash for one in chain] == [audit.FIRST, *(one.hash for one in chain[:-1])]


def test_two_records_of_one_step_taken_back_at_once(both: Settings) -> None:
    """Each would let the other prove the step: the second waits, finds that nothing proves it and says so."""
    classes = [made(both), made(both)]
    told: dict[int, object] = {}

    def take(session: Session, class_id: int) -> None:
        told[class_id] = services.take_back(
            session, HR, class_id=class_id, official_id="CB4", why="Nhầm", moment=during(60)
        )

    def beside() -> None:
        with unit_of_work(both) as session:
            take(session, classes[1])

    with unit_of_work(both) as session:
        for class_id in classes:
            services.enter(session, HR, class_id=class_id, official_id="CB4", note="", moment=during(10))
    other = threading.Thread(target=beside)
    with unit_of_work(both) as session:
        take(session, classes[0])
        other.start()
        other.join(0.5)  # as long as it takes where nothing makes it wait
    other.join(60)
    assert told == dict(zip(classes, [TakenBack(stands=True), TakenBack(reopened=True, revoked=True)], strict=True))
    with unit_of_work(both) as session:
        assignment = session.scalars(select(AssignmentRow).where(AssignmentRow.official == 4)).one()
        assert assignment.state == "open"
        assert session.scalars(select(StepDoneRow).where(StepDoneRow.assignment == assignment.id)).all() == []


def test_the_database_itself_refuses_a_second_person_on_a_chair(both: Settings) -> None:
    """Should a service ever forget to lock: half a decision cannot be stored."""
    class_id = made(both)
    with db.session_factory(both)() as session:
        session.add_all(
            SeatRow(
                training_class=class_id, official=number, state="seated", number=number, chair=1, sequence=0,
                asked_at=moment().now, asked_by="x", seated_at=moment().now,
            )
            for number in (1, 2)
        )  # fmt: skip
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_places_taken_away_while_somebody_asks(both: Settings, both_at_once: Callable[..., list[object]]) -> None:
    class_id = made(both, places=2)
    with unit_of_work(both) as session:
        services.ask_seat(session, official(1), class_id=class_id, moment=moment())
    given = both_at_once(
        lambda session: services.change_class(
            session, HR, class_id=class_id, seen_changes=0, plan=plan(places=1), moment=moment()
        ),
        asking(class_id, 2),
    )
    with unit_of_work(both) as session:
        listed = seats(session, class_id)
    if isinstance(given[0], SeatError):  # who asked was first
        assert listed == {1: ("seated", 1), 2: ("seated", 2)}
    else:
        assert (given, listed) == ([None, False], {1: ("seated", 1), 2: ("waiting", None)})
