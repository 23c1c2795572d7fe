"""Keeps copies, group by group: what arrives while one group is committed is the next group.

So one copy waits for one commit, and a thousand copies that come together wait for one commit too. A thread of its
own does it: the event loop never waits for a disk. A copy is answered only when its group is committed, and with 4yz
when it could not be: then the sending server keeps it and tries again.
"""

from __future__ import annotations

import asyncio
import errno
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from core import db
from core.errors import ConflictError
from core.log import get_logger
from core.permissions import Actor
from core.settings import Settings
from mail_audit.collectors.journal import answers
from mail_audit.journaling.entry import Entry, Letter, entry_of
from mail_audit.journaling.options import JournalOptions
from mail_audit.services.journal import beat, begin_run, end_run, forget_copies, keep_copies

MOST_WAITING = 20_000
"""Copies that wait at the same time; each is some kilobytes. Further ones are told to come again."""
LARGEST_GROUP = 500
BEAT_SECONDS = 30.0
TRIES = 3
"""A group that meets another journal's on the same messages is written again."""
MET_ANOTHER = frozenset({"40001", "40P01"})
"""What PostgreSQL says when two transactions stood in each other's way."""
ACTOR = Actor("journal")
_log = get_logger("vanthu.journal")


@dataclass(slots=True)
class _Waiting:
    letter: Letter
    answer: asyncio.Future[str]
    loop: asyncio.AbstractEventLoop


