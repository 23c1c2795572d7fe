"""Runs a program to its end and tells what it took; and what programs that go on have taken so far."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """What one program took: seconds on the clock and of all cores together, bytes of memory at most."""

    seconds: float
    cores: float
    memory: int

    def __str__(self) -> str:
        return f"{self.seconds:7.2f} s   {self.cores:7.2f} s of cores   {self.memory / 1e6:7,.0f} MB"


def every_core() -> list[int]:
    """The cores that this program may use, in their order."""
    return sorted(os.sched_getaffinity(0))


def run(
    command: Sequence[str],
    output: Path,
    *,
    cores: Sequence[int] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run `command` to its end with its output in a file, on these cores; ends the bench when it fails."""
    with output.open("wb") as out:
        started = time.perf_counter()
        with _on(cores or every_core()):
            process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment
            )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}\n{output.read_text('utf-8', 'replace')}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)  # Linux counts it in KiB


@contextlib.contextmanager
def _on(cores: Sequence[int]) -> Iterator[None]:
    """What this thread starts now runs on these cores."""
    usual = every_core()
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)


def better(runs: Iterable[Run]) -> Run:
    """The shortest time, since the first run may have waited for the disk or for other work; the most memory."""
    made = list(runs)
    return Run(min(one.seconds for one in made), min(one.cores for one in made), max(one.memory for one in made))


TICKS = os.sysconf("SC_CLK_TCK")


def cores(*roots: int) -> float:
    """Seconds of all cores together that these processes and all below them have taken, those that ended among them."""
    return sum(_ticks(one) for root in roots for one in _tree(root)) / TICKS


def _tree(root: int) -> Iterator[int]:
    yield root
    with contextlib.suppress(OSError):  # it ended meanwhile
        for thread in Path(f"/proc/{root}/task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                yield from _tree(int(child))


def _ticks(process: int) -> int:
    """Of itself, and of its children that it has waited for."""
    try:
        told = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(one) for one in told[11:15])  # utime, stime, cutime, cstime: 14 to 17 in proc(5)
