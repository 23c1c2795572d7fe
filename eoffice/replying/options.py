"""What the table `[eoffice.inbound]` of `vanthu.toml` may decide: the address, the doors, whom to believe.

Answering by e-mail is on when `address` is set. The password for IMAP comes from a file or from the environment
(`VANTHU_INBOUND_PASSWORD`). A table that cannot be used stops whoever asks with a sentence.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from core.mail.addresses import is_address
from core.settings import Settings, SettingsError, refuse_unknown
from core.words import Text

UNIX = "unix:"
TRUSTS = ("submission", "results", "header")
"""Whom to believe: the `Received` line of the own server that took it from a log-in; the own server's
`Authentication-Results`; a header that the own server alone writes."""
METHODS = frozenset({"auth", "dkim", "arc", "spf"})
PROTOCOLS = ("lmtp", "smtp")
SECURITIES = ("tls", "starttls", "none")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}")
_IMAP = re.compile(r"(?P<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(?P<port>\d{1,5}))?")
_BOUNDS = {
    "days": (1, 365), "size_limit": (10_000, 100_000_000), "connections": (1, 1_000), "poll_seconds": (5, 3_600),
    "results": (1, 10),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InboundOptions:
    """The choices of answering by e-mail; the names are those of the file."""

    address: str = ""
    """Where answers go to; empty: answering by e-mail is off."""
    separator: str = "+"
    """Between the local part and the token."""
    days: int = 30
    """How long an answer is taken."""
    listen: str = "127.0.0.1:2526"
    protocol: str = "lmtp"
    networks: tuple[str, ...] = ("127.0.0.1/32", "::1/128")
    """From where answers are taken over SMTP or LMTP."""
    connections: int = 20
    size_limit: int = 25_000_000
    trust: str = "submission"
    servers: tuple[str, ...] = ()
    """Names of the own servers, as they stand behind `by` in `Received`."""
    inside: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    """Networks from which one own server hands mail to the next."""
    authserv: str = ""
    """The name in `Authentication-Results`."""
    methods: tuple[str, ...] = ("auth",)
    results: int = 1
    """How many such headers the own server writes."""
    header: str = ""
    """The header in which the own server names the log-in."""
    imap: str = ""
    """`HOST` or `HOST:PORT` of the mailbox that answers go to; empty: none is fetched."""
    security: str = "tls"
    user: str = ""
    password_file: str = ""
    ca: str = ""
    folder: str = "INBOX"
    done_folder: str = "Vanthu"
    """Where a message that was dealt with is moved to."""
    poll_seconds: int = 60
    """How often is asked where the server has no IDLE."""

    @classmethod
    def of(cls, settings: Settings) -> InboundOptions:
        """The options as the settings' file has them. Raises `SettingsError`."""
        given: dict[str, Any] = settings.part("eoffice", "inbound")
        known: dict[str, Any] = {one.name: one.default for one in fields(cls)}
        refuse_unknown("eoffice.inbound", given, known)
        made = cls(**{name: _typed(name, value, known[name]) for name, value in given.items()})
        made.check()
        return made

    @property
    def is_on(self) -> bool:
        """Whether documents can be answered by e-mail."""
        return bool(self.address)

    @property
    def imap_place(self) -> tuple[str, int]:
        """Host and port of the mailbox. Raises `SettingsError`."""
        found = _IMAP.fullmatch(self.imap)
        port = int((found and found["port"]) or {"tls": 993}.get(self.security, 143))
        if found is None or not 0 < port < 65_536:
            raise wrong("imap")
        return found["host"], port

    def check(self) -> None:
        """Raises `SettingsError` for the first entry that cannot be used."""
        if self.address and (not is_address(self.address) or len(self.address.partition("@")[0]) > 30):
            raise wrong("address")
        if self.separator not in {"+", "-", "_", "="}:
            raise wrong("separator")
        for name, choices in (("protocol", PROTOCOLS), ("trust", TRUSTS), ("security", SECURITIES)):
            if getattr(self, name) not in choices:
                raise wrong(name)
        for name, (least, most) in _BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise wrong(name)
        for name in ("networks", "inside"):
            _networks(name, getattr(self, name))
        _place(self.listen)
        self._check_trust()
        if self.imap:
            host, _ = self.imap_place
            if self.security == "none" and host not in LOOPBACK:
                raise wrong("security")
        for name in ("ca", "password_file"):
            if getattr(self, name) and not Path(getattr(self, name)).is_absolute():
                raise wrong(name)
        if any(not getattr(self, name) or not getattr(self, name).isprintable() for name in ("folder", "done_folder")):
            raise wrong("folder")

    def _check_trust(self) -> None:
        """What `trust` needs must be there: without it nobody could answer, or everybody."""
        if not set(self.methods) <= METHODS or not self.methods:
            raise wrong("methods")
        if self.is_on and self.trust == "submission" and not self.servers:
            raise wrong("servers")
        if not all(_HOST.fullmatch(one) for one in self.servers):
            raise wrong("servers")
        if self.trust == "results" and self.is_on and not _HOST.fullmatch(self.authserv):
            raise wrong("authserv")
        if self.trust == "header" and self.is_on and not _HEADER.fullmatch(self.header):
            raise wrong("header")


def _typed(name: str, value: Any, default: Any) -> Any:
    """The value as the option's type; lists are of texts."""
    if isinstance(default, tuple):
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise wrong(name)
        return tuple(one.strip().lower() for one in value)
    if type(value) is not type(default):
        raise wrong(name)
    return value.strip() if isinstance(value, str) else value


def _networks(name: str, given: tuple[str, ...]) -> None:
    try:
        for one in given:
            ipaddress.ip_network(one)
    except ValueError:
        raise wrong(name) from None


def is_within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an IP address is in one of the networks; text that is no address is in none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in ipaddress.ip_network(one) for one in networks)


def _place(listen: str) -> tuple[str, int] | Path:
    if listen.startswith(UNIX) and Path(listen.removeprefix(UNIX)).is_absolute():
        return Path(listen.removeprefix(UNIX))
    host, colon, port = listen.rpartition(":")
    if host and colon and port.isdecimal() and 0 < int(port) < 65_536:
        return host.strip("[]"), int(port)
    raise wrong("listen")


def place_of(options: InboundOptions) -> tuple[str, int] | Path:
    """Where answers are taken: host and port, or the path of a Unix socket."""
    return _place(options.listen)


def wrong(name: str) -> SettingsError:
    """An entry that cannot be used."""
    return SettingsError(
        Text(
            f"[eoffice.inbound] {name} thiếu hoặc có giá trị không dùng được; xem docs/settings.md.",
            f"[eoffice.inbound] {name} is missing or has a value that cannot be used; see docs/settings.md.",
        ),
        detail=name,
    )
