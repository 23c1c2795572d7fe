"""What a provider says of itself (OpenID Connect Discovery 1.0), held for an hour."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from core.directory.doors.errors import away, not_proven
from core.directory.doors.oidc import transport
from core.directory.doors.oidc.options import OidcOptions
from core.errors import VanthuError

FRESH_SECONDS = 3_600.0
PAUSE_SECONDS = 5.0
"""A provider that is away is not asked more often: everybody who waits for it holds a thread of the server."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The parts of a description that are used; every address in it may be asked, or sent to."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    end_session: str | None
    says_issuer: bool
    """It names itself in its answer (RFC 9207), so an answer without the name is not its."""


@dataclass(slots=True)
class Discovery:
    """The description of one provider; asked for when first needed, so that a provider that is away stops nothing."""

    options: OidcOptions
    _found: Metadata | None = field(default=None, init=False)
    _at: float = field(default=0.0, init=False)
    _away_since: float | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def metadata(self) -> Metadata:
        """The description. Raises `ProviderAwayError`, `DoorError` for one that is not the issuer's."""
        with self._lock:
            now = time.monotonic()
            if self._found is not None and now - self._at <= FRESH_SECONDS:
                return self._found
            if self._away_since is not None and now - self._away_since < PAUSE_SECONDS:
                raise away(f"{self.options.issuer} was away a moment ago")
            try:
                address = self.options.issuer.rstrip("/") + "/.well-known/openid-configuration"
                self._found = read(self.options, transport.get(self.options, address))
            except VanthuError:
                self._away_since = time.monotonic()
                raise
            self._at, self._away_since = time.monotonic(), None
            return self._found


def read(options: OidcOptions, said: dict[str, Any]) -> Metadata:
    """The description `said`, checked: it is the issuer's own (Discovery, 4.3) and names nobody it may not."""
    if said.get("issuer") != options.issuer:
        raise not_proven(
            f"[{options.where}] issuer is {options.issuer}, the provider calls itself {said.get('issuer')!r:.200}"
        )
    methods = said.get("code_challenge_methods_supported")
    if isinstance(methods, list) and "S256" not in methods:
        raise not_proven(f"{options.issuer} offers no PKCE with S256")
    return Metadata(
        authorization=_required(options, said, "authorization_endpoint"),
        token=_required(options, said, "token_endpoint"),
        keys=_required(options, said, "jwks_uri"),
        userinfo=_offered(options, said, "userinfo_endpoint"),
        end_session=_offered(options, said, "end_session_endpoint"),
        says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _required(options: OidcOptions, said: dict[str, Any], name: str) -> str:
    found = _offered(options, said, name)
    if found is None:
        raise not_proven(f"{options.issuer} names no {name}")
    return found


def _offered(options: OidcOptions, said: dict[str, Any], name: str) -> str | None:
    """An address that the description names; None where it names none."""
    found = said.get(name)
    if not isinstance(found, str):
        return None
    transport.allowed(options, found)
    return found
