"""Addresses that mail may be sent to: plain ones only, so that nothing in them can end a command or a header."""

from __future__ import annotations

import re

LONGEST = 254
"""Signs of an address (RFC 5321, 4.5.3.1.3, without the angle brackets)."""
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)


def is_address(text: str) -> bool:
    """Whether `text` is a dot-atom, an @ and a domain name, in ASCII (RFC 5321 without quoted local parts)."""
    return len(text) <= LONGEST and len(text.partition("@")[0]) <= 64 and ADDRESS.fullmatch(text) is not None
