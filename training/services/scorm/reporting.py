"""What a package said while it ran, kept; and where that ends the lesson, the step is done.

A report is whole: it holds everything the lesson wrote, so the last one says all. Of two windows the one that was
opened later counts; of one window what was sent later. Whatever came before is answered and left out, so that a message
that arrives twice, or late, changes nothing.

A lesson's script may change its status as often as it likes. The trail keeps what matters of that: that it was begun,
and the first time that it ended each way.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.audit import AuditEntry
from core.permissions import Actor
from training.actions import TrainingAction
from training.errors import CourseNotFoundError, NotOpenError, OpenedElsewhereError
from training.models import ScormReportRow, StepDoneRow
from training.moments import Moment
from training.queries.courses import course_of
from training.queries.scorm import KIND, package_row, sco
from training.scorm.reporting import Outcome, hundredths_of, outcome, read_report
from training.services.completing import step_done
from training.services.learning import own_locked

ENDS = frozenset({"passed", "completed", "failed"})
"""How a lesson may have ended, by its own word."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A lesson as it was opened once: of which assignment and step, which package, when (in microseconds)."""

    assignment_id: int
    key: str
    package: int
    item: str
    opened: int


def report(
    session: Session, actor: Actor, *, sitting: Sitting, serial: int, is_finished: bool, text: str, moment: Moment
) -> Outcome:
    """Keep what a lesson reported in a sitting as its `serial`th report (JSON); gives what counts now.

    Raises `ForbiddenError`, `AssignmentNotFoundError`, `NotOpenError`, `CourseNotFoundError` where the course has no
    such lesson (any more), `ReportError` for what no lesson can have sent, `OpenedElsewhereError`.
    """
    assignment = own_locked(session, actor, sitting.assignment_id)
    if assignment.state not in {"open", "done"}:
        raise NotOpenError
    part = course_of(session, assignment.course_key)[1].part(sitting.key)
    package = package_row(session, part.package) if part is not None else None
    if part is None or package is None or (package.id, part.item) != (sitting.package, sitting.item):
        raise CourseNotFoundError(f"{assignment.course_key}/{KIND}/{sitting.key}")
    values = read_report(text)
    row = session.get(ScormReportRow, (sitting.assignment_id, sitting.key))
    if row is not None and sitting.opened < row.sitting:
        raise OpenedElsewhereError
    is_same = row is not None and row.sitting == sitting.opened
    if row is not None and ((is_same and serial <= row.serial) or (not is_same and _is_done(session, sitting))):
        return Outcome(row.status, row.score)  # late, or only looked at again
    if is_finished:
        values.setdefault("cmi.core.exit", "")
    found = outcome(values, mastery_score=sco(package, part.item).mastery_score, is_finished=is_finished)
    is_news = row is None or (row.package, row.item, row.status) != (sitting.package, sitting.item, found.status)
    row = _row(session, row, sitting, moment)
    row.serial, row.finished, row.values, row.last_at = serial, is_finished, values, moment.now
    row.status, row.score = found.status, found.score
    row.spent = hundredths_of(values.get("cmi.core.session_time", ""))
    session.add(row)
    session.flush()
    if is_news:
        _note(session, actor, sitting, assignment.course_key, found.status)
    if found.is_done:
        proof = {"package": package.id, "sitting": sitting.opened, "reported": True}
        step_done(
            session, actor, assignment_id=sitting.assignment_id, kind=KIND, key=sitting.key, proof=proof, moment=moment
        )
    return found


def _note(session: Session, actor: Actor, sitting: Sitting, course: str, status: str) -> None:
    """An entry where the trail has none yet of this lesson, or none of its having ended so: four at most."""
    subject, action = f"assignment:{sitting.assignment_id}", TrainingAction.SCORM_REPORTED
    about = {"step": sitting.key, "package": sitting.package}
    wanted = select(AuditEntry.facts).where(AuditEntry.subject == subject, AuditEntry.action == action)
    noted = {one["status"] for one in session.scalars(wanted) if about.items() <= one.items()}
    if not noted or (status in ENDS and status not in noted):
        facts = {"course": course, **about, "status": status}
        audit.record(session, actor=actor.in_trail, action=action, subject=subject, facts=facts)


def _row(session: Session, row: ScormReportRow | None, sitting: Sitting, moment: Moment) -> ScormReportRow:
    """The row to write to: a new sitting adds what the ones before took, another package begins anew."""
    if row is not None and (row.package, row.item) != (sitting.package, sitting.item):
        session.delete(row)
        session.flush()
        row = None
    if row is None:
        row = ScormReportRow(assignment=sitting.assignment_id, key=sitting.key, before=0, spent=0, first_at=moment.now)
    elif row.sitting != sitting.opened:
        row.before += row.spent
    row.package, row.item, row.sitting = sitting.package, sitting.item, sitting.opened
    return row


def _is_done(session: Session, sitting: Sitting) -> bool:
    wanted = select(StepDoneRow.id).filter_by(assignment=sitting.assignment_id, kind=KIND, key=sitting.key)
    return session.scalars(wanted).first() is not None
