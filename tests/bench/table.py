"""The table of the docs: for every page and operation its slowest address, on each database.

A whole run keeps its times beside the cities, so that both databases need not be asked in one go.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.bench.asking import Asked
from tests.bench.logs import FOLDER

HEAD = "| page or operation | addresses |"
DATABASES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def keep(database: str, every: Iterable[Asked]) -> None:
    """Keep what a server took for each address."""
    rows = [
        {
            "rule": one.rule, "address": one.address, "visitor": one.visitor, "middle": one.percentile(0.5),
            "most": one.percentile(0.95), "cores": one.cores,
        }
        for one in every
    ]  # fmt: skip
    told = {"at": datetime.now(UTC).isoformat(timespec="minutes"), "load": os.getloadavg()[0], "rows": rows}
    (FOLDER / "pages" / f"{database}.json").write_text(json.dumps(told, indent=1), "utf-8")


def of_kept(databases: Sequence[str]) -> str:
    """The table in Markdown: milliseconds of the address that is slowest at the 95th percentile."""
    kept = {name: json.loads((FOLDER / "pages" / f"{name}.json").read_text("utf-8")) for name in databases}
    columns = "".join(f" {DATABASES[name]} p50 | p95 | cores |" for name in databases)
    lines = [HEAD + columns, "|---|--:|" + "--:|--:|--:|" * len(databases)]
    rules = list(dict.fromkeys(row["rule"] for told in kept.values() for row in told["rows"]))
    for rule in rules:
        of_rule = {name: [row for row in kept[name]["rows"] if row["rule"] == rule] for name in databases}
        number = max(len({row["address"] for row in rows}) for rows in of_rule.values())
        cells = "".join(_cells(of_rule[name]) for name in databases)
        lines.append(f"| `{rule.replace('|', chr(92) + '|')}` | {number} |{cells}")
    return "\n".join(lines)


def _cells(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return " | | |"
    slowest = max(rows, key=lambda row: float(row["most"]))
    return "".join(f" {slowest[name] * 1000:.0f} |" for name in ("middle", "most", "cores"))
