"""Challenges that a passkey signs: ours, for one purpose, for five minutes. Nothing is kept until one is used.

A challenge is the time, 16 random bytes, and a keyed digest over both and over what it is *for* (log in, add a passkey;
whose; in which browser). So it needs no table to be known again; that it is used once only is the table's business
(`SpentChallenge`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

VALID_FOR = timedelta(minutes=5)
TIME_BYTES, RANDOM_BYTES, MARK_BYTES = 8, 16, 32


def issued(key: str, purpose: str, *, now: datetime) -> bytes:
    """A new challenge; `key` is the installation's secret."""
    body = int(now.timestamp()).to_bytes(TIME_BYTES, "big") + secrets.token_bytes(RANDOM_BYTES)
    return body + _mark(key, purpose, body)


def is_ours(key: str, purpose: str, challenge: bytes, *, now: datetime) -> bool:
    """Whether the challenge was issued here, for that purpose, not too long ago."""
    body, mark = challenge[: TIME_BYTES + RANDOM_BYTES], challenge[TIME_BYTES + RANDOM_BYTES :]
    if len(mark) != MARK_BYTES or not hmac.compare_digest(mark, _mark(key, purpose, body)):
        return False
    at = datetime.fromtimestamp(int.from_bytes(body[:TIME_BYTES], "big"), UTC)
    return timedelta(seconds=-1) <= now - at <= VALID_FOR


def digest(challenge: bytes) -> str:
    """What is kept of a challenge that was used."""
    return hashlib.sha256(challenge).hexdigest()


def _mark(key: str, purpose: str, body: bytes) -> bytes:
    return hmac.new(key.encode(), b"passkey challenge\0" + body + purpose.encode(), hashlib.sha256).digest()
