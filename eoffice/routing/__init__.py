"""The way of a draft from hand to hand, as pure functions: a plan, the round that follows it, and what may happen next.

Nothing here knows a database or a clock. `plan` reads what an administrator drew; `rounds` holds one time that a draft
goes round; `moves` says what each event makes of it, or why it is not allowed.
"""

from __future__ import annotations

from eoffice.routing.moves import (
    Agreed,
    Asked,
    Event,
    HandedOver,
    Looked,
    Opined,
    PulledBack,
    Returned,
    Undone,
    Withdrawn,
    after,
    again_from,
    begin,
)
from eoffice.routing.plan import Condition, Plan, Step, Who, plan_from_json, plan_to_json
from eoffice.routing.rounds import Person, Resolver, Round, StepState, Task

__all__ = [
    "Agreed",
    "Asked",
    "Condition",
    "Event",
    "HandedOver",
    "Looked",
    "Opined",
    "Person",
    "Plan",
    "PulledBack",
    "Resolver",
    "Returned",
    "Round",
    "Step",
    "StepState",
    "Task",
    "Undone",
    "Who",
    "Withdrawn",
    "after",
    "again_from",
    "begin",
    "plan_from_json",
    "plan_to_json",
]
