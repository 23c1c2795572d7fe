"""One round: a home, deliveries by stages, commands killed on their way and started again, the figures."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.db import Base, forget, unit_of_work
from core.settings import Settings, load
from mail_audit.models import LogPiece, LogSegment
from mail_audit.segments import sweep
from tests.kills.deliveries import FIRST, LAST, STAGES, City, Folder
from tests.kills.starter import Starter

NOT_FIGURES = {"inputs", "measured_at", "closed_at"}
"""Columns of the standing tables that say when and out of which folders."""


@dataclass
class Tally:
    """What was done to one command."""

    started: int = 0
    killed: int = 0


@dataclass
class Round:
    """A home of its own; `kills` are made at random moments, drawn by `chance`."""

    place: Path
    city: City
    chance: random.Random
    starter: Starter
    database_url: str = ""
    tallies: dict[str, Tally] = field(default_factory=dict)
    pace: float = 0.4
    """Seconds that the last undisturbed collection took."""

    def __post_init__(self) -> None:
        self.home = self.place / "home"
        environ = {"VANTHU_HOME": str(self.home), "VANTHU_LANGUAGE": "en"}
        if self.database_url:
            environ["VANTHU_DATABASE_URL"] = self.database_url
        self.environ = {key: value for key, value in os.environ.items() if not key.startswith("VANTHU_")} | environ
        self.settings: Settings = load(environ)
        self.folders = [Folder(self.place / "logs" / name, text) for name, text in self.city.logs.items()]

    def finish(self, *words: str) -> str:
        """A command that nobody disturbs; what it printed."""
        tally, output = self.tallies.setdefault(words[0], Tally()), self.place / "output"
        tally.started += 1
        status, seconds = self.starter.run(words, self.environ, output)
        said = output.read_text("utf-8")
        if status:
            raise RuntimeError(f"vanthu {' '.join(words)} ended with {status}: {said}")
        if words[0] == "collect":
            self.pace = seconds
        return said

    def kill(self, *words: str) -> None:
        """A command that is killed at a random moment, if it still runs then."""
        tally = self.tallies.setdefault(words[0], Tally())
        tally.started += 1
        after = self.chance.uniform(0, self.pace)
        status, _ = self.starter.run(words, self.environ, self.place / "output", kill_after=after)
        if status not in {0, -9}:
            raise RuntimeError((self.place / "output").read_text("utf-8"))
        tally.killed += status == -9

    def run(self, kills: int) -> None:
        """All stages, with about so many kills spread over them, then rebuild; every command is finished at last."""
        self.finish("directory", "import", str(self.city.directory))
        for folder in self.folders:
            self.finish("sources", "add", folder.folder.name, str(folder.folder), "--pattern", "*")
        moments = Counter(self.chance.choices(range(len(STAGES) + 1), k=kills))
        for number, stage in enumerate(STAGES):
            for folder in self.folders:
                stage(folder)
            for _ in range(moments[number]):
                self.kill(*self.chance.choice([("collect",), ("collect",), ("collect", "--no-measure")]))
            self.finish("collect", "--no-measure")
            if moments[number] > 1:
                self.kill("measure")
            self.finish("collect")
        for _ in range(moments[len(STAGES)]):
            self.kill("rebuild")
        if moments[len(STAGES)]:
            self.finish("rebuild")

    def killed(self) -> int:
        """How many kills met a command that still ran."""
        return sum(tally.killed for tally in self.tallies.values())

    def figures(self) -> dict[str, Any]:
        """All that is said to people, and all that it is made of: name of a figure -> its value."""
        report = self.place / "report.json"
        period = ("--from", FIRST.isoformat(), "--to", LAST.isoformat())
        self.finish("report", *period, "--report", str(report))
        found = {f"report/{path}": value for path, value in _flat(json.loads(report.read_text("utf-8")))}
        with unit_of_work(self.settings) as session:
            for name in ("standing_day", "standing_month"):
                table = Base.metadata.tables[name]
                columns = [column for column in table.columns if column.name not in NOT_FIGURES]
                rows = sorted(str(tuple(row)) for row in session.execute(select(*columns)))
                found |= {f"{name}/{row}": True for row in rows}
            pieces = session.execute(select(LogPiece.lines, LogPiece.events, LogPiece.not_of_interest, LogPiece.broken))
            totals = [sum(column) for column in zip(*pieces, strict=True)]
            known = set(session.scalars(select(LogSegment.folder)))
        forget(self.settings)
        sweep(self.settings.store, known, older_than=-1)
        on_disk = {one.key.split("/")[1] for one in self.settings.store.listed("events")}
        return found | {"collected lines, events, others, broken": totals, "segments lost": len(known - on_disk)}


def _flat(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _flat(item, f"{path}/{key}")]
    if isinstance(value, list):
        return [pair for number, item in enumerate(value) for pair in _flat(item, f"{path}/{number}")]
    return [(path, value)]


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Names of the figures that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
