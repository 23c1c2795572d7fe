"""What a visitor asks for in an address, made safe: a value nobody knows is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterable

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
