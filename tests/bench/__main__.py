"""Audits a large log and lets pflogsumm read the same file; prints time, memory and their ratio.

Ends with 1 when a count is wrong, when the audit is less than `FASTER` times as fast, or takes more memory than `MOST`.
Usage: python -m tests.bench [LINES]
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench import big_log

FOLDER = Path(__file__).resolve().parents[2] / ".bench"
LINES = 4_000_000
FASTER = 8.0
MOST = 1.5e9
SLOW_PROGRAM = "pflogsumm"


@dataclass(frozen=True)
class Run:
    """What one program took: seconds on the clock, bytes of memory at most, and its exit code."""

    seconds: float
    memory: int
    code: int


def run(command: list[str], output: Path) -> Run:
    """Run `command` to its end with its output in a file; Linux counts its memory in KiB."""
    with output.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(seconds, usage.ru_maxrss * 1024, process.returncode)


def differences(report: Path, truth: dict[str, dict[str, int]]) -> list[str]:
    """What the report counts otherwise than it was written."""
    officials = {official["official_id"]: official for official in json.loads(report.read_text("utf-8"))["officials"]}
    found = []
    for official_id, figures in truth.items():
        said = officials.get(official_id, {})
        found += [
            f"{official_id} {name}: {said.get(name)} instead of {count}"
            for name, count in figures.items()
            if said.get(name) != count
        ]
    return found


def main(lines: int) -> int:
    """The whole bench; the exit code."""
    big = big_log.write(FOLDER, lines=lines)
    size = big.log.stat().st_size
    print(f"{big.lines:,} lines, {size / 1e6:,.0f} MB, {os.cpu_count()} cores, {big_log.now()}", flush=True)
    report = FOLDER / "report.json"
    vanthu = str(Path(sys.executable).with_name("vanthu"))
    command = [vanthu, "audit", str(big.log), "--directory", str(big.directory), "--report", str(report)]
    audit = run(command, FOLDER / "audit.txt")
    if audit.code:
        print((FOLDER / "audit.txt").read_text("utf-8", "replace"))
        return 1
    print(f"vanthu audit  {audit.seconds:7.1f} s   {audit.memory / 1e6:7,.0f} MB", flush=True)
    wrong = differences(report, big.truth)
    print(f"counts        {len(big.truth):,} officials, {len(wrong)} differences", *wrong[:10], sep="\n  ", flush=True)
    if shutil.which(SLOW_PROGRAM) is None:
        print(f"{SLOW_PROGRAM} is not installed: nothing to compare with")
        return 1
    other = run([SLOW_PROGRAM, str(big.log)], FOLDER / "pflogsumm.txt")
    ratio = other.seconds / audit.seconds
    print(f"pflogsumm     {other.seconds:7.1f} s   {other.memory / 1e6:7,.0f} MB")
    print(f"ratio         {ratio:7.1f}     (at least {FASTER:.0f}; memory at most {MOST / 1e6:,.0f} MB)")
    return int(bool(wrong) or ratio < FASTER or audit.memory > MOST or other.code != 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES))
