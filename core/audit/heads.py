"""Heads of the trail, noted outside the database: whoever holds one can tell later whether the trail still has it.

A head is written `NUMBER:HASH`, the number and the hash of the last entry there was. Everything that may hold some is
read for them: a file of heads (a line a day), the manifest of a report, a report itself, a page that was printed to a
file, an export of the trail.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.errors import InputError, UnavailableError
from core.words import Text

WRITTEN = re.compile(r"(?<![\w:])([1-9][0-9]{0,17}):([0-9a-f]{64})(?![\w:])")
MOST_BYTES = 64 * 1024**2
"""A file that may hold heads is read as far as this."""


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The number and the hash of an entry that was once the last."""

    entry: int
    hash: str

    def __str__(self) -> str:
        return f"{self.entry}:{self.hash}"


def head(session: Session) -> Head | None:
    """The last entry there is now; None for an empty trail."""
    last = select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    found = session.execute(last).first()
    return None if found is None else Head(found.id, found.hash)


def noted(given: str) -> list[Head]:
    """The heads in `given`: a head as it is written, else a file with some. Raises `InputError` where there is none."""
    if WRITTEN.fullmatch(given.strip()):
        return heads_in(given)
    try:
        with Path(given).open("rb") as file:
            content = file.read(MOST_BYTES)
    except OSError as unreadable:
        raise InputError(
            Text(
                f"{given} không phải là mã đầu nhật ký (SỐ:MÃ BĂM), cũng không phải là tệp đọc được.",
                f"{given} is neither a head of the trail (NUMBER:HASH) nor a file that can be read.",
            )
        ) from unreadable
    found = heads_in(content.decode("utf-8", "replace"))
    if not found:
        raise InputError(
            Text(f"Không có mã đầu nhật ký nào trong {given}.", f"There is no head of the trail in {given}.")
        )
    return found


def heads_in(content: str) -> list[Head]:
    """The heads in a text, each once, the earliest first."""
    found = {Head(int(number), digest) for number, digest in WRITTEN.findall(content)}
    for piece in (content, *content.splitlines()) if "{" in content else ():
        found.update(_of_json(piece))
    return sorted(found)


def _of_json(piece: str) -> list[Head]:
    """The head in a manifest (`trail`), or the entry of an export."""
    try:
        value = json.loads(piece)
    except (ValueError, RecursionError):
        return []
    said = value.get("trail", value) if isinstance(value, dict) else None
    if not isinstance(said, dict):
        return []
    number, digest = said.get("entry", said.get("id")), said.get("hash")
    if type(number) is not int or not isinstance(digest, str):
        return []
    return heads_in_words(number, digest)


def heads_in_words(number: int, digest: str) -> list[Head]:
    """The head of these two; none where they cannot be one."""
    made = Head(number, digest)
    return [made] if WRITTEN.fullmatch(str(made)) else []


def append(path: Path, day: date, now: Head) -> bool:
    """Adds a line to the file of heads unless it has one for `day`; whether it was added. Raises `UnavailableError`.

    One write at the end of the file, so that a file which only lets itself be appended to will do (`chattr +a`); what
    stands there is never touched.
    """
    line = f"{day.isoformat()} {now}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        before = path.read_text("utf-8", "replace") if path.is_file() else ""
        if any(one.startswith(day.isoformat()) and WRITTEN.search(one) for one in before.splitlines()):
            return False
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(("\n" if before and not before.endswith("\n") else "").encode() + line.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as refused:
        raise UnavailableError(
            Text(f"Không ghi được mã đầu nhật ký vào {path}.", f"The head of the trail cannot be written to {path}."),
            detail=str(refused),
        ) from refused
    return True
