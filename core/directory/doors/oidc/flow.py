"""To the provider and back: authorization code with PKCE, state, nonce, and the name of who answers.

One random *handle* belongs to a log-in that was begun; the browser keeps it in its signed cookie. State, nonce and the
verifier of PKCE are made from it under the installation's key, so that whoever reads the cookie knows none of them, and
an answer that belongs to another browser's handle fits none of ours.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from core.directory.doors.errors import not_proven, refused_there, stale
from core.directory.doors.oidc import tokens, transport
from core.directory.doors.oidc.discovery import Discovery, Metadata
from core.directory.doors.oidc.keys import Keys
from core.directory.doors.oidc.options import OidcOptions
from core.directory.doors.presented import Presented

LONGEST_ANSWER = 4_096
"""Characters of a code, state or issuer in an answer."""
LONGEST_CLAIM = 320


def new_handle() -> str:
    """The handle of a log-in that begins."""
    return secrets.token_urlsafe(16)


def derived(secret_key: str, handle: str, what: str) -> str:
    """43 characters made from a handle for one purpose."""
    made = hmac.new(secret_key.encode(), f"oidc {what} {handle}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


@dataclass(slots=True)
class OidcDoor:
    """One provider, with what is known of it. Shared by the threads of a process."""

    options: OidcOptions
    secret_key: str = field(repr=False)
    discovery: Discovery = field(init=False)
    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        self.discovery = Discovery(self.options)
        self.keys = Keys(self.options)

    def begin(self, handle: str, *, back: str) -> str:
        """The provider's address that the browser goes to; it comes back to `back`. Raises `ProviderAwayError`."""
        verifier = derived(self.secret_key, handle, "verifier")
        asked = {
            "response_type": "code",
            "client_id": self.options.client_id,
            "redirect_uri": back,
            "scope": " ".join(self.options.scopes),
            "state": derived(self.secret_key, handle, "state"),
            "nonce": derived(self.secret_key, handle, "nonce"),
            "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
            .rstrip(b"=")
            .decode(),
            "code_challenge_method": "S256",
        }
        return _with_query(self.discovery.metadata().authorization, asked)

    def is_answer_to(self, handle: str, answer: Mapping[str, str]) -> bool:
        """Whether the answer has the state of that handle."""
        state = answer.get("state", "")
        return hmac.compare_digest(derived(self.secret_key, handle, "state").encode(), state.encode())

    def finish(self, handle: str, answer: Mapping[str, str], *, back: str, now: float | None = None) -> Presented:
        """Who somebody is, by the parameters they came back with. Raises `DoorError`, `LeftThereError`,
        `StaleLogInError`, `ProviderAwayError`.
        """
        if not self.is_answer_to(handle, answer):
            raise stale("the state is another's")
        metadata = self.discovery.metadata()
        self._check_issuer(metadata, answer)
        if "error" in answer:
            raise refused_there(f"{self.options.issuer} answers {answer['error'][:100]!r}")
        code = answer.get("code", "")
        if not 0 < len(code) <= LONGEST_ANSWER:
            raise not_proven("no code in the answer")
        given = self._exchange(metadata, handle, code, back)
        token, access = given.get("id_token"), given.get("access_token")
        keys = self.keys.named(metadata.keys, tokens.key_name(token))
        claims = tokens.verified(
            self.options,
            str(token),
            keys,
            nonce=derived(self.secret_key, handle, "nonce"),
            access_token=access if isinstance(access, str) else None,
            now=time.time() if now is None else now,
        )
        return self._presented(claims, self._more(metadata, claims, access))

    def log_out_address(self, *, back: str) -> str | None:
        """Where somebody logs out of the provider too (RP-Initiated Logout 1.0); None where it offers nothing.

        No ID token is kept for it, so the provider asks the person before it does.
        """
        end = self.discovery.metadata().end_session if self.options.log_out else None
        if end is None:
            return None
        return _with_query(end, {"client_id": self.options.client_id, "post_logout_redirect_uri": back})

    def _check_issuer(self, metadata: Metadata, answer: Mapping[str, str]) -> None:
        """Whoever answers has to be whom we asked (RFC 9207, 2.4): else another provider's code would be sent there."""
        said = answer.get("iss")
        if said is None and metadata.says_issuer:
            raise not_proven("the answer does not say whose it is")
        if said is not None and said != self.options.issuer:
            raise not_proven(f"asked {self.options.issuer}, {said[:200]!r} answers")

    def _exchange(self, metadata: Metadata, handle: str, code: str, back: str) -> dict[str, Any]:
        """What the provider gives for the code."""
        auth, fields = transport.client_credentials(self.options)
        form = fields | {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": derived(self.secret_key, handle, "verifier"),
        }
        status, given = transport.post(self.options, metadata.token, form, auth=auth)
        if status != 200:
            raise not_proven(f"{metadata.token} answers {status} {given.get('error')!r:.100}")
        return given

    def _more(self, metadata: Metadata, claims: dict[str, Any], access: object) -> dict[str, Any]:
        """The claims with those of the userinfo endpoint, asked only where one that is needed is not in the token."""
        wanted = {"official_id": self.options.official_id_claim, "address": self.options.address_claim}
        missing = [one for one in self.options.links if wanted[one] not in claims]
        if not missing or metadata.userinfo is None or not isinstance(access, str) or not access.isascii():
            return claims
        said = transport.get(self.options, metadata.userinfo, auth=transport.Bearer(access))
        if said.get("sub") != claims["sub"]:  # Core, 5.3.2: else it speaks of somebody else
            raise not_proven("the userinfo endpoint speaks of somebody else")
        return said | claims

    def _presented(self, token: dict[str, Any], claims: dict[str, Any]) -> Presented:
        options, links = self.options, self.options.links
        number = claims.get(options.official_id_claim) if "official_id" in links else None
        address = claims.get(options.address_claim) if "address" in links else None
        vouched = claims.get("email_verified") is True  # the claim's absence, or the text "true", vouches for nothing
        methods = token.get("amr")
        return Presented(
            door=options.key,
            provider=options.issuer,
            subject=token["sub"],
            official_id=number.strip() if isinstance(number, str) and 0 < len(number) <= LONGEST_CLAIM else None,
            address=address.strip().lower()
            if vouched and isinstance(address, str) and len(address) <= LONGEST_CLAIM
            else None,
            had_second_factor=options.second_factor == "provider"
            and isinstance(methods, list)
            and any(one in methods for one in options.second_factor_amr),
        )


def _with_query(address: str, more: Mapping[str, str]) -> str:
    """The address with further parameters; it may have some already (RFC 6749, 3.1)."""
    parts = urlsplit(address)
    query = "&".join(one for one in (parts.query, urlencode(more)) if one)
    return urlunsplit(parts._replace(query=query, fragment=""))
