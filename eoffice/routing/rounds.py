"""A round: one time that a draft goes round, with its steps, and in each step the tasks of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from eoffice.routing.plan import Step, Who

StepStatus = Literal["waiting", "open", "done", "passed_over", "void"]
TaskStatus = Literal["open", "decided", "void", "handed_over"]
Decision = Literal["agree", "return", "opinion"]
Outcome = Literal["approved", "returned", "pulled_back", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Person:
    """An official (by the directory's key) and the title under which something comes to them."""

    official: int
    post: str


Resolver = Callable[[Who], tuple[Person, ...]]
"""Who holds a post now; empty where nobody does."""


@dataclass(frozen=True, slots=True)
class Task:
    """One person's turn; `looked`: they opened the draft."""

    person: Person
    state: TaskStatus = "open"
    decision: Decision | None = None
    looked: bool = False


@dataclass(frozen=True, slots=True)
class StepState:
    """A step and how far it is. `coming` are the people of a serial step whose turn is still to come.

    `asked_by` is the official who asked for these opinions beside the plan, in their own turn at the step `asked_at`;
    nobody waits for such a step, and it is void once that turn is over.
    """

    position: int
    step: Step
    state: StepStatus = "waiting"
    tasks: tuple[Task, ...] = ()
    coming: tuple[Person, ...] = ()
    needed: int = 0
    asked_by: int | None = None
    asked_at: int | None = None

    @property
    def had(self) -> int:
        """How many had their say and did not return it."""
        return sum(task.decision in {"agree", "opinion"} for task in self.tasks)

    def task_of(self, official: int) -> Task | None:
        """The person's open task."""
        return next((task for task in self.tasks if task.person.official == official and task.state == "open"), None)


@dataclass(frozen=True, slots=True)
class Round:
    """The steps in the order of the plan, those asked for beside it after them; `outcome` once it is over."""

    drafter: int
    steps: tuple[StepState, ...]
    outcome: Outcome | None = None
    returned_to: int | None = None
    """The position of the step that it goes back to; None: to its author."""

    @property
    def present(self) -> StepState | None:
        """The step of the plan whose turn it is; None once the round is over."""
        return next((one for one in self.steps if one.state == "open" and one.asked_by is None), None)

    def has_turn(self, official: int | None, position: int | None) -> bool:
        """Whether the official has an open task at the step of this position."""
        return any(
            one.position == position and task.state == "open" and task.person.official == official
            for one in self.steps
            for task in one.tasks
        )

    def waiting_for(self) -> frozenset[int]:
        """The officials who have an open task."""
        return frozenset(task.person.official for one in self.steps for task in one.tasks if task.state == "open")
