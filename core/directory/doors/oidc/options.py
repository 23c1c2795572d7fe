"""What the table `[oidc.NAME]` of `vanthu.toml` may decide; `docs/log-in.md` shows each entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from core.directory.doors.options import LINKS, secret, trusted, wrong_entry
from core.directory.doors.presented import LinkBy
from core.networks import is_service

ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"})
"""Signatures that only the provider can make. `none` and those made with the client's own secret are not among them."""


@dataclass(frozen=True, slots=True)
class OidcOptions:
    """One provider."""

    key: str
    issuer: str
    client_id: str
    address: str
    """Where our own pages are reached: the provider sends people back there."""
    label: str
    """What the button says, in Vietnamese."""
    label_en: str = ""
    secret_file: str = ""
    secret_variable: str = ""
    client_authentication: str = "client_secret_basic"
    scopes: tuple[str, ...] = ("openid", "email")
    link: tuple[str, ...] = ()
    official_id_claim: str = ""
    address_claim: str = "email"
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    hosts: tuple[str, ...] = ()
    loopback: bool = False
    proxy: str = ""
    ca_file: str = ""
    timeout_seconds: float = 10.0
    skew_seconds: float = 60.0
    log_out: bool = True
    second_factor: str = "ask"
    second_factor_amr: tuple[str, ...] = ("mfa",)

    @property
    def where(self) -> str:
        """The table's name."""
        return f"oidc.{self.key}"

    @property
    def links(self) -> tuple[LinkBy, ...]:
        """By what somebody may be found the first time."""
        return cast("tuple[LinkBy, ...]", self.link)

    def secret(self) -> str:
        """The client's secret; empty for a public client. Raises `UnavailableError`."""
        return secret(self.where, file=self.secret_file, variable=self.secret_variable)

    def check(self) -> None:
        """Raises `SettingsError` for values that cannot be used or do not go together."""
        rules = {
            "issuer": is_service(self.issuer, plain_here=self.loopback),
            "client_id": bool(self.client_id),
            "address": is_service(self.address, plain_here=self.loopback) and urlsplit(self.address).path in {"", "/"},
            "label": bool(self.label),
            "client_authentication": self.client_authentication in {"client_secret_basic", "client_secret_post"},
            "scopes": "openid" in self.scopes and not any(" " in scope for scope in self.scopes),
            "link": set(self.link) <= LINKS,
            "official_id_claim": bool(self.official_id_claim) or "official_id" not in self.link,
            "address_claim": bool(self.address_claim) or "address" not in self.link,
            "algorithms": bool(self.algorithms) and set(self.algorithms) <= ASYMMETRIC,
            "second_factor": self.second_factor in {"ask", "provider"},
        }
        for name, holds in rules.items():
            if not holds:
                raise wrong_entry(self.where, name)
        trusted(self.where, self.ca_file)
