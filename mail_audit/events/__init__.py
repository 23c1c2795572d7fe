"""Log lines as events: two engines over the same patterns, one line at a time and whole pieces in columns.

Each name is loaded when it is asked for: what reads the first lines of a log needs no Polars, whose loading takes as
long as reading tens of megabytes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mail_audit.events.columns import read_lines_left
    from mail_audit.events.found import Reading
    from mail_audit.events.line import Broken, Event, NotOfInterest, read_line
    from mail_audit.events.native import Left, read_most, read_piece

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
_PLACES = {
    "Broken": "line:Broken",
    "Event": "line:Event",
    "Left": "native.scanner:Left",
    "NotOfInterest": "line:NotOfInterest",
    "Reading": "found:Reading",
    "read_line": "line:read_line",
    "read_lines_left": "columns:read_lines_left",
    "read_most": "native.scanner:read_most",
    "read_piece": "native.scanner:read_piece",
}
"""Name -> module of this package and the name there."""


def __getattr__(name: str) -> object:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(name)
    module, _, there = place.partition(":")
    found: object = getattr(import_module(f"{__name__}.{module}"), there)
    return found
