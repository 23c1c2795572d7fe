"""Tokens of log-in links: made from the installation's key, so that the database holds none of them. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from core.mail.models import LogInLink

LONGEST = 64
"""No token is longer; what is given is not looked at any further."""


def token(secret_key: str, link: LogInLink) -> str:
    """The token of `link`: HMAC-SHA256 of its nonce under the installation's key, 43 signs of base64url."""
    made = hmac.new(secret_key.encode(), f"log-in-link:{link.nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def digest(given: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(given[: LONGEST + 1].encode("utf-8", "replace")).hexdigest()


def is_open(link: LogInLink, now: datetime) -> bool:
    """Whether a password may still be chosen by it."""
    return link.used_at is None and link.replaced_at is None and now < link.ends_at
