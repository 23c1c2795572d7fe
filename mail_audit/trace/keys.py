"""Keys of tables: several columns as one number, because numbers are joined and compared faster than texts."""

from __future__ import annotations

import polars as pl


def one_number(*columns: str) -> pl.Expr:
    """Several columns as one 64-bit number that is the same where they are; null counts as a value."""
    hashes = [pl.col(name).hash(seed) for seed, name in enumerate(columns, 1)]
    return pl.fold(hashes[0], lambda left, right: left ^ right, hashes[1:])


def is_one_of(column: str, values: pl.Series) -> pl.Expr:
    """Whether a column's value is among `values`; null never is."""
    return pl.col(column).is_in(values.implode()).fill_null(False)


def in_time(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` sorted by `at`; lines of one moment stay in their order. Logs mostly are sorted already."""
    return frame if frame["at"].is_sorted() else frame.sort("at", maintain_order=True)
