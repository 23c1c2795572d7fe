"""What each event makes of a round: pure functions from a round and an event to the next round.

The people of all steps are known when a round begins, so that everybody can see who will have their say. The drafter
never has a task: nobody answers for the own content, its form or its approval (Decree 30/2020, art. 10 to 13).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from eoffice.errors import MoveError, NotYourTurnError, PlanError, TooLateError
from eoffice.routing.plan import Plan, Step
from eoffice.routing.rounds import Decision, Person, Resolver, Round, StepState, Task, TaskStatus
from eoffice.routing.undoing import undone


@dataclass(frozen=True, slots=True)
class Agreed:
    """An official agrees, at the step of this position."""

    by: int
    position: int


@dataclass(frozen=True, slots=True)
class Opined:
    """An official gives the opinion that was asked for."""

    by: int
    position: int


@dataclass(frozen=True, slots=True)
class Returned:
    """An official sends the draft back: to its author, or to an earlier step of the plan (`to`)."""

    by: int
    position: int
    to: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An official whose turn it is asks others for their opinion beside the plan; nothing waits for it."""

    by: int
    position: int
    whom: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """An official opened the draft."""

    by: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Whatever waits for an official, or will, waits for another from now on."""

    by: int
    to: Person


@dataclass(frozen=True, slots=True)
class PulledBack:
    """The drafter takes the draft back before anybody opened it."""

    by: int


@dataclass(frozen=True, slots=True)
class Undone:
    """An official takes the own decision back before the next one opened the draft."""

    by: int
    position: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The drafter gives the draft up."""

    by: int


Event = Agreed | Opined | Returned | Asked | Looked | HandedOver | PulledBack | Undone | Withdrawn


def begin(plan: Plan, *, drafter: int, facts: Mapping[str, str], resolve: Resolver) -> Round:
    """A new round of `plan`, its first step open.

    Raises `PlanError` where a post is held by nobody else than the drafter, too few hold it, or content and form would
    be answered for by the same person.
    """
    steps = _apart(tuple(_prepared(number, step, drafter, resolve) for number, step in enumerate(plan.steps)))
    _two_people(steps)
    return _go_on(Round(drafter, steps), facts)


def again_from(before: Round, facts: Mapping[str, str]) -> Round:
    """The round after one that was returned to an earlier step: it begins there, what came before it stays done."""
    start = before.returned_to or 0
    planned = [one for one in before.steps if one.asked_by is None]
    steps = tuple(
        replace(one, state="passed_over", tasks=(), coming=()) if one.position < start else _untouched(one)
        for one in planned
    )
    return _go_on(Round(before.drafter, steps), facts)


def after(state: Round, event: Event, *, facts: Mapping[str, str]) -> Round:
    """The round after `event`; `facts` are what conditions ask about the draft.

    Raises `NotYourTurnError`, `TooLateError` or `MoveError`; then nothing has changed.
    """
    match event:
        case Undone(by, position):
            return undone(state, by, position)
        case _ if state.outcome is not None:
            raise NotYourTurnError
        case Agreed(by, position):
            return _decided(state, by, position, "agree", facts)
        case Opined(by, position):
            return _decided(state, by, position, "opinion", facts)
        case Returned(by, position, to):
            return _returned(state, by, position, to)
        case Asked(by, position, whom):
            return _asked(state, by, position, whom)
        case Looked(by):
            return _looked(state, by)
        case HandedOver(by, to):
            return _handed_over(state, by, to, facts)
        case PulledBack(by):
            return _pulled_back(state, by)
        case Withdrawn(by):
            if by != state.drafter:
                raise NotYourTurnError
            return replace(_closed(state), outcome="withdrawn")


def _prepared(position: int, step: Step, drafter: int, resolve: Resolver) -> StepState:
    found: dict[int, Person] = {}
    for who in step.who:
        for person in resolve(who):
            found.setdefault(person.official, person)
    found.pop(drafter, None)
    people = tuple(found.values())
    needed = {"any": 1, "n_of_m": step.needed}.get(step.kind, len(people))
    if len(people) < max(needed, 1):
        raise PlanError(
            str(position + 1),
            "không có đủ người giữ chức vụ này (người soạn thảo không được tự quyết định văn bản của mình)",
            "not enough people hold this post (the drafter decides nothing about the own draft)",
        )
    return StepState(position, step, coming=people, needed=needed)


