"""Killed anywhere and run again, or run twice at once: what is collected is what an undisturbed run collects."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.audit.verifying import first_broken
from core.db import unit_of_work
from core.settings import Settings
from core.store import folder
from core.store.bucket import BucketStore
from mail_audit.models import LogPiece, LogSegment
from mail_audit.segments import EVENTS, sweep
from mail_audit.services.collecting import collecting, commits, following, merging
from tests.core.store import environ_of
from tests.mail_audit.collecting.conftest import IN_A_CITY
from tests.mail_audit.collecting.followed import Followed, Month, Rotating, audited, put

pytestmark = pytest.mark.slow

SMALL = 1 << 14
POINTS = (
    (folder, "_to_disk"),
    (BucketStore, "put_file"),
    (commits, "mark_months"),
    (commits, "record"),
    (following, "commit_part"),
    (merging, "replace_segments"),
    (following, "note_file"),
    (collecting, "forget_files"),
)


class KilledError(BaseException):
    """The process is gone: nothing is written, nobody is told."""


class Reaper:
    """Kills whoever calls one of `POINTS` when the countdown ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = -1
        for module, name in POINTS:
            monkeypatch.setattr(module, name, self._around(getattr(module, name)))

    def _around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **more: Any) -> Any:
            self._tick()
            result = call(*args, **more)
            self._tick()
            return result

        return called

    def _tick(self) -> None:
        if self.left == 0:
            raise KilledError
        self.left -= 1


def day_of(month: Month, number: int, folder: Path) -> None:
    """One day's logs, as files of their own."""
    day, texts = month.days[number]
    for name, text in texts.items():
        put(folder / f"{name}-{day:%Y%m%d}.gz", text, day)


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_step_and_run_again(
    followed: Followed, week: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    reaper, drawn, kills = Reaper(monkeypatch), random.Random(seed), 0
    day_of(week, 0, followed.folder)
    for _ in range(200):
        reaper.left = drawn.randrange(80)
        try:
            followed.only(piece_bytes=SMALL)
        except KilledError:
            kills += 1
        else:
            break
    reaper.left = -1
    followed.only(piece_bytes=SMALL)
    day_of(week, 0, tmp_path / "whole")
    assert kills > 3
    assert followed.stored() == audited(tmp_path / "whole")
    assert_whole(followed.settings)


def assert_whole(settings: Settings) -> None:
    """The pieces of every stream follow each other, each with its entry in the trail; what nobody knows is swept."""
    with unit_of_work(settings) as session:
        pieces = session.scalars(select(LogPiece).order_by(LogPiece.stream_id, LogPiece.start)).all()
        entries = set(session.scalars(select(AuditEntry.subject)))
        known = set(session.scalars(select(LogSegment.folder)))
        assert first_broken(session) is None
    ends: dict[int, int] = {}
    for piece in pieces:
        assert piece.start == ends.get(piece.stream_id, 0)
        assert f"log_piece:{piece.id}" in entries
        ends[piece.stream_id] = piece.stop
    sweep(settings.store, known, older_than=-1)
    assert {one.key.split("/")[1] for one in settings.store.listed(EVENTS)} == known


PROGRAM = """
import os, signal, sys
from core.store import folder
from core.store.bucket import BucketStore
from mail_audit.services.collecting import collect, commits, following, sources_for
from core.db import unit_of_work
from core.permissions import command_line_actor
from core.settings import load

left = int(sys.argv[1])

def reaped(call):
    def called(*args, **more):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **more)
    return called

POINTS = (
    (folder, "_to_disk"), (BucketStore, "put_file"), (commits, "record"), (following, "note_file"),
    (following, "write"),
)
for module, name in POINTS:
    setattr(module, name, reaped(getattr(module, name)))
settings = load()
with unit_of_work(settings) as session:
    ids = sources_for(session, command_line_actor())
collect(settings, command_line_actor(), source_ids=ids, piece_bytes=1 << 15)
"""


@IN_A_CITY
def test_kill_9_and_run_again(followed: Followed, week: Month, tmp_path: Path) -> None:
    server = Rotating(followed.folder / "mail.log")
    name, drawn, codes = week.files[1], random.Random(9), []
    environ = {
        "PATH": os.environ["PATH"],
        "VANTHU_HOME": str(followed.settings.home),
        "VANTHU_DATABASE_URL": followed.settings.database_url,
        **environ_of(followed.settings.store),
    }
    for number, (day, texts) in enumerate(week.days[:4]):
        if number == 2:
            server.rotate(day)
        server.append(texts[name], day)
        program = [sys.executable, "-c", PROGRAM, str(drawn.randrange(1, 60))]
        codes.append(subprocess.run(program, env=environ, check=False, cwd=Path.cwd()).returncode)
    followed.only()
    whole = put(tmp_path / "whole" / "mail.log", b"".join(texts[name] for _, texts in week.days[:4]), week.days[3][0])
    assert -signal.SIGKILL in codes
    assert set(codes) <= {0, -signal.SIGKILL}
    assert followed.stored() == audited(whole)


def test_two_at_once_count_once(followed: Followed, week: Month, tmp_path: Path) -> None:
    week.whole(followed.folder)
    with ThreadPoolExecutor(2) as both:
        runs = [both.submit(followed.only, piece_bytes=SMALL) for _ in range(2)]
        found = [run.result() for run in runs]
    followed.only(piece_bytes=SMALL)
    assert followed.stored() == audited(week.whole(tmp_path / "whole"))
    lines = sum(week.text(name).count(b"\n") for name in week.files)
    assert sum(one.counts.lines for one in found) <= lines
    assert_whole(followed.settings)
