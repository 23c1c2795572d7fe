"""Tracing a long time span by span, so that what has to be held does not grow with it.

Each span is traced with `SIDES` days around it, and of what is found there only what lies in the span is kept: a
message's lines lie no further apart (Postfix gives it up after five days), which is also why a month needs no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from mail_audit.events.gathered import Events
from mail_audit.months import SIDES
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.messages import KINDS, Mail, trace
from mail_audit.zones import DAY

SPAN = 16 * DAY
AT_ONCE = SPAN + 2 * SIDES * DAY
"""What is no longer than a span with its sides needs no spans."""


def trace_in_spans(events: Events, book: AddressBook) -> Mail:
    """The messages behind the events, as `trace` finds them."""
    ends = events.ends(KINDS)
    if ends is None or ends[1] - ends[0] < AT_ONCE:
        return trace(events, book)
    return Mail.joined([_of_span(events, low, high, book) for low, high in spans(*ends)])


def _of_span(events: Events, low: int, high: int, book: AddressBook) -> Mail:
    here = pl.col("at").is_between(low, high, closed="left")
    return trace(events.between(low - SIDES * DAY, high + SIDES * DAY), book).each(lambda table: table.filter(here))


def spans(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Equal spans from `first` to `last` (microseconds): each its beginning, and where the next one begins."""
    number = -(-(last + 1 - first) // SPAN)
    yield from pairwise(first + (last + 1 - first) * edge // number for edge in range(number + 1))
