"""Exercises: begun by the learner, judged by what the logs and the trail show, over when their time is.

A verdict is noted with its reason whenever something new was looked at. What proved one exercise is kept under its id,
which the database refuses a second time: two processes that judge at once pass it once.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of, unit_of_work
from core.directory.models import Account
from core.jobs import Run
from core.mail import MailKind, post
from core.mail.options import MailOptions
from core.mail.preferences import readers
from core.permissions import SCHEDULER, Actor, Permission, require
from mail_audit.queries.practice import collected_at
from training.actions import TrainingAction
from training.errors import ExerciseNotFoundError, MissingForPracticeError, NotOpenError, TriesUsedError
from training.models import AssignmentRow, ExerciseProofRow, ExerciseRow
from training.moments import Moment
from training.practice.evidence import Evidence, Verdict
from training.practice.kinds import DAYS, KINDS, Kind
from training.practice.verifying import verify
from training.practice.words import REASONS
from training.queries.practice import as_asked, draft_of, evidence_of, latest, missing_for, needed_kind, own_assignment
from training.services.completing import step_done
from training.services.learning import own_locked

ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
"""What codes are made of: no sign that is taken for another, nothing that a mail server might change."""
CODE_LENGTH = 16
"""More than 78 bits: nobody guesses one."""
MOST_A_DAY = 10
GRACE = timedelta(days=1)
"""So long after its end an exercise waits for logs that come late."""
EVERY = timedelta(minutes=2)


def begin(session: Session, actor: Actor, *, assignment_id: int, kind: str, moment: Moment, again: bool = False) -> int:
    """Begin an exercise of the actor's own course; its key. One that is open stays as it is, unless it is to begin
    `again`: then it is over, and another one has another code.

    Raises `ForbiddenError`, `AssignmentNotFoundError`, `ExerciseNotFoundError`, `NotOpenError` for a course that is not
    open, `MissingForPracticeError`, `TriesUsedError`.
    """
    require(actor, Permission.TRAINING_PRACTICE_TRY)
    assignment = own_locked(session, actor, assignment_id)
    _, course = own_assignment(session, actor, assignment_id)
    needed = needed_kind(course, kind)
    before = latest(session, assignment_id, kind)
    if before is not None and (before.state == "passed" or (before.state == "open" and not again)):
        return before.id
    if assignment.state != "open":
        raise NotOpenError
    missing = missing_for(session, assignment.official, needed)
    if missing is not None:
        raise MissingForPracticeError(missing)
    today = select(func.count()).where(
        ExerciseRow.assignment == assignment_id, ExerciseRow.kind == kind,
        ExerciseRow.issued_at > moment.now - timedelta(days=1),
    )  # fmt: skip
    if (session.scalar(today) or 0) >= MOST_A_DAY:
        raise TriesUsedError(MOST_A_DAY)
    if before is not None and before.state == "open":
        _note(before, "begun_again", moment)
        before.state, before.ended_at = "failed", moment.now
        session.flush()
    return _begun(session, actor, assignment, needed, 1 if before is None else before.number + 1, moment)


def _begun(session: Session, actor: Actor, assignment: AssignmentRow, kind: Kind, number: int, moment: Moment) -> int:
    row = ExerciseRow(
        assignment=assignment.id, official=assignment.official, kind=kind.key, number=number, code=_code(),
        second_code=_code() if kind.second else None, issued_at=moment.now,
        expires_at=moment.now + timedelta(days=DAYS), evidence=[],
    )  # fmt: skip
    session.add(row)
    session.flush()
    if kind.place == "letter":
        _write(session, row, moment)
    facts = {"exercise": row.id, "kind": kind.key, "number": number}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.EXERCISE_BEGUN, subject=f"assignment:{assignment.id}",
        facts=facts,
    )  # fmt: skip
    return row.id


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def _write(session: Session, row: ExerciseRow, moment: Moment) -> None:
    """The message of an exercise, in the transaction that begins it."""
    account = session.scalar(select(Account.id).where(Account.official == row.official))
    reader = readers(session, [account]).get(account) if account is not None else None
    if account is None or reader is None or reader.address is None or not MailOptions.of(settings_of(session)).is_on:
        return
    mail = post(
        session, kind=MailKind.TRAINING_PRACTICE_SENT, account=account, address=reader.address,
        language=reader.language, now=moment.now, facts={"exercise": row.id},
    )  # fmt: skip
    row.mail = mail.id
    session.flush()


def look(session: Session, actor: Actor, *, assignment_id: int, kind: str, moment: Moment) -> Verdict | None:
    """Judge the actor's own open exercise now; None where none is open. Raises as `begin`."""
    require(actor, Permission.TRAINING_PRACTICE_TRY)
    own_locked(session, actor, assignment_id)
    row = latest(session, assignment_id, kind)
    if row is None:
        raise ExerciseNotFoundError(kind)
    if row.state != "open":
        return None
    return judge(session, exercise_id=row.id, known=evidence_of(session, [row], moment=moment)[row.id], moment=moment)


