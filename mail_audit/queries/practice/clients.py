"""Where something was done from: whose workplace that is, and whether the mailbox is used from there every day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address, ip_network

import polars as pl

from mail_audit.measure import Rules
from mail_audit.queries.practice.found import Found
from mail_audit.queries.practice.store import Store, among, moment
from mail_audit.usage.sessions import LOCAL_ADDRESSES, log_ins

WEEKS = timedelta(days=30)
"""So long before it is looked which address is whose."""


@dataclass(frozen=True)
class Clients:
    """Log-ins around what is asked about: addresses by session, and who logged in from where."""

    sessions: dict[tuple[str, int], str] = field(default_factory=dict)
    boxes: dict[str, Counter[str]] = field(default_factory=dict)
    """Address -> personal mailbox -> log-ins."""
    networks: dict[str, Counter[str]] = field(default_factory=dict)
    """Mailbox -> network -> log-ins, without those of the sessions in question."""

    def address(self, found: Found) -> str | None:
        """Where a line's act was done from; None where no line says so."""
        if found.client is not None or found.session is None or found.mailbox is None:
            return found.client
        return self.sessions.get((found.mailbox, found.session))

    def usual(self, mailbox: str, network: str | None) -> str | None:
        """The network the mailbox was mostly used from; of two alike another than `network`."""
        known = self.networks.get(mailbox, Counter())
        return max(sorted(known), key=lambda one: (known[one], one != network), default=None)


def clients_of(logs: Store, found: Sequence[Found], rules: Rules) -> Clients:
    """What the log-ins of the weeks before tell of these acts; two looks into the store, none without acts."""
    if not found:
        return Clients()
    sessions = {one.session for one in found if one.session is not None}
    by_session = log_ins(_rows(logs, among("session", pl.Series(sorted(sessions), dtype=pl.UInt64))), rules.book)
    known = {
        (box, session): ip for box, session, ip in by_session.select("mailbox", "session", "client_ip").iter_rows()
    }
    asked = {*known.values(), *(one.client for one in found)} - {None, *LOCAL_ADDRESSES}
    mailboxes = {one.mailbox for one in found if one.mailbox is not None}
    names = {name for name, box in rules.book.addresses.items() if box in mailboxes}
    names |= {name.partition("@")[0] for name in names}
    user = pl.col("user").cast(pl.String).str.to_lowercase()
    wanted = among("client_ip", sorted(asked)) if asked else pl.lit(value=False)
    table = log_ins(_rows(logs, wanted | user.is_in(sorted(names))), rules.book)
    boxes: dict[str, Counter[str]] = {}
    networks: dict[str, Counter[str]] = {}
    for box, ip, session in table.select("mailbox", "client_ip", "session").iter_rows():
        if ip is None:
            continue
        if box in rules.book.personal:
            boxes.setdefault(ip, Counter())[box] += 1
        if session not in sessions and ip not in LOCAL_ADDRESSES:
            networks.setdefault(box, Counter())[network_of(ip) or ip] += 1
    return Clients(known, boxes, networks)


def station_of(clients: Clients, rules: Rules, address: str | None, mailbox: str | None, at: int) -> str | None:
    """The mailbox of another official whose workplace an address is; None for one's own, for many people's, or unknown.

    It is another's where that mailbox is logged in to from there more than twice as often as this one; an address of
    more than `station_mailboxes` mailboxes is a gateway, one on record as shared is nobody's.
    """
    if address is None or mailbox is None or address in LOCAL_ADDRESSES or _is_shared(rules, address, at):
        return None
    here = clients.boxes.get(address, Counter())
    others = {box: count for box, count in here.items() if box != mailbox}
    if not others or len(here) > rules.thresholds.station_mailboxes:
        return None
    owner = max(sorted(others), key=lambda box: others[box])
    return owner if others[owner] > 2 * here[mailbox] else None


def network_of(address: str | None) -> str | None:
    """The network of an address: 24 bits of IPv4, 48 of IPv6; None for what is no address."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return None
    return str(ip_network((known, 24 if known.version == 4 else 48), strict=False))


def is_server(address: str | None, webmail: Collection[str]) -> bool:
    """Whether an address is the mail server's own, or a webmail's."""
    return address in LOCAL_ADDRESSES or address in webmail


def _is_shared(rules: Rules, address: str, at: int) -> bool:
    day = moment(at).date()
    return any(
        one.address == address and one.first <= day and (one.last is None or day <= one.last) for one in rules.stations
    )


def _rows(logs: Store, wanted: pl.Expr) -> pl.DataFrame:
    return logs.rows("logged_in", wanted).drop("stream")
