"""The line engine: one line to an event, for the live tail, for explaining a line, and as the measure of the other.

A line is an event, not of interest, or broken; broken is a line whose head cannot be read, or one that begins like an
event and does not end like it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from core.words import Text
from mail_audit.archives.read import LONGEST_LINE
from mail_audit.events.stamps import Stamp, parse_stamp
from mail_audit.formats import HEADS, Head, Pattern, patterns_for

NO_HEAD = Text("không nhận ra ngày giờ và máy chủ ở đầu dòng", "no date and host known at the start of the line")
CUT_SHORT = Text("dòng bị cắt ngang hoặc bị sửa", "the line is cut short or altered")
TOO_LONG = Text("dòng dài bất thường", "the line is longer than any log line")
NO_SUCH_TIME = Text("ngày giờ không có thật", "a date or time that does not exist")

_QUICK = 1_000
"""Characters up to which Python's own expressions are the quicker ones, whatever the line says."""


@dataclass(frozen=True, slots=True)
class Event:
    """What one line says: its kind, its time, the host and program that wrote it, and the fields of its pattern."""

    kind: str
    stamp: Stamp
    host: str
    tag: str
    fields: dict[str, str | bool | None]


@dataclass(frozen=True, slots=True)
class NotOfInterest:
    """A readable line that says nothing about use."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that could not be read, and why."""

    reason: Text


def program_of(tag: str) -> str:
    """The daemon in a syslog tag: `smtpd` of `postfix/submission/smtpd`."""
    return tag.rsplit("/", 1)[-1]


@cache
def _expressions(head: Head, pattern: Pattern) -> tuple[str, str]:
    """The expression of a whole line, and the one for its beginning."""
    return f"(?:{head.full}{pattern.full()})$", f"(?:{head.full}(?:{pattern.begins}))"


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(f"{expression[:-1]}\\Z" if expression.endswith("$") else expression)


def _match(expression: str, line: str) -> dict[str, str | None] | None:
    """The named groups of `expression` at the start of `line`; None where it does not match.

    `re` may need time by the third power of a line's length; the engine of the columns never does.
    """
    if len(line) <= _QUICK:
        match = _compiled(expression).match(line)
        return match.groupdict() if match else None
    import polars as pl  # hardly any line is so long, and a log's first ones are read before it is loaded

    column = pl.Series([line])
    if not column.str.contains(f"^{expression}").item():
        return None
    if not _compiled(expression).groupindex:
        return {}
    found: dict[str, str | None] = column.str.extract_groups(f"^{expression}").item()
    return found


def stamp_of(line: str) -> Stamp | None:
    """The stamp at the start of a line, None where it has no head or no day that exists."""
    head = _head_of(line)
    groups = _match(f"(?:{head.full})", line) if head else None
    return parse_stamp(groups["stamp"] or "", head) if head and groups else None


def _head_of(line: str) -> Head | None:
    """The head of a line; no line has two, and those that most logs have stand last."""
    return next((form for form in reversed(HEADS) if _match(f"(?:{form.tells})", line) is not None), None)


def read_line(line: str) -> Event | NotOfInterest | Broken:
    """What `line`, without its line end, says."""
    if len(line.encode("utf-8", "replace")) > LONGEST_LINE:
        return Broken(TOO_LONG)
    head = _head_of(line)
    if head is None:
        return Broken(NO_HEAD)
    cut_short = False
    for pattern in patterns_for(head):
        if not any(needle in line for needle in pattern.needles):
            continue
        whole, begins = _expressions(head, pattern)
        groups = _match(whole, line)
        if groups is not None and _written_by(pattern, groups):
            return _event(head, pattern, groups)
        groups = _match(begins, line)
        cut_short = cut_short or bool(groups is not None and _written_by(pattern, groups))
    return Broken(CUT_SHORT) if cut_short else NotOfInterest()


def _written_by(pattern: Pattern, groups: dict[str, str | None]) -> bool:
    tag = groups.get("tag")
    return tag is None or program_of(tag) in pattern.programs


def _event(head: Head, pattern: Pattern, groups: dict[str, str | None]) -> Event | Broken:
    stamp = parse_stamp(groups["stamp"] or "", head)
    if stamp is None:
        return Broken(NO_SUCH_TIME)
    fields: dict[str, str | bool | None] = {name: groups[name] for name in pattern.fields}
    for part in pattern.parts:
        text = groups[part.of]
        fields[part.name] = None if text is None else part.found(text)
    return Event(pattern.kind, stamp, groups.get("host") or "", groups.get("tag") or "", fields)
