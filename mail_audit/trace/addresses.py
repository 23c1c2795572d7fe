"""Whose mailbox an address or a log-in name is."""

from __future__ import annotations

import re

import polars as pl

from core.directory.roster import Roster
from mail_audit.trace.keys import of_names

_LOCAL = re.compile(r"[^\s<>()\[\]\\,;:@\"]+")
"""What may stand before the @ without quotes (RFC 5321, 4.1.2); a log-in name may hold whatever a stranger typed."""


class AddressBook:
    """Resolves addresses and log-in names to mailboxes of the directory.

    A name is looked up in lower case: as an address or alias of the directory; without its `+detail`; without a
    domain as the one mailbox that has this local part. An address of the directory's domains that nobody owns
    resolves to itself (it is listed as unassigned); anything else, and what no address looks like, to nothing.
    """

    def __init__(self, roster: Roster) -> None:
        self.domains = roster.domains
        self.addresses = dict(roster.addresses)
        self.listed = frozenset(roster.mailboxes)
        self.personal = {box.address for box in roster.mailboxes.values() if box.kind == "personal" and box.owner}
        by_local: dict[str, set[str]] = {}
        for address, mailbox in self.addresses.items():
            by_local.setdefault(address.partition("@")[0], set()).add(mailbox)
        self._by_local = {local: next(iter(boxes)) for local, boxes in by_local.items() if len(boxes) == 1}

    def mailbox(self, name: str) -> str | None:
        """The mailbox that `name` means, or None."""
        name = name.lower()
        found = self.addresses.get(name)
        if found or not name:
            return found
        local, at, domain = name.rpartition("@")
        if not at:
            plain = domain.partition("+")[0]
            return self._by_local.get(plain)
        if "+" in local:
            found = self.addresses.get(f"{local.partition('+')[0]}@{domain}")
            if found:
                return found
            local = local.partition("+")[0]
        return f"{local}@{domain}" if domain in self.domains and _LOCAL.fullmatch(local) else None

    def is_internal(self, address: str) -> bool:
        """Whether an address is of the directory's domains; one without a domain is the server's own."""
        _, at, domain = address.rpartition("@")
        return not at or domain.lower() in self.domains

    def mailboxes(self, names: pl.Series) -> pl.Series:
        """`mailbox` of every name in a column, Categorical; null where there is none."""
        return of_names(names, self.mailbox, pl.Categorical)

    def internal(self, addresses: pl.Series) -> pl.Series:
        """`is_internal` of every address in a column."""
        return of_names(addresses, self.is_internal)
