"""Rounds in tables are the rounds of the pure functions, whatever happens to them."""

from __future__ import annotations

from random import Random

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.errors import VanthuError
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow
from eoffice.routing import Agreed, Opined, Returned, Round, after, begin
from eoffice.services import rounds
from eoffice.services.rounds import Verdict
from tests.eoffice.routing import random_runs
from tests.eoffice.services.conftest import moment

RUNS = 40


def test_tables_hold_what_the_functions_say(session: Session) -> None:
    """Random rounds, driven by both side by side: after each event, and read back anew, they are the same."""
    drafter = _people(session)
    draft = session.get(DraftRow, 1)
    assert draft is not None
    facts, moved = rounds.facts_of(draft), 0
    for chance, state in _beginnings(drafter, facts):
        _forget(session)
        rounds.start(session, draft, state, moment(), revision=1, begun_by=drafter)
        for number in range(8):
            event = random_runs.event(chance, state)
            verdict = Verdict(drafter + 1, 1, "web") if isinstance(event, Agreed | Opined | Returned) else None
            try:
                state = after(state, event, facts=facts)  # noqa: PLW2901
            except VanthuError:
                continue
            row, _, then = rounds.move(session, draft, event, moment(number), verdict)
            session.expire_all()
            assert then == state
            assert rounds.load(session, draft, row) == state
            moved += 1
    assert moved > 2 * RUNS


def _people(session: Session) -> int:
    """Officials with all the numbers that random runs use; the drafter's is 0."""
    for number in (0, *range(6, 13)):
        session.add(OfficialRow(id=number, official_id=f"x{number}", name="x"))
    draft = session.get(DraftRow, 1)
    assert draft is not None
    draft.drafter = random_runs.DRAFTER
    session.flush()
    return random_runs.DRAFTER


def _beginnings(drafter: int, facts: dict[str, str]) -> list[tuple[Random, Round]]:
    found = []
    for seed in range(RUNS * 3):
        chance = Random(seed)
        held = random_runs.posts(chance)
        plan = random_runs.plan(chance, list(held))
        try:
            found.append((chance, begin(plan, drafter=drafter, facts=facts, resolve=random_runs.holders(held))))
        except VanthuError:
            continue
    return found[:RUNS]


def _forget(session: Session) -> None:
    for table in (TaskRow, StepRow, RoundRow):
        session.execute(delete(table))
    session.flush()