def _apart(steps: tuple[StepState, ...]) -> tuple[StepState, ...]:
    """Whoever may answer for the content is not asked for the form as well, as long as enough others can be."""
    content = {person.official for one in steps if one.step.purpose == "content" for person in one.coming}

    def without(one: StepState) -> StepState:
        others = tuple(person for person in one.coming if person.official not in content)
        may = one.step.purpose == "form" and one.step.kind in {"any", "n_of_m"} and len(others) >= one.needed
        return replace(one, coming=others) if may else one

    return tuple(map(without, steps))


def _two_people(steps: tuple[StepState, ...]) -> None:
    """Content and form are answered for by two people, whoever of those named does it."""
    of = {
        purpose: {person.official for one in steps if one.step.purpose == purpose for person in one.coming}
        for purpose in ("content", "form")
    }
    if of["content"] & of["form"]:
        raise PlanError(
            "",
            "nội dung và thể thức phải do hai người khác nhau chịu trách nhiệm",
            "content and form must be answered for by two different people",
        )


def _untouched(one: StepState) -> StepState:
    """A step as it was before its turn, with the people who hold its tasks now."""
    people = tuple(task.person for task in one.tasks if task.state != "handed_over") + one.coming
    return replace(one, state="waiting", tasks=(), coming=people)


def _go_on(state: Round, facts: Mapping[str, str]) -> Round:
    """Open the next step whose conditions hold, passing over the others; without one the draft is approved."""
    steps = list(state.steps)
    for number, one in enumerate(steps):
        if one.state != "waiting":
            continue
        if all(condition.holds(facts) for condition in one.step.when):
            steps[number] = _opened(one)
            return replace(state, steps=tuple(steps))
        steps[number] = replace(one, state="passed_over")
    return replace(_closed(replace(state, steps=tuple(steps))), outcome="approved")


def _opened(one: StepState) -> StepState:
    now = one.coming[:1] if one.step.kind == "serial" else one.coming
    later = one.coming[len(now) :]
    return replace(one, state="open", tasks=one.tasks + tuple(Task(person) for person in now), coming=later)


def _decided(state: Round, by: int, position: int, decision: Decision, facts: Mapping[str, str]) -> Round:
    one = _turn(state, by, position)
    if (one.step.purpose == "opinion") != (decision == "opinion"):
        raise MoveError(
            "Ở bước này chỉ xin ý kiến, không phê duyệt."
            if decision == "agree"
            else "Bước này cần đồng ý hoặc trả lại.",
            "This step asks for an opinion, not for approval."
            if decision == "agree"
            else "This step wants a decision.",
        )
    one = _with_decision(one, by, decision)
    if not _is_finished(one):
        one = _opened(one) if one.step.kind == "serial" else one
        return _without_idle_questions(_replaced(state, one))
    moved = _without_idle_questions(_replaced(state, _done(one)))
    return moved if one.asked_by is not None else _go_on(moved, facts)


def _is_finished(one: StepState) -> bool:
    """Whether enough have had their say, or nobody is left to have it."""
    enough = one.step.kind in {"any", "n_of_m"} and one.had >= one.needed
    return enough or not (one.coming or any(task.state == "open" for task in one.tasks))


def _done(one: StepState) -> StepState:
    return replace(one, state="done", tasks=tuple(_task(task, "open", "void") for task in one.tasks))


def _returned(state: Round, by: int, position: int, to: int | None) -> Round:
    one = _turn(state, by, position)
    if one.step.purpose == "opinion":
        raise MoveError("Ở bước này chỉ góp ý, không trả lại.", "This step gives opinions and returns nothing.")
    if to is not None and not any(
        earlier.position == to and to < position and earlier.state == "done" for earlier in state.steps
    ):
        raise MoveError("Chỉ trả lại được cho một bước đã qua.", "It can go back to an earlier step only.")
    one = _with_decision(one, by, "return")
    done = replace(one, state="done", tasks=tuple(_task(task, "open", "void") for task in one.tasks))
    return replace(_closed(_replaced(state, done)), outcome="returned", returned_to=to)


def _asked(state: Round, by: int, position: int, whom: tuple[Person, ...]) -> Round:
    _turn(state, by, position)
    already = {
        task.person.official for one in state.steps if one.asked_by == by for task in one.tasks if task.state == "open"
    }
    people = tuple({one.official: one for one in whom if one.official not in already | {by, state.drafter}}.values())
    if not people:
        raise MoveError(
            "Hãy chọn người khác: không xin ý kiến của chính mình, của người soạn thảo hay của người đã được hỏi.",
            "Choose somebody else: not yourself, not the drafter, nor anybody who is asked already.",
        )
    step = Step("all", "opinion", ())
    tasks = tuple(Task(person) for person in people)
    side = StepState(len(state.steps), step, "open", tasks, needed=len(people), asked_by=by, asked_at=position)
    return replace(state, steps=(*state.steps, side))


