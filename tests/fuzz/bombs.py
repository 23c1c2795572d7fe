"""Logs made to hurt, and what each costs: `python -m tests.fuzz.bombs [CASE...] [--full]` prints time and memory.

Every case is audited in a process of its own, so that its peak of memory is its own. `--full` takes the sizes of the
documentation (10 GB from a few MB, ten million addresses); without it they are small enough for the suite.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import lzma
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import zstandard

from tests.fuzz.targets import ROSTER

MB = 1 << 20
LOGGED_IN = (
    "Nov {day:2} 08:{minute:02}:{second:02} mail dovecot: imap-login: Login: user=<{user}>, method=PLAIN, "
    "rip=10.0.0.7, lip=10.0.0.1, session=<a{number}>\n"
)
GOOD = LOGGED_IN.format(day=20, minute=0, second=0, user="gd@tp.example.gov.vn", number=0).encode()
Size = int
Chunks = Iterator[bytes]


@dataclass(frozen=True)
class Case:
    """A log: its name, what is in it, small and full sizes (what they count, the case says), how it is packed."""

    name: str
    chunks: Callable[[Size], Chunks]
    small: Size
    full: Size
    packing: str = "plain"


def _repeated(byte: bytes) -> Callable[[Size], Chunks]:
    """So many MB of one byte between two good lines."""

    def chunks(size: Size) -> Chunks:
        yield GOOD
        block = byte * MB
        yield from (block for _ in range(size))
        yield b"\n" + GOOD

    return chunks


def addresses(size: Size) -> Chunks:
    """So many log-ins, each of another address of the city's own domain."""
    for start in range(0, size, 10_000):
        yield "".join(
            LOGGED_IN.format(
                day=1 + number % 20,
                minute=number // 60 % 60,
                second=number % 60,
                user=f"n{number}@tp.example.gov.vn",
                number=number,
            )
            for number in range(start, min(start + 10_000, size))
        ).encode()


def hosts(size: Size) -> Chunks:
    """So many lines, each of another server."""
    yield GOOD
    for number in range(size):
        yield b"Nov %2d 08:00:00 h%d postfix/qmgr[7]: 15CC220C006: removed\n" % (1 + number % 20, number)


def days(size: Size) -> Chunks:
    """A line on each day of so many years."""
    start = date(1990, 1, 1)
    for number in range(365 * size):
        yield f"{start + timedelta(number)}T08:00:00Z mail postfix/qmgr[7]: 15CC220C006: removed\n".encode()


def one_far_day(size: Size) -> Chunks:
    """One good line, and one of a year far away."""
    yield b"2026-11-20T08:00:00Z mail postfix/qmgr[7]: 15CC220C006: removed\n"
    yield f"{2026 + size}-11-20T08:00:00Z mail postfix/qmgr[7]: 15CC220C006: removed\n".encode()


