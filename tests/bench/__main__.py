"""Audits a large log and lets pflogsumm read the same file; prints time, memory and their ratio.

The log is the sample city's at its largest, with known truth: a fast answer that is wrong is no answer. About two lines
in three are Postfix's, the only ones that pflogsumm reads, so that it is not spared its work. Ends with 1 when a count
is wrong, when the audit is less than `FASTER` times as fast as pflogsumm, or takes more memory than `MOST`.
Each program runs twice and its better time counts: the first may have waited for the disk or for other work.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mail_audit.sample.build import build
from mail_audit.sample.day import Volume

FOLDER = Path(__file__).resolve().parents[2] / ".bench"
FIGURES = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")
FASTER = 8.0
MOST = 1.5e9
FIRST, DAYS = date(2026, 10, 1), 16
VOLUME = Volume(citizens=2.0, sends=3.0, bulletin=0.5, poll_gap=7200, attacks=400)
SLOW_PROGRAM = "pflogsumm"
VANTHU = str(Path(sys.executable).with_name("vanthu"))


@dataclass(frozen=True)
class Run:
    """What one program took: seconds on the clock and of all cores together, bytes of memory at most."""

    seconds: float
    cores: float
    memory: int

    def __str__(self) -> str:
        return f"{self.seconds:7.1f} s   {self.cores:7.1f} s of cores   {self.memory / 1e6:7,.0f} MB"


def run(command: list[str], output: Path) -> Run:
    """Run `command` to its end with its output in a file; ends the bench when it fails."""
    with output.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}\n{output.read_text('utf-8', 'replace')}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)  # Linux counts it in KiB


def better(runs: Iterable[Run]) -> Run:
    """The shortest time and, to be on the safe side, the largest memory."""
    made = list(runs)
    return Run(min(one.seconds for one in made), min(one.cores for one in made), max(one.memory for one in made))


def differences(report: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    """What the report says of an official otherwise than it was played."""
    officials = {official["official_id"]: official for official in report["officials"]}
    found = []
    for played in truth["officials"]:
        said = officials.get(played["official_id"], {})
        names = {name: name for name in FIGURES} | {"class": "usage_class"}
        found += [
            f"{played['official_id']} {name}: {said.get(name)} instead of {played[there]}"
            for name, there in names.items()
            if said.get(name) != played[there]
        ]
    return found


def main() -> int:
    """The whole bench; the exit code."""
    if shutil.which(SLOW_PROGRAM) is None:
        sys.exit(f"{SLOW_PROGRAM} is not installed: nothing to compare with")
    build(FOLDER / "city", officials=4950, first=FIRST, days=DAYS, missing=(), volume=VOLUME)
    truth = json.loads((FOLDER / "city" / "truth.json").read_text("utf-8"))
    log, report = FOLDER / "city" / "logs" / "mail.log", FOLDER / "report.json"
    print(f"{truth['lines']:,} lines, {log.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores", flush=True)

    command = [
        VANTHU,
        "audit",
        str(log),
        "--directory",
        str(FOLDER / "city" / "officials.csv"),
        "--report",
        str(report),
    ]
    audit = better(run(command, FOLDER / "audit.txt") for _ in range(2))
    print(f"vanthu audit  {audit}", flush=True)
    other = better(run([SLOW_PROGRAM, str(log)], FOLDER / "pflogsumm.txt") for _ in range(2))
    print(f"pflogsumm     {other}")

    ratio = other.seconds / audit.seconds
    print(f"ratio         {ratio:7.1f}     (at least {FASTER:.0f}; memory at most {MOST / 1e6:,.0f} MB)")
    wrong = differences(json.loads(report.read_text("utf-8")), truth)
    print(f"counts        {len(truth['officials']):,} officials, {len(wrong)} differences", *wrong[:10], sep="\n  ")
    return int(bool(wrong) or ratio < FASTER or audit.memory > MOST)


if __name__ == "__main__":
    sys.exit(main())
