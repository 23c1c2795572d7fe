"""The event store: what was read of a log, as Parquet, one folder a segment.

    <store>/events/<folder>/<kind>.parquet    events of one kind: `at` in microseconds UTC, `host`, `offset`, the fields
    <store>/events/<folder>/lines.parquet     `offset`, `line`: the text of every event line, without its subject

A segment is written aside, synced and renamed: a folder with its own name is whole. Which folders count is known by
the database alone; others are swept.
"""

from __future__ import annotations

from mail_audit.segments.loading import Segment, lines_between, load, with_lines
from mail_audit.segments.writing import events_folder, merge, sweep, write

__all__ = ["Segment", "events_folder", "lines_between", "load", "merge", "sweep", "with_lines", "write"]
