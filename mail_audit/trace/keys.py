"""Keys of tables: several columns as one number, because numbers are joined and compared faster than texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import polars as pl

_Answer = TypeVar("_Answer", str, bool)


def one_number(*columns: str) -> pl.Expr:
    """Several columns as one 64-bit number that is the same where they are; null counts as a value."""
    hashes = [pl.col(name).hash(seed) for seed, name in enumerate(columns, 1)]
    return pl.fold(hashes[0], lambda left, right: left ^ right, hashes[1:])


def is_one_of(column: str, values: pl.Series) -> pl.Expr:
    """Whether a column's value is among `values`; null never is."""
    return pl.col(column).is_in(values.implode()).fill_null(False)


def rows_that(frame: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """The rows of a wide `frame` that meet a condition; where all do, the frame itself and no copy of it."""
    met = frame.select(condition.alias("met")).to_series()
    return frame if met.sum() == frame.height else frame.filter(met)


def in_time(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` sorted by `at`; lines of one moment stay in their order. Logs mostly are sorted already."""
    return frame if frame["at"].is_sorted() else frame.sort("at", maintain_order=True)


def beside(table: pl.DataFrame, parts: Iterable[pl.DataFrame], on: Sequence[str]) -> pl.DataFrame:
    """`table`, whose rows differ in `on`, with the columns of every part beside its own; null where a part has no row.

    As left joins one after another give it, but each row is copied once and not once a part.
    """
    keys = table.select(on)
    found = [keys.join(part, on=list(on), how="left", maintain_order="left").drop(on) for part in parts]
    return pl.concat([table, *found], how="horizontal")


_AT_ONCE = 100_000
"""Names are Python's texts for a moment, so many at a time."""


def of_names(
    names: pl.Series, answer: Callable[[str], _Answer | None], kind: type[pl.DataType] = pl.Boolean
) -> pl.Series:
    """`answer` for every name of a column (text or Categorical), asked once for each different one; null has none."""
    coded = names.cast(pl.Categorical)
    unique = coded.unique().drop_nulls()
    answers = pl.Series(dtype=kind)
    for start in range(0, len(unique), _AT_ONCE):
        some = [answer(name) for name in unique.slice(start, _AT_ONCE).to_list()]
        answers = answers.append(pl.Series(some, dtype=kind))
    codes = unique.to_physical()
    size = codes.max()
    if not isinstance(size, int):
        return pl.Series([None], dtype=kind).new_from_index(0, len(names))
    rows = pl.Series([None], dtype=pl.UInt32).new_from_index(0, size + 1)
    rows = rows.scatter(codes, pl.int_range(len(unique), dtype=pl.UInt32, eager=True))
    return answers.gather(rows.gather(coded.to_physical()))
