"""Day facts of one official are those of the own mailboxes, over the days in post alone."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from mail_audit.usage.days import COUNTS
from mail_audit.usage.sums import Facts, Sums

FIRST = date(2026, 11, 2)
DAYS = [FIRST + timedelta(days=number) for number in range(4)]
ROWS = [(f"{name}@tp.example.gov.vn", day, at + 1) for day in DAYS for at, name in enumerate(("b", "a", "c"))]
"""Of three mailboxes, day by day: `b` sent 1 on each, `a` 2, `c` 3."""


def _facts() -> Facts:
    frame = pl.DataFrame(ROWS, schema={"mailbox": pl.String, "day": pl.Date, "sent": pl.Int64}, orient="row")
    others = [pl.lit(0, dtype=pl.Int64).alias(name) for name in COUNTS if name != "sent"]
    return Facts(frame.with_columns(others).with_columns(acts_a=pl.col("sent")), FIRST, DAYS[-2])


def test_who_came_to_a_post_is_counted_from_then_on_and_by_the_own_mailboxes() -> None:
    facts, since = _facts(), set(DAYS[1:])
    told = [
        (one.sent, sorted(one.active))
        for one in (
            facts.sums(("b@tp.example.gov.vn",), since),
            facts.sums(("c@tp.example.gov.vn", "a@tp.example.gov.vn"), since),
            facts.sums(("a@tp.example.gov.vn",), None),
        )
    ]
    assert told == [(2, DAYS[1:3]), (10, DAYS[1:3]), (6, DAYS[:3])]
    assert facts.sums(("nobody@tp.example.gov.vn",), since) == facts.sums((), since) == Sums()
