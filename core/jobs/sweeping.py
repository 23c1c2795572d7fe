"""What a lost message or a dead worker left behind is picked up again, and what is due is queued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.db import settings_of, unit_of_work, utc_now
from core.errors import VanthuError
from core.jobs.models import Job, JobState
from core.jobs.queueing import queue, wake_after_commit
from core.jobs.registry import MOST_ATTEMPTS, Task, tasks
from core.jobs.running import changed
from core.log import get_logger
from core.settings import Settings

MOST_DOUBLINGS = 6
"""A message is sent again after one silence, then two, four … and at last every 64: a queue may simply be long."""
SCHEDULED = "schedule"
"""The subject of jobs that the scheduler queued."""
KEPT = timedelta(days=7)
"""So long a job that was done on schedule is remembered."""
_log = get_logger("vanthu.jobs")


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: jobs taken from dead workers, jobs given up, messages sent again, jobs queued on schedule."""

    requeued: int = 0
    given_up: int = 0
    woken: int = 0
    queued: int = 0


def sweep(settings: Settings, *, now: datetime | None = None) -> Swept:
    """Takes the claim of every copy silent for longer than `job_silence`, and wakes workers for forgotten jobs.

    Run by the scheduler; running it twice at once does no harm.
    """
    moment = now or utc_now()
    with unit_of_work(settings) as session:
        requeued, given_up = _take_from_the_dead(session, moment)
        woken = _wake_the_forgotten(session, moment)
        queued = sum(_queue_if_due(session, task, moment) for task in tasks().values())
    swept = Swept(requeued, given_up, woken, queued)
    if swept != Swept():
        _log.info("swept", requeued=requeued, given_up=given_up, woken=woken, queued=queued)
    return swept


def _queue_if_due(session: Session, task: Task, now: datetime) -> bool:
    """Queues a task that is due and of which none is left; forgets those done long ago. Whether it was queued."""
    if task.due is None:
        return False
    own = (Job.task == task.name, Job.subject == SCHEDULED)
    last = session.scalars(select(Job).where(*own).order_by(Job.id.desc()).limit(1).with_for_update()).first()
    if last is not None and last.state in {JobState.WAITING.value, JobState.RUNNING.value}:
        return False
    try:
        args = task.due(session, last.created_at if last else None, now)
    except VanthuError as refused:  # a wrong setting stops this task, not the sweep
        _log.warning("schedule refused", task=task.name, error=str(refused))
        return False
    if args is None:
        return False
    session.execute(delete(Job).where(*own, Job.state == JobState.DONE.value, Job.finished_at < now - KEPT))
    queue(session, task.name, subject=SCHEDULED, args=args)
    return True


def _take_from_the_dead(session: Session, now: datetime) -> tuple[int, int]:
    silent = now - timedelta(seconds=settings_of(session).job_silence)
    known = tasks()
    requeued = given_up = 0
    dead = select(Job).where(Job.state == JobState.RUNNING.value, Job.heartbeat_at < silent)
    for job in session.scalars(dead.order_by(Job.id)).all():
        task = known.get(job.task)
        last = job.attempts >= (task.most_attempts if task else MOST_ATTEMPTS)
        # Only if nothing has happened since it was read: a heartbeat may have come in between.
        same = update(Job).where(Job.id == job.id, Job.claim == job.claim, Job.heartbeat_at == job.heartbeat_at)
        if last and changed(session, same.values(**_gave_up(job.attempts), finished_at=now)):
            given_up += 1
        elif not last and changed(
            session,
            same.values(state=JobState.WAITING.value, claim=None, heartbeat_at=None, sent=1, waiting_since=now),
        ):
            wake_after_commit(session, job.id, job.task)
            requeued += 1
    session.expire_all()
    return requeued, given_up


def _gave_up(attempts: int) -> dict[str, object]:
    return {
        "state": JobState.FAILED.value,
        "claim": None,
        "heartbeat_at": None,
        "error_vi": f"Tiến trình đang làm đã dừng đột ngột {attempts} lần; có thể máy chủ thiếu bộ nhớ.",
        "error_en": f"The worker died {attempts} times while doing this; the server may be short of memory.",
    }


def _wake_the_forgotten(session: Session, now: datetime) -> int:
    silence = timedelta(seconds=settings_of(session).job_silence)
    woken = 0
    waiting = select(Job).where(Job.state == JobState.WAITING.value, Job.waiting_since < now - silence)
    for job in session.scalars(waiting.order_by(Job.id)).all():
        if job.sent and job.waiting_since > now - silence * 2 ** min(job.sent - 1, MOST_DOUBLINGS):
            continue
        same = update(Job).where(
            Job.id == job.id, Job.state == JobState.WAITING.value, Job.waiting_since == job.waiting_since
        )
        if changed(session, same.values(sent=job.sent + 1, waiting_since=now)):
            wake_after_commit(session, job.id, job.task)
            woken += 1
    return woken
