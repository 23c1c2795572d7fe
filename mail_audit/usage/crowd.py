"""Addresses of the offices' domains that the directory does not know, where they are too many to be told one by one.

Anybody can make such addresses by the million: a server that takes mail for every name, a list of guesses, a log that
was made to hurt. As many as the threshold `unlisted_addresses` says are told like any mailbox, the busiest; the others
are counted together, and how many there are is said. They are put together before anything is judged, so that they cost
what reading them costs and no more: all but those behind an address that a listed mailbox uses too. What a program
does there, and whose station it is, is judged by everybody who is there.
"""

from __future__ import annotations

import polars as pl

from mail_audit.trace.addresses import AddressBook

REST = "…"
"""Begins the name that the others have together in the facts; their number follows. No address begins so."""
_FIGURES = {"sent": pl.len(), "received": pl.len(), "logins": pl.len(), "failed_logins": pl.col("attempts").sum()}


class Crowd:
    """Who is not told alone, decided table by table: places that are left go to the busiest that are new."""

    def __init__(self, book: AddressBook, most: int) -> None:
        self._listed = pl.Series(sorted(book.listed), dtype=pl.Categorical)
        self._most = most
        self._told = pl.Series("mailbox", dtype=pl.Categorical)
        self._left = pl.Series("mailbox", dtype=pl.Categorical)
        self._near = pl.Series("mailbox", dtype=pl.Categorical)
        self._rows: dict[str, list[pl.DataFrame]] = {}

    def may_come(self, *tables: pl.DataFrame) -> bool:
        """Whether these tables with `mailbox` alone have more unlisted mailboxes than there are places."""
        met = pl.concat([table.select("mailbox").unique() for table in tables]).to_series()
        return met.filter(~met.is_in(self._listed.implode())).n_unique() > self._most

    def keep_near(self, *tables: pl.DataFrame) -> None:
        """Leave those in the tables who share an address (`client_ip`) with a listed mailbox in one of `tables`."""
        used = pl.concat([table.select("mailbox", "client_ip").unique() for table in tables]).drop_nulls("client_ip")
        shared = used.filter(pl.col("mailbox").is_in(self._listed.implode())).select("client_ip").unique()
        self._near = used.join(shared, on="client_ip", how="semi")["mailbox"].unique()

    def without(self, table: pl.DataFrame) -> pl.DataFrame:
        """A table with `mailbox` (Categorical), without the rows of those that are too many and near nobody listed."""
        met = table.group_by("mailbox").len()
        for known in (self._listed, self._told, self._left):
            met = met.filter(~pl.col("mailbox").is_in(known.implode()))
        places = self._most - len(self._told)
        if met.height > places:
            named = met.with_columns(name=pl.col("mailbox").cast(pl.String))
            names = named.sort("len", "name", descending=[True, False])["mailbox"]
            self._left = pl.concat([self._left, names.slice(places)])
            met = names.head(places).to_frame()
        self._told = pl.concat([self._told, met["mailbox"]])
        return (
            table.filter(~self._is_left() | pl.col("mailbox").is_in(self._near.implode())) if self.is_there else table
        )

    @property
    def is_there(self) -> bool:
        """Whether anybody is left over."""
        return not self._left.is_empty()

    def _is_left(self) -> pl.Expr:
        return pl.col("mailbox").is_in(self._left.implode())

    def count(self, figure: str, rows: pl.DataFrame) -> None:
        """Count what `without` will leave out of a table with `day`: `figure` is one of `sent`, `received`, …"""
        if self.is_there:
            left = rows.filter(self._is_left())
            columns = ["mailbox", "day", *(["attempts"] if figure == "failed_logins" else [])]
            self._rows.setdefault(figure, []).append(left.select(columns))

    def put_together(self, facts: pl.DataFrame) -> pl.DataFrame:
        """The facts of those that are told, and a row a day of what was counted of the others."""
        return pl.concat([facts.filter(~self._is_left()), self._facts(facts)]) if self.is_there else facts

    def _facts(self, like: pl.DataFrame) -> pl.DataFrame:
        """A row a day of what was counted, with the columns of `like`; the name says of how many addresses."""
        every = [(figure, pl.concat(parts)) for figure, parts in self._rows.items()]
        number = pl.concat([rows["mailbox"] for _, rows in every]).n_unique() if every else 0
        if not number:
            return like.clear()
        days = pl.concat(
            [rows.group_by("day").agg(_FIGURES[figure].cast(pl.Int64).alias(figure)) for figure, rows in every],
            how="diagonal",
        )
        told = days.group_by("day").agg(pl.all().sum()).with_columns(mailbox=pl.lit(f"{REST}{number}"))
        missing = [
            pl.lit(0 if kind.is_integer() else False if kind == pl.Boolean else None, dtype=kind).alias(name)
            for name, kind in like.schema.items()
            if name not in told.columns
        ]
        return told.with_columns(missing).select(like.columns).cast(pl.Schema(like.schema)).sort("day")


def together(name: str) -> int | None:
    """How many addresses a row of the facts is of, where it is of many; None for a mailbox."""
    number = name.removeprefix(REST)
    return int(number) if name.startswith(REST) and number.isdecimal() else None
