"""What an ID token has to be before anything it says is believed (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jwt import JWTClaimsRegistry

from core.directory.doors.errors import not_proven
from core.directory.doors.oidc.options import OidcOptions

LONGEST_TOKEN = 64_000
LONGEST_SUBJECT = 255
"""Characters that `sub` may have (Core, 2)."""


def key_name(token: object) -> str | None:
    """The name of the key in a token's head, not to be believed yet. Raises `DoorError` for what is no token."""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise not_proven("no ID token of three parts")
    head = token.partition(".")[0]
    try:
        said = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        kid = said.get("kid")
    except (ValueError, binascii.Error, AttributeError, RecursionError) as broken:
        raise not_proven("the head of the ID token cannot be read") from broken
    return kid if isinstance(kid, str) else None


def verified(
    options: OidcOptions, token: str, keys: tuple[Key, ...], *, nonce: str, access_token: str | None, now: float
) -> dict[str, Any]:
    """The claims of `token`; `now` is in seconds since 1970. Raises `DoorError` for whatever is not as it has to be."""
    claims = _signed(options, token, keys)
    rules = JWTClaimsRegistry(
        now=int(now),
        leeway=int(options.skew_seconds),
        iss={"essential": True, "value": options.issuer},
        aud={"essential": True, "value": options.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        rules.validate(claims)
    except JoseError as refused:
        raise not_proven(f"the ID token of {options.issuer}: {refused}") from refused
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    azp = claims.get("azp")
    if (azp is not None and azp != options.client_id) or (len(audience) > 1 and azp is None):
        raise not_proven("the ID token was made for another client")
    subject = claims["sub"]
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise not_proven("the ID token names nobody")
    _check_access_token(token, claims, access_token)
    return claims


def _signed(options: OidcOptions, token: str, keys: tuple[Key, ...]) -> dict[str, Any]:
    """The claims, when one of `keys` made the signature by one of the allowed algorithms."""
    reason = "no key of that name"
    for key in keys:
        try:
            found = jws.deserialize_compact(token, key, algorithms=list(options.algorithms))
            claims = json.loads(found.payload or b"")
        except (JoseError, ValueError, RecursionError) as refused:
            reason = f"{type(refused).__name__}: {str(refused)[:200]}"
            continue
        if isinstance(claims, dict):
            return claims
        reason = "no claims"
    raise not_proven(f"the signature of the ID token of {options.issuer}: {reason}")


def _check_access_token(token: str, claims: dict[str, Any], access_token: str | None) -> None:
    """Where the token says which access token came with it, it has to be that one (Core, 3.1.3.8)."""
    said = claims.get("at_hash")
    if said is None or access_token is None:
        return
    algorithm = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "==="))["alg"]
    digest = hashlib.new({"384": "sha384", "512": "sha512"}.get(algorithm[-3:], "sha256"), access_token.encode())
    if algorithm.startswith("Ed"):
        digest = hashlib.sha512(access_token.encode())
    half = base64.urlsafe_b64encode(digest.digest()[: digest.digest_size // 2]).rstrip(b"=").decode()
    if not isinstance(said, str) or not hmac.compare_digest(half.encode(), said.encode()):
        raise not_proven("the access token is not the one that came with the ID token")
