"""What is kept of a copy: who sent it and how that is proven, to whom, when, and a fingerprint to count it once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from core.networks import is_within
from mail_audit.journaling.addresses import carried, usable
from mail_audit.journaling.heads import Head
from mail_audit.journaling.options import EVERYBODY, JournalOptions
from mail_audit.journaling.reading import Reading
from mail_audit.journaling.received import PROOFS, Proof, Vouched, moment, stamp, vouched
from mail_audit.journaling.report import Recipient, Report

Automatic = Literal["submitted", "precedence", "list", "empty_sender"]
AUTOMATIC: tuple[Automatic, ...] = ("submitted", "precedence", "list", "empty_sender")
"""Why a message is a machine's: its Auto-Submitted, its Precedence, its List-Id, or that it has no sender."""
BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
KINDS = ("envelope", "to", "cc", "bcc", "recipient")
REDIRECTED = ("", "expanded", "forwarded")
CLOCK_AHEAD = timedelta(minutes=10)
"""A server's clock may run so far ahead; a later stamp is not believed."""
OLDEST = timedelta(days=35)
"""Nor one this long ago: no server keeps a message in its queue for so long."""
_NO_ID = "unknown message-id"


@dataclass(frozen=True, slots=True)
class Letter:
    """A copy as it was taken: its envelope, whence it came and what was read of it while it streamed by."""

    peer: str
    sender: str
    recipients: tuple[str, ...]
    reading: Reading
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One message, as it is kept. `key` is the same for every copy of it; moments are UTC; addresses in lower case.

    `server` is the server that gave the copy, `log_in` the name that it was sent under, where `proof` is `login`.
    """

    key: str
    at: datetime
    dated_at: datetime | None
    server: str
    sender: str
    log_in: str | None
    proof: Proof
    automatic: Automatic | None
    size: int
    recipients: tuple[Recipient, ...]


def entry_of(letter: Letter, options: JournalOptions) -> Entry:
    """What is kept of a copy."""
    reading = letter.reading
    told = vouched(reading.head.fields.get("received", ()), options)
    report = reading.report
    original = reading.head if report is None else reading.original or Head()
    sender, proof = (letter.sender, told.proof) if report is None else _by_report(report)
    sender = (usable(sender) or "") if sender else ""
    return Entry(
        key=_key(reading, original, report),
        at=_when(told, reading.head, letter.taken_at),
        dated_at=_plausible(moment(original.first("date")), letter.taken_at),
        server=(told.server or letter.peer)[:255],
        sender=sender,
        log_in=told.log_in if report is None else None,
        proof=proof,
        automatic=_automatic(original, sender, is_report=report is not None),
        size=reading.size,
        recipients=_recipients(letter, told, report, options),
    )


def merged(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Copies of the same message as one: the best proven sender, the earliest moment, all recipients. By key."""
    by_key: dict[str, Entry] = {}
    for entry in entries:
        known = by_key.get(entry.key)
        by_key[entry.key] = entry if known is None else together(known, entry)
    return by_key


def together(known: Entry, other: Entry) -> Entry:
    """Two copies of one message. Who sent it, and whether a machine did, is what the better proven copy says."""
    best = other if PROOFS.index(other.proof) > PROOFS.index(known.proof) else known
    return replace(
        best,
        at=min(known.at, other.at),
        recipients=tuple({one.address: one for one in (*other.recipients, *known.recipients)}.values()),
    )


def _by_report(report: Report) -> tuple[str, Proof]:
    """A log-in that Exchange does not name (it may send as another), or an address that Exchange could not verify."""
    return report.sender, ("nameless" if report.is_verified else "claimed")


def _automatic(head: Head, sender: str, *, is_report: bool) -> Automatic | None:
    submitted = head.first("auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return "submitted"
    if head.first("precedence").strip().lower() in BULK:
        return "precedence"
    if "list-id" in head:
        return "list"
    empty = head.first("return-path").replace(" ", "") == "<>" or (not sender and not is_report)
    return "empty_sender" if empty else None


def _recipients(letter: Letter, told: Vouched, report: Report | None, options: JournalOptions) -> tuple[Recipient, ...]:
    """Whom the message went to, as far as the copy says so: its report, else its envelope, else the server's line."""
    if report is not None:
        return tuple({one.address: one for one in reversed(report.recipients)}.values())[::-1]
    everybody = EVERYBODY in options.own_domains
    own = options.own_domains - {EVERYBODY}
    found = [carried(address, own) for address in letter.recipients]
    if not any(found) and not everybody:
        head = letter.reading.head
        named = (usable(head.first(name).strip("<>")) for name in ("x-original-to", "delivered-to"))
        found += [carried(address, own) for address in (*named, told.recipient) if address]
    return tuple(Recipient(address) for address in dict.fromkeys(found) if address)


def _when(told: Vouched, head: Head, taken_at: datetime) -> datetime:
    """When the first believed server took the message; else when the server that gave the copy did; else now."""
    lines = head.fields.get("received", [])
    top = stamp(lines[0]) if lines else None
    return _plausible(told.at, taken_at) or _plausible(top, taken_at) or taken_at


def _plausible(found: datetime | None, taken_at: datetime) -> datetime | None:
    return found if found is not None and taken_at - OLDEST <= found <= taken_at + CLOCK_AHEAD else None


def _key(reading: Reading, original: Head, report: Report | None) -> str:
    """A fingerprint that two copies of one message share: of its Message-ID and its Date.

    The Message-ID alone will not do, because some programs give it twice. A message without one is known by its first
    server's line, which is the lowest; one without that, by all head lines that were kept.
    """
    identity = (report.message_id if report else "") or original.first("message-id")
    dated = moment(original.first("date"))
    if identity and identity.lower() != _NO_ID:
        parts = ["id", identity.strip(), "" if dated is None else dated.isoformat()]
    elif lines := original.fields.get("received", []):
        parts = ["received", *lines[-1], original.first("date")]
    else:
        parts = ["head", repr(sorted(reading.head.fields.items())), str(reading.size)]
    content = "\x00".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16, person=b"vanthu journal").hexdigest()


def is_report_peer(peer: str, options: JournalOptions) -> bool:
    """Whether journal reports from this address are believed: anybody may write a letter that looks like one."""
    return is_within(peer, options.exchange)


def heard(entry: Entry) -> tuple[str, datetime]:
    """The server and the hour (UTC) in which this entry shows it to be journaling."""
    return entry.server, entry.at.replace(minute=0, second=0, microsecond=0)