class Writer(threading.Thread):
    """Takes copies by `keep` until `finish`; `failed` holds what kept it from starting."""

    def __init__(self, settings: Settings, options: JournalOptions, *, beat_seconds: float = BEAT_SECONDS) -> None:
        super().__init__(name="journal-writer", daemon=True)
        self.taken = 0
        self.refused = 0
        self._settings = settings
        self._options = options
        self._beat_seconds = beat_seconds
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(MOST_WAITING)
        self._connection: Connection | None = None
        self._run_id: int | None = None
        self._beat_at = self._forget_at = 0.0
        self._told_of_trouble = 0.0

    def keep(self, letter: Letter, answer: asyncio.Future[str]) -> bool:
        """Takes a copy, to answer it when it is committed; False when too many wait. Called by the event loop."""
        try:
            self._waiting.put_nowait(_Waiting(letter, answer, asyncio.get_running_loop()))
        except queue.Full:
            return False
        return True

    def begin(self) -> None:
        """Notes that a run begins; raises what the database refuses."""
        with db.unit_of_work(self._settings) as session:
            self._run_id = begin_run(
                session, ACTOR, listen=self._options.listen, protocol=self._options.protocol, at=db.utc_now()
            )
        self.start()

    def finish(self, refused: int = 0) -> None:
        """Keeps what still waits, notes the end of the run, and ends the thread. `refused`: copies turned away."""
        self.refused += refused
        self._waiting.put(None)
        self.join()
        with suppress(Exception), db.unit_of_work(self._settings) as session:
            if self._run_id is not None:
                end_run(session, ACTOR, run_id=self._run_id, at=db.utc_now(), taken=self.taken, refused=self.refused)

    def run(self) -> None:
        """The thread: group after group, and a sign of life now and then."""
        while True:
            try:
                first = self._waiting.get(timeout=self._beat_seconds)
            except queue.Empty:
                self._tidy()
                continue
            group, is_last = self._group(first)
            if group:
                self._answer(group, self._keep(group))
            if is_last:
                self._close()
                return
            if time.monotonic() - self._beat_at >= self._beat_seconds:
                self._tidy()

    def _group(self, first: _Waiting | None) -> tuple[list[_Waiting], bool]:
        group: list[_Waiting] = []
        while first is not None:
            group.append(first)
            if len(group) >= LARGEST_GROUP:
                return group, False
            try:
                first = self._waiting.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    # Keeping

    def _keep(self, group: Sequence[_Waiting]) -> list[str]:
        """The answer to each copy of the group."""
        entries: list[Entry | None] = []
        for waiting in group:
            try:
                entries.append(entry_of(waiting.letter, self._options))
            except Exception as defect:  # noqa: BLE001 - one copy that we cannot read must not stop the others
                self._tell_of("a copy could not be read", defect)
                entries.append(None)
        found = [entry for entry in entries if entry is not None]
        answer = self._write(found) if found else answers.KEPT
        if answer == answers.NOT_KEPT and len(found) > 1:
            # One of them may be what the database refuses; the others shall not wait for it.
            return [answers.NOT_KEPT if entry is None else self._write([entry]) for entry in entries]
        return [answers.NOT_KEPT if entry is None else answer for entry in entries]

    def _write(self, entries: Sequence[Entry]) -> str:
        for _ in range(TRIES):
            try:
                with Session(self._connected(), info={"settings": self._settings}) as session:
                    keep_copies(session, entries=entries, at=db.utc_now())
                    session.commit()
            except ConflictError:
                continue
            except (SQLAlchemyError, OSError) as refused:
                self._close()
                if getattr(getattr(refused, "orig", None), "sqlstate", None) in MET_ANOTHER:
                    continue
                self._tell_of("copies could not be kept", refused)
                return _refusal(refused)
            except Exception as defect:  # noqa: BLE001 - the border: the sender keeps the copy
                self._close()
                self._tell_of("copies could not be kept", defect)
                return answers.NOT_KEPT
            return answers.KEPT
        return answers.NOT_KEPT

    def _connected(self) -> Connection:
        """The thread's connection. On SQLite a commit reaches the disk before it returns, not only the system."""
        if self._connection is None:
            connection = db.engine(self._settings).connect().execution_options(writer=True)
            if connection.dialect.name == "sqlite":
                driver: Any = connection.connection.dbapi_connection
                driver.execute("PRAGMA synchronous = FULL")
            self._connection = connection
        return self._connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.invalidate()
            with suppress(Exception):
                connection.close()

    def _answer(self, group: Sequence[_Waiting], said: Sequence[str]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[str], str]]] = {}
        for waiting, answer in zip(group, said, strict=True):
            if answer == answers.KEPT:
                self.taken += 1
            else:
                self.refused += 1
            by_loop.setdefault(waiting.loop, []).append((waiting.answer, answer))
        for loop, pairs in by_loop.items():
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_give, pairs)

    # Now and then

    def _tidy(self) -> None:
        """A sign of life; and once a day, what is too old is forgotten."""
        self._beat_at = time.monotonic()
        try:
            with db.unit_of_work(self._settings) as session:
                if self._run_id is not None:
                    beat(session, run_id=self._run_id, at=db.utc_now(), taken=self.taken, refused=self.refused)
                if self._beat_at >= self._forget_at:
                    self._forget_at = self._beat_at + 86_400
                    oldest = datetime.now(UTC) - timedelta(days=self._options.keep_days)
                    forget_copies(session, ACTOR, before=oldest)
        except Exception as refused:  # noqa: BLE001 - the next sign of life may come through
            self._tell_of("no sign of life could be left", refused)

    def _tell_of(self, what: str, failure: Exception) -> None:
        """One line a minute, with the kind of failure; its text may hold values, and those are not for a log."""
        if time.monotonic() - self._told_of_trouble >= 60 or not self._told_of_trouble:
            self._told_of_trouble = time.monotonic()
            cause = getattr(failure, "orig", None)
            _log.warning(what, failure=type(failure).__name__, cause=type(cause).__name__ if cause else "")


def _refusal(refused: Exception) -> str:
    """4yz in any case; a full disk by its own name."""
    cause = getattr(refused, "orig", None) or refused
    full = isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT}
    if isinstance(refused, OperationalError | DBAPIError):
        state = getattr(cause, "sqlstate", "") or ""
        full = full or getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL" or state in {"53100", "53200"}
        if isinstance(refused, OperationalError) and not full:
            return answers.NOT_KEPT_NOW
    return answers.DISK_FULL if full else answers.NOT_KEPT


def _give(pairs: Sequence[tuple[asyncio.Future[str], str]]) -> None:
    for future, answer in pairs:
        if not future.done():  # the peer may have gone meanwhile
            future.set_result(answer)
