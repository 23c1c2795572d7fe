"""A plan: the steps of a route as an administrator draws them, with people named by post; and its JSON.

A step of the kind `condition` holds steps of its own, which are taken only where the condition holds when their turn
comes. In a plan they lie flat: each step carries the conditions (`when`) of all that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from eoffice.errors import PlanError

Kind = Literal["serial", "all", "any", "n_of_m"]
Purpose = Literal["opinion", "content", "form", "approval"]
MOST_STEPS = 30
MOST_PEOPLE = 50
MOST_DAYS = 250
DEEPEST = 5
OWN_UNIT, PARENT_UNIT, NEAREST_UNIT = "own", "parent", "nearest"
"""Units that a plan can name without knowing them: the draft's, the one above it, the nearest that has such a post."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever holds a post, by `title` or `rank` (`leader`: the head first).

    `unit` is a unit's key, or `own`, `parent`, `nearest`.
    """

    unit: str
    title: str | None = None
    rank: Literal["leader", "staff"] | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where the draft's `field` has one of these values (`negated`: none of them)."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, facts: Mapping[str, str]) -> bool:
        """Whether it holds for a draft of which this is known; what is not known has the value ''."""
        return (facts.get(self.field, "") in self.values) != self.negated


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how many of `who` must have their say (`needed`; for `serial` and `all` everybody), within `days`."""

    kind: Kind
    purpose: Purpose
    who: tuple[Who, ...]
    needed: int = 0
    days: int | None = None
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in their order; the last that is taken is an approval."""

    steps: tuple[Step, ...]


def plan_from_json(value: Any) -> Plan:
    """The plan that a list of steps describes. Raises `PlanError` naming the step and what would be right."""
    if not isinstance(value, list):
        raise PlanError("", "phải là danh sách các bước", "must be a list of steps")
    steps = tuple(_steps(value, "", (), 0))
    if not 1 <= len(steps) <= MOST_STEPS:
        raise PlanError("", f"phải có từ 1 đến {MOST_STEPS} bước", f"must have from 1 to {MOST_STEPS} steps")
    last = steps[-1]
    if last.purpose != "approval" or last.when:
        raise PlanError(
            str(len(value)),
            "bước cuối phải là phê duyệt, không kèm điều kiện",
            "the last step must be an approval without a condition",
        )
    return Plan(steps)


def plan_to_json(plan: Plan) -> list[dict[str, Any]]:
    """A plan as `plan_from_json` reads it: a conditional step stands in conditions of its own."""
    return [_wrapped(step) for step in plan.steps]


def step_to_json(step: Step) -> dict[str, Any]:
    """One step with its conditions beside it, as a step of a round is kept."""
    plain: dict[str, Any] = {
        "kind": step.kind,
        "purpose": step.purpose,
        "who": [
            {name: value for name in ("unit", "title", "rank") if (value := getattr(who, name)) is not None}
            for who in step.who
        ],
    }
    if step.kind == "n_of_m":
        plain["needed"] = step.needed
    if step.days is not None:
        plain["days"] = step.days
    if step.when:
        plain["when"] = [{"field": one.field, "not" if one.negated else "is": list(one.values)} for one in step.when]
    return plain


def step_from_json(value: Mapping[str, Any]) -> Step:
    """The step that `step_to_json` wrote; it was checked when it was part of a plan."""
    when = tuple(
        Condition(one["field"], tuple(one.get("is") or one["not"]), negated="not" in one)
        for one in value.get("when", ())
    )
    who = tuple(Who(one["unit"], one.get("title"), one.get("rank")) for one in value["who"])
    return Step(value["kind"], value["purpose"], who, value.get("needed", 0), value.get("days"), when)


def _wrapped(step: Step) -> dict[str, Any]:
    plain = step_to_json(step)
    for test in reversed(plain.pop("when", ())):
        plain = {"kind": "condition", "if": test, "steps": [plain]}
    return plain


def _steps(value: list[Any], path: str, when: tuple[Condition, ...], depth: int) -> Iterator[Step]:
    if depth > DEEPEST or len(value) > MOST_STEPS:
        raise PlanError(path, "quá nhiều bước hoặc lồng quá sâu", "too many steps, or too deep in one another")
    for number, one in enumerate(value, start=1):
        place = f"{path}{number}"
        if not isinstance(one, dict):
            raise PlanError(place, "phải là một bước", "must be a step")
        if one.get("kind") == "condition":
            inner = one.get("steps")
            _only(one, {"kind", "if", "steps"}, place)
            if not isinstance(inner, list) or not inner:
                raise PlanError(place, "điều kiện phải có bước bên trong", "a condition must hold steps")
            yield from _steps(inner, f"{place}.", (*when, _condition(one.get("if"), place)), depth + 1)
        else:
            yield _step(one, place, when)


def _condition(value: Any, place: str) -> Condition:
    if isinstance(value, dict) and len(value) == 2 and isinstance(value.get("field"), str):
        for name, negated in (("is", False), ("not", True)):
            values = value.get(name)
            if isinstance(values, list) and values and all(isinstance(one, str) for one in values):
                return Condition(value["field"], tuple(values), negated)
    raise PlanError(
        place,
        'điều kiện phải có dạng {"field": …, "is": […]} hoặc {"field": …, "not": […]}',
        'a condition looks like {"field": …, "is": […]} or {"field": …, "not": […]}',
    )


def _step(value: dict[str, Any], place: str, when: tuple[Condition, ...]) -> Step:
    _only(value, {"kind", "purpose", "who", "needed", "days"}, place)
    kind = _one_of(value.get("kind"), get_args(Kind), place, "kind")
    purpose = _one_of(value.get("purpose"), get_args(Purpose), place, "purpose")
    people = value.get("who")
    if not isinstance(people, list) or not 1 <= len(people) <= MOST_PEOPLE:
        raise PlanError(place, f"phải nêu từ 1 đến {MOST_PEOPLE} chức vụ", f"must name from 1 to {MOST_PEOPLE} posts")
    who = tuple(_who(one, place) for one in people)
    needed = _count(value.get("needed"), 1, len(who), place, "needed") if kind == "n_of_m" else 0
    if kind != "n_of_m" and "needed" in value:
        raise PlanError(place, "chỉ bước n_of_m có 'needed'", "only a step n_of_m has 'needed'")
    days = None if value.get("days") is None else _count(value["days"], 1, MOST_DAYS, place, "days")
    return Step(cast("Kind", kind), cast("Purpose", purpose), who, needed, days, when)


def _who(value: Any, place: str) -> Who:
    if isinstance(value, dict):
        _only(value, {"unit", "title", "rank"}, place)
        unit, title, rank = value.get("unit"), value.get("title"), value.get("rank")
        named = isinstance(title, str) and bool(title.strip()) and rank is None
        ranked = title is None and rank in {"leader", "staff"}
        if isinstance(unit, str) and unit.strip() and (named or ranked):
            return Who(unit, title, rank)
    raise PlanError(
        place,
        "mỗi người phải được nêu bằng đơn vị (unit) và chức vụ (title) hoặc cấp (rank: leader, staff)",
        "each person is named by unit and by title or rank (leader, staff)",
    )


def _only(value: dict[str, Any], known: set[str], place: str) -> None:
    for name in value:
        if name not in known:
            raise PlanError(place, f"không có mục {name!r}", f"there is no entry {name!r}")


def _one_of(value: Any, choices: tuple[str, ...], place: str, name: str) -> str:
    if value not in choices or not isinstance(value, str):
        listed = ", ".join(choices)
        raise PlanError(place, f"{name} phải là một trong: {listed}", f"{name} must be one of: {listed}")
    return value


def _count(value: Any, least: int, most: int, place: str, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise PlanError(place, f"{name} phải từ {least} đến {most}", f"{name} must be from {least} to {most}")
    return value
