"""What judging one mailbox asks of all of them: which addresses log in where, and which programs go through all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mail_audit.usage.shards import Visits


@dataclass(frozen=True, slots=True)
class Everybody:
    """used: `mailbox client_ip named` (whether with a session's id), each once: who logged in from where.

    hosts: the servers that write of log-ins; seeing: those that write which flags were changed.
    """

    used: pl.DataFrame
    hosts: pl.Series
    seeing: pl.Series

    @classmethod
    def of(cls, visits: Visits) -> Everybody:
        """What some mailboxes' tables tell."""
        used = visits.entered.select("mailbox", "client_ip", named=pl.col("session").is_not_null()).unique()
        flagged = visits.made.filter(pl.col("action") == "flag_change")
        return cls(used, visits.entered["host"].unique(), flagged["host"].unique())

    @classmethod
    def together(cls, parts: Sequence[Everybody]) -> Everybody:
        """What shards tell that have no mailbox in common."""
        if len(parts) == 1:
            return parts[0]
        hosts, seeing = (pl.concat([getattr(one, name) for one in parts]).unique() for name in ("hosts", "seeing"))
        return cls(pl.concat([one.used for one in parts]), hosts, seeing)
