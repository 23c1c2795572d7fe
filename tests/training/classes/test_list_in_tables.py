"""The tables hold what the pure rules say, after any events: each is played in both, and they are compared."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import VanthuError
from tests.training.classes.office import HR, class_row, moment, new_class, official, plan
from training import seating
from training.errors import SeatError
from training.models import SeatRow
from training.seating import Seating
from training.services import classes as services

PEOPLE = st.integers(1, 5)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["ask", "leave", "give", "take"]), PEOPLE),
        st.tuples(st.just("resize"), st.integers(1, 4)),
    ),
    max_size=12,
)


def in_tables(session: Session, class_id: int, event: tuple[str, int]) -> None:
    what, number = event
    try:
        if what == "ask":
            services.ask_seat(session, official(number), class_id=class_id, moment=moment())
        elif what == "leave":
            services.leave_seat(session, official(number), class_id=class_id, moment=moment())
        elif what == "give":
            services.give_seat(session, HR, class_id=class_id, official_id=f"CB{number}", moment=moment())
        elif what == "take":
            services.take_seat_away(session, HR, class_id=class_id, official_id=f"CB{number}", moment=moment())
        else:
            seen = class_row(session, class_id).changes
            services.change_class(
                session, HR, class_id=class_id, seen_changes=seen, plan=plan(places=number), moment=moment()
            )
    except VanthuError:
        pass  # refused: the rules refuse it too


def by_the_rules(before: Seating, event: tuple[str, int]) -> Seating:
    what, number = event
    rule = {"ask": seating.ask, "give": seating.ask, "leave": seating.leave, "take": seating.leave}
    try:
        return rule.get(what, seating.resize)(before, number)
    except SeatError:
        return before


def held(session: Session, class_id: int) -> Seating:
    wanted = select(SeatRow).where(SeatRow.training_class == class_id).execution_options(populate_existing=True)
    rows = session.scalars(wanted).all()
    seated = sorted((one.chair, one.official) for one in rows if one.chair is not None)
    waiting = [one.official for one in sorted(rows, key=lambda one: one.number) if one.state == "waiting"]
    return Seating(class_row(session, class_id).places, tuple(seated), tuple(waiting))


@given(events=EVENTS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_tables_and_rules_agree(session: Session, events: list[tuple[str, int]]) -> None:
    with session.begin_nested() as undone:
        class_id, now = new_class(session), Seating(2)
        for event in events:
            in_tables(session, class_id, event)
            now = by_the_rules(now, event)
            assert held(session, class_id) == now
        undone.rollback()
