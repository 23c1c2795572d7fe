"""Refused authentications, each attempt once, though up to three lines speak of it.

The log-in service writes one line a connection with the number of attempts and the last name; with `auth_verbose` the
auth service writes one line an attempt with its name, and the connection's session where there is one; smtpd writes one
line an attempt, with the name on Postfix 3.6 and later.
"""

from __future__ import annotations

import polars as pl

from mail_audit.events.reading import ID, NAME
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import of_names

_PLACE = ("at", "host", "file", "offset")
_SAME_ATTEMPT = 60_000_000


def refusals(
    at_log_in: pl.DataFrame, by_password: pl.DataFrame, at_smtp: pl.DataFrame, book: AddressBook
) -> pl.DataFrame:
    """Rows `mailbox attempts client_ip session` + place; the sum of `attempts` is the number of refused attempts."""
    lines = at_log_in.with_columns(place=pl.when(pl.col("session").is_null()).then(pl.struct("file", "offset")))
    counted = lines.unique(["protocol", "user", "client_ip", "session", "at", "attempts", "place"], keep="first")
    verbose = by_password
    by_session = _not_twice(verbose.filter(pl.col("session").is_not_null()), counted)
    named = by_session.group_by("session").agg(pl.len().cast(pl.Int64).alias("named"))
    rest = counted.join(named, on="session", how="left", nulls_equal=False)
    rest = rest.with_columns(attempts=pl.col("attempts") - pl.col("named").fill_null(0)).filter(pl.col("attempts") > 0)
    one = pl.lit(1, dtype=pl.Int64).alias("attempts")
    columns = ["user", "attempts", "client_ip", "session", *_PLACE]
    sessions = pl.concat([rest.select(columns), by_session.with_columns(one).select(columns)])
    table = pl.concat([sessions, _over_smtp(verbose.filter(pl.col("session").is_null()), at_smtp).select(columns)])
    return (
        table.with_columns(mailbox=book.mailboxes(table["user"])).filter(pl.col("mailbox").is_not_null()).drop("user")
    )


def _not_twice(by_session: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """The auth service's lines, where a session has more of them than attempts: a log that holds its lines twice."""
    attempts = counted.group_by("session").agg(pl.col("attempts").max().alias("most"))
    known = by_session.join(attempts, on="session", how="left", maintain_order="left")
    doubled = pl.len().over("session") > pl.col("most").fill_null(2**31)
    again = ~pl.struct("session", "user", "at").is_first_distinct()
    return known.filter(~(doubled & again)).drop("most")


def _over_smtp(verbose: pl.DataFrame, at_smtp: pl.DataFrame) -> pl.DataFrame:
    """Attempts over SMTP: the auth service's lines, and smtpd's beyond them for the same name, address and minute.

    Without a session, only a wrong password is surely an attempt: "unknown user" is also what a delivery to somebody
    who left makes the auth service write.
    """
    verbose = verbose.filter(pl.col("mismatch").is_not_null())
    keys = ["user", "client_ip"]
    both = pl.concat(
        [
            verbose.select(*keys, *_PLACE, source=pl.lit(0)),
            at_smtp.filter(pl.col("user").is_not_null()).select(*keys, *_PLACE, source=pl.lit(1)),
        ]
    )
    both = both.with_columns(user=of_names(both["user"], str.lower, NAME))
    both = both.sort("at").with_columns(
        burst=(pl.col("at").diff().over(keys).fill_null(0) > _SAME_ATTEMPT).cum_sum().over(keys)
    )
    spell = [*keys, "burst"]
    fewer = pl.col("source").eq(0).sum().over(spell) >= pl.col("source").eq(1).sum().over(spell)
    chosen = both.filter(pl.when(fewer).then(pl.col("source") == 0).otherwise(pl.col("source") == 1))
    return chosen.with_columns(attempts=pl.lit(1, dtype=pl.Int64), session=pl.lit(None, dtype=ID))
