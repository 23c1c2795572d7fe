"""Rounds between the tables and the pure state: read whole and locked, moved by one event, written back whole.

Everything that happens on a route goes through `move`. The draft's row is locked first, always: two decisions of the
same moment follow one another, and the second sees what the first did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from core.calendar import working_day_after
from eoffice.errors import DraftNotFoundError, NotYourTurnError, TooLateError
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow
from eoffice.routing import Event, HandedOver, Person, Round, StepState, Task, after
from eoffice.routing.plan import step_from_json, step_to_json


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is done, and which day that is at the office."""

    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """Beside a decision: who made it (a deputy, maybe), of which revision, by which door, with what remark."""

    by: int
    revision: int
    via: str
    remark: int | None = None


def locked(session: Session, draft_id: int) -> DraftRow:
    """The draft's row, locked until the transaction ends. Raises `DraftNotFoundError`."""
    wanted = select(DraftRow).where(DraftRow.id == draft_id).with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise DraftNotFoundError(draft_id)
    return found


def latest(session: Session, draft_id: int) -> RoundRow | None:
    """The last round of a draft, over or not."""
    wanted = select(RoundRow).where(RoundRow.draft == draft_id).order_by(RoundRow.number.desc()).limit(1)
    return session.scalars(wanted.execution_options(populate_existing=True)).first()


def facts_of(draft: DraftRow) -> dict[str, str]:
    """What conditions may ask about a draft."""
    return {"type": draft.type, "urgency": draft.urgency, "source": draft.source}


def load(session: Session, draft: DraftRow, row: RoundRow) -> Round:
    """A round as pure state."""
    steps, tasks = _rows(session, row)
    return Round(
        draft.drafter,
        tuple(_step_state(step, tasks.get(step.id, [])) for step in steps),
        cast("Any", row.outcome),
        row.returned_to,
    )


def start(session: Session, draft: DraftRow, state: Round, moment: Moment, **columns: Any) -> RoundRow:
    """Keep a new round; `columns` are those of `RoundRow` that the state does not hold."""
    before = latest(session, draft.id)
    row = RoundRow(draft=draft.id, number=1 if before is None else before.number + 1, begun_at=moment.now, **columns)
    session.add(row)
    session.flush()
    store(session, row, state, moment)
    return row


def move(
    session: Session, draft: DraftRow, event: Event, moment: Moment, verdict: Verdict | None = None
) -> tuple[RoundRow, Round, Round]:
    """Apply `event` (with its `verdict`, where it decides something) to the draft's last round.

    Returns the round's row, and the state before and after. Raises what `eoffice.routing.after` raises, and
    `NotYourTurnError` where the draft never went round.
    """
    row = latest(session, draft.id)
    if row is None:
        raise NotYourTurnError
    before = load(session, draft, row)
    then = after(before, event, facts=facts_of(draft))
    store(session, row, then, moment, verdict, event.to.official if isinstance(event, HandedOver) else None)
    return row, before, then


def store(
    session: Session,
    row: RoundRow,
    state: Round,
    moment: Moment,
    verdict: Verdict | None = None,
    handed_to: int | None = None,
) -> None:
    """Write a state to the rows of its round; what did not change is left as it is."""
    row.returned_to = state.returned_to
    if (row.outcome is None) != (state.outcome is None):
        row.ended_at = None if state.outcome is None else moment.now
    row.outcome = state.outcome
    steps, tasks = _rows(session, row)
    kept = {step.position: step for step in steps}
    for one in state.steps:
        step = kept.get(one.position)
        if step is None:
            step = StepRow(round=row.id, position=one.position, plan=step_to_json(one.step), kind=one.step.kind,
                           purpose=one.step.purpose, needed=one.needed, state="waiting", coming=[])  # fmt: skip
            session.add(step)
        _store_step(step, one, moment)
        session.flush()
        rows = tasks.get(step.id, [])
        _remove_undone(session, rows[len(one.tasks) :])
        for task, known in zip(one.tasks, rows, strict=False):
            _store_task(known, task, moment, verdict, handed_to)
        session.flush()  # handed over before given anew: an official has one turn in a step
        session.add_all(_new_task(step, task, moment) for task in one.tasks[len(rows) :])
    session.flush()


def remove_unseen(session: Session, draft: DraftRow, row: RoundRow) -> None:
    """Take a round away that began by a decision which is taken back. Raises `TooLateError` once anybody saw it."""
    state = load(session, draft, row)
    if state.outcome is not None or any(
        task.looked or task.state in {"decided", "handed_over"} for one in state.steps for task in one.tasks
    ):
        raise TooLateError
    steps = select(StepRow.id).where(StepRow.round == row.id)
    session.execute(delete(TaskRow).where(TaskRow.step.in_(steps)).execution_options(synchronize_session="fetch"))
    session.execute(delete(StepRow).where(StepRow.round == row.id).execution_options(synchronize_session="fetch"))
    session.delete(row)
    session.flush()


