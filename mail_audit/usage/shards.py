"""Mailboxes shard by shard, so that what is held while they are judged does not grow with the time that is judged.

What the log-ins, sessions and changes of a mailbox mean is judged by that mailbox alone, but for a few questions about
everybody (`usage.everybody`). Few events (`AT_ONCE`) make one shard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import polars as pl

from mail_audit.events.aside import Aside
from mail_audit.events.gathered import Events
from mail_audit.trace.addresses import AddressBook

VISITS = ("logged_in", "session_ended", "downloaded", "mailbox_change")
"""Kinds of events that tell what was done in a mailbox."""
AT_ONCE = 600_000
"""So many events of these kinds are judged as one shard, as fast as it goes; each takes some 200 bytes meanwhile."""
MOST = 450_000
"""Of more, each shard has about so many: two are judged side by side."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Log-ins, ended sessions and changes, as `sessions.log_ins`, `sessions.sessions` and `acts.changes` give them."""

    entered: pl.DataFrame
    held: pl.DataFrame
    made: pl.DataFrame

    def put(self, aside: Aside | None) -> Waiting:
        """Keep the tables in memory, or put them aside; then they are read again whenever they are asked for."""
        if aside is None:
            return lambda: self
        waiting = {one.name: _put(getattr(self, one.name), aside) for one in fields(self)}
        return lambda: Visits(**{name: table() for name, table in waiting.items()})


Waiting = Callable[[], Visits]
"""Visits, wherever they wait."""


def _put(table: pl.DataFrame, aside: Aside) -> Callable[[], pl.DataFrame]:
    return (lambda: table) if table.is_empty() else aside.put(table).frame


@dataclass(frozen=True, slots=True)
class Shard:
    """The mailboxes whose code leaves `number` when it is divided by `of`: one share of `of` equal ones."""

    number: int = 0
    of: int = 1

    def only(self, table: pl.DataFrame) -> pl.DataFrame:
        """The rows of a table with `mailbox` that are the shard's."""
        return table if self.of == 1 else table.filter(pl.col("mailbox").to_physical() % self.of == self.number)

    def events(self, events: Events, book: AddressBook) -> Events:
        """The events whose `user` has one of its mailboxes, of kinds with a user."""

        def theirs(frame: pl.DataFrame) -> pl.Series:
            return book.mailboxes(frame["user"]).to_physical() % self.of == self.number

        return events if self.of == 1 else events.where(theirs)


def shards_of(events: Events, book: AddressBook, most_unlisted: int) -> tuple[Shard, ...]:
    """As many as the events of a window ask for; one where strangers are too many to be told one by one.

    Who of those is told depends on what all of them did together (`usage.crowd`), and they are few in the tables then.
    """
    rows = events.rows(VISITS)
    if rows <= AT_ONCE or _unlisted(events, book) > most_unlisted:
        return (Shard(),)
    number = -(-rows // MOST)
    return tuple(Shard(one, number) for one in range(number))


def _unlisted(events: Events, book: AddressBook) -> int:
    """How many mailboxes were acted in that the directory does not know."""
    users = pl.concat([events.distinct(kind, "user") for kind in VISITS]).to_series()
    met = book.mailboxes(users.unique()).unique().drop_nulls()
    return met.filter(~met.cast(pl.String).is_in(list(book.listed))).len()
