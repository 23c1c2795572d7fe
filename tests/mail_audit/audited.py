"""Audits for the tests: the report of some logs as its JSON document, without what names files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from core.directory.roster import Roster
from core.directory.rosterfile import read_roster
from mail_audit.pipeline import Measured, run
from mail_audit.report.as_json import as_dict

HEADER = "unit,official_id,name,title,rank,email,kind,aliases"


def roster(folder: Path, *rows: str) -> Roster:
    """A directory of `rows` in the columns of `HEADER`."""
    path = folder / "officials.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return read_roster(path)


def logged(path: Path, lines: Sequence[str] | bytes, written: datetime = datetime(2026, 11, 30, tzinfo=UTC)) -> Path:
    """A log of `lines`, last written at `written`."""
    path.write_bytes(lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in lines).encode())
    os.utime(path, (written.timestamp(), written.timestamp()))
    return path


def document(measured: Measured) -> dict[str, Any]:
    """The report's JSON document without names and offsets of files."""
    whole = as_dict(measured.report)
    coverage = {
        name: value for name, value in whole["coverage"].items() if name not in ("files", "copies", "broken_samples")
    }
    return {**whole, "coverage": coverage}


def audited(
    paths: Sequence[Path], people: Roster, first: date | None = None, last: date | None = None
) -> dict[str, Any]:
    """`document` of the audit of the logs at `paths`."""
    return document(run(paths, people, first=first, last=last))
