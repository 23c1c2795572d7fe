"""A step of a course is proved, and with the last one the course is done. Every door to completion leads through here.

Whoever proves a step (a lesson read to its end, a quiz passed, an exercise found in the logs, a class attended) says
so with `step_done`. The assignment's row is locked first: of two that come at once the second finds the work done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.calendar import working_day_after
from core.permissions import Actor
from training.actions import TrainingAction
from training.errors import AssignmentNotFoundError
from training.models import AssignmentRow, CourseRow, StepDoneRow, WithdrawnRow
from training.moments import Moment
from training.services.announcing import hush
from training.services.assigning import open_assignment
from training.services.certifying import certify, revoke_of_assignment

LEAST_TIME = timedelta(days=14)
"""At least so long there is for a course that is to be done again."""


def step_done(
    session: Session, actor: Actor, *, assignment_id: int, kind: str, key: str, proof: dict[str, Any], moment: Moment
) -> bool:
    """The step `kind`/`key` of an assignment is proved; True where that is new. Whether `actor` may say so is asked
    by whoever calls.

    Only of an assignment that is open; of one that waits for its wave, is over, excused or withdrawn, nothing is
    recorded and the answer is False. With the last step that the course needs the assignment is done. `proof` holds
    numbers of rows only. Raises `AssignmentNotFoundError`.
    """
    assignment = locked(session, assignment_id)
    if assignment.state != "open" or (kind, key) in _proved(session, assignment_id):
        return False
    row = StepDoneRow(
        assignment=assignment_id, kind=kind, key=key, done_at=moment.now, proof=proof, by=actor.in_trail
    )  # fmt: skip
    session.add(row)
    session.flush()
    done = _all_done(session, assignment)
    if done:
        assignment.state, assignment.done_at = "done", moment.now
        session.flush()
        hush(session, [assignment_id])
        certify(session, actor, assignment_id=assignment_id, moment=moment)
    facts = {"kind": kind, "key": key, "course": assignment.course_key, "done": done}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.STEP_DONE, subject=f"assignment:{assignment_id}",
        facts=facts,
    )  # fmt: skip
    return True


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a step back came to: whether the course is to be done again, and the certificate that was revoked."""

    reopened: bool
    certificate: int | None


def step_undone(
    session: Session, actor: Actor, step: StepDoneRow, *, assignment: AssignmentRow, why: str, moment: Moment
) -> Undone:
    """A step that was proved wrongly is proved no more. Whether `actor` may say so is asked by whoever calls, who also
    holds the assignment locked (`locked`).

    Where the course was done by it, it is to be done again, with `LEAST_TIME` at least; its certificate is revoked with
    the reason `why`. Where the official was given the course anew meanwhile, that one stays and this one is withdrawn.
    """
    session.delete(step)
    _withdraw(session, assignment.id, step.kind, step.key, moment)
    if assignment.state != "done" or _all_done(session, assignment):
        return Undone(reopened=False, certificate=None)
    certificate = revoke_of_assignment(session, actor, assignment_id=assignment.id, why=why, moment=moment)
    anew = open_assignment(session, assignment.official, assignment.course_key)
    assignment.done_at = None
    if anew is None:
        assignment.state = "open"
        assignment.due_on = max(assignment.due_on, working_day_after(moment.today + LEAST_TIME, 1))
    else:
        assignment.state = "withdrawn"
        assignment.ended_at, assignment.ended_by, assignment.ended_why = moment.now, actor.in_trail, why
    _withdraw(session, assignment.id, "done", "", moment)
    return Undone(assignment.state == "open", certificate)


def _withdraw(session: Session, assignment_id: int, what: str, key: str, moment: Moment) -> None:
    """Keep that it was withdrawn, for whoever was told of it. The assignment is locked: no two count at once."""
    same = select(func.count()).select_from(WithdrawnRow).filter_by(assignment=assignment_id, what=what, key=key)
    turn = session.scalar(same) or 0
    session.add(WithdrawnRow(assignment=assignment_id, what=what, key=key, turn=turn, withdrawn_at=moment.now))
    session.flush()


def locked(session: Session, assignment_id: int) -> AssignmentRow:
    """The assignment's row, locked until the transaction ends. Raises `AssignmentNotFoundError`."""
    wanted = select(AssignmentRow).where(AssignmentRow.id == assignment_id).with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise AssignmentNotFoundError(assignment_id)
    return found


def _proved(session: Session, assignment_id: int) -> set[tuple[str, str]]:
    wanted = select(StepDoneRow.kind, StepDoneRow.key).where(StepDoneRow.assignment == assignment_id)
    return {(kind, key) for kind, key in session.execute(wanted)}


def _all_done(session: Session, assignment: AssignmentRow) -> bool:
    course = session.scalars(select(CourseRow).where(CourseRow.key == assignment.course_key)).one()
    return {(one["kind"], one["key"]) for one in course.needs} <= _proved(session, assignment.id)
