"""What a visitor asks for in an address, made safe: a value nobody knows is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

LAST_OFFSET = 10_000_000


def one_of(asked: str | None, choices: Iterable[str], otherwise: str) -> str:
    """`asked` when it is one of `choices`, else `otherwise`."""
    return asked if asked is not None and asked in set(choices) else otherwise


def optional(asked: str | None, choices: Iterable[str]) -> str | None:
    """`asked` when it is one of `choices`, else None."""
    return asked if asked is not None and asked in set(choices) else None


def flag(asked: str | None) -> bool:
    """`1` is yes, anything else is no."""
    return asked == "1"


def offset(asked: str | None) -> int:
    """Where a part of a list begins; 0 for anything that is not a sensible number."""
    if asked is None or not asked.isdecimal() or len(asked) > 8:
        return 0
    return min(int(asked), LAST_OFFSET)


def number(asked: str | None) -> int | None:
    """A positive whole number that fits a key of a table; None for anything else."""
    if asked is None or not asked.isascii() or not asked.isdecimal() or not 0 < len(asked) <= 9:
        return None
    return int(asked) or None


def day_of(asked: str | None) -> date | None:
    """A day as browsers send it (2026-10-31); None for anything else."""
    if asked is None or len(asked) != 10:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None
