"""Doing a job: claimed by one copy, alive by its heartbeat, over when its claim is gone."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.db import unit_of_work, utc_now
from core.errors import ConflictError, UnavailableError, VanthuError
from core.jobs.models import Job, JobState
from core.jobs.registry import Task, tasks
from core.log import get_logger
from core.settings import Settings
from core.words import Text

BEATS_PER_SILENCE = 6
"""So many heartbeats may fail before the sweep takes a living worker for dead."""
PROGRESS_SECONDS = 0.5
"""Progress is written at most this often."""
_log = get_logger("vanthu.jobs")


class LostClaimError(ConflictError):
    """The job was given to another copy, because this one was silent for too long; what it does counts no more."""

    def __init__(self) -> None:
        super().__init__(Text("Công việc đã được giao cho tiến trình khác.", "The job was given to another worker."))


@dataclass(slots=True)
class Run:
    """One copy of a job at work: what a task is given first."""

    settings: Settings
    job_id: int
    claim: str
    lost: threading.Event = field(default_factory=threading.Event)
    _written: float = 0.0
    _progress: tuple[int, int | None, dict[str, Any]] | None = None

    def progress(self, done: int, total: int | None = None, note: Mapping[str, Any] | None = None) -> None:
        """Says how far the job is, in a short transaction of its own, at most twice a second (the last one is kept).

        Not to be called while the same thread holds a unit of work open. Raises `LostClaimError`.
        """
        if self.lost.is_set():
            raise LostClaimError
        self._progress = (done, total, dict(note or {}))
        if time.monotonic() - self._written >= PROGRESS_SECONDS:
            self._write_progress()

    def _write_progress(self) -> None:
        if self._progress is None:
            return
        done, total, note = self._progress
        self._written = time.monotonic()
        with unit_of_work(self.settings) as session:
            self._update(session, done=done, total=total, note=note, heartbeat_at=utc_now())
        self._progress = None

    def confirm(self, session: Session) -> None:
        """Holds the claim until the session's transaction ends, so that only one copy's result is committed.

        Raises `LostClaimError`.
        """
        self._update(session, heartbeat_at=utc_now())

    def _update(self, session: Session, **values: object) -> None:
        """Changes the job's row if it is still this copy's. Raises `LostClaimError`."""
        mine = update(Job).where(Job.id == self.job_id, Job.claim == self.claim)
        if not changed(session, mine.values(**values)):
            self.lost.set()
            raise LostClaimError

    def end(self, state: JobState, error: Text | None = None) -> None:
        """Writes how the job ended. Raises `LostClaimError`."""
        self._write_progress()
        words = {"error_vi": error.vi, "error_en": error.en} if error else {}
        with unit_of_work(self.settings) as session:
            self._update(session, state=state.value, claim=None, heartbeat_at=None, finished_at=utc_now(), **words)

    def give_back(self) -> None:
        """Lets the job wait again; the sweep will wake a worker for it. Raises `LostClaimError`."""
        with unit_of_work(self.settings) as session:
            self._update(
                session, state=JobState.WAITING.value, claim=None, heartbeat_at=None, sent=0, waiting_since=utc_now()
            )


def progress(run: Run, done: int, total: int | None = None, note: Mapping[str, Any] | None = None) -> None:
    """`Run.progress` as a function."""
    run.progress(done, total, note)


def changed(session: Session, statement: Any) -> bool:
    """Whether the UPDATE changed a row."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount > 0


def run_job(settings: Settings, job_id: int) -> bool:
    """Does the job if it waits and no other copy has it; False when there was nothing to do.

    How it ends is written to its row and raised no further: a `VanthuError` with its sentence, a defect with its
    number in the log. Where something does not answer (`UnavailableError`) the job waits for the sweep to try again.
    """
    claimed = _claim(settings, job_id)
    if claimed is None:
        return False
    run, task, args, attempts = claimed
    if task is None:
        _ended(run, JobState.FAILED, Text("Không có công việc tên này.", "There is no task of this name."))
        return True
    beating = threading.Thread(target=_beat, args=(run, over := threading.Event()), name=f"job-{job_id}", daemon=True)
    beating.start()
    try:
        _do(run, task, args, attempts)
    finally:
        over.set()
        beating.join()
    return True


