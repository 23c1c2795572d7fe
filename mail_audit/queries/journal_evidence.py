"""The copies behind the figures of days that only the journal tells of, as lines of evidence.

A copy is no log line, so the line says what was kept of it: its fingerprint, its envelope, and who vouches for it.
"""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy.orm import Session

from core.db import settings_of
from mail_audit.evidence import COLUMNS
from mail_audit.queries.journal_facts import facts
from mail_audit.usage.rules import Rule
from mail_audit.zones import Zone

NAME = "journal"
"""Where a fact comes from that no log tells; and what stands where a line of a log has the name of its file."""


def journal_places(session: Session, rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """A row for each copy behind what the facts `rows` (`mailbox day source`) have from the journal.

    Columns `mail_audit.evidence.COLUMNS` and `line`; `at` is a moment in UTC, `offset` a number that tells rows
    apart. By mailbox and time.
    """
    wanted = rows.filter(pl.col("source") == NAME).with_columns(pl.col("mailbox").cast(pl.String))
    if wanted.is_empty():
        return _shaped(pl.DataFrame())
    acts, received, forwards = facts(session, first, last)
    kind = (
        pl.when(pl.col("sent") == 0)
        .then(pl.lit("copied"))
        .when(pl.col("rule") == Rule.SCHEDULE.value)
        .then(pl.lit("sent_by_schedule"))
        .when(pl.col("automatic").is_not_null())
        .then(pl.lit("sent_by_application"))
        .otherwise(pl.lit("sent"))
    )
    was_sent = pl.col("sent") > 0
    sent = acts.with_columns(
        kind=kind,
        recipients=pl.when(was_sent).then("recipients"),
        external=pl.when(was_sent).then("external"),
        told=pl.concat_str(
            pl.lit(" from=<"), "sender", pl.lit("> proof="), "proof",
            pl.concat_str(pl.lit(" log-in="), "log_in").fill_null(""),
            pl.concat_str(pl.lit(" automatic="), "automatic").fill_null(""),
            pl.concat_str(pl.lit(" recipients="), pl.col("recipients").cast(pl.String)).fill_null(""),
        ),
    )  # fmt: skip
    others = [
        frame.with_columns(kind=pl.lit(name), told=pl.concat_str(pl.lit(f" {name} mailbox=<"), "mailbox", pl.lit(">")))
        for name, frame in (("received", received), ("forwarded", forwards))
    ]
    table = pl.concat([sent, *others], how="diagonal_relaxed")
    zone = Zone(settings_of(session).timezone)
    table = table.with_columns(day=zone.days(table["at"]).cast(pl.Date)).join(
        wanted.select("mailbox", "day").unique(), on=["mailbox", "day"], how="semi"
    )
    return _shaped(table.with_columns(line=_lines(zone.name)))


def _lines(zone: str) -> pl.Expr:
    moment = pl.col("at").cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone).dt.strftime("%FT%T%:z")
    return pl.concat_str(moment, pl.lit(" "), "server", pl.lit(" journal: copy="), "key", "told")


def _shaped(table: pl.DataFrame) -> pl.DataFrame:
    kinds = {
        "day": pl.Date, "at": pl.Datetime("us", "UTC"), "offset": pl.Int64, "count": pl.Int64, "recipients": pl.Int64,
        "external": pl.Int64, "opens": pl.Boolean, "singly": pl.Boolean,
    }  # fmt: skip
    schema = {name: kinds.get(name, pl.String()) for name in (*COLUMNS, "line")}
    if table.is_empty():
        return pl.DataFrame(schema=schema)  # type: ignore[arg-type]
    one_by_one = table.sort("mailbox", "at", "key", "kind").with_row_index("offset")
    return one_by_one.select(
        "mailbox",
        "day",
        pl.col("at").cast(pl.Datetime("us", "UTC")),
        "kind",
        "rung",
        pl.col("server").alias("host"),
        pl.lit(NAME).alias("file"),
        pl.col("offset").cast(pl.Int64),
        pl.lit(1, dtype=pl.Int64).alias("count"),
        pl.lit(None, dtype=pl.String).alias("delegate"),
        "recipients",
        "external",
        pl.lit(value=False).alias("opens"),
        pl.lit(value=False).alias("singly"),
        "line",
    )
