"""What operations are asked with: types that take one way of writing and no other, and the models made of them.

Pydantic is lenient with text that stands for numbers and days (`1_000`, `yes`, a moment for a day); the document
promises less than that, so these take what it promises and refuse the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any, Generic, NewType, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import FileStorage

LARGEST = 2_147_483_647
"""The largest number of a row on every database."""
MOST_ROWS = 200
DAY = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
CLEAN = r"^[^\x00-\x1f\x7f]*$"
"""Text of one line."""
WITHOUT_SLASH = r"^[^/\x00-\x1f\x7f]*$"
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""Text that may have several lines."""

Row = TypeVar("Row")


def _whole(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise PydanticCustomError("whole", "is a whole number")
    if isinstance(value, float) and value.is_integer():  # `7.0` is a whole number to JSON Schema
        return int(value)
    return value


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        if value not in {"true", "false"}:
            raise PydanticCustomError("flag", "is true or false")
        return value == "true"
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(DAY, value):
        raise PydanticCustomError("day", "is a day like 2026-10-31")
    try:
        return date.fromisoformat(value)
    except ValueError as wrong:
        raise PydanticCustomError("day", "is a day like 2026-10-31") from wrong


def _clock(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(CLOCK, value):
        raise PydanticCustomError("clock", "is a time like 08:30")
    return time.fromisoformat(value)


PLAINLY = BeforeValidator(_whole)
"""Of a number: digits and nothing else; it stands last, so that the bounds before it are in the schema."""
Flag = Annotated[bool, BeforeValidator(_flag)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY})]
"""A day of this century, written 2026-10-31."""
Clock = Annotated[time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": CLOCK})]
"""A time on the office's clocks, written 08:30."""
Id = Annotated[int, Field(ge=1, le=LARGEST), PLAINLY]
Place = Annotated[int, Field(ge=0, le=1_000), PLAINLY]
"""A step of a route, counted as the document has them."""
Key = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=CLEAN)]
"""A unit's key, an official's number, an account's name."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=WITHOUT_SLASH)]
"""What a thing is called in addresses, where more may follow: a course, a lesson, a certificate's code."""
Line = Annotated[str, StringConstraints(max_length=300, pattern=CLEAN)]
Lines = Annotated[str, StringConstraints(max_length=10_000, pattern=LINES)]
Sent = NewType("Sent", FileStorage)
"""A file that was sent."""


class Asked(BaseModel):
    """The query of an address. What it does not name is refused: a misspelt filter must not be silently nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AskedPart(Asked):
    """The query of a list: which part of it."""

    offset: Annotated[int, Field(ge=0, le=10_000_000, description="How many rows to skip"), PLAINLY] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="How many rows at most"), PLAINLY] = 50


class Body(BaseModel):
    """What is sent as JSON: typed strictly (`"1"` is no number), nothing but what is named."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """A part of a list, and how many rows the whole has."""

    rows: tuple[Row, ...]
    total: int
    offset: int
    limit: int


def part_of(rows: Any, asked: AskedPart, total: int | None = None) -> Part[Any]:
    """The part that was asked for: of `rows` that are the whole list, or (with `total`) that are the part already."""
    if total is None:
        return Part(tuple(rows[asked.offset : asked.offset + asked.limit]), len(rows), asked.offset, asked.limit)
    return Part(tuple(rows), total, asked.offset, asked.limit)
