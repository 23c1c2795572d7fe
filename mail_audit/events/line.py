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
def _compiled(head: Head, pattern: Pattern) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(head.full + pattern.full()), re.compile(head.full + f"(?:{pattern.begins})")


@cache
def _tells(head: Head) -> re.Pattern[str]:
    return re.compile(head.tells)


def stamp_of(line: str) -> Stamp | None:
    """The stamp at the start of a line, None where it has no head or no day that exists."""
    head = next((form for form in HEADS if _tells(form).match(line)), None)
    match = re.match(head.full, line) if head else None
    return parse_stamp(match["stamp"], head) if head and match else None


def read_line(line: str) -> Event | NotOfInterest | Broken:
    """What `line`, without its line end, says."""
    if len(line.encode("utf-8", "replace")) > LONGEST_LINE:
        return Broken(TOO_LONG)
    head = next((form for form in HEADS if _tells(form).match(line)), None)
    if head is None:
        return Broken(NO_HEAD)
    cut_short = False
    for pattern in patterns_for(head):
        if not any(needle in line for needle in pattern.needles):
            continue
        whole, begins = _compiled(head, pattern)
        match = whole.fullmatch(line)
        if match and _written_by(pattern, match):
            return _event(head, pattern, match)
        match = begins.match(line)
        cut_short = cut_short or bool(match and _written_by(pattern, match))
    return Broken(CUT_SHORT) if cut_short else NotOfInterest()


def _written_by(pattern: Pattern, match: re.Match[str]) -> bool:
    tag = match.groupdict().get("tag")
    return tag is None or program_of(tag) in pattern.programs


def _event(head: Head, pattern: Pattern, match: re.Match[str]) -> Event | Broken:
    stamp = parse_stamp(match["stamp"], head)
    if stamp is None:
        return Broken(NO_SUCH_TIME)
    groups = match.groupdict()
    fields: dict[str, str | bool | None] = {name: groups[name] for name in pattern.fields}
    for part in pattern.parts:
        text = groups[part.of]
        fields[part.name] = None if text is None else part.found(text)
    return Event(pattern.kind, stamp, groups.get("host") or "", groups.get("tag") or "", fields)
