"""The trail as a file: CSV that no spreadsheet takes for formulas, or JSON lines that hold every entry exactly.

From the JSON lines each hash can be worked out again, and `vanthu trail verify --against` takes such a file for what it
is: the heads of all its entries.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry, TrailAction, record
from core.audit.reading import Wanted
from core.errors import InputError, UnavailableError
from core.permissions import Actor, Permission, require
from core.words import Text, inert

COLUMNS = ("id", "at", "actor", "action", "subject", "facts", "previous_hash", "hash")
ENDINGS = (".csv", ".jsonl")


def export(session: Session, actor: Actor, *, wanted: Wanted, path: Path) -> int:
    """Writes the entries that are wanted to `path`, the oldest first, and notes that in the trail; how many there were.

    The ending says how: `.csv` or `.jsonl`. The file is its owner's only and is there whole or not at all. Raises
    `InputError` for another ending, `UnavailableError` where it cannot be written, `ForbiddenError`.
    """
    require(actor, Permission.CORE_TRAIL_READ)
    if path.suffix.lower() not in ENDINGS:
        raise InputError(Text("Tên tệp phải kết thúc bằng .csv hoặc .jsonl.", "The file must end in .csv or .jsonl."))
    asked = select(AuditEntry).where(*wanted.conditions(session)).order_by(AuditEntry.id)
    rows = (_plain(one) for one in session.scalars(asked.execution_options(yield_per=1000)))
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        count = _write(rows, draft, as_csv=path.suffix.lower() == ".csv")
        draft.replace(path)
    except OSError as refused:
        raise UnavailableError(
            Text(f"Không ghi được tệp {path}.", f"The file {path} cannot be written."), detail=str(refused)
        ) from refused
    finally:
        draft.unlink(missing_ok=True)
    days = [day.isoformat() if day else None for day in (wanted.first, wanted.last)]
    facts = {"from": days[0], "to": days[1], "entries": count}
    record(session, actor=actor.name, action=TrailAction.EXPORTED, subject="trail", facts=facts)
    return count


def _plain(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in COLUMNS} | {"at": entry.at.isoformat()}


def _write(rows: Iterable[dict[str, Any]], path: Path, *, as_csv: bool) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    count = 0
    with os.fdopen(handle, "w", encoding="utf-8-sig" if as_csv else "utf-8", newline="") as file:
        writer = csv.writer(file)
        if as_csv:
            writer.writerow(COLUMNS)
        for row in rows:
            if as_csv:
                writer.writerow(_cells(row))
            else:
                file.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return count


def _cells(row: dict[str, Any]) -> Iterator[str]:
    for name in COLUMNS:
        value = row[name]
        written = json.dumps(value, ensure_ascii=False, sort_keys=True) if name == "facts" else str(value)
        yield inert(written)
