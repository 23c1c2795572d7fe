"""What the table `[eoffice.inbound]` of `vanthu.toml` may decide: the address, the doors, whom to believe.

Answering by e-mail is on when `address` is set. The password for IMAP comes from a file or from the environment
(`VANTHU_INBOUND_PASSWORD`). A table that cannot be used stops whoever asks with a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.mail.addresses import is_address
from core.networks import is_loopback, is_network
from core.options import SettingsError, entries, wrong_entry
from core.settings import Settings

UNIX = "unix:"
TRUSTS = ("submission", "results", "header")
"""Whom to believe: the `Received` line of the own server that took it from a log-in; the own server's
`Authentication-Results`; a header that the own server alone writes."""
METHODS = frozenset({"auth", "dkim", "arc", "spf"})
PROTOCOLS = ("lmtp", "smtp")
SECURITIES = ("tls", "starttls", "none")
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
        given = entries("eoffice.inbound", settings.part("eoffice", "inbound"), cls)
        made = cls(**{name: _in_small_letters(value) for name, value in given.items()})
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
            if not all(is_network(one) for one in getattr(self, name)):
                raise wrong(name)
        _place(self.listen)
        self._check_trust()
        if self.imap:
            host, _ = self.imap_place
            if self.security == "none" and not is_loopback(host):
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


def _in_small_letters(value: Any) -> Any:
    """Names in lists are compared without regard to capitals; single texts may be names of folders, which are not."""
    return tuple(one.lower() for one in value) if isinstance(value, tuple) else value


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
    """An entry that is missing or cannot be used."""
    return wrong_entry("eoffice.inbound", name)
