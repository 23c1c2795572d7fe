"""A census from its start to its end: begun or taken up again, answers stored as they come, ended.

The mailboxes to ask are rows from the beginning, so that a run that was killed knows which are left. A row is written
once: a second copy of a run changes nothing that is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from core.audit import record
from core.db import settings_of, utc_now
from core.directory.models import MailboxRow
from core.errors import InputError
from core.permissions import Actor, Permission, require
from core.words import Text
from mail_audit.actions import AuditAction
from mail_audit.models import Census, CensusMailbox
from mail_audit.queries.census.evidence import LONGEST_SPAN
from mail_audit.services.collecting.marks import mark_months

CAUSE = "census"
"""Why a month is marked to be measured again."""
LATE_NEWS = timedelta(days=92)
"""A last sent message older than this was there at the census before."""
TAKEN_UP_WITHIN = timedelta(hours=20)
"""A census is of one day: what was not asked until then is not asked any more."""
KINDS_ASKED = ("personal", "shared")
"""A service's mailbox is a machine's."""


@dataclass(frozen=True, slots=True)
class Count:
    """What one mailbox holds; moments in UTC, None where the server does not tell."""

    messages: int
    unseen: int
    answered: int
    oldest_unseen_at: datetime | None
    uid_validity: int
    uid_next: int | None
    sent_state: str
    last_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one mailbox: counted, or `reason` (one of `models.census.REASONS`) why it is unknown."""

    mailbox: str
    asked_at: datetime
    count: Count | None = None
    reason: str | None = None


def begin_census(
    session: Session,
    actor: Actor,
    *,
    server: str,
    selection: str,
    only: Sequence[str] = (),
    limit: int | None = None,
) -> int:
    """The id of the run to work on: the one of the same `selection` that was left, else a new one.

    A new run asks the mailboxes named in `only` (addresses or aliases), else all of the directory that belong to
    persons or are shared; `limit` takes so many, those asked longest ago first. InputError for an unknown mailbox and
    when there is nobody to ask. Runs that were left too long ago are ended, what they did not ask being unknown.
    """
    require(actor, Permission.MAIL_AUDIT_CENSUS_START)
    now = utc_now()
    left = select(Census).where(Census.state == "running").order_by(Census.id.desc()).with_for_update()
    for run in session.scalars(left).all():
        if run.selection == selection and run.started_at > now - TAKEN_UP_WITHIN:
            return run.id
        if run.started_at <= now - TAKEN_UP_WITHIN:
            _end(session, actor, run, "stopped", now)
    mailboxes = _wanted(session, only, limit)
    run = Census(started_at=now, started_by=actor.name, server=server, selection=selection)
    session.add(run)
    session.flush()
    session.execute(
        insert(CensusMailbox),
        [{"census_id": run.id, "mailbox": mailbox, "state": "waiting"} for mailbox in mailboxes],
    )
    facts = {"server": server, "mailboxes": len(mailboxes)}
    record(session, actor=actor.name, action=AuditAction.CENSUS_STARTED, subject=f"census:{run.id}", facts=facts)
    return run.id


def store_answers(session: Session, census_id: int, answers: Sequence[Answer]) -> int:
    """Writes what became of these mailboxes; gives how many rows were still waiting. UTC moments."""
    written = 0
    for answer in answers:
        count = answer.count
        values = {name: getattr(count, name) for name in Count.__dataclass_fields__} if count else {}
        row = (CensusMailbox.census_id == census_id, CensusMailbox.mailbox == answer.mailbox)
        changed = session.execute(
            update(CensusMailbox)
            .where(*row, CensusMailbox.state == "waiting")
            .values(
                state="counted" if count else "unknown",
                reason=None if count else answer.reason,
                asked_at=answer.asked_at,
                **values,
            )
            .returning(CensusMailbox.mailbox)
        ).all()
        written += len(changed)
    return written


def finish_census(session: Session, actor: Actor, *, census_id: int) -> dict[str, int]:
    """Ends the run when no mailbox waits any more; gives `counted` and each reason -> mailboxes."""
    require(actor, Permission.MAIL_AUDIT_CENSUS_START)
    run = session.scalars(select(Census).where(Census.id == census_id).with_for_update()).one()
    if run.state == "running" and not _waiting(session, census_id):
        _end(session, actor, run, "finished", utc_now())
    return dict(run.totals) if run.totals is not None else totals(session, census_id)