def _do(run: Run, task: Task, args: dict[str, Any], attempts: int) -> None:
    try:
        task.call(run, args)
    except LostClaimError:
        _log.warning("lost claim", job=run.job_id, task=task.name)
    except UnavailableError as away:
        _log.warning("unavailable", job=run.job_id, task=task.name, error=str(away))
        if attempts < task.most_attempts:
            _given_back(run)
        else:
            _ended(run, JobState.FAILED, away.message)
    except VanthuError as refused:
        _log.info("refused", job=run.job_id, task=task.name, error=str(refused))
        _ended(run, JobState.FAILED, refused.message)
    except Exception as defect:  # noqa: BLE001 - whatever it is, the job has ended and its row says so
        number = uuid.uuid4().hex[:8].upper()
        _log.exception("defect", job=run.job_id, task=task.name, number=number, kind=type(defect).__name__)
        words = Text(
            f"Chương trình gặp lỗi của chính nó, số {number}. Hãy báo cho người phụ trách kỹ thuật.",
            f"The program has met a defect of its own, number {number}. Please tell your technician.",
        )
        _ended(run, JobState.FAILED, words)
    except BaseException:
        _given_back(run)  # the worker is told to stop
        raise
    else:
        _ended(run, JobState.DONE)


def _ended(run: Run, state: JobState, error: Text | None = None) -> None:
    try:
        run.end(state, error)
    except (LostClaimError, UnavailableError) as silent:  # the sweep gives it to another copy
        _log.warning("end not written", job=run.job_id, error=type(silent).__name__)


def _given_back(run: Run) -> None:
    try:
        run.give_back()
    except (LostClaimError, UnavailableError) as silent:
        _log.warning("not given back", job=run.job_id, error=type(silent).__name__)


def _claim(settings: Settings, job_id: int) -> tuple[Run, Task | None, dict[str, Any], int] | None:
    """The right to do the job: exactly one of several copies that ask gets it."""
    claim = uuid.uuid4().hex
    now = utc_now()
    waiting = update(Job).where(Job.id == job_id, Job.state == JobState.WAITING.value)
    taken = waiting.values(
        state=JobState.RUNNING.value, claim=claim, attempts=Job.attempts + 1, started_at=now, heartbeat_at=now
    )
    with unit_of_work(settings) as session:
        if not changed(session, taken):
            return None
        name, args, attempts = session.execute(select(Job.task, Job.args, Job.attempts).where(Job.id == job_id)).one()
    return Run(settings, job_id, claim), tasks().get(name), args, attempts


def _beat(run: Run, over: threading.Event) -> None:
    """Shows every now and then that this copy lives, until it is over or its claim is lost."""
    while not over.wait(run.settings.job_silence / BEATS_PER_SILENCE):
        try:
            with unit_of_work(run.settings) as session:
                run.confirm(session)
        except LostClaimError:
            return
        except UnavailableError as away:
            _log.warning("no heartbeat", job=run.job_id, error=str(away))


def run_waiting(settings: Settings) -> int:
    """Does every waiting job in this process, and those they queue, oldest first; gives how many. For tests and demos.

    A job that is given back because something does not answer is not tried again.
    """
    tried: set[int] = set()
    while True:
        with unit_of_work(settings) as session:
            waiting = select(Job.id).where(Job.state == JobState.WAITING.value, Job.id.not_in(tried))
            job_id = session.scalar(waiting.order_by(Job.id).limit(1))
        if job_id is None:
            return len(tried)
        tried.add(job_id)
        run_job(settings, job_id)
