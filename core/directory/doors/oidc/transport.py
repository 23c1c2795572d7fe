"""Requests to a provider and to nobody else: where they may go, how long they take, how much may come back.

A provider's own description names the addresses that this server will ask. Somebody who can change it must not be able
to make us ask a machine of the offices' network, or the cloud's metadata service. So requests go only to the host of
the issuer and to hosts that the settings name; to no address of this machine (unless the settings say that the provider
runs here) and no link-local one; by HTTPS with a checked certificate; and no redirect is followed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.exceptions import HTTPError

from core.directory.doors.errors import away, not_proven
from core.directory.doors.oidc.options import OidcOptions
from core.directory.doors.places import forbidden_address, hold
from core.networks import is_loopback

MOST_BYTES = 512 * 1024
"""The largest answer that is read: descriptions and key sets of real providers have some thousand bytes."""
CHUNK = 16_384


class Bearer(AuthBase):
    """An access token in the header, and never anything from a `.netrc` instead."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, asked: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with its token."""
        asked.headers["Authorization"] = f"Bearer {self._token}"
        return asked


def client_credentials(options: OidcOptions) -> tuple[AuthBase | None, dict[str, str]]:
    """How the client proves itself at the token endpoint: by a header, or by fields of the form (RFC 6749, 2.3.1)."""
    secret = options.secret()
    if not secret:
        return None, {"client_id": options.client_id}
    if options.client_authentication == "client_secret_post":
        return None, {"client_id": options.client_id, "client_secret": secret}
    return HTTPBasicAuth(quote(options.client_id, safe=""), quote(secret, safe="")), {}


def get(options: OidcOptions, address: str, *, auth: AuthBase | None = None) -> dict[str, Any]:
    """The JSON object at `address`. Raises `ProviderAwayError`."""
    status, found = _ask(options, "GET", address, auth=auth)
    if status != 200 or found is None:
        raise away(f"{address} answers {status}")
    return found


def post(
    options: OidcOptions, address: str, form: Mapping[str, str], *, auth: AuthBase | None
) -> tuple[int, dict[str, Any]]:
    """Status and JSON object that answer the form. Raises `ProviderAwayError` for an answer that is none."""
    status, found = _ask(options, "POST", address, form=form, auth=auth)
    if found is None or status >= 500:
        raise away(f"{address} answers {status}")
    return status, found


def allowed(options: OidcOptions, address: str) -> str:
    """The host of `address`, when it may be asked. Raises `DoorError`, saying in the log what the settings lack."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as broken:
        raise not_proven(f"the provider names an address that is none: {address[:200]}") from broken
    plain = parts.scheme == "http" and options.loopback and is_loopback(host)
    if (parts.scheme != "https" and not plain) or parts.username is not None or not host:
        raise not_proven(f"the provider names an address without HTTPS: {address[:200]}")
    issuer = urlsplit(options.issuer)
    known = {_place(issuer.hostname, issuer.port), *(one.lower() for one in options.hosts)}
    if _place(host, port) not in known:
        raise not_proven(f"[{options.where}] hosts does not name {_place(host, port)}, which the provider wants asked")
    return host


def _place(host: str | None, port: int | None) -> str:
    return (host or "").lower() if port in {None, 443} else f"{(host or '').lower()}:{port}"


def _ask(
    options: OidcOptions,
    method: str,
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    auth: AuthBase | None = None,
) -> tuple[int, dict[str, Any] | None]:
    host = allowed(options, address)
    if not options.proxy:
        _refuse_own_network(options, host, urlsplit(address).port or 443)
    end = time.monotonic() + 2 * options.timeout_seconds
    with requests.Session() as session:
        session.trust_env = False  # no proxy, certificate or password that the settings do not name
        session.verify = options.ca_file or True
        if options.proxy:
            session.proxies = {"https": options.proxy}
        else:
            hold(session, loopback=options.loopback)
        try:
            with session.request(
                method,
                address,
                data=form,
                auth=auth,
                headers={"Accept": "application/json"},
                timeout=options.timeout_seconds,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return answer.status_code, _json(answer, end)
        except (requests.RequestException, HTTPError, OSError, ValueError) as failed:
            raise away(f"{address}: {type(failed).__name__}: {str(failed)[:300]}") from failed


def _json(answer: requests.Response, end: float) -> dict[str, Any] | None:
    """The object of the answer; None for one that is no JSON object, too long or too slow."""
    held = bytearray()
    # What has come, not so much as was asked for: else one byte a time-out would hold this thread for hours.
    while chunk := answer.raw.read1(CHUNK, decode_content=True):
        held += chunk
        if len(held) > MOST_BYTES or time.monotonic() > end:
            return None
    try:
        found = json.loads(bytes(held))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refuse_own_network(options: OidcOptions, host: str, port: int) -> None:
    """Raise `DoorError` where the name stands for this machine or a link-local address, where none was expected."""
    try:
        found = forbidden_address(host, port, loopback=options.loopback)
    except OSError as unknown:
        raise away(f"{host}: no address") from unknown
    if found is not None:
        raise not_proven(f"{host} stands for {found}, which no provider may have")
