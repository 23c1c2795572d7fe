"""Who is told of what happens here: in the transaction of the change, as a line of the day's mail (`core.mail`).

A line says that something is there to be looked at, and no figure and no name: it lies in a mailbox that others may
read. The page behind it asks who is reading.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of, unit_of_work, utc_now
from core.directory.models import Account
from core.directory.queries import account_by_name
from core.jobs import Run
from core.mail import MailKind, tell
from core.mail.audience import account_of, who_may
from core.mail.options import MailOptions
from core.permissions import Permission
from core.words import Text, day_words, span_words
from mail_audit.models import Contest, UsageException
from mail_audit.queries import sources
from mail_audit.queries.source_words import gap_in_words
from mail_audit.zones import Zone

EARLIER = timedelta(minutes=30)
"""So long before the day's mail is made gaps are looked for, so that it holds them."""
FRESH = timedelta(days=3)
"""A gap is told while it is so new; the page of sources shows older ones."""


def contest_asked(session: Session, contest: Contest) -> None:
    """Tell who may answer that a request waits; not whoever asked."""
    if not _is_on(session):
        return
    asker = account_by_name(session, contest.asked_by)
    permission = Permission.MAIL_AUDIT_CONTEST_ANSWER
    span = _span(contest.first_day, contest.last_day)
    able = who_may(session, permission, today=_today(session, contest.asked_at), official_id=contest.official_id)
    tell(
        session,
        accounts=[one for one in able if asker is None or one != asker.id],
        kind=MailKind.MAIL_AUDIT_CONTEST_ASKED,
        said=Text(
            f"Đề nghị xem lại số liệu số {contest.id} đang chờ trả lời (kỳ {span.vi}).",
            f"Request for review no. {contest.id} waits for an answer (period {span.en}).",
        ),
        thing=f"contest:{contest.id}",
        now=contest.asked_at,
    )


def contest_answered(session: Session, contest: Contest) -> None:
    """Tell the official whose figure it is, and who asked for them, that there is an answer."""
    if not _is_on(session):
        return
    asker = account_by_name(session, contest.asked_by)
    verdict = _VERDICTS[contest.state]
    tell(
        session,
        accounts=[*account_of(session, contest.official_id), *([asker.id] if asker is not None else [])],
        kind=MailKind.MAIL_AUDIT_CONTEST_ANSWERED,
        said=Text(
            f"Đề nghị xem lại số liệu số {contest.id} đã có trả lời: {verdict.vi}.",
            f"Request for review no. {contest.id} has an answer: {verdict.en}.",
        ),
        thing=f"contest:{contest.id}",
        now=contest.answered_at or utc_now(),
    )


_VERDICTS = {
    "accepted": Text("được chấp nhận", "accepted"),
    "explained": Text("đã giải thích, số liệu giữ nguyên", "explained; the figure stands"),
}


def exception_recorded(session: Session, row: UsageException) -> None:
    """Tell an official that something was put on record about them; of what kind says the page."""
    if not _is_on(session):
        return
    of_official = select(Account.id).where(Account.official == row.official, Account.closed_at.is_(None))
    span = _span(row.first_day, row.last_day)
    tell(
        session,
        accounts=session.scalars(of_official).all(),
        kind=MailKind.MAIL_AUDIT_EXCEPTION_RECORDED,
        said=Text(
            f"Một ngoại lệ được ghi nhận về Ông/Bà: {span.vi}.", f"An exception was recorded about you: {span.en}."
        ),
        thing=f"exception:{row.id}",
        now=row.recorded_at,
    )


def gaps_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether gaps have to be looked for: once a day, shortly before the day's mail is made."""
    settings = settings_of(session)
    options = MailOptions.of(settings)
    here = now.astimezone(ZoneInfo(settings.timezone))
    looked = last is not None and last.astimezone(here.tzinfo).date() >= here.date()
    from_then = datetime.combine(here.date(), options.digest_time, here.tzinfo) - EARLIER
    return {} if options.is_on and not looked and here >= from_then else None


def tell_gaps(run: Run) -> None:
    """Tell who looks after sources of each server that wrote nothing on a day that is just over."""
    now = utc_now()
    with unit_of_work(run.settings) as session:
        today = _today(session, now)
        states = sources.sources(session, zone=Zone(run.settings.timezone), now=now)
        able = who_may(session, Permission.MAIL_AUDIT_SOURCE_CHANGE, today=today)
        for state in states:
            for gap in state.gaps:
                if gap.days[-1] >= today - FRESH:
                    words = gap_in_words(gap)
                    tell(
                        session,
                        accounts=able,
                        kind=MailKind.MAIL_AUDIT_SOURCE_GAP,
                        said=Text(f"Nguồn {state.name}: {words.vi}", f"Source {state.name}: {words.en}"),
                        thing=f"source:{state.id}:{gap.days[-1].isoformat()}:{gap.host}",
                        now=now,
                    )
        run.confirm(session)


def _is_on(session: Session) -> bool:
    return MailOptions.of(settings_of(session)).is_on


def _today(session: Session, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings_of(session).timezone)).date()


def _span(first: date, last: date | None) -> Text:
    if last is None:
        return Text(f"từ {day_words(first).vi}", f"from {day_words(first).en}")
    return span_words(first, last)
