"""Standing facts: what is kept of a measurement, one row a mailbox and day, and all that a report is made of.

`Standing` is what both doors give to `reporting.build_report`: an audit makes it from files, the store keeps it in
tables. So the two can only differ where their facts do.
"""

from __future__ import annotations

from mail_audit.standing.held import Held, Standing, Tells, bears, broken_samples, days_held, of_period, with_copies
from mail_audit.standing.rows import (
    AROUND,
    LONGEST_MAILBOX,
    SCHEMA,
    around_days,
    fact_rows,
    no_rows,
    rows_digest,
    rows_digests,
    surroundings,
)

__all__ = [
    "AROUND",
    "LONGEST_MAILBOX",
    "SCHEMA",
    "Held",
    "Standing",
    "Tells",
    "around_days",
    "bears",
    "broken_samples",
    "days_held",
    "fact_rows",
    "no_rows",
    "of_period",
    "rows_digest",
    "rows_digests",
    "surroundings",
    "with_copies",
]
