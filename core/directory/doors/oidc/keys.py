"""The keys a provider signs with. It may change them at any time: a key nobody knows is asked for once more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from core.directory.doors.oidc import transport
from core.directory.doors.oidc.options import OidcOptions

FRESH_SECONDS = 3_600.0
PAUSE_SECONDS = 10.0
"""Keys are not asked for more often, whatever names of keys somebody makes up."""
MOST_KEYS = 100
KINDS: dict[str, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
"""Kinds of public keys. A shared secret in a public list would let anybody sign."""


@dataclass(slots=True)
class Keys:
    """The key set of one provider."""

    options: OidcOptions
    _found: tuple[Key, ...] = field(default=(), init=False)
    _at: float | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def named(self, address: str, kid: str | None, *, now: Callable[[], float] = time.monotonic) -> tuple[Key, ...]:
        """The keys that a signature with this name may be of: all, where it names none. Raises `ProviderAwayError`."""
        with self._lock:
            age = None if self._at is None else now() - self._at
            if age is None or age > FRESH_SECONDS or (not self._match(kid) and age > PAUSE_SECONDS):
                self._found = usable(transport.get(self.options, address).get("keys"))
                self._at = now()
            return self._match(kid)

    def _match(self, kid: str | None) -> tuple[Key, ...]:
        return tuple(key for key in self._found if kid is None or key.kid == kid)


def usable(listed: Any) -> tuple[Key, ...]:
    """The public signing keys of a key set; whatever else stands there is left out (RFC 7517, 5)."""
    found: list[Key] = []
    for one in listed[:MOST_KEYS] if isinstance(listed, list) else ():
        if not isinstance(one, dict) or one.get("kty") not in KINDS or one.get("use", "sig") != "sig":
            continue
        try:
            found.append(JWKRegistry.import_key(one))
        except (JoseError, ValueError, TypeError):
            continue
    return tuple(found)
