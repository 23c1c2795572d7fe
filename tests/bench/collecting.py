"""Collects a large log into a store as in operation, on one core and by two workers with a core each.

The seconds of a collection are those that the product tells of it (`vanthu collect`, the page of sources): all that is
new is recognised, read, written and committed. The command's own seconds, told as well, have a program's start and the
measuring of the month in them, of which half is done on one core.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.db import forget, unit_of_work
from core.settings import load
from mail_audit.models import LogSource
from tests.bench.logs import FOLDER, City, differences
from tests.bench.measuring import Run, run

HOME = FOLDER / "home"


@dataclass(frozen=True)
class Collection:
    """The command, and the seconds of the collection alone."""

    whole: Run
    seconds: float
    lines: int

    def __str__(self) -> str:
        rate = f"{self.lines / self.seconds:,.0f} lines a second"
        return f"{self.seconds:7.2f} s   {rate}; the whole command {self.whole}"


def collected(vanthu: str, of: City, cores: Sequence[int], *, times: int = 2) -> Collection:
    """The better of some collections of the city's log on these cores, each into a store of its own."""
    return min((_collected(vanthu, of, cores) for _ in range(times)), key=lambda one: one.seconds)


def reported(vanthu: str, of: City) -> list[str]:
    """What a report of the last store says otherwise than it was played."""
    report = HOME / "report.json"
    days = ("--from", of.truth["first"], "--to", of.truth["last"])
    run([vanthu, "report", *days, "--report", str(report)], HOME / "report.txt", environment=_environment())
    return differences(json.loads(report.read_text("utf-8")), of.truth)


def _collected(vanthu: str, of: City, cores: Sequence[int]) -> Collection:
    shutil.rmtree(HOME, ignore_errors=True)
    log = HOME / "logs" / "mail.log"  # alone: beside its packed copy it would be recognised, which takes time as well
    log.parent.mkdir(parents=True)
    os.link(of.log, log)
    said = HOME / "said.txt"
    run([vanthu, "directory", "import", str(of.directory)], said, environment=_environment())
    whole = run([vanthu, "collect", str(log)], said, cores=cores, environment=_environment())
    settings = load({"VANTHU_HOME": str(HOME)})
    with unit_of_work(settings) as session:
        source = session.scalars(select(LogSource)).one()
        seconds, lines = source.last_seconds or 0.0, source.last_lines
    forget(settings)
    return Collection(whole, seconds, lines)


def _environment() -> Mapping[str, str]:
    return {**os.environ, "VANTHU_HOME": str(HOME)}
