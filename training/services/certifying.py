"""A certificate is made when a course is done, and may be revoked, with a reason."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.directory.models import Account, OfficialRow
from core.directory.queries import unit_keys_of
from core.mail import MailKind, tell
from core.permissions import Actor, Permission, require
from core.words import Text, showable
from training.actions import TrainingAction
from training.errors import AssignmentNotFoundError, CertificateInputError, CertificateNotFoundError
from training.models import AssignmentRow, CertificateRow, CourseRow
from training.models.certificates import CODE_ALPHABET, CODE_LENGTH
from training.moments import Moment
from training.permissions import can_revoke_certificate

LONGEST_REASON = 500


def certify(session: Session, actor: Actor, *, assignment_id: int, moment: Moment) -> str:
    """The code of the certificate of an assignment that was completed; made the first time, the same ever after, and
    a new one where the earlier was revoked and the course completed anew.

    The caller holds the assignment's row locked (`completing.step_done`). Raises `AssignmentNotFoundError`.
    """
    stands = (CertificateRow.assignment == assignment_id) & CertificateRow.revoked_at.is_(None)
    found = session.scalar(select(CertificateRow.code).where(stands))
    if found is not None:
        return found
    assignment = session.get(AssignmentRow, assignment_id)
    if assignment is None:
        raise AssignmentNotFoundError(assignment_id)
    course = session.scalars(select(CourseRow).where(CourseRow.key == assignment.course_key)).one()
    row = CertificateRow(
        code="".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
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
    row.digest = row.computed_digest()
    session.add(row)
    session.flush()
    _tell(session, row, Text("Đã có giấy chứng nhận", "Your certificate is ready"), moment)
    facts = {"assignment": assignment_id, "course": course.key, "version": course.version, "digest": row.digest}
    _record(session, actor, TrainingAction.CERTIFICATE_MADE, row, facts)
    return row.code


def revoke(session: Session, actor: Actor, *, code: str, why: str, moment: Moment) -> None:
    """Revoke a certificate; its owner is told, its page says so. Twice is once.

    Raises `ForbiddenError`, `CertificateNotFoundError` for one out of reach (one's own too), and
    `CertificateInputError` without a reason.
    """
    require(actor, Permission.TRAINING_CERTIFICATE_REVOKE)
    wanted = select(CertificateRow).where(CertificateRow.code == code).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise CertificateNotFoundError
    number = session.get_one(OfficialRow, row.official).official_id
    if not can_revoke_certificate(actor, number, unit_keys_of(session, row.official)):
        raise CertificateNotFoundError
    said = showable(" ".join(why.split()))
    if not said or len(said) > LONGEST_REASON:
        raise CertificateInputError(
            f"Hãy ghi lý do thu hồi, không quá {LONGEST_REASON} ký tự.",
            f"Please write why it is revoked, in at most {LONGEST_REASON} characters.",
        )
    if row.revoked_at is not None:
        return
    _revoke(session, actor, row, number, said, moment)


def revoke_of_assignment(session: Session, actor: Actor, *, assignment_id: int, why: str, moment: Moment) -> int | None:
    """Revoke the certificate of a course that turned out not to be completed; its id, None where none stands.

    The caller holds the assignment's row locked, has asked whether the actor may, and checked `why`.
    """
    wanted = select(CertificateRow).where(
        CertificateRow.assignment == assignment_id, CertificateRow.revoked_at.is_(None)
    )
    locked = wanted.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(locked).first()
    if row is None:
        return None
    number = session.get_one(OfficialRow, row.official).official_id
    _revoke(session, actor, row, number, why, moment)
    return row.id


def _revoke(session: Session, actor: Actor, row: CertificateRow, number: str, why: str, moment: Moment) -> None:
    row.revoked_at, row.revoked_by, row.revoked_why = moment.now, actor.in_trail, why
    session.flush()
    _tell(session, row, Text("Giấy chứng nhận đã bị thu hồi", "Your certificate was revoked"), moment)
    _record(session, actor, TrainingAction.CERTIFICATE_REVOKED, row, {"official": number, "why": why})


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day, months)


def _tell(session: Session, row: CertificateRow, what: Text, moment: Moment) -> None:
    wanted = select(Account.id).where(Account.official == row.official, Account.closed_at.is_(None))
    tell(
        session, accounts=session.scalars(wanted).all(), kind=MailKind.TRAINING_CERTIFICATE_EARNED,
        said=Text(f"{what.vi}: {row.title_vi}", f"{what.en}: {row.title_en}"),
        thing=f"certificate:{row.id}:{'revoked' if row.revoked_at else 'made'}", now=moment.now,
    )  # fmt: skip


def _record(
    session: Session, actor: Actor, action: TrainingAction, row: CertificateRow, facts: dict[str, object]
) -> None:
    audit.record(session, actor=actor.in_trail, action=action, subject=f"certificate:{row.id}", facts=facts)
