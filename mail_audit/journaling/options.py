"""What the table `[mail_audit.journal]` of `vanthu.toml` may decide; a wrong entry stops the start with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.networks import is_network
from core.options import entries, wrong_entry
from core.settings import Settings

TABLE = "mail_audit.journal"
PROTOCOLS = ("smtp", "lmtp")
EVERYBODY = "*"
PRIVATE = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
_MAY_BE_EMPTY = ("certificate", "key")
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
        chosen = entries(TABLE, values, cls)
        for name, value in chosen.items():
            if not _is_usable(name, value):
                raise wrong_entry(TABLE, name, example=getattr(cls, name) or None)
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


def _is_usable(name: str, value: object) -> bool:
    if isinstance(value, tuple):
        return all(value) and (name not in _NETWORKS or all(is_network(one) for one in value))
    if isinstance(value, int):
        return 1 <= value <= 1_000_000
    if name == "protocol":
        return value in PROTOCOLS
    return bool(value) or name in _MAY_BE_EMPTY
