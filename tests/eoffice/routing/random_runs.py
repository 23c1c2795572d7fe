"""Random plans, random people and random events, and what must hold of a round after each of them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from core.errors import VanthuError
from eoffice.routing import (
    Agreed,
    Asked,
    Condition,
    Event,
    HandedOver,
    Looked,
    Opined,
    Person,
    Plan,
    PulledBack,
    Resolver,
    Returned,
    Round,
    Step,
    Undone,
    Who,
    Withdrawn,
    after,
    begin,
)
from eoffice.routing.plan import Kind, Purpose

DRAFTER = 0
FACTS = {"urgency": "normal", "type": "CV"}
KINDS: tuple[Kind, ...] = ("serial", "all", "any", "n_of_m")


def posts(chance: Random) -> dict[str, tuple[Person, ...]]:
    """Who holds which post; the drafter among them, posts may be held by several."""
    held: dict[str, tuple[Person, ...]] = {}
    for number in range(chance.randint(3, 9)):
        people = chance.sample(range(8), chance.randint(1, 3))
        held[f"p{number}"] = tuple(Person(one, f"p{number}") for one in people)
    return held


def plan(chance: Random, names: list[str]) -> Plan:
    """A plan of one to five steps before the approval, some of them on conditions."""
    purposes: tuple[Purpose, ...] = ("opinion", "content", "form", "approval")
    steps = [_step(chance, names, chance.choice(purposes)) for _ in range(chance.randint(0, 4))]
    last = _step(chance, names, "approval")
    return Plan((*steps, Step(last.kind, "approval", last.who, last.needed)))


def _step(chance: Random, names: list[str], purpose: Purpose) -> Step:
    kind = chance.choice(KINDS)
    who = tuple(Who("own", title=name) for name in chance.sample(names, chance.randint(1, min(3, len(names)))))
    when = (Condition("urgency", ("normal",), negated=chance.random() < 0.4),) if chance.random() < 0.3 else ()
    return Step(kind, purpose, who, chance.randint(1, len(who)) if kind == "n_of_m" else 0, when=when)


def beginnings(seeds: range) -> Iterator[tuple[Random, Round]]:
    """A round for each seed whose plan can be followed."""
    for seed in seeds:
        chance = Random(seed)
        held = posts(chance)
        try:
            yield chance, begin(plan(chance, list(held)), drafter=DRAFTER, facts=FACTS, resolve=holders(held))
        except VanthuError:
            continue


def holders(held: dict[str, tuple[Person, ...]]) -> Resolver:
    """Finds people by their post."""
    return lambda who: held[who.title or ""]


def event(chance: Random, state: Round) -> Event:
    """Something that somebody might try: mostly what is allowed, sometimes not."""
    by, position = chance.randint(0, 9), chance.randint(0, len(state.steps))
    if chance.random() < 0.8 and (waiting := turns(state)):
        by, position = chance.choice(waiting)
    choices: list[Event] = [
        Returned(by, position, chance.choice([None, 0, 1, 2])),
        Asked(by, position, tuple(Person(one, "asked") for one in chance.sample(range(10), 2))),
        Looked(by),
        HandedOver(by, Person(chance.randint(0, 11), "instead")),
        PulledBack(chance.choice([DRAFTER, by])),
        Undone(chance.randint(0, 9), chance.randint(0, len(state.steps))),
        Withdrawn(by),
    ]
    for _ in range(5):
        choices += [Agreed(by, position), Opined(by, position)]
    return chance.choice(choices)


def turns(state: Round) -> list[tuple[int, int]]:
    """Everybody's open tasks: official and position."""
    return [
        (task.person.official, one.position)
        for one in state.steps
        if one.state == "open"
        for task in one.tasks
        if task.state == "open"
    ]


def finished(state: Round) -> Round:
    """The round where everybody who is asked agrees, one after the other; fails where it never ends."""
    for _ in range(500):
        if state.outcome is not None:
            return state
        present = state.present
        assert present is not None
        official, position = next(turn for turn in turns(state) if turn[1] == present.position)
        says = Opined if present.step.purpose == "opinion" else Agreed
        state = after(state, says(official, position), facts=FACTS)
    raise AssertionError("the round never ends")


def check(state: Round) -> None:
    """What holds of every round, whatever happened to it."""
    planned = [one for one in state.steps if one.asked_by is None]
    assert [one.position for one in state.steps] == list(range(len(state.steps)))
    present = [one for one in planned if one.state == "open"]
    assert len(present) == (state.outcome is None), "one step of the plan is open, as long as the round is not over"
    for one in state.steps:
        people = [task.person.official for task in one.tasks if task.state != "handed_over"]
        assert len(people) == len(set(people)), "nobody has two turns in a step"
        assert state.drafter not in people, "the drafter decides nothing"
        assert all((task.state == "decided") == (task.decision is not None) for task in one.tasks)
        assert one.state == "open" or not any(task.state == "open" for task in one.tasks), "no turn in a closed step"
        if one.state == "open":
            assert any(task.state == "open" for task in one.tasks), "an open step waits for somebody"
        if one.step.kind == "serial" and one.asked_by is None:
            assert sum(task.state == "open" for task in one.tasks) <= 1, "one after the other"
    if state.outcome is None:
        before = [one for one in planned if one.position < present[0].position]
        later = [one for one in planned if one.position > present[0].position]
        assert all(one.state in {"done", "passed_over"} for one in before), "no step is lost"
        assert all(one.state == "waiting" and not one.tasks for one in later), "no step begins before its turn"
    for one in planned:
        if one.state == "done" and state.outcome in {None, "approved"}:
            assert one.had >= min(one.needed, len(one.tasks)) or not one.tasks, "as many as are needed had their say"
    answer = {
        purpose: {
            task.person.official
            for one in planned
            if one.step.purpose == purpose
            for task in one.tasks
            if task.decision == "agree"
        }
        for purpose in ("content", "form")
    }
    assert not answer["content"] & answer["form"], "content and form are answered for by two people"
