"""The page of the docs: for every page and operation its slowest address, on each database.

A whole run keeps its times beside the cities, so that both databases need not be asked in one go.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.bench.asking import Asked
from tests.bench.logs import FOLDER

HEAD = "| page or operation | addresses |"
DATABASES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
INTRODUCTION = """# What each list took

Milliseconds of the slowest address of each page and operation of the programs' door, asked by a client on loopback of a
server of two processes in [a city of 140,000 officials with a year of figures](run-a-city.md#how-long-lists-take), on a
machine of two cores. `python -m tests.bench pages --server` takes the times, `--table` makes this page of them. *cores*
are what one request takes of all cores, of the pages' processes and of the database's together: the figure that does
not depend on what else the machine does.
"""


def keep(database: str, every: Iterable[Asked]) -> None:
    """Keep what a server took for each address."""
    rows = [
        {
            "rule": one.rule, "address": one.address, "visitor": one.visitor, "middle": one.percentile(0.5),
            "most": one.percentile(0.95), "cores": one.cores, "status": one.status,
        }
        for one in every
    ]  # fmt: skip
    told = {"at": datetime.now(UTC).isoformat(timespec="minutes"), "load": os.getloadavg()[0], "rows": rows}
    (FOLDER / "pages" / f"{database}.json").write_text(json.dumps(told, indent=1), "utf-8")


def of_kept(allowed: Mapping[str, float]) -> str:
    """The page in Markdown; `allowed` seconds at the 95th percentile by database."""
    kept = {name: json.loads((FOLDER / "pages" / f"{name}.json").read_text("utf-8")) for name in allowed}
    rows = {name: told["rows"] for name, told in kept.items()}
    return "\n".join((INTRODUCTION, *_summary(kept, allowed), "", *_slower(rows, allowed), "", *_every(rows)))


def _summary(kept: Mapping[str, Any], allowed: Mapping[str, float]) -> Iterator[str]:
    """How many were asked for, and how many of them took longer than is allowed."""
    yield "| |" + "".join(f" {DATABASES[name]} |" for name in allowed)
    yield "|---|" + "--:|" * len(allowed)
    yield "| allowed at the 95th percentile |" + "".join(f" {most * 1000:.0f} |" for most in allowed.values())
    counted = "addresses asked for, as administrator, leader of a unit and official"
    yield f"| {counted} |" + "".join(f" {len(told['rows'])} |" for told in kept.values())
    for words, figure in (
        ("slower at the 95th percentile", "most"), ("slower at the middle", "middle"),
        ("with more seconds of cores than that", "cores"),
    ):  # fmt: skip
        numbers = (sum(row[figure] > allowed[name] for row in told["rows"]) for name, told in kept.items())
        yield f"| of them {words} |" + "".join(f" {number} |" for number in numbers)
    failed = (sum(row.get("status", 200) != 200 for row in told["rows"]) for told in kept.values())
    yield "| of them that do not answer |" + "".join(f" {number} |" for number in failed)
    yield "| processes that waited for a core (load) |" + "".join(f" {told['load']:.1f} |" for told in kept.values())
    yield "| taken (UTC) |" + "".join(f" {told['at'][:16].replace('T', ' ')} |" for told in kept.values())


def _slower(rows: Mapping[str, list[dict[str, Any]]], allowed: Mapping[str, float]) -> Iterator[str]:
    """Those that took longer at the 95th percentile, by name."""
    slow = [(name, row) for name, found in rows.items() for row in found if row["most"] > allowed[name]]
    if not slow:
        yield "Every list answers in the time that is allowed."
        return
    yield "These took longer at the 95th percentile:"
    yield ""
    for name, row in sorted(slow, key=lambda one: -one[1]["most"]):
        times = f"{row['most'] * 1000:.0f}, {row['middle'] * 1000:.0f} at the middle"
        yield f"- `{row['address']}` ({row['visitor']}, {DATABASES[name]}): {times}"


def _every(rows: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    """A line for each rule: its address that is slowest at the 95th percentile."""
    yield HEAD + "".join(f" {DATABASES[name]} p50 | p95 | cores |" for name in rows)
    yield "|---|--:|" + "--:|--:|--:|" * len(rows)
    for rule in dict.fromkeys(row["rule"] for found in rows.values() for row in found):
        of_rule = {name: [row for row in found if row["rule"] == rule] for name, found in rows.items()}
        number = max(len({row["address"] for row in found}) for found in of_rule.values())
        cells = "".join(_cells(found) for found in of_rule.values())
        yield f"| `{rule.replace('|', chr(92) + '|')}` | {number} |{cells}"


def _cells(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return " | | |"
    slowest = max(rows, key=lambda row: float(row["most"]))
    return "".join(f" {slowest[name] * 1000:.0f} |" for name in ("middle", "most", "cores"))
