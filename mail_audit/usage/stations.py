"""Who acted in whose mailbox, by what everybody did: whose station an address is, who writes in whose name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from mail_audit.events.reading import NAME
from mail_audit.trace.keys import is_one_of, one_number
from mail_audit.usage.delegates import at_shared_addresses, delegates
from mail_audit.usage.exceptions import at_shared_station
from mail_audit.usage.rules import Rule

if TYPE_CHECKING:
    from mail_audit.measure import Rules

_DID = pl.col("rung").is_in(["A", "B"])
_SOURCE = one_number("mailbox", "client_ip")


@dataclass(frozen=True, slots=True)
class Stations:
    """Where acts are somebody else's.

    theirs: `source delegate`, `source` being mailbox and address as one number; common: sources at an address that too
    many share; sent_as: acts, one a message in another's name where that happens often, in the mailbox that is named.
    """

    theirs: pl.DataFrame
    common: pl.Series
    sent_as: pl.DataFrame

    @classmethod
    def of(cls, acts: Iterable[pl.DataFrame], submissions: pl.DataFrame, rules: Rules) -> Stations:
        """By the acts of all mailboxes and the messages that were sent."""
        by_person = pl.concat([table.select("mailbox", "client_ip", "at", "rung").filter(_DID) for table in acts])
        boxes = rules.roster.mailboxes.values()
        owners = {box.address: box.owner for box in boxes if box.kind == "personal" and box.owner}
        leaders = frozenset(post.official_id for post in rules.roster.posts if post.rank == "leader")
        at_shared = at_shared_station(by_person, rules.stations, rules.zone)
        found = delegates(by_person, owners, leaders, rules.thresholds, at_shared)
        common = at_shared_addresses(by_person, owners, rules.thresholds)
        return cls(
            found.select("delegate", source=_SOURCE),
            common.select(_SOURCE).to_series(),
            _sent_as(submissions, owners, rules),
        )

    def marked(self, acts: pl.DataFrame, sent_as: pl.DataFrame, rules: Rules) -> pl.DataFrame:
        """`acts` and those `sent_as`, with `delegate` and `is_delegated`."""
        marked = acts.with_columns(apart=at_shared_station(acts, rules.stations, rules.zone), source=_SOURCE)
        marked = marked.join(self.theirs, on="source", how="left", maintain_order="left")
        marked = marked.with_columns(delegate=pl.when(~pl.col("apart")).then("delegate"))
        in_common = is_one_of("source", self.common) & _DID
        marked = marked.with_columns(
            rule=pl.when(pl.col("delegate").is_not_null() & _DID)
            .then(pl.lit(Rule.STATION.value, dtype=NAME))
            .when(in_common)
            .then(pl.coalesce("rule", pl.lit(Rule.SHARED_ADDRESS.value, dtype=NAME)))
            .otherwise("rule")
        )
        from_there = pl.col("delegate").is_not_null()
        return pl.concat([marked.select(sent_as.columns), sent_as]).with_columns(is_delegated=from_there)


def _sent_as(submissions: pl.DataFrame, owners: dict[str, str], rules: Rules) -> pl.DataFrame:
    """Messages sent in another's name, where that happens often, as acts in the mailbox of whoever is named."""
    in_name_of = submissions.with_columns(named=rules.book.mailboxes(submissions["sender"]))
    in_name_of = in_name_of.filter(pl.col("named").is_in(list(owners)) & pl.col("mailbox").is_in(list(owners)))
    in_name_of = in_name_of.filter(
        pl.col("named").replace_strict(owners, default=None) != pl.col("mailbox").replace_strict(owners, default=None)
    )
    often = in_name_of.filter(pl.len().over("named", "mailbox") >= rules.thresholds.delegate_acts)
    return often.select(
        pl.col("named").alias("mailbox"),
        "at",
        pl.lit("sent_as", dtype=NAME).alias("kind"),
        pl.lit("A", dtype=NAME).alias("rung"),
        pl.lit(Rule.IN_NAME_OF.value, dtype=NAME).alias("rule"),
        "client_ip",
        pl.lit(None, dtype=pl.UInt64).alias("session"),
        "host",
        "file",
        "offset",
        pl.col("mailbox").alias("delegate"),
    )
