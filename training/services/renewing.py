"""Certificates that run out: the course is assigned again in good time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from core import audit
from core.db import settings_of, unit_of_work
from core.directory.models import OfficialRow
from core.jobs import Run
from core.permissions import Actor
from core.words import Text, day_words
from training.actions import TrainingAction
from training.models import AssignmentRow, CertificateRow, CourseRow, ExemptionRow
from training.moments import Moment
from training.services.assigning import assign_by_hand, open_assignment

RENEWED_BEFORE = timedelta(days=60)
"""So long before a certificate expires its course is assigned again."""
SHORTEST = timedelta(days=14)
"""At least so long there is for it, should the certificate have expired already."""
MORNING = time(5, 30)


def renewals_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether certificates have to be looked at: once a day, in the morning."""
    here = now.astimezone(ZoneInfo(settings_of(session).timezone))
    looked = last is not None and last.astimezone(here.tzinfo).date() >= here.date()
    return None if looked or here.time() < MORNING else {}


def renew_all(run: Run, actor: Actor, *, moment: Moment) -> None:
    """Assign again every course whose certificate runs out, each in a transaction of its own."""
    with unit_of_work(run.settings) as session:
        found = running_out(session, moment=moment)
    for number, certificate_id in enumerate(found):
        with unit_of_work(run.settings) as session:
            renew(session, actor, certificate_id=certificate_id, moment=moment)
            run.confirm(session)
        run.progress(number + 1, len(found))


def running_out(session: Session, *, moment: Moment) -> list[int]:
    """Certificates that expire soon or have expired, of people who are here and not exempted, not renewed yet.

    The last one of each person and course only; none that was revoked, none of a course that is not taught any more.
    """
    later = aliased(CertificateRow)
    exempted = exists().where(
        ExemptionRow.official == CertificateRow.official,
        or_(ExemptionRow.course_key.is_(None), ExemptionRow.course_key == CertificateRow.course_key),
        ExemptionRow.first_day <= moment.today,
        ExemptionRow.last_day >= moment.today,
    )
    followed = exists().where(
        later.official == CertificateRow.official,
        later.course_key == CertificateRow.course_key,
        later.id > CertificateRow.id,
        later.revoked_at.is_(None),
    )
    wanted = (
        select(CertificateRow.id)
        .join(OfficialRow, and_(OfficialRow.id == CertificateRow.official, OfficialRow.gone_at.is_(None)))
        .join(CourseRow, and_(CourseRow.key == CertificateRow.course_key, CourseRow.retired_at.is_(None)))
        .where(CertificateRow.expires_on <= moment.today + RENEWED_BEFORE, CertificateRow.renewal.is_(None))
        .where(CertificateRow.revoked_at.is_(None), ~exempted, ~followed)
        .order_by(CertificateRow.expires_on, CertificateRow.id)
    )
    return list(session.scalars(wanted))


def renew(session: Session, actor: Actor, *, certificate_id: int, moment: Moment) -> int | None:
    """Assign the course of a certificate again; the assignment, or None where that is done or pointless by now.

    Somebody who has the course to do already is left with that.
    """
    wanted = select(CertificateRow).where(CertificateRow.id == certificate_id).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).one()
    if row.renewal is not None or row.revoked_at is not None or row.expires_on is None:
        return None
    known = open_assignment(session, row.official, row.course_key)
    if known is None:
        known = _assign(session, actor, row, moment)
    row.renewal = known
    session.flush()
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.CERTIFICATE_RENEWED, subject=f"certificate:{row.id}",
        facts={"assignment": known},
    )  # fmt: skip
    return known


def _assign(session: Session, actor: Actor, row: CertificateRow, moment: Moment) -> int:
    ends = row.expires_on or moment.today
    vi = f"Giấy chứng nhận khóa này hết hiệu lực từ ngày {day_words(ends).vi}."
    en = f"The certificate of this course is not valid from {day_words(ends).en}."
    made = assign_by_hand(
        session,
        actor,
        official_id=session.get_one(OfficialRow, row.official).official_id,
        course_key=row.course_key,
        due_on=max(ends - timedelta(days=1), moment.today + SHORTEST),
        reason=Text(vi, en),
        moment=moment,
    )
    session.get_one(AssignmentRow, made).renews = row.assignment
    session.flush()
    return made
