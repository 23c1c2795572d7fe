"""Rounds: what is allowed in which order, and that nothing is lost, done twice or open to the wrong person."""

from __future__ import annotations

import pytest

from core.errors import VanthuError
from eoffice.errors import MoveError, NotYourTurnError, PlanError, TooLateError
from eoffice.routing import (
    Agreed,
    Asked,
    Condition,
    HandedOver,
    Looked,
    Opined,
    Person,
    Plan,
    PulledBack,
    Returned,
    Round,
    Step,
    Undone,
    Who,
    Withdrawn,
    after,
    again_from,
    begin,
)
from tests.eoffice.routing import random_runs

RUNS = 10_000
AN, BINH, CHI, DUNG, EM = range(1, 6)
HELD = {"an": (AN,), "binh": (BINH,), "chi": (CHI,), "all": (AN, BINH, CHI), "two": (DUNG, EM), "drafter": (0,)}


def resolve(who: Who) -> tuple[Person, ...]:
    return tuple(Person(one, who.title or "") for one in HELD[who.title or ""])


def step(kind: str, purpose: str, *names: str, needed: int = 0, when: tuple[Condition, ...] = ()) -> Step:
    return Step(kind, purpose, tuple(Who("own", title=name) for name in names), needed, when=when)  # type: ignore[arg-type]


def started(*steps: Step, urgency: str = "normal") -> Round:
    return begin(Plan(steps), drafter=0, facts={"urgency": urgency}, resolve=resolve)


def follow(state: Round, *events: object) -> Round:
    for event in events:
        state = after(state, event, facts={})  # type: ignore[arg-type]
    return state


APPROVAL = step("any", "approval", "chi")


def test_ten_thousand_random_runs() -> None:
    """Whatever is tried in whatever order: what is refused changes nothing, and every round can still be ended."""
    runs = moves = approved = 0
    for chance, first in random_runs.beginnings(range(RUNS * 2)):
        state = first
        random_runs.check(state)
        for _ in range(chance.randint(1, 12)):
            before = state
            try:
                state = after(state, random_runs.event(chance, state), facts=random_runs.FACTS)
            except VanthuError:
                assert state is before
            random_runs.check(state)
            moves += state is not before
        end = random_runs.finished(state)
        random_runs.check(end)
        approved += end.outcome == "approved"
        runs += 1
        if runs == RUNS:
            break
    assert runs == RUNS
    assert moves > 2 * RUNS
    assert approved > RUNS / 2


def test_undoing_is_as_if_it_had_not_been() -> None:
    """For every decision of a random run that nobody has seen the consequence of: the round before it comes back."""
    tried = 0
    for chance, first in random_runs.beginnings(range(4_000)):
        state = first
        for _ in range(6):
            decision = random_runs.event(chance, state)
            try:
                then = after(state, decision, facts=random_runs.FACTS)
            except VanthuError:
                continue
            if isinstance(decision, Agreed | Opined | Returned):
                back = after(then, Undone(decision.by, decision.position), facts=random_runs.FACTS)
                assert unlooked(back) == unlooked(state)
                tried += 1
            state = then
    assert tried > 3_000


def unlooked(state: Round) -> object:
    """All but who looked (a decision is a look) and who was passed over for a condition's sake."""
    return [
        (
            one.position,
            "waiting" if one.state == "passed_over" else one.state,
            [(task.person, task.state, task.decision) for task in one.tasks],
            one.coming,
        )
        for one in state.steps
    ], state.outcome


def test_one_after_the_other() -> None:
    state = started(step("serial", "opinion", "an", "binh"), APPROVAL)
    assert state.waiting_for() == {AN}
    state = follow(state, Opined(AN, 0))
    assert state.waiting_for() == {BINH}
    with pytest.raises(NotYourTurnError):
        follow(state, Opined(AN, 0))
    assert follow(state, Opined(BINH, 0), Agreed(CHI, 1)).outcome == "approved"


def test_two_of_three_are_enough_and_the_third_is_let_off() -> None:
    state = started(step("n_of_m", "opinion", "an", "binh", "chi", needed=2), step("any", "approval", "two"))
    state = follow(state, Opined(CHI, 0), Opined(AN, 0))
    assert state.waiting_for() == {DUNG, EM}
    assert [task.state for task in state.steps[0].tasks] == ["decided", "void", "decided"]


