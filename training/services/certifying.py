"""Certificates: made when a course is done, renewed before they expire, revoked with a reason."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.directory.models import OfficialRow
from core.permissions import Actor
from training.actions import TrainingAction
from training.errors import AssignmentNotFoundError
from training.models import AssignmentRow, CertificateRow, CourseRow
from training.moments import Moment

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no sign of it is taken for another."""
CODE_LENGTH = 20


def certify(session: Session, actor: Actor, *, assignment_id: int, moment: Moment) -> str:
    """The code of the certificate of an assignment that was completed; made the first time, the same ever after.

    The caller holds the assignment's row locked (`completing.step_done`). Raises `AssignmentNotFoundError`.
    """
    found = session.scalar(select(CertificateRow.code).where(CertificateRow.assignment == assignment_id))
    if found is not None:
        return found
    assignment = session.get(AssignmentRow, assignment_id)
    if assignment is None:
        raise AssignmentNotFoundError(assignment_id)
    course = session.scalars(select(CourseRow).where(CourseRow.key == assignment.course_key)).one()
    row = CertificateRow(
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        assignment=assignment_id,
        official=assignment.official,
        course_key=course.key,
        version=course.version,
        name=session.get_one(OfficialRow, assignment.official).name,
        title_vi=course.title_vi,
        title_en=course.title_en,
        earned_at=moment.now,
        earned_on=moment.today,
        expires_on=None if course.valid_months is None else months_after(moment.today, course.valid_months),
    )
    row.digest = digest_of(row)
    session.add(row)
    session.flush()
    facts = {"assignment": assignment_id, "course": course.key, "version": course.version, "digest": row.digest}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.CERTIFICATE_MADE, subject=f"certificate:{row.id}",
        facts=facts,
    )  # fmt: skip
    return row.code


def digest_of(row: CertificateRow) -> str:
    """SHA-256 over all that a certificate says: whose, of what, when, until when, under which code."""
    told = [
        row.code, row.assignment, row.official, row.course_key, row.version, row.name, row.title_vi, row.title_en,
        row.earned_on.isoformat(), row.expires_on.isoformat() if row.expires_on else None,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day, months)
