"""Ids as numbers: what only has to be the same or not needs no text.

XXH64 of the UTF-8 text, cut after `LONGEST` bytes: Dovecot cuts a long message-id, and a long header line is broken on
its way, so its beginning must do. The native scanner computes the same; a test holds the two together.
"""

from __future__ import annotations

import polars as pl
import xxhash

LONGEST = 200


def id_of(text: str) -> int:
    """The number of one text."""
    return int(xxhash.xxh64_intdigest(text.encode("utf-8", "replace")[:LONGEST]))


def ids_of(texts: pl.Series) -> pl.Series:
    """The number of every text in a column, UInt64; null where there is none."""
    unique = texts.unique().drop_nulls()
    if unique.is_empty():
        return pl.Series([None] * len(texts), dtype=pl.UInt64)
    numbers = pl.Series([id_of(text) for text in unique], dtype=pl.UInt64)
    table = pl.DataFrame({"text": unique, "id": numbers})
    return texts.alias("text").to_frame().join(table, on="text", how="left", maintain_order="left")["id"]
