"""Rows of facts: what goes into the tables comes out of them; months and witnesses are put together as they should."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import delete

from core.db import unit_of_work
from core.settings import Settings
from core.words import Text
from mail_audit.models import StandingDay
from mail_audit.months import Month, judged_by, month_named, months
from mail_audit.queries import standing as reading
from mail_audit.services.standing.measuring import insert_rows
from mail_audit.standing import LONGEST_MAILBOX, SCHEMA, Held, Standing, Tells, around_days, fact_rows, rows_digest
from mail_audit.standing.manifest import held_plain, standing_of
from mail_audit.usage.coverage import Told
from mail_audit.usage.days import COUNTS
from mail_audit.zones import Zone

FIRST = date(2026, 9, 28)
DAYS = st.integers(0, 40).map(lambda number: FIRST + timedelta(days=number))
SAID = st.text(st.characters(codec="utf-8", exclude_characters="\x00\n"), min_size=1, max_size=12)
LISTED = st.none() | st.lists(SAID, min_size=1, max_size=3, unique=True).map(lambda texts: "\n".join(sorted(texts)))
COUNT = st.sampled_from([0, 0, 0, 1, 7, 2**31 - 1])


@st.composite
def rows(draw: st.DrawFn) -> pl.DataFrame:
    """Facts of some mailboxes and days, of the logs."""
    keys = draw(st.lists(st.tuples(SAID, DAYS), max_size=8, unique=True))
    table: list[dict[str, Any]] = []
    for mailbox, day in keys:
        counts = {name: draw(COUNT) for name in (*COUNTS, "outside")}
        flags = {name: draw(st.booleans()) for name in ("blind", "scheduled")}
        texts = {name: draw(LISTED) for name in ("hosts", "delegates", "targets")}
        table.append({"mailbox": mailbox, "day": day, **counts, **flags, **texts, "source": None})
    return pl.DataFrame(table, schema=SCHEMA, orient="row").sort("mailbox", "day")


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=rows())
def test_what_is_kept_comes_back(either: Settings, facts: pl.DataFrame) -> None:
    with unit_of_work(either) as session:
        session.execute(delete(StandingDay))
        insert_rows(session, facts)
    with unit_of_work(either) as session:
        found = reading.day_rows(session, FIRST, FIRST + timedelta(days=40))
        some = reading.day_rows(session, FIRST, FIRST + timedelta(days=20))
    assert found.equals(facts)
    assert some.equals(facts.filter(pl.col("day") <= FIRST + timedelta(days=20)))
    assert rows_digest(found.sample(fraction=1.0, shuffle=True, seed=1)) == rows_digest(facts)


def test_nothing_that_no_column_takes() -> None:
    """Mailboxes longer than any address, NULs, and counts that no server can mean."""
    long = "a" * (LONGEST_MAILBOX + 1)
    days = pl.DataFrame(
        {
            "mailbox": [long, "nul\x00l@x", "an@x"],
            "day": [FIRST] * 3,
            **{name: [2**40] * 3 for name in COUNTS},
        }
    )
    place: dict[str, Any] = {"mailbox": pl.String, "day": pl.Date, "host": pl.String}
    acts = pl.DataFrame(
        {"mailbox": ["an@x"], "day": [FIRST], "host": ["ma\x00y"], "kind": ["sent"], "delegate": [None],
         "is_delegated": [False]},
        schema={**place, "kind": pl.String, "delegate": pl.String, "is_delegated": pl.Boolean},
    )  # fmt: skip
    received = pl.DataFrame(schema={**place, "outside": pl.Boolean})
    forwards = pl.DataFrame(schema={"mailbox": pl.String, "day": pl.Date, "target": pl.String})
    around = around_days(acts, received, forwards, pl.Series([], dtype=pl.String))
    (row,) = fact_rows(days, around).iter_rows(named=True)
    assert (row["mailbox"], row["sent"], row["hosts"]) == ("an@x", 2**31 - 1, "ma\ufffdy")


@given(first=DAYS, span=st.integers(0, 70))
def test_the_months_that_days_help_to_judge(first: date, span: int) -> None:
    last = first + timedelta(days=span)
    found = list(judged_by(first, last))
    every = months(first - timedelta(days=70), last + timedelta(days=120))
    assert found == [month for month in every if month.opens <= last and first <= month.closes]
    assert set(months(first, last)) <= set(found)


def test_months_by_name() -> None:
    month = month_named("2026-02")
    assert (month.first, month.last, month.name) == (date(2026, 2, 1), date(2026, 2, 28), "2026-02")
    assert (month.next().name, Month.of(date(2026, 12, 31)).next().name) == ("2026-03", "2027-01")


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Paris", "Pacific/Auckland"])
def test_bounds_of_a_month_are_local_midnights(zone: str) -> None:
    here = Zone(zone)
    low, high = Month.of(date(2026, 4, 9)).bounds(here)
    stamps = pl.Series([low - 1, low, high - 1, high], dtype=pl.Int64)
    first, last = Month.of(date(2026, 4, 9)).opens, Month.of(date(2026, 4, 9)).closes
    days = [date(1970, 1, 1) + timedelta(days=number) for number in here.days(stamps)]
    assert days == [first - timedelta(days=1), first, last, last + timedelta(days=1)]


FLAGS = st.builds(
    Tells,
    st.builds(Told, *[st.booleans() for _ in range(6)]),
    st.booleans(),
).filter(lambda one: one.ended or one.told.counters)


@given(st.lists(FLAGS, max_size=4))
def test_what_months_tell_together(parts: list[Tells]) -> None:
    """In any order and any grouping; counters are missing only where sessions ended without any."""
    whole = Tells.together(parts)
    assert Tells.together(reversed(parts)) == whole
    assert Tells.together([Tells.together(parts[:2]), Tells.together(parts[2:])]) == whole
    ended = [one.told.counters for one in parts if one.ended]
    assert whole.told.counters == (any(ended) or not ended)
    assert whole.told.submissions == any(one.told.submissions for one in parts)


def test_what_logs_hold_is_written_and_read() -> None:
    held = Held(
        "mail.log", 9, 5, 3, 1, ((7, Text("dòng", "line")),), {"m\u1ed9t": frozenset({FIRST})}, frozenset({FIRST})
    )
    tells = Tells(Told(True, True, False, False, True, False), ended=False)
    facts = Standing(pl.DataFrame(schema=SCHEMA), tells, (held,), {"*": frozenset({FIRST})})
    back = standing_of(facts.rows, tells, held_plain(facts))
    assert (back.held, back.also, back.tells) == (facts.held, facts.also, tells)
