"""Days as whole numbers in SQL, so that both databases can subtract them: Python's ordinals (1 is 0001-01-01)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_JULIAN = 1_721_424
"""Whole part of the Julian day on which the day before 0001-01-01 begins: SQLite counts from noon in 4714 BC."""


class day_number(FunctionElement[int]):  # noqa: N801 - stands in SQL like a function
    """The ordinal of a date column."""

    type = Integer()
    inherit_cache = True
    name = "day_number"


@compiles(day_number, "sqlite")
def _sqlite(element: day_number, compiler: SQLCompiler, **more: Any) -> str:
    return f"(CAST(julianday({compiler.process(element.clauses, **more)}) AS INTEGER) - {_JULIAN})"


@compiles(day_number, "postgresql")
def _postgresql(element: day_number, compiler: SQLCompiler, **more: Any) -> str:
    return f"(({compiler.process(element.clauses, **more)}) - DATE '0001-01-01' + 1)"
