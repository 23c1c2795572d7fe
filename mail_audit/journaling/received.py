"""Who vouches for a sender: the Received lines of servers that the settings name, read from the top.

Every server puts its own line on top of those it found, so lines can be forged only below the first line of a server
that is not ours. A line is believed when it is the top one of a named server, or when the believed line above it says
that the message came from this machine itself (a content filter) or from another named server.

Postfix writes each fact on a physical line of its own (`smtpd.c`, `smtpd_sasl_authenticated_header`):

    from HELO (NAME [IP])
        (Authenticated sender: USER)
        by HOST (Postfix) with ESMTPSA id QUEUE
        for <RECIPIENT>; DATE

HELO is what the other side calls itself and may be any text, `(Authenticated sender: …)` included: only a line that
begins with a fact is that fact, and the client is what stands at the end of its line. Exim's lines have the same shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Literal

from core.networks import is_within
from mail_audit.journaling.addresses import usable
from mail_audit.journaling.options import JournalOptions

Proof = Literal["login", "nameless", "inside", "claimed", "outside"]
PROOFS: tuple[Proof, ...] = ("outside", "claimed", "inside", "nameless", "login")
"""What is known of the sender, weakest first.

login: a named server says which log-in sent it. nameless: a named server says that somebody had logged in.
inside: nobody had logged in, and the message came from the offices' own networks. claimed: no named server says
anything. outside: a named server says that it came from outside without a log-in.
"""

_CLIENT = re.compile(r"from .*\((\S+) \[(?:IPv6:)?([0-9a-fA-F.:]+)\](?::\d+)?\)")
_CLIENT_OF_EXIM = re.compile(r"from (?:\S+ \()?\[(?:IPv6:)?([0-9a-fA-F.:]+)\](?::\d+)?(?:\)| [^()]*\)| \([^()]*\))?")
_LOGIN = re.compile(r"\(Authenticated sender: ([^\s()]+)\)")
_BY = re.compile(r"by (\S+)(?: \(([^()]*)\))? with (\w+)\b.*")
_LOCAL = re.compile(r"by (\S+) \(Postfix, from userid \d+\)(?: id .*)?")
_FOR = re.compile(r"for <([^<>\s]+)>(?:;.*)?")
_WITH_LOG_IN = re.compile(r"(?:ESMTPS?A|UTF8SMTPS?A|ASMTP)", re.IGNORECASE)
_OF_A_FILTER = re.compile(r"from \S+ \((?:\S+ )?\[?([0-9a-fA-F.:]+)\]?\) by (\S+)")
_NAMES_OF_A_FILTER = frozenset({"localhost", "localhost.localdomain", "127.0.0.1"})
_LOOPBACK = ("127.0.0.1/32", "::1/128")
"""Where content filters give a message back."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One Received line: who wrote it, from whom, how and when; empty or None where it does not say."""

    by: str
    client: str = ""
    address: str = ""
    log_in: str = ""
    protocol: str = ""
    recipient: str | None = None
    at: datetime | None = None
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the believed lines say: which server gave the copy, how the sender is proven, by whom and when."""

    proof: Proof
    server: str = ""
    log_in: str | None = None
    at: datetime | None = None
    recipient: str | None = None


def hop(lines: Sequence[str]) -> Hop | None:
    """One Received line, given as its physical lines; None when it is not of Postfix's or Exim's shape."""
    facts: dict[str, str] = {}
    recipient = None
    for line in lines:
        if (by := _BY.fullmatch(line)) and "by" not in facts:
            facts |= {"by": by[1], "protocol": by[3]}
        elif (local := _LOCAL.fullmatch(line)) and "by" not in facts:
            facts |= {"by": local[1], "local": "yes"}
        elif "by" not in facts and (client := _CLIENT.fullmatch(line)):
            facts |= {"client": client[1], "address": client[2]}
        elif "by" not in facts and (client := _CLIENT_OF_EXIM.fullmatch(line)):
            facts |= {"address": client[1]}
        elif "by" not in facts and (log_in := _LOGIN.fullmatch(line)):
            facts["log_in"] = log_in[1].lower()
        elif "by" in facts and (to := _FOR.fullmatch(line)):
            recipient = usable(to[1])
    if "by" not in facts:
        return None
    return Hop(
        by=_name(facts["by"]),
        client=_name(facts.get("client", "")),
        address=facts.get("address", ""),
        log_in=facts.get("log_in", ""),
        protocol=facts.get("protocol", ""),
        recipient=recipient,
        at=stamp(lines),
        is_local="local" in facts,
    )


def stamp(lines: Sequence[str]) -> datetime | None:
    """The moment behind the last semicolon, in UTC; None where there is none."""
    return moment(" ".join(lines).rpartition(";")[2])


@lru_cache(maxsize=1024)
def moment(text: str) -> datetime | None:
    """A date as mail writes it, in UTC; None for anything else."""
    try:
        found = parsedate_to_datetime(text.strip()[:100])
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def vouched(received: Sequence[Sequence[str]], options: JournalOptions) -> Vouched:
    """What the believed ones of a copy's Received lines (top first) say of its sender."""
    server, at, recipient = "", None, None
    for number, lines in enumerate(received):
        found = hop(lines)
        if found is None or found.by not in options.server_names:
            if number and _is_of_filter(lines):
                continue
            break
        server = server or found.by
        at = found.at or at
        recipient = found.recipient or recipient
        told = _told(found, options, is_last=number == len(received) - 1)
        if told is not None:
            return Vouched(told, server, found.log_in or None if told == "login" else None, at, recipient)
    return Vouched("claimed", server, None, at, recipient)


def _told(found: Hop, options: JournalOptions, *, is_last: bool) -> Proof | None:
    """What one believed line proves; None when the line below it must be asked."""
    if found.is_local:
        return "claimed"  # a program on the server itself may write any sender
    if found.log_in:
        return "login"
    if _WITH_LOG_IN.fullmatch(found.protocol):
        return "nameless"
    from_ours = found.client in options.server_names or is_within(found.address, _LOOPBACK)
    if from_ours and not is_last:
        return None
    return "inside" if is_within(found.address, options.inside) else "outside"


def _is_of_filter(lines: Sequence[str]) -> bool:
    """Whether a line below a believed one is that of a content filter on the same machine, asked by that machine."""
    found = _OF_A_FILTER.match(" ".join(lines))
    return bool(found and _name(found[2]) in _NAMES_OF_A_FILTER and is_within(found[1], _LOOPBACK))


def _name(text: str) -> str:
    return text.lower().rstrip(".")