def answered_by(session: Session, draft_id: int) -> dict[str, int]:
    """Who answers for content and for form by what the rounds hold: purpose -> official.

    Of rounds before the last only what came before the step that they were returned to holds on.
    """
    found: dict[str, int] = {}
    below: int | None = None
    wanted = select(RoundRow).where(RoundRow.draft == draft_id).order_by(RoundRow.number.desc())
    for number, row in enumerate(session.scalars(wanted)):
        if number and (row.outcome != "returned" or row.returned_to is None):
            break
        if number and row.returned_to is not None:
            below = row.returned_to if below is None else min(below, row.returned_to)
        agreed = (
            select(StepRow.purpose, TaskRow.decided_by)
            .join(TaskRow, TaskRow.step == StepRow.id)
            .where(StepRow.round == row.id, StepRow.purpose.in_(("content", "form")), TaskRow.decision == "agree")
            .order_by(TaskRow.decided_at.desc(), TaskRow.id.desc())
        )
        for purpose, person in session.execute(agreed if below is None else agreed.where(StepRow.position < below)):
            if person is not None:
                found.setdefault(purpose, person)
    return found


def tasks_at(round_id: int, position: int) -> Select[TaskRow]:
    """The tasks of a round's step."""
    steps = select(StepRow.id).where(StepRow.round == round_id, StepRow.position == position)
    return select(TaskRow).where(TaskRow.step.in_(steps))


def _rows(session: Session, row: RoundRow) -> tuple[list[StepRow], dict[int, list[TaskRow]]]:
    """The steps of a round by position, and the tasks of each in the order they were made: two queries."""
    steps = list(session.scalars(select(StepRow).where(StepRow.round == row.id).order_by(StepRow.position)))
    tasks: dict[int, list[TaskRow]] = {}
    wanted = select(TaskRow).where(TaskRow.step.in_([step.id for step in steps])).order_by(TaskRow.id)
    for task in session.scalars(wanted):
        tasks.setdefault(task.step, []).append(task)
    return steps, tasks


def _step_state(step: StepRow, tasks: list[TaskRow]) -> StepState:
    return StepState(
        position=step.position,
        step=step_from_json(step.plan),
        state=cast("Any", step.state),
        tasks=tuple(
            Task(
                Person(task.official, task.post),
                cast("Any", task.state),
                cast("Any", task.decision),
                looked=task.looked_at is not None,
            )
            for task in tasks
        ),
        coming=tuple(Person(official, post) for official, post in step.coming),
        needed=step.needed,
        asked_by=step.asked_by,
        asked_at=step.asked_at,
    )


def _store_step(step: StepRow, one: StepState, moment: Moment) -> None:
    if one.state != step.state:
        if one.state == "open" and step.opened_at is None:
            step.opened_at = moment.now
            step.due = None if one.step.days is None else working_day_after(moment.today, one.step.days)
        if one.state == "waiting":
            step.opened_at = step.due = None
        step.closed_at = moment.now if one.state in {"done", "void"} else None
        step.state = one.state
    step.needed, step.asked_by, step.asked_at = one.needed, one.asked_by, one.asked_at
    coming = [[person.official, person.post] for person in one.coming]
    if step.coming != coming:
        step.coming = coming


def _remove_undone(session: Session, rows: list[TaskRow]) -> None:
    """Turns that came about by a decision that was taken back, before anybody saw them."""
    for row in rows:
        session.delete(row)


def _store_task(row: TaskRow, task: Task, moment: Moment, verdict: Verdict | None, handed_to: int | None) -> None:
    if task.looked and row.looked_at is None:
        row.looked_at = moment.now
    if row.state == task.state and row.decision == task.decision:
        return
    row.state, row.decision = task.state, task.decision
    row.handed_to = handed_to if task.state == "handed_over" else None
    if task.decision is None:
        row.decided_at = row.decided_by = row.via = row.remark = row.seen_revision = None
    elif verdict is not None:
        row.decided_at, row.decided_by, row.via = moment.now, verdict.by, verdict.via
        row.remark, row.seen_revision = verdict.remark, verdict.revision


def _new_task(step: StepRow, task: Task, moment: Moment) -> TaskRow:
    return TaskRow(
        step=step.id,
        official=task.person.official,
        post=task.person.post,
        state=task.state,
        opened_at=moment.now,
        looked_at=moment.now if task.looked else None,
    )
