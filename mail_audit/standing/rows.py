"""A row a mailbox and day: the counts, and what a report needs around them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import polars as pl

from core.directory.roster import Roster
from mail_audit.trace.keys import beside, one_number
from mail_audit.usage.acts import SESSION_KINDS
from mail_audit.usage.classes import Surroundings
from mail_audit.usage.days import COUNTS

AROUND: dict[str, type[pl.DataType]] = {
    "outside": pl.Int64,
    "blind": pl.Boolean,
    "scheduled": pl.Boolean,
    "hosts": pl.String,
    "delegates": pl.String,
    "targets": pl.String,
    "source": pl.String,
}
"""What a row holds beside `COUNTS`: messages received from outside the directory's domains; whether a session was on a
server that writes no flag changes; whether a schedule sent; servers that speak of the mailbox; who acted in it from
elsewhere, as `count mailbox`; domains its mail was forwarded to. Several texts stand on lines of their own, sorted;
null where there is none. `source` is who tells of the day where no log does (`others`); null for the logs."""
SCHEMA: dict[str, type[pl.DataType]] = {
    "mailbox": pl.String,
    "day": pl.Date,
    **dict.fromkeys(COUNTS, pl.Int64),
    **AROUND,
}
LONGEST_MAILBOX = 320
"""No address is longer (RFC 5321: 64 + 1 + 255); what is, was made up by an attacker and cannot be indexed."""
MOST = 2**31 - 1
"""Of anything on one day: what a server claims beyond it is not true, and no column holds it."""
_BREAK = "\n"


def around_days(
    acts: pl.DataFrame, received: pl.DataFrame, forwards: pl.DataFrame, seeing: pl.Series
) -> tuple[pl.DataFrame, ...]:
    """What a report needs around the counts, each a table with `mailbox`, `day` and one column of `AROUND`.

    All have `mailbox` and `day`; `received` has `outside` (whether the sender is outside the directory's domains),
    `forwards` their `target`; `seeing` are the servers that write flag changes.
    """
    key = ["mailbox", "day"]
    places = pl.concat([acts.select(*key, "host"), received.select(*key, "host")])
    delegated = acts.filter("is_delegated").group_by(*key, "delegate").agg(pl.len().alias("count"))
    targets = forwards.select(*key, target=pl.col("target").str.split("@").list.last())
    blind = acts.filter(pl.col("kind").is_in(SESSION_KINDS) & ~pl.col("host").is_in(seeing.implode()))
    return (
        received.filter("outside").group_by(key).agg(pl.len().cast(pl.Int64).alias("outside")),
        blind.select(*key, blind=True).unique(),
        acts.filter(pl.col("kind") == "sent_by_schedule").select(*key, scheduled=True).unique(),
        _listed(places, "host", "hosts"),
        _listed(delegated.with_columns(pl.format("{} {}", "count", "delegate").alias("who")), "who", "delegates"),
        _listed(targets, "target", "targets"),
    )


def fact_rows(days: pl.DataFrame, around: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """`days` (of `usage.days`) and what is `around_days` as `SCHEMA`."""
    filled = beside(days, around, ["mailbox", "day"]).with_columns(
        pl.col("mailbox").cast(pl.String),
        pl.lit(None, dtype=pl.String).alias("source"),
        pl.col("outside").fill_null(0),
        pl.col("blind").fill_null(False),
        pl.col("scheduled").fill_null(False),
    )
    counts = pl.col(*COUNTS, "outside").clip(upper_bound=MOST)
    texts = pl.col("hosts", "delegates", "targets").str.replace_all("\x00", "\ufffd", literal=True)
    usable = pl.col("mailbox").str.len_chars().le(LONGEST_MAILBOX) & ~pl.col("mailbox").str.contains(
        "\x00", literal=True
    )
    return filled.filter(usable).with_columns(counts, texts).select(list(SCHEMA))


def _listed(table: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """The texts of `column` of each mailbox and day, sorted, on lines of their own; mostly there is one."""
    key = ["mailbox", "day"]
    numbered = table.select(*key, column, which=one_number(*key), what=one_number(*key, column))
    said = numbered.filter(pl.col("what").is_first_distinct())
    alone = said.select((pl.len().over("which") == 1).alias("alone")).to_series()
    text = pl.col(column).cast(pl.String)
    several = said.filter(~alone).group_by(key).agg(text.sort().str.join(_BREAK).alias(name))
    return pl.concat([said.filter(alone).select(*key, text.alias(name)), several])


def no_rows() -> pl.DataFrame:
    """A table of facts without rows."""
    return pl.DataFrame(schema=SCHEMA)


def surroundings(rows: pl.DataFrame, roster: Roster) -> Surroundings:
    """What the facts of a period say around the counts; delegates by the name of their owner where one is known."""

    def name(address: str) -> str:
        """Who owns a mailbox; the address where nobody is known to."""
        box = roster.mailboxes.get(address)
        return address if box is None or box.owner is None else roster.officials[box.owner].name

    targets = _lines(rows, "targets").group_by("mailbox").agg(pl.col("targets").unique().sort().str.join(", "))
    return Surroundings(
        hosts=hosts_of(rows),
        blind=frozenset(rows.filter("blind")["mailbox"].unique()),
        delegates={box: name(delegate) for box, delegate in _delegates(rows).iter_rows()},
        targets=dict(targets.iter_rows()),
        schedules=frozenset(rows.filter("scheduled")["mailbox"].unique()),
    )


def hosts_of(rows: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Mailbox -> the servers that speak of it; only mailboxes of which one does."""
    said = rows.filter(pl.col("hosts").is_not_null()).select("mailbox", "hosts").unique()
    servers = {text: frozenset(text.split(_BREAK)) for text in said["hosts"].unique()}
    found: dict[str, frozenset[str]] = {}
    for mailbox, text in zip(said["mailbox"].to_list(), said["hosts"].to_list(), strict=True):
        found[mailbox] = found[mailbox] | servers[text] if mailbox in found else servers[text]
    return found


def _delegates(rows: pl.DataFrame) -> pl.DataFrame:
    """Columns `mailbox`, `delegate`: who acted in it most often; of equals, the first by name."""
    said = _lines(rows, "delegates", each=True).with_columns(pl.col("delegates").str.splitn(" ", 2).struct.unnest())
    said = said.rename({"field_0": "count", "field_1": "delegate"}).with_columns(pl.col("count").cast(pl.Int64))
    sums = said.group_by("mailbox", "delegate").agg(pl.col("count").sum())
    ordered = sums.sort("mailbox", "count", "delegate", descending=[False, True, False])
    return ordered.unique("mailbox", keep="first", maintain_order=True).select("mailbox", "delegate")


def _lines(rows: pl.DataFrame, column: str, *, each: bool = False) -> pl.DataFrame:
    """Columns `mailbox` and `column`: one row a text; days that say the same only once, unless `each` counts."""
    some = rows.filter(pl.col(column).is_not_null()).select("mailbox", column)
    some = some if each else some.unique()
    return some.with_columns(pl.col(column).str.split(_BREAK)).explode(column)


def rows_digest(rows: pl.DataFrame) -> str:
    """SHA-256 over the rows, whatever order they come in."""
    digest = hashlib.sha256("\t".join(SCHEMA).encode())
    ordered = rows.select(list(SCHEMA)).sort("mailbox", "day")
    for piece in ordered.iter_slices(100_000):
        digest.update(piece.write_csv(include_header=False).encode())
    return digest.hexdigest()


def rows_digests(rows: pl.DataFrame) -> dict[str, str]:
    """Day (ISO) -> `rows_digest` of its rows; only days that have any."""
    parts = rows.partition_by("day", as_dict=True)
    return {day.isoformat(): rows_digest(part) for (day,), part in sorted(parts.items())}
