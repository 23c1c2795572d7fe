"""What servers write, as data: one module a server program, and one for what stands before every message.

Adding a server means one module with its `PATTERNS` and its name in `FORMATS` below, with samples in the tests.
"""

from __future__ import annotations

from mail_audit.formats import dovecot, postfix
from mail_audit.formats.heads import HEADS, Head
from mail_audit.formats.pattern import Part, Pattern

PATTERNS: tuple[Pattern, ...] = (*postfix.PATTERNS, *dovecot.PATTERNS)
"""All patterns; where two could take a line, the first does."""

WITH_BEGINNINGS: tuple[Pattern, ...] = postfix.PATTERNS
"""Patterns all of whose messages begin as their `begins` says: what begins otherwise can be passed over unread."""

UNTAGGED: tuple[Pattern, ...] = dovecot.PATTERNS
"""Patterns of programs that write log files of their own, without the program's name."""


def patterns_for(head: Head) -> tuple[Pattern, ...]:
    """The patterns that can stand behind `head`."""
    return PATTERNS if head.tagged else UNTAGGED


__all__ = ["HEADS", "PATTERNS", "WITH_BEGINNINGS", "Head", "Part", "Pattern", "patterns_for"]
