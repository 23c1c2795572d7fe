"""The event store: what was read of a log, as Parquet, one folder a segment.

    <store>/events/<folder>/<kind>.parquet    events of one kind: `at` in microseconds UTC, `host`, `offset`, the fields
    <store>/events/<folder>/lines.parquet     `offset`, `line`: the text of every event line, without its subject
    <store>/events/<folder>/sha256sums        what the bytes of all these are (`mail_audit.sums`)

Which folders count is known by the database alone, whose row is committed when all of a segment is kept; others are
swept.
"""

from __future__ import annotations

from mail_audit.segments.loading import Segment, lines_between, load, with_lines
from mail_audit.segments.writing import EVENTS, damage, mark_replaced, merge, sweep, table_key, write

__all__ = [
    "EVENTS",
    "Segment",
    "damage",
    "lines_between",
    "load",
    "mark_replaced",
    "merge",
    "sweep",
    "table_key",
    "with_lines",
    "write",
]
