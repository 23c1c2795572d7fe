"""Who acted week by week, unit by unit: counted once from the days of all mailboxes when a result is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from mail_audit.report.model import Report

SCHEMA = {
    "unit": pl.String,
    "is_city": pl.Boolean,
    "start": pl.Date,
    "leaders_using": pl.Int64,
    "staff_using": pl.Int64,
}
ACTED = (pl.col("acts_a") + pl.col("acts_b")) > 0
"""The person acted on that day: at least one act of rung A or B. Acts by others are counted apart (`delegated`)."""


def weeks_of(first: date, last: date) -> Iterator[date]:
    """The Mondays of the weeks that hold the days from `first` to `last`."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield monday
        monday += timedelta(days=7)


def unit_weeks(report: Report, days: pl.DataFrame) -> pl.DataFrame:
    """Officials who acted on at least one day of a week, by unit with its sub-units, and for the whole city.

    `days` has a row per mailbox and day (at least `mailbox day acts_a acts_b`). Returns the columns of `SCHEMA`;
    a unit and week without anybody has no row.
    """
    owners = pl.DataFrame(
        [
            (official.official_id, official.unit, official.rank, mailbox)
            for official in report.officials
            for mailbox in official.mailboxes
        ],
        schema={"official_id": pl.String, "unit": pl.String, "rank": pl.String, "mailbox": pl.String},
        orient="row",
    )
    acted = (
        days.filter(ACTED)
        .select("mailbox", start=pl.col("day").dt.truncate("1w"))
        .unique()
        .join(owners, on="mailbox")
        .select("official_id", "unit", "rank", "start")
        .unique()
    )
    by_unit = acted.join(_units_above(report), on="unit").with_columns(unit="above", is_city=pl.lit(value=False))
    whole = acted.with_columns(unit=pl.lit(report.city.unit if report.city else ""), is_city=pl.lit(value=True))
    columns = ["unit", "is_city", "start", "rank", "official_id"]
    who = pl.col("official_id")
    return (
        pl.concat([by_unit.select(columns), whole.select(columns)])
        .group_by("unit", "is_city", "start")
        .agg(
            leaders_using=who.filter(pl.col("rank") == "leader").n_unique().cast(pl.Int64),
            staff_using=who.filter(pl.col("rank") == "staff").n_unique().cast(pl.Int64),
        )
        .select(list(SCHEMA))
        .sort("is_city", "unit", "start")
    )


def _units_above(report: Report) -> pl.DataFrame:
    """Each unit with itself and every unit above it (`unit`, `above`)."""
    parents = {figures.unit: figures.parent for figures in report.units}
    pairs = [(unit, above) for unit in parents for above in (unit, *ancestors(unit, parents))]
    return pl.DataFrame(pairs, schema={"unit": pl.String, "above": pl.String}, orient="row")


def ancestors(unit: str, parents: dict[str, str | None]) -> list[str]:
    """The units above `unit`, nearest first; a ring in `parents` is walked once."""
    found: list[str] = []
    above = parents.get(unit)
    while above is not None and above != unit and above not in found:
        found.append(above)
        above = parents.get(above)
    return found
