"""Files that say the same from their first byte to their last: `mail.log.1` and the `mail.log.1.gz` that is made of it.

Told before they are read, so that only one of them is. Copies that are cut, shuffled or grown further are told by their
events (`mail_audit.events.distinct`), which costs reading them twice.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence

from mail_audit.archives.find import LogFile, open_log
from mail_audit.archives.read import REFUSALS, unpacked

_READ = 1 << 20
_FIRST = 64 << 10
"""Bytes of text that files are first compared by; few but copies begin alike for so long."""


def copies(logs: Sequence[LogFile]) -> dict[int, int]:
    """Number of a file -> of the first one before it with the same whole text. A damaged or unreadable one is none."""
    found: dict[int, int] = {}
    for alike in _groups(range(len(logs)), lambda number: _digest(logs[number], _FIRST)):
        for same in _groups(alike, lambda number: _digest(logs[number])):
            found |= dict.fromkeys(same[1:], same[0])
    return found


def _groups(numbers: Iterable[int], digest: Callable[[int], bytes | None]) -> list[list[int]]:
    """The numbers with a digest that another has too, each group in its order."""
    groups: dict[bytes, list[int]] = {}
    for number in numbers:
        key = digest(number)
        if key is not None:
            groups.setdefault(key, []).append(number)
    return [group for group in groups.values() if len(group) > 1]


def _digest(log: LogFile, most: int | None = None) -> bytes | None:
    """SHA-256 of the text, or of its first `most` bytes; None where there is no text, or it cannot be read so far."""
    seen, done = hashlib.sha256(), 0
    try:
        with open_log(log.path, buffering=0 if log.packing == "plain" else io.DEFAULT_BUFFER_SIZE) as raw:
            source = unpacked(log, raw)
            while (most is None or done < most) and (block := source.read(_READ if most is None else most - done)):
                text = block if most is None else block[: most - done]
                seen.update(text)
                done += len(text)
    except REFUSALS:
        return None
    return seen.digest() if done else None
