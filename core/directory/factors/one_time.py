"""One-time codes of an authenticator app: RFC 6238 with what every app knows (HMAC-SHA-1, six digits, 30 seconds).

A code belongs to a *step*, the number of the 30 seconds since 1970 it is shown in. One step before and after the
present one is taken as well (RFC 6238, 5.2): clocks differ, and people type. Who keeps the last step that was used and
passes it as `after` takes each code once only.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyotp

STEP_SECONDS = 30
DIGITS = 6
WINDOW = 1
"""So many steps before and after the present one."""
SECRET_LETTERS = 32
"""160 bits in base 32, what RFC 4226 (4, R6) recommends."""
_CODE = re.compile(rf"[0-9]{{{DIGITS}}}")


def new_secret() -> str:
    """A new secret in base 32."""
    return pyotp.random_base32(SECRET_LETTERS)


def step_of(moment: datetime) -> int:
    """The step that the moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int, *, digits: int = DIGITS, digest: Callable[..., Any] = hashlib.sha1) -> str:
    """The code of a step; other digits and digests are for the RFC's own examples."""
    return pyotp.TOTP(secret, digits=digits, digest=digest, interval=STEP_SECONDS).generate_otp(step)


def typed(text: str) -> str | None:
    """The six digits somebody typed, as apps show them with a space between; None for anything else."""
    code = re.sub(r"[\s-]", "", text)
    return code if _CODE.fullmatch(code) else None


def matching_step(secret: str, code: str, *, moment: datetime, after: int | None) -> int | None:
    """The step that `code` (six digits) belongs to, of those around `moment` and later than `after`; None for none."""
    present = step_of(moment)
    for step in range(present - WINDOW, present + WINDOW + 1):
        if (after is None or step > after) and hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


def address(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code says: an `otpauth:` address that authenticator apps open."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)
