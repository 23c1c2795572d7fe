"""What a token of the API looks like: made so that a scanner finds a leaked one and a mistyped one is known at once.

`vanthu_p_` (a person's) or `vanthu_s_` (a service's), 40 random letters and digits (238 bits), and a checksum of six:
CRC-32 of what stands before it, in the same digits. Scanners look for the beginning and can check the end without
asking anybody, as GitHub's secret scanning does; the database is not asked about what cannot be a token.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib
from typing import Literal

Kind = Literal["personal", "service"]
BEGINNINGS: dict[Kind, str] = {"personal": "vanthu_p_", "service": "vanthu_s_"}
SHOWN = 13
"""So many signs of a token are kept in plain: its beginning and four more, to tell one from another."""
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECKSUM = 40, 6
PATTERN = re.compile(rf"vanthu_[ps]_[0-9A-Za-z]{{{_RANDOM + _CHECKSUM}}}")


def made(kind: Kind) -> str:
    """A new token. It is shown once; the database holds its `digest`."""
    body = BEGINNINGS[kind] + "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM))
    return body + _checksum(body)


def is_token(text: str) -> bool:
    """Whether `text` can be a token at all."""
    return PATTERN.fullmatch(text) is not None and _checksum(text[:-_CHECKSUM]) == text[-_CHECKSUM:]


def digest(token: str) -> str:
    """What the database knows of a token: SHA-256, hexadecimal. A slow hash gains nothing: nobody guesses 238 bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _checksum(body: str) -> str:
    rest, signs = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM):
        rest, place = divmod(rest, len(_DIGITS))
        signs = _DIGITS[place] + signs
    return signs