def test_a_condition_is_asked_when_its_turn_comes() -> None:
    urgent = Condition("urgency", ("urgent",))
    plan = Plan((step("all", "opinion", "an", when=(urgent,)), APPROVAL))
    assert started(*plan.steps).waiting_for() == {CHI}
    assert started(*plan.steps, urgency="urgent").waiting_for() == {AN}


def test_a_return_ends_the_round_and_it_can_go_on_from_an_earlier_step() -> None:
    state = started(step("all", "opinion", "an"), step("any", "form", "binh"), APPROVAL)
    state = follow(state, Opined(AN, 0), Agreed(BINH, 1))
    back = follow(state, Returned(CHI, 2, to=1))
    assert (back.outcome, back.returned_to, back.waiting_for()) == ("returned", 1, frozenset())
    again = again_from(back, {})
    assert [one.state for one in again.steps] == ["passed_over", "open", "waiting"]
    assert again.waiting_for() == {BINH}
    with pytest.raises(MoveError):
        follow(state, Returned(CHI, 2, to=2))


def test_asked_beside_the_plan_keeps_nobody_waiting() -> None:
    state = follow(started(APPROVAL), Asked(CHI, 0, (Person(AN, "x"), Person(CHI, "x"), Person(0, "x"))))
    assert state.waiting_for() == {AN, CHI}
    answered = follow(state, Opined(AN, 1))
    assert answered.waiting_for() == {CHI}
    over = follow(state, Agreed(CHI, 0))
    assert (over.outcome, over.steps[1].state) == ("approved", "void")


def test_pulled_back_until_somebody_looked() -> None:
    state = started(APPROVAL)
    assert follow(state, PulledBack(0)).outcome == "pulled_back"
    with pytest.raises(TooLateError):
        follow(state, Looked(CHI), PulledBack(0))
    with pytest.raises(NotYourTurnError):
        follow(state, PulledBack(CHI))


def test_undone_until_the_next_one_looked() -> None:
    state = started(step("any", "form", "an"), APPROVAL)
    gone_on = follow(state, Agreed(AN, 0))
    assert follow(gone_on, Undone(AN, 0)).waiting_for() == {AN}
    with pytest.raises(TooLateError):
        follow(gone_on, Looked(CHI), Undone(AN, 0))


def test_what_waits_for_a_leaver_waits_for_another() -> None:
    state = started(step("all", "opinion", "an", "binh"), APPROVAL)
    assert follow(state, HandedOver(CHI, Person(EM, "x")), HandedOver(AN, Person(EM, "x"))).waiting_for() == {EM, BINH}
    left = follow(state, Opined(BINH, 0), HandedOver(AN, Person(BINH, "x")))
    assert left.waiting_for() == {CHI}, "whoever had their say already is not asked again"
    with pytest.raises(MoveError):
        follow(state, HandedOver(AN, Person(0, "drafter")))


def test_given_up_by_the_drafter_only() -> None:
    assert follow(started(APPROVAL), Withdrawn(0)).outcome == "withdrawn"
    with pytest.raises(NotYourTurnError):
        follow(started(APPROVAL), Withdrawn(CHI))


def test_nobody_but_the_drafter_holds_the_post() -> None:
    with pytest.raises(PlanError, match="step 1"):
        started(step("any", "approval", "drafter"))


def test_content_and_form_by_one_person() -> None:
    with pytest.raises(PlanError, match="two different people"):
        started(step("any", "content", "an"), step("any", "form", "an"), APPROVAL)
    state = started(step("any", "content", "an"), step("any", "form", "binh"), APPROVAL)
    with pytest.raises(MoveError, match="two different people"):
        follow(state, HandedOver(AN, Person(BINH, "x")))


def test_whoever_answers_for_the_content_is_not_asked_for_the_form_where_others_are() -> None:
    state = started(step("any", "content", "an"), step("any", "form", "an", "binh"), APPROVAL)
    assert follow(state, Agreed(AN, 0)).waiting_for() == {BINH}


def test_an_opinion_is_no_approval() -> None:
    state = started(step("any", "opinion", "an"), APPROVAL)
    for wrong in (Agreed(AN, 0), Returned(AN, 0)):
        with pytest.raises(MoveError):
            follow(state, wrong)
