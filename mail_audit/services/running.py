"""Judges all officials in the two running windows once, so that whoever asks for them need not.

It takes a city a minute. What came of it is wanted for two weeks by whoever asks (`want`): so long it is kept up to
date, and a new day or a new entry of the directory has it judged anew before anybody waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import settings_of, unit_of_work, utc_now
from core.jobs import Job, JobState, Run, queue
from mail_audit.models import RunningUse
from mail_audit.queries import running
from mail_audit.queries.running_basis import basis_of
from mail_audit.queries.standing import rules_of, standing

TASK = "mail_audit.keep_running"
SUBJECT = "running_use"
AGAIN = timedelta(minutes=10)
"""So often it is looked whether what was judged still holds."""
FORGOTTEN = timedelta(days=14)
"""What nobody asked for so long is not kept up to date any more."""
TRIES = 3
_LEFT = (JobState.WAITING.value, JobState.RUNNING.value)


def want(session: Session, *, today: date) -> Job | None:
    """Have the running windows kept from now on; the job that judges them now, None where they are there.

    Of one that has just failed it is that one: it is tried again after a while.
    """
    asked = session.scalar(select(RunningUse.asked_on))
    if asked is None:
        _ask_first(session, today)
    elif asked < today:
        session.execute(update(RunningUse).values(asked_on=today))
    if running.are_kept(session, today=today):
        return None
    failed = (Job.state == JobState.FAILED.value) & (Job.finished_at > utc_now() - AGAIN)
    asked_already = select(Job).where(Job.task == TASK, Job.state.in_(_LEFT) | failed).order_by(Job.id.desc())
    return session.scalars(asked_already.limit(1)).first() or queue(session, TASK, subject=SUBJECT)


def _ask_first(session: Session, today: date) -> None:
    try:
        with session.begin_nested():
            session.add(RunningUse(id=1, asked_on=today))
    except IntegrityError:  # somebody else asked at the same moment
        return


def keep(run: Run) -> None:
    """Judge both windows and keep what comes of it, unless it is there; of what changes meanwhile, once more.

    Judging changes nothing that anybody did: the trail is silent.
    """
    for _ in range(TRIES):
        with unit_of_work(run.settings) as session:
            days = running.window_days(session, today=day_in(run.settings.timezone, utc_now()))
            basis = basis_of(session, days)
            if session.scalar(select(RunningUse.basis)) == basis:
                return
            rules, known = rules_of(session, settings_of(session)), standing(session, days[0][0], days[1][1])
        windows = running.judged(rules, known, days, tell=run.progress)
        with unit_of_work(run.settings) as session:
            if basis_of(session, days) == basis:
                values = {"basis": basis, "data": running.packed(windows)}
                session.execute(update(RunningUse).values(**values))
                run.confirm(session)
                return


def keeping_due(session: Session, last: datetime | None, now: datetime) -> Mapping[str, Any] | None:
    """Whether it is time to look whether what is kept still holds, where anybody asked for it lately."""
    if last is not None and now - last < AGAIN:
        return None
    today = day_in(settings_of(session).timezone, now)
    asked = session.scalar(select(RunningUse.asked_on).where(RunningUse.asked_on >= today - FORGOTTEN))
    return None if asked is None else {}
