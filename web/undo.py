"""What was done is told on the next page; what can be undone brings the way back with it.

Nobody is asked "are you sure?" about something that can be undone: people learn to say yes without reading. The way
back is an ordinary form of an ordinary route, with that route's permission and its entry in the trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import flash, get_flashed_messages, session

CATEGORY = "undo"


@dataclass(frozen=True, slots=True)
class Done:
    """A sentence about what was done; with `address`, a form is sent there (with `fields`) to undo it."""

    sentence: str
    address: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def offer(sentence: Any, address: str, fields: Mapping[str, str] | None = None) -> None:
    """Tell on the next page what was done, with the way back beside it."""
    flash({"sentence": str(sentence), "address": address, "fields": dict(fields or {})}, CATEGORY)  # type: ignore[arg-type]


def is_offered() -> bool:
    """Whether the page that is made now has a way back to offer already."""
    return any(category == CATEGORY and said.get("address") for category, said in session.get("_flashes", ()))


def done() -> list[Done]:
    """What the page has to tell: sentences of `flash`, and what can be undone."""
    flashed = cast("list[tuple[str, Any]]", get_flashed_messages(with_categories=True))
    return [Done(**said) if category == CATEGORY else Done(str(said)) for category, said in flashed]
