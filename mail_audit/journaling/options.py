"""What the table `[mail_audit.journal]` of `vanthu.toml` may decide; a wrong entry stops the start with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from core.settings import Settings, SettingsError, refuse_unknown
from core.words import Text

PROTOCOLS = ("smtp", "lmtp")
EVERYBODY = "*"
PRIVATE = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
_NETWORKS = ("networks", "inside", "exchange")


@dataclass(frozen=True)
class JournalOptions:
    """The choices of the journal, each shown in `docs/settings.md`.

    listen: where it waits for copies, `HOST:PORT` or `unix:PATH`.
    protocol: `lmtp` or `smtp`.
    networks: from where copies are taken; everybody else is refused.
    servers: names of the servers whose own Received lines are believed, as they stand behind `by`.
    inside: networks of the offices: a sender there was at least in the house.
    exchange: networks of the Exchange servers whose journal reports are believed.
    domains: domains of the journal's own addresses; `*` takes copies for any address.
    certificate, key: files for STARTTLS; without them nothing is encrypted.
    size_megabytes: the largest copy, in 10^6 bytes; nothing of it is held in memory.
    header_kilobytes: how much of a letter's head is looked at.
    connections: most connections at a time.
    stall_seconds: a peer that is silent for so long is left.
    keep_days: days that envelope facts are kept.
    silence_hours: hours of working time without any copy from a server from which that day is unknown.
    queue_days: days that sending servers keep what they cannot deliver: a shorter stop loses nothing.
    act_days: days after an act of an official in which silence counts as not used; later it is unknown.
    """

    listen: str = "127.0.0.1:2525"
    protocol: str = "lmtp"
    networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    servers: tuple[str, ...] = ()
    inside: tuple[str, ...] = PRIVATE
    exchange: tuple[str, ...] = ()
    domains: tuple[str, ...] = ("journal.invalid",)
    certificate: str = ""
    key: str = ""
    size_megabytes: int = 1_000
    header_kilobytes: int = 256
    connections: int = 500
    stall_seconds: int = 300
    keep_days: int = 400
    silence_hours: int = 4
    queue_days: int = 4
    act_days: int = 30

    @classmethod
    def of(cls, settings: Settings) -> JournalOptions:
        """The options as the settings' file has them; raises `SettingsError`."""
        return cls.given(settings.part("mail_audit", "journal"))

    @classmethod
    def given(cls, values: Mapping[str, Any]) -> JournalOptions:
        """The options with what `values` change; raises `SettingsError`."""
        known = {one.name: one.default for one in fields(cls)}
        refuse_unknown("mail_audit.journal", values, known)
        chosen: dict[str, Any] = {name: _checked(name, value, known[name]) for name, value in values.items()}
        return cls(**chosen)

    @property
    def size_limit(self) -> int:
        """The largest copy in bytes."""
        return self.size_megabytes * 1_000_000

    @property
    def header_limit(self) -> int:
        """How many bytes of a head are looked at."""
        return self.header_kilobytes * 1_024

    @cached_property
    def server_names(self) -> frozenset[str]:
        """The trusted names in lower case."""
        return frozenset(name.lower().rstrip(".") for name in self.servers)

    @cached_property
    def own_domains(self) -> frozenset[str]:
        """The domains of the journal's own addresses, in lower case."""
        return frozenset(domain.lower() for domain in self.domains)


def _checked(name: str, value: object, default: object) -> object:
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            texts = tuple(one.strip() for one in value)
            if name not in _NETWORKS or all(_is_network(one) for one in texts):
                return texts
    elif isinstance(default, int):
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1_000_000:
            return value
    elif isinstance(value, str) and value.strip() and (name != "protocol" or value in PROTOCOLS):
        return value.strip()
    example = list(default) if isinstance(default, tuple) else default
    raise SettingsError(
        Text(
            f"[mail_audit.journal] {name} có giá trị không dùng được; ví dụ: {example}.",
            f"[mail_audit.journal] {name} has a value that cannot be used; for example: {example}.",
        )
    )


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def _networks(texts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text) for text in texts)


@lru_cache(maxsize=4096)
def is_within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an IP address lies in one of `networks`; what is no address lies nowhere."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return any(found.version == network.version and found in network for network in _networks(networks))
