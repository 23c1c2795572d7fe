"""The state of one day, case by case: what was seen, and what may be said of what was not seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from mail_audit import queries
from mail_audit.queries import DayFacts, DayState
from mail_audit.queries.days import day_state
from mail_audit.services import store_result
from tests.mail_audit.store import made
from tests.mail_audit.store.conftest import bare_run

NOTHING = DayFacts()


@pytest.mark.parametrize(
    ("facts", "known", "whole", "working", "expected"),
    [
        (DayFacts(acts_a=1), True, True, True, "acted"),
        (DayFacts(acts_b=1), False, False, False, "acted"),
        (DayFacts(acts_a=1, delegated=5, uncounted=1), True, True, True, "acted"),
        (DayFacts(logins=3), True, True, True, "machine"),
        (DayFacts(acts_c=1), True, False, True, "machine"),
        (DayFacts(acts_d=1), False, True, True, "no_data"),
        (DayFacts(logins=3, uncounted=3), True, True, True, "no_data"),
        (DayFacts(logins=3, delegated=3), True, True, True, "nothing"),
        (DayFacts(received=9, failed_logins=9), True, True, True, "nothing"),
        (NOTHING, True, True, True, "nothing"),
        (NOTHING, True, False, True, "no_data"),
        (NOTHING, False, True, True, "no_data"),
        (NOTHING, True, True, False, "day_off"),
        (NOTHING, True, False, False, "day_off"),
        (NOTHING, False, True, False, "no_data"),
        (DayFacts(logins=3), True, True, False, "day_off"),
    ],
)
def test_day_state(facts: DayFacts, known: bool, whole: bool, working: bool, expected: DayState) -> None:
    assert day_state(facts, known=known, whole=whole, working=working) == expected


def test_an_official_with_fewer_covered_days_than_the_logs_is_not_accused(session: Session) -> None:
    run = bare_run(session)
    fewer = made.official("CB01", "Nguyễn Văn Ân", made.BUILDING, covered_working_days=5)
    report = replace(made.report(), officials=(fewer,))
    store_result(session, audit_id=run.id, report=report, days=made.days(), actor="quantri")
    states = {square.day.day: square.state for square in queries.official(session, run.id, "CB01").days}
    assert states == {
        1: "acted", 2: "no_data", 3: "acted", 4: "day_off", 5: "machine",
        6: "no_data", 7: "no_data", 8: "no_data", 9: "no_data", 10: "day_off",
    }  # fmt: skip
