"""Tasks for the tests of jobs: what they do is seen in a folder, and they wait where a test tells them to.

Run as a program, it is `vanthu` with these tasks known.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from core.db import unit_of_work
from core.directory.models import OfficialRow
from core.errors import InputError, UnavailableError
from core.jobs import Run, job_task, queue
from core.words import Text

PATIENCE = 60.0


def note(folder: str, line: str) -> None:
    """Adds a line to what was done."""
    with (Path(folder) / "done").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def noted(folder: Path) -> list[str]:
    """What was done, in order."""
    path = folder / "done"
    return path.read_text("utf-8").splitlines() if path.exists() else []


@job_task("test.note")
def take_note(run: Run, *, folder: str, line: str) -> None:
    """Done at once."""
    run.progress(1, 1)
    note(folder, line)


@job_task("test.wait")
def wait(run: Run, *, folder: str) -> None:
    """Says that it began (with its process), waits for the file `go`, commits one row, says that it ended."""
    (Path(folder) / f"began-{os.getpid()}").touch()
    end = time.monotonic() + PATIENCE
    while not (Path(folder) / "go").exists() and time.monotonic() < end:
        run.progress(1, 2, {"pid": os.getpid()})
        time.sleep(0.02)
    with unit_of_work(run.settings) as session:
        run.confirm(session)
        session.add(OfficialRow(official_id=str(run.job_id), name="result"))
    note(folder, "ended")


@job_task("test.chain")
def chain(run: Run, *, folder: str, left: int) -> None:
    """Queues the next one in the transaction of its result."""
    note(folder, str(left))
    if left:
        with unit_of_work(run.settings) as session:
            run.confirm(session)
            queue(session, "test.chain", subject="chain", args={"folder": folder, "left": left - 1})


@job_task("test.refuse")
def refuse(run: Run, *, kind: str) -> None:
    """Fails in the given way."""
    if kind == "input":
        raise InputError(Text("Tệp hỏng.", "The file is broken."))
    if kind == "away":
        raise UnavailableError(Text("Máy chủ bận.", "The server is busy."))
    raise KeyError(run.job_id)


if __name__ == "__main__":
    from core.cli import main

    sys.exit(main())
