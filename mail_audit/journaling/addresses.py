"""Addresses as they stand in an envelope, made fit to be kept; and the journal's own, which carry another's."""

from __future__ import annotations

import re

LONGEST = 320
"""Characters: 64 before the @ and 255 behind it (RFC 5321, 4.5.3.1)."""
_USABLE = re.compile(r"[^\s\x00-\x1f\x7f<>,;]+@[^\s\x00-\x1f\x7f<>,;@]+")
_PATH = re.compile(r"<(?:@[^:<>\s]+:)?([^<>]*)>((?:\s+\S+)*)\s*")


def path_and_words(text: str) -> tuple[str, list[str]] | None:
    """What is between the brackets of `<address> WORD=value …` and the words behind; None where it is no path.

    A source route (`<@a,@b:user@c>`) is left out, as RFC 5321 wants.
    """
    found = _PATH.fullmatch(text.strip())
    return None if found is None else (found[1].strip(), found[2].split())


def usable(text: str) -> str | None:
    """The address in lower case; None when it has no domain, is too long, or holds what no address may hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # bytes that were no UTF-8
        return None
    plain = text.strip().lower()
    return plain if len(plain) <= LONGEST and _USABLE.fullmatch(plain) else None


def carried(address: str, own_domains: frozenset[str]) -> str | None:
    """The address that one of the journal's own carries: `journal+an=city.vn@journal.invalid` is `an@city.vn`.

    Any other address is itself; an own address that carries nothing is None.
    """
    local, _, domain = address.rpartition("@")
    if domain not in own_domains:
        return address
    name, equals, at = local.partition("+")[2].rpartition("=")
    return usable(f"{name}@{at}") if equals and name and at else None
