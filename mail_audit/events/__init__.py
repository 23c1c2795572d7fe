"""Log lines as events: two engines over the same patterns, one line at a time and whole pieces in columns."""

from __future__ import annotations

from mail_audit.events.columns import read_piece as read_lines_left
from mail_audit.events.line import Broken, Event, NotOfInterest, read_line
from mail_audit.events.native import Left, read_most, read_piece
from mail_audit.events.reading import Reading

__all__ = [
    "Broken",
    "Event",
    "Left",
    "NotOfInterest",
    "Reading",
    "read_line",
    "read_lines_left",
    "read_most",
    "read_piece",
]