def bombs_of_expressions(size: Size) -> Chunks:
    """Lines of 60 kB that would keep a backtracking engine busy for hours."""
    from tests.fuzz.seeds import BUSY

    yield GOOD
    for number in range(size):
        start, unit = BUSY[number % len(BUSY)]
        yield b"Nov 20 12:00:00 mail " + start + unit * (60_000 // len(unit)) + b"\n"


def nested(size: Size) -> Chunks:
    """A gzip of a gzip of so many MB."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as inner:
        for _ in range(size):
            inner.write(bytes(MB))
    yield packed.getvalue()


def members(size: Size) -> Chunks:
    """So many gzip members of a line each."""
    member = gzip.compress(GOOD)
    for start in range(0, size, 10_000):
        yield member * min(10_000, size - start)


CASES: dict[str, Case] = {
    case.name: case
    for case in (
        Case("line of 100 MB", _repeated(b"a"), 100, 100),
        Case("NULs", _repeated(b"\0"), 100, 1000),
        Case("empty lines", _repeated(b"\n"), 4, 1000, "gzip"),
        Case("gzip bomb", _repeated(b"a"), 300, 10_000, "gzip"),
        Case("xz bomb", _repeated(b"a"), 300, 3_000, "xz"),
        Case("bzip2 bomb", _repeated(b"a"), 100, 3_000, "bzip2"),
        Case("zstd bomb", _repeated(b"a"), 1000, 10_000, "zstd"),
        Case("zstd bomb of lines", _repeated(GOOD.replace(b"Login", b"Ping") * 9), 1, 8, "zstd"),
        Case("gzip in gzip", nested, 100, 2000, "gzip"),
        Case("gzip members", members, 20_000, 1_000_000),
        Case("busy expressions", bombs_of_expressions, 20, 2000),
        Case("addresses", addresses, 100_000, 10_000_000),
        Case("servers", hosts, 5_000, 100_000),
        Case("every day of years", days, 3, 60),
        Case("a far day", one_far_day, 100, 170),
    )
}


def _opened(path: Path, packing: str) -> Any:
    match packing:
        case "gzip":
            return gzip.open(path, "wb", compresslevel=1)
        case "xz":
            return lzma.open(path, "wb", preset=0)
        case "bzip2":
            return bz2.open(path, "wb")
        case "zstd":
            return zstandard.open(path, "wb")
        case _:
            return path.open("wb")


def write(case: Case, size: Size, folder: Path) -> Path:
    """The log of a case, in `folder`."""
    path = folder / "mail.log"
    with _opened(path, case.packing) as stream:
        for chunk in case.chunks(size):
            stream.write(chunk)
    return path


@dataclass(frozen=True)
class Cost:
    """What auditing one log cost and what was said of it."""

    seconds: float
    memory: int
    """MB at most."""
    lines: int
    broken: int
    samples: int
    said: str
    packed: int
    """Bytes on the disk."""


AUDIT = """
import json, sys, time
from pathlib import Path
from core.directory.rosterfile import read_roster
from core.errors import VanthuError
from mail_audit.pipeline import run
began, found, said = time.monotonic(), {"lines": 0, "broken": 0, "samples": 0}, "a report"
try:
    made = run([Path(sys.argv[1])], read_roster(Path(sys.argv[2]))).report.coverage
    found = {"lines": made.lines, "broken": made.broken, "samples": len(made.broken_samples)}
except VanthuError as error:
    said = error.message.en.partition(": ")[2][:70]
# not ru_maxrss: that begins with what the process had which started this one
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
memory = int(status["VmHWM"].split()[0]) // 1024
print(json.dumps(found | {"seconds": round(time.monotonic() - began, 1), "memory": memory, "said": said}))
"""


def cost(case: Case, size: Size, folder: Path, *, seconds: float = 3600) -> Cost:
    """Audit the log of a case in another process; raises where that one fails or takes too long."""
    path, directory = write(case, size, folder), folder / "officials.csv"
    directory.write_text(ROSTER, encoding="utf-8")
    command = [sys.executable, "-c", AUDIT, str(path), str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    packed = path.stat().st_size
    path.unlink()
    if done.returncode:
        raise RuntimeError(f"{case.name}: {done.stderr[-2000:]}")
    return Cost(**json.loads(done.stdout), packed=packed)


def main() -> None:
    """Print a table of all cases, or of some."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz.bombs")
    asked.add_argument("cases", nargs="*", help=", ".join(CASES))
    asked.add_argument("--full", action="store_true")
    chosen = asked.parse_args()
    print(f"{'case':22}{'size':>12}{'packed':>10}{'seconds':>10}{'memory':>9}{'lines':>12}{'broken':>12}  said")
    for case in (CASES[name] for name in chosen.cases or CASES):
        size = case.full if chosen.full else case.small
        with tempfile.TemporaryDirectory() as folder:
            found = cost(case, size, Path(folder))
        print(
            f"{case.name:22}{size:>12,}{found.packed / MB:>7.1f} MB{found.seconds:>10}{found.memory:>6} MB"
            f"{found.lines:>12,}{found.broken:>12,}  {found.said}",
            flush=True,
        )


if __name__ == "__main__":
    main()