def forget_censuses(session: Session, actor: Actor, *, before: datetime) -> int:
    """Removes the runs begun before `before` with all they counted; gives how many."""
    require(actor, Permission.MAIL_AUDIT_CENSUS_START)
    gone = session.execute(delete(Census).where(Census.started_at < before).returning(Census.id)).all()
    if gone:
        facts = {"before": before.isoformat(), "censuses": len(gone)}
        record(session, actor=actor.name, action=AuditAction.CENSUS_THINNED, subject="census", facts=facts)
    return len(gone)


def totals(session: Session, census_id: int) -> dict[str, int]:
    """`counted`, `waiting` and each reason -> how many mailboxes of the run; only what there is."""
    what = func.coalesce(CensusMailbox.reason, CensusMailbox.state)
    found = select(what, func.count()).where(CensusMailbox.census_id == census_id).group_by(what)
    return {str(name): int(number) for name, number in session.execute(found).all()}


def _waiting(session: Session, census_id: int) -> int:
    return totals(session, census_id).get("waiting", 0)


def _end(session: Session, actor: Actor, run: Census, state: str, now: datetime) -> None:
    left = update(CensusMailbox).where(CensusMailbox.census_id == run.id, CensusMailbox.state == "waiting")
    session.execute(left.values(state="unknown", reason="not_asked", asked_at=now))
    mark_months(session, _days_told(session, run, now), cause=CAUSE)
    run.state, run.finished_at, run.totals = state, now, totals(session, run.id)
    session.flush()
    subject = f"census:{run.id}"
    record(session, actor=actor.name, action=AuditAction.CENSUS_FINISHED, subject=subject, facts=run.totals)


def _days_told(session: Session, run: Census, now: datetime) -> set[date]:
    """Local days in the months this run may tell something new of: since the one before, and of what was sent."""
    zone = ZoneInfo(settings_of(session).timezone)
    before = select(func.max(Census.started_at)).where(Census.id < run.id)
    since = max(now - LONGEST_SPAN, session.scalar(before) or run.started_at)
    sent = select(CensusMailbox.last_sent_at).where(
        CensusMailbox.census_id == run.id, CensusMailbox.last_sent_at > now - LATE_NEWS
    )
    moments = [since, now, *(moment for moment in session.scalars(sent) if moment is not None)]
    return {moment.astimezone(zone).date() for moment in moments}


def _wanted(session: Session, only: Sequence[str], limit: int | None) -> list[str]:
    """The mailboxes of a new run, in the order they are asked."""
    last = func.max(CensusMailbox.asked_at)
    known = (
        select(MailboxRow.address)
        .outerjoin(CensusMailbox, CensusMailbox.mailbox == MailboxRow.address)
        .where(MailboxRow.gone_at.is_(None))
        .group_by(MailboxRow.id, MailboxRow.address)
        .order_by(last.is_(None).desc(), last, MailboxRow.id)
    )
    if only:
        wanted = _resolved(session, only)
        known = known.where(MailboxRow.address.in_(wanted))
    else:
        known = known.where(MailboxRow.kind.in_(KINDS_ASKED))
    found = list(session.scalars(known.limit(limit) if limit else known))
    if not found:
        raise InputError(
            Text(
                "Danh bạ chưa có hộp thư nào để hỏi; hãy chạy: vanthu directory import.",
                "The directory has no mailbox to ask; please run: vanthu directory import.",
            )
        )
    return found


def _resolved(session: Session, only: Sequence[str]) -> set[str]:
    """The mailboxes meant by addresses or aliases; InputError for one that nobody knows."""
    from core.directory.queries import roster

    addresses = roster(session).addresses
    unknown = [address for address in only if address.strip().lower() not in addresses]
    if unknown:
        named = ", ".join(unknown[:5])
        raise InputError(
            Text(f"Danh bạ không có hộp thư {named}.", f"The directory has no mailbox {named}."), detail=named
        )
    return {addresses[address.strip().lower()] for address in only}
