"""How fast pages may be asked for: by one account, and from one address, counted by the minute.

The counts are shared by all processes of a machine: a file of fixed size that each maps into its memory. A name counts
in one cell of every row, and the smallest of these is its count (a count-min sketch; Cormode and Muthukrishnan, 2005):
never too small, and too large only for who shares a cell of every row with somebody else. So counting asks no database,
waits for nobody's long work, and takes no more room however many ask. Which cells are a name's only the installation's
key tells. Several machines count each for itself.

Programs at the API are counted by their tokens instead (`web.api.door`).
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
import threading
import weakref
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from core.db import utc_now
from core.directory import origins
from core.log import get_logger
from core.settings import Settings
from web import auth, work
from web.api import door

ROWS = 4
CELLS = 1 << 14
"""Of a row; a power of two."""
SIZE = 4 * (1 + ROWS * CELLS)
"""Bytes: the minute that is counted, then the rows, all in 32 bits."""
MINUTE = 60
LOOKUPS_A_MINUTE = 60
"""Of codes, by strangers from one address: enough for an office that checks a pile of certificates by hand."""
REPORTS_A_MINUTE = 60
"""Of a lesson that is somebody else's program, by one log-in: our page saves fifty times a minute at most."""
LAST_WORDS_A_MINUTE = 20
"""The same of what lessons send by themselves as their windows close."""
NAME = "pace"
_log = get_logger("vanthu.web")


class Pace:
    """How often each name was counted in the present minute."""

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, hashlib.sha256(f"pace {key}".encode()).digest()
        self._threads = threading.Lock()
        self._cells: memoryview | None = None
        self._file: int | None = None

    def count(self, name: str, moment: datetime) -> int:
        """Count `name` once more; how often it was in this minute, with this time."""
        minute = int(moment.timestamp()) // MINUTE
        digest = hashlib.blake2b(name.encode(), key=self._key, digest_size=4 * ROWS).digest()
        places = [1 + row * CELLS + number % CELLS for row, number in enumerate(struct.unpack(f"<{ROWS}I", digest))]
        with self._threads:
            cells = self._opened()
            if self._file is not None:
                fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                if cells[0] != minute:
                    cells.cast("B")[:] = bytes(SIZE)
                    cells[0] = minute
                count: int = 1 + min(cells[place] for place in places)
                for place in places:
                    cells[place] = max(cells[place], count)
            finally:
                if self._file is not None:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
        return count

    def _opened(self) -> memoryview:
        if self._cells is None:
            try:
                file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                weakref.finalize(self, os.close, file)
                os.ftruncate(file, SIZE)
                self._file = file
                mapped = mmap.mmap(file, SIZE)
            except OSError as wrong:  # pages must not stand still for want of a count: this process counts for itself
                _log.warning("pace is counted by this process alone", error=str(wrong))
                self._file, mapped = None, mmap.mmap(-1, SIZE)
            self._cells = memoryview(mapped).cast("I")
        return self._cells


def install(app: Flask) -> None:
    """Give `app` its counts; the file is opened when the first page is asked for."""
    settings: Settings = app.config["SETTINGS"]
    app.config["PACE"] = Pace(settings.home / NAME, settings.secret_key)


def check_address() -> None:
    """Count a request for a page by where it comes from; raises 429 when that asks too fast. Before any query.

    This machine's own addresses are not counted: there a proxy stands that the settings do not name, or nobody else.
    """
    address = origins.read(request.remote_addr)
    if address is not None and not address.is_loopback and _is_page():
        _check(f"address {origins.network(request.remote_addr)}", work.options().address_requests_a_minute)


def check_account() -> None:
    """Count it by who is logged in, in whatever browsers; raises 429 when they ask too fast."""
    actor = auth.known()
    if actor is not None and _is_page():
        _check(f"account {actor.name}", work.options().page_requests_a_minute)


def check_lookup() -> None:
    """Count a look-up by a code that strangers may make; raises 429 where one address makes too many in a minute."""
    address = origins.read(request.remote_addr)
    if address is not None and not address.is_loopback:
        _check(f"look-up {origins.network(request.remote_addr)}", LOOKUPS_A_MINUTE)


def check_reports(session: int) -> None:
    """Count what a SCORM lesson reports by our page, by the learner's log-in; raises 429 where it reports too fast."""
    _check(f"lesson {session}", REPORTS_A_MINUTE)


def check_last_words(session: int) -> None:
    """The same of what it sends by itself: apart, so that a busy lesson does not lose its last words."""
    _check(f"last words {session}", LAST_WORDS_A_MINUTE)


def _is_page() -> bool:
    return not door.is_asked() and request.endpoint != "static"


def _check(name: str, most: int) -> None:
    now = utc_now()
    if cast("Pace", current_app.config["PACE"]).count(name, now) > most:
        raise TooManyRequests(retry_after=MINUTE - int(now.timestamp()) % MINUTE)
