"""Logs as streams: one text, known by what it says, read on from where it ended, whatever its file is called today."""

from __future__ import annotations

from mail_audit.streams.follow import Follower, Part
from mail_audit.streams.opened import Opened
from mail_audit.streams.prints import BLOCK, Mark, NoPrints, Prints
from mail_audit.streams.recognise import Look, first_look, recognise
from mail_audit.streams.settled import Settled, settled, yearless_days

__all__ = [
    "BLOCK",
    "Follower",
    "Look",
    "Mark",
    "NoPrints",
    "Opened",
    "Part",
    "Prints",
    "Settled",
    "first_look",
    "recognise",
    "settled",
    "yearless_days",
]