def _handed_over(state: Round, by: int, to: Person, facts: Mapping[str, str]) -> Round:
    if to.official in {by, state.drafter}:
        raise MoveError(
            "Không giao được cho chính người đó hoặc cho người soạn thảo.",
            "It cannot be handed to the same person or to the drafter.",
        )
    steps = tuple(_passed_on(one, by, to) if one.state in {"waiting", "open"} else one for one in state.steps)
    moved = _without_idle_questions(replace(state, steps=steps))
    for purpose, other in (("content", "form"), ("form", "content")):
        if _takes_part(moved, to.official, purpose) and _takes_part(moved, to.official, other):
            raise MoveError(
                "Nội dung và thể thức phải do hai người khác nhau chịu trách nhiệm.",
                "Content and form must be answered for by two different people.",
            )
    return _settled(moved, facts)


def _passed_on(one: StepState, by: int, to: Person) -> StepState:
    """The step with `to` in the place of `by`; whoever has a part in it already has no second one."""
    free = to.official not in {task.person.official for task in one.tasks if task.state != "handed_over"} | {
        person.official for person in one.coming
    }
    mine = one.task_of(by)
    tasks = tuple(replace(task, state="handed_over") if task is mine else task for task in one.tasks)
    if mine is not None and free:
        tasks = (*tasks, Task(to))
    coming = tuple(to if person.official == by else person for person in one.coming if free or person.official != by)
    people = len(coming) + sum(task.state != "handed_over" for task in tasks)
    asker = to.official if one.asked_by == by else one.asked_by
    return replace(one, tasks=tasks, coming=coming, needed=min(one.needed, people), asked_by=asker)


def _takes_part(state: Round, official: int, purpose: str) -> bool:
    return any(
        official in {person.official for person in one.coming}
        or any(task.person.official == official and task.state in {"open", "decided"} for task in one.tasks)
        for one in state.steps
        if one.step.purpose == purpose and one.asked_by is None
    )


def _settled(state: Round, facts: Mapping[str, str]) -> Round:
    """The round where steps that nobody is left to have a say in are done, and serial ones go on."""
    for one in state.steps:
        if one.state == "open" and one.coming and not any(task.state == "open" for task in one.tasks):
            return _replaced(state, _opened(one))
        if one.state == "open" and _is_finished(one):
            moved = _without_idle_questions(_replaced(state, _done(one)))
            return _settled(moved, facts) if one.asked_by is not None else _go_on(moved, facts)
    return state


def _pulled_back(state: Round, by: int) -> Round:
    if by != state.drafter:
        raise NotYourTurnError
    if any(task.looked or task.state == "decided" for one in state.steps for task in one.tasks):
        raise TooLateError
    return replace(_closed(state), outcome="pulled_back")


def _closed(state: Round) -> Round:
    """Nothing waits for anybody any more."""
    steps = tuple(
        replace(
            one,
            state="void" if one.state == "open" else one.state,
            tasks=tuple(_task(task, "open", "void") for task in one.tasks),
        )
        for one in state.steps
    )
    return replace(state, steps=steps)


def _without_idle_questions(state: Round) -> Round:
    """Whoever had their say needs no more opinions: what they asked for and did not get yet is void."""
    for one in state.steps:
        if one.state == "open" and one.asked_by is not None and not state.has_turn(one.asked_by, one.asked_at):
            void = replace(one, state="void", tasks=tuple(_task(task, "open", "void") for task in one.tasks))
            return _without_idle_questions(_replaced(state, void))
    return state


def _turn(state: Round, by: int, position: int) -> StepState:
    """The open step of this position, where the official has an open task."""
    for one in state.steps:
        if one.position == position and one.state == "open" and one.task_of(by) is not None:
            return one
    raise NotYourTurnError


def _with_decision(one: StepState, by: int, decision: Decision) -> StepState:
    tasks = tuple(
        replace(task, state="decided", decision=decision, looked=True)
        if task.person.official == by and task.state == "open"
        else task
        for task in one.tasks
    )
    return replace(one, tasks=tasks)


def _looked(state: Round, by: int) -> Round:
    def seen(task: Task) -> Task:
        return replace(task, looked=True) if task.person.official == by and task.state == "open" else task

    return replace(state, steps=tuple(replace(one, tasks=tuple(map(seen, one.tasks))) for one in state.steps))


def _replaced(state: Round, new: StepState) -> Round:
    return replace(state, steps=tuple(new if one.position == new.position else one for one in state.steps))


def _task(task: Task, old: TaskStatus, new: TaskStatus) -> Task:
    return replace(task, state=new) if task.state == old else task