def practice_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether open exercises have to be looked at: every few minutes, and once something was collected."""
    if session.scalar(select(ExerciseRow.id).where(ExerciseRow.state == "open").limit(1)) is None:
        return None
    learned = collected_at(session)
    fresh = last is not None and learned is not None and learned > last
    return {} if last is None or fresh or now - last >= EVERY else None


def verify_all(run: Run, *, moment: Moment) -> None:
    """Judge every open exercise, each in a transaction of its own."""
    with unit_of_work(run.settings) as session:
        found = select(ExerciseRow).where(ExerciseRow.state == "open").order_by(ExerciseRow.id)
        learned = collected_at(session)
        rows = [row for row in session.scalars(found) if _may_have_changed(row, learned, moment)]
        known = evidence_of(session, rows, moment=moment) if rows else {}
    for number, (exercise_id, evidence) in enumerate(known.items()):
        with unit_of_work(run.settings) as session:
            judge(session, exercise_id=exercise_id, known=evidence, moment=moment)
            run.confirm(session)
        run.progress(number + 1, len(known))


def _may_have_changed(row: ExerciseRow, learned: datetime | None, moment: Moment) -> bool:
    """Whether a look can find anything new: of e-mail only where something was collected since, or its time is over."""
    over = moment.now > row.expires_at + GRACE
    if over or row.looked_at is None or KINDS[row.kind].place not in {"mail", "letter"}:
        return True
    return learned is not None and learned >= row.looked_at


def judge(session: Session, *, exercise_id: int, known: Evidence, moment: Moment) -> Verdict | None:
    """Note the verdict on an exercise; None for one that is over. With a pass the step of the course is proved."""
    found = session.get(ExerciseRow, exercise_id)
    if found is None:
        return None
    wanted = select(AssignmentRow).where(AssignmentRow.id == found.assignment).with_for_update()
    assignment = session.scalars(wanted.execution_options(populate_existing=True)).one()
    locked = select(ExerciseRow).where(ExerciseRow.id == exercise_id).with_for_update()
    row = session.scalars(locked.execution_options(populate_existing=True)).one()
    if row.state != "open":
        return None
    row.draft = draft_of(session, row)
    verdict = verify(*as_asked(session, row), known)
    taken = select(ExerciseProofRow.evidence).where(ExerciseProofRow.evidence.in_(verdict.evidence))
    if verdict.passed and session.scalars(taken).first() is not None:
        verdict = Verdict(passed=False, why="used")
    row.evidence_until = known.until
    _note(row, verdict.why, moment)
    if assignment.state not in {"open", "done"}:
        _end(session, row, "failed", "course_over", moment)
    elif verdict.passed:
        _pass(session, row, verdict, moment)
    elif moment.now > row.expires_at + GRACE:
        _end(session, row, "failed", "expired", moment)
    session.flush()
    return verdict


def _pass(session: Session, row: ExerciseRow, verdict: Verdict, moment: Moment) -> None:
    row.evidence = list(verdict.evidence)
    session.add_all(ExerciseProofRow(evidence=one, exercise=row.id) for one in verdict.evidence)
    session.flush()
    _end(session, row, "passed", "done", moment)
    step_done(
        session, SCHEDULER, assignment_id=row.assignment, kind="exercise", key=row.kind, proof={"exercise": row.id},
        moment=moment,
    )  # fmt: skip


def _end(session: Session, row: ExerciseRow, state: str, why: str, moment: Moment) -> None:
    _note(row, why, moment)
    row.state, row.ended_at = state, moment.now
    session.flush()
    facts = {"exercise": row.id, "kind": row.kind, "state": state, "why": why, "evidence": row.evidence}
    audit.record(
        session, actor=SCHEDULER.name, action=TrainingAction.EXERCISE_ENDED, subject=f"assignment:{row.assignment}",
        facts=facts,
    )  # fmt: skip


def _note(row: ExerciseRow, why: str, moment: Moment) -> None:
    said = REASONS[why]
    row.why, row.why_vi, row.why_en, row.looked_at = why, said.vi, said.en, moment.now
