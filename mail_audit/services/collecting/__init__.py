"""Collecting logs continuously: sources are configured once, their files followed, every line counted exactly once.

What is read of a stream is committed piece by piece: the segment lies in the store, then one transaction adds the
piece, moves the stream's end and marks the months to measure. A process that is killed leaves at most a folder that
nobody knows; the next one goes on where the last commit ended.
"""

from __future__ import annotations

from mail_audit.services.collecting.collecting import Collected, Progress, collect
from mail_audit.services.collecting.marks import mark_months
from mail_audit.services.collecting.sources import add_source, ask_collection, remove_source, sources_for

__all__ = [
    "Collected",
    "Progress",
    "add_source",
    "ask_collection",
    "collect",
    "mark_months",
    "remove_source",
    "sources_for",
]
