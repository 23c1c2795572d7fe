"""Contests: an official asks for a review of a figure, and gets an answer. A report that was made never changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import record
from core.db import utc_now
from core.directory import queries as directory
from core.permissions import Actor, Permission, require
from core.words import Text
from mail_audit.actions import AuditAction
from mail_audit.errors import (
    AuditNotFoundError,
    ContestBusyError,
    ContestNotFoundError,
    ContestTextError,
    NoFiguresError,
    OfficialNotFoundError,
)
from mail_audit.models import Audit, Contest, OfficialFigure
from mail_audit.models.contests import ABOUT, FIGURES
from mail_audit.permissions import can_answer_contest_of, can_ask_contest_of
from mail_audit.queries.officials import figure_values, official_by_id
from mail_audit.queries.reached import units_of_official
from mail_audit.services import notices
from mail_audit.written import LONGEST, cleaned

Verdict = Literal["accepted", "explained"]
VERDICTS: tuple[Verdict, ...] = ("accepted", "explained")
MOST_OPEN = 50
"""So many contests of one official may wait at once: more is a mistake or an attack."""


def ask_contest(
    session: Session,
    actor: Actor,
    *,
    audit_id: int,
    official_id: str,
    about: str,
    reason: str,
    day: date | None = None,
) -> int:
    """Contest what a report says of an official: one of `models.contests.ABOUT` (with `day`, a day of its period).

    Returns its id. OfficialNotFoundError for whoever may not and for an unknown official, AuditNotFoundError,
    ContestTextError for a reason that is missing or too long or something that cannot be contested, ContestBusyError
    when the very same is waiting for an answer already.
    """
    if not can_ask_contest_of(actor, official_id, units_of_official(session, audit_id, official_id)):
        raise OfficialNotFoundError(official_id)
    audit = session.get(Audit, audit_id)
    if audit is None:
        raise AuditNotFoundError(audit_id)
    if audit.first_day is None or audit.last_day is None:
        raise NoFiguresError(audit_id)
    _check_about(about, day, audit.first_day, audit.last_day)
    said = _written(reason, Text("lý do", "the reason"))
    official = official_by_id(session, audit_id, official_id)
    _one_at_a_time(session, official, about, day)
    contest = Contest(
        audit_id=audit_id,
        first_day=audit.first_day,
        last_day=audit.last_day,
        official_id=official_id,
        about=about,
        day=day,
        value=figure_values(session, official)[about] if about in FIGURES else None,
        reason=said,
        asked_at=utc_now(),
        asked_by=actor.name,
        state="open",
    )
    session.add(contest)
    session.flush()
    notices.contest_asked(session, contest)
    facts = {"audit": audit_id, "official": official_id, "about": about, "day": day.isoformat() if day else None}
    record(session, actor=actor.name, action=AuditAction.CONTEST_ASKED, subject=f"contest:{contest.id}", facts=facts)
    return contest.id


def answer_contest(session: Session, actor: Actor, *, contest_id: int, verdict: Verdict, answer: str) -> None:
    """Answer a contest: `accepted` (the figure will be put right from the next report on) or `explained` (it stands).

    ForbiddenError, ContestNotFoundError, ContestTextError for an answer that is missing or too long, ContestBusyError
    when somebody answered it meanwhile.
    """
    require(actor, Permission.MAIL_AUDIT_CONTEST_ANSWER)
    said = _written(answer, Text("câu trả lời", "the answer"))
    if verdict not in VERDICTS:
        raise ContestTextError(
            Text("Hãy chọn: chấp nhận hoặc giải thích.", "Please choose: accepted or explained."), detail=verdict
        )
    wanted = select(Contest).where(Contest.id == contest_id).with_for_update().execution_options(populate_existing=True)
    contest = session.scalars(wanted).one_or_none()
    if contest is None or not can_answer_contest_of(
        actor, contest.official_id, directory.units_of_official(session, contest.official_id)
    ):
        raise ContestNotFoundError(contest_id)
    if contest.state != "open":
        raise ContestBusyError(Text("Đề nghị này đã được trả lời.", "This request has been answered already."))
    contest.state, contest.answer = verdict, said
    contest.answered_at, contest.answered_by = utc_now(), actor.name
    session.flush()
    notices.contest_answered(session, contest)
    facts = {"official": contest.official_id, "verdict": verdict}
    record(session, actor=actor.name, action=AuditAction.CONTEST_ANSWERED, subject=f"contest:{contest.id}", facts=facts)


def _check_about(about: str, day: date | None, first: date, last: date) -> None:
    known: Collection[str] = ABOUT
    inside = day is None if about != "day" else day is not None and first <= day <= last
    if about not in known or not inside:
        raise ContestTextError(
            Text(
                "Hãy chọn một số liệu hoặc một ngày trong kỳ của báo cáo.",
                "Please choose a figure, or a day of the report's period.",
            ),
            detail=f"{about} {day}",
        )


def _written(text: str, what: Text) -> str:
    said = cleaned(text)
    if not said or len(said) > LONGEST:
        raise ContestTextError(
            Text(
                f"Hãy ghi {what.vi}, nhiều nhất {LONGEST} ký tự.",
                f"Please write {what.en}, at most {LONGEST} characters.",
            )
        )
    return said


def _one_at_a_time(session: Session, official: OfficialFigure, about: str, day: date | None) -> None:
    """The official's row is locked, so that of two who ask at once the second sees the first."""
    session.execute(select(OfficialFigure.id).where(OfficialFigure.id == official.id).with_for_update())
    waiting = select(func.count()).where(Contest.official_id == official.official_id, Contest.state == "open")
    same = waiting.where(Contest.audit_id == official.audit_id, Contest.about == about, Contest.day == day)
    if session.scalar(same):
        raise ContestBusyError(
            Text(
                "Số liệu này đã có một đề nghị đang chờ trả lời.",
                "There is a request about this figure already; it is waiting for an answer.",
            )
        )
    if (session.scalar(waiting) or 0) >= MOST_OPEN:
        raise ContestBusyError(
            Text(
                f"Đã có {MOST_OPEN} đề nghị đang chờ trả lời; xin chờ câu trả lời trước khi gửi thêm.",
                f"{MOST_OPEN} requests are waiting for an answer; please wait for those first.",
            )
        )
