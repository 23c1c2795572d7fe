"""Tokens of reply addresses: made from the installation's key, so that neither database nor trail holds one.

A token stands in the local part of an address, which servers may write in small letters and bound to 64 signs: so it is
base32 in small letters, 128 bits of an HMAC.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

BYTES = 16
LENGTH = 26
TOKEN = re.compile(r"[a-z2-7]{26}")


def token(secret_key: str, nonce: str) -> str:
    """The token of a nonce under the installation's key: 26 signs."""
    made = hmac.new(secret_key.encode(), f"reply:{nonce}".encode(), hashlib.sha256).digest()[:BYTES]
    return base64.b32encode(made).decode().rstrip("=").lower()


def digest(given: str) -> str:
    """What the database knows of a token: SHA-256, hexadecimal."""
    return hashlib.sha256(given.encode("utf-8", "replace")).hexdigest()


def with_token(address: str, separator: str, given: str) -> str:
    """The reply address that carries a token (`traloi+TOKEN@domain`)."""
    local, _, domain = address.partition("@")
    return f"{local}{separator}{given}@{domain}"


def token_in(recipient: str, address: str, separator: str) -> str | None:
    """The token that an address carries; empty for the plain reply address, None for any other address."""
    wanted_local, _, wanted_domain = address.lower().partition("@")
    local, _, domain = recipient.strip().lower().rpartition("@")
    if domain != wanted_domain:
        return None
    if local == wanted_local:
        return ""
    if not local.startswith(wanted_local + separator):
        return None
    found = local[len(wanted_local) + len(separator) :]
    return found if TOKEN.fullmatch(found) else ""
