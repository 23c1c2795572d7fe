"""Taking a decision back: the round as it was before it, as long as nobody has opened what followed from it."""

from __future__ import annotations

from dataclasses import replace

from eoffice.errors import NotYourTurnError, TooLateError
from eoffice.routing.rounds import Round, StepState, Task


def undone(state: Round, by: int, position: int) -> Round:
    """The round without the decision of `by` at `position`; what it closed is open again.

    Raises `NotYourTurnError` where there is no such decision, `TooLateError` where somebody saw what followed.
    """
    one = next((one for one in state.steps if one.position == position), None)
    task = None if one is None else _decided_task(one, by)
    if one is None or task is None:
        raise NotYourTurnError
    if one.asked_by is not None:
        return _opinion_undone(state, one, task)
    if task.decision == "return":
        return _return_undone(state, one, task)
    if state.outcome not in {None, "approved"}:
        raise TooLateError
    return _agreement_undone(state, one, task)


def _opinion_undone(state: Round, side: StepState, task: Task) -> Round:
    """An opinion beside the plan; whoever asked must still be waiting for it."""
    if state.outcome is not None or not state.has_turn(side.asked_by, side.asked_at):
        raise TooLateError
    return _questions_reopened(_with(state, replace(side, state="open", tasks=_with_open(side.tasks, task))))


def _return_undone(state: Round, one: StepState, task: Task) -> Round:
    if state.outcome != "returned":
        raise TooLateError
    tasks = tuple(_open(other) if other.state == "void" else other for other in _with_open(one.tasks, task))
    opened = _with(replace(state, outcome=None, returned_to=None), replace(one, state="open", tasks=tasks))
    return _questions_reopened(opened)


def _agreement_undone(state: Round, one: StepState, task: Task) -> Round:
    later = [other for other in state.steps if other.asked_by is None and other.position > one.position]
    if _was_seen(later):
        raise TooLateError
    tasks, coming = _with_open(one.tasks, task), one.coming
    if one.step.kind == "serial":
        place = tasks.index(next(other for other in tasks if other.person == task.person and other.state == "open"))
        follower = tasks[place + 1 :]
        if any(other.looked or other.state == "decided" for other in follower):
            raise TooLateError
        tasks = tasks[: place + 1]
        coming = tuple(other.person for other in follower if other.state == "open") + coming
    elif one.state == "done":
        tasks = tuple(_open(other) if other.state == "void" else other for other in tasks)
    steps = {other.position: _shut(other) for other in later}
    steps[one.position] = replace(one, state="open", tasks=tasks, coming=coming)
    changed = tuple(steps.get(other.position, other) for other in state.steps)
    return _questions_reopened(replace(state, steps=changed, outcome=None))


def _decided_task(one: StepState, by: int) -> Task | None:
    return next((task for task in one.tasks if task.person.official == by and task.state == "decided"), None)


def _was_seen(steps: list[StepState]) -> bool:
    return any(task.looked or task.state == "decided" for one in steps for task in one.tasks)


def _shut(one: StepState) -> StepState:
    """A later step before its turn came."""
    people = tuple(task.person for task in one.tasks if task.state in {"open", "void"})
    return replace(one, state="waiting", tasks=(), coming=people + one.coming)


def _questions_reopened(state: Round) -> Round:
    """What was asked for beside the plan, as far as the turn in which it was asked is open again."""
    for one in state.steps:
        if one.state == "void" and state.has_turn(one.asked_by, one.asked_at):
            tasks = tuple(_open(task) if task.state == "void" else task for task in one.tasks)
            return _questions_reopened(_with(state, replace(one, state="open", tasks=tasks)))
    return state


def _with(state: Round, new: StepState) -> Round:
    return replace(state, steps=tuple(new if one.position == new.position else one for one in state.steps))


def _with_open(tasks: tuple[Task, ...], task: Task) -> tuple[Task, ...]:
    return tuple(_open(other) if other is task else other for other in tasks)


def _open(task: Task) -> Task:
    return replace(task, state="open", decision=None)
