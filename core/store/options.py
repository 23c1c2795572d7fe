"""What the table `[s3]` of `vanthu.toml` may decide of a store in a bucket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = "localhost"


@dataclass(frozen=True, slots=True)
class BucketOptions:
    """The choices of a store in a bucket; the names are those of the file."""

    endpoint: str = ""
    """Address of the server: `https://HOST`; HTTP only on this very machine. Empty: Amazon's of the region."""
    region: str = "us-east-1"
    access_key: str = ""
    """The name of the key; its secret is in the file, or `VANTHU_STORE_SECRET`."""
    secret_file: str = ""
    """A file with the secret in its first line."""
    ca_file: str = ""
    """Certificates to trust beside the system's."""
    host_style: bool = False
    """Whether the bucket stands in the host's name instead of the path."""
    timeout_seconds: float = 30.0
    """So long the server may be silent, and so long a request is tried again."""
    cache: str = ""
    """The folder of this machine for copies of what was read; `cache` in the data folder."""
    cache_megabytes: int = 20_000
    """So large the copies may grow; the ones not used for longest go first."""

    @classmethod
    def of(cls, given: Mapping[str, Any], home: Path) -> BucketOptions:
        """The options as the settings' file has them. ValueError with the name of the entry that cannot be used."""
        known: dict[str, Any] = {one.name: one.default for one in fields(cls)}
        for name, value in given.items():
            wanted = type(known[name]) if name in known else None
            if type(value) is not wanted and not (wanted is float and type(value) is int):
                raise ValueError(name)
        made = cls(**{"cache": str(home / "cache"), **given})
        made.check()
        return made

    def check(self) -> None:
        """ValueError with the name of the first entry that cannot be used."""
        if self.endpoint and not _is_usable(self.endpoint):
            raise ValueError("endpoint")
        if not self.access_key or not self.access_key.isprintable():
            raise ValueError("access_key")
        for name in ("cache", "secret_file", "ca_file"):
            if getattr(self, name) and not Path(getattr(self, name)).is_absolute():
                raise ValueError(name)
        if not 0.1 <= self.timeout_seconds <= 3_600:
            raise ValueError("timeout_seconds")
        if self.cache_megabytes < 0:
            raise ValueError("cache_megabytes")

    @property
    def is_encrypted(self) -> bool:
        """Whether the way to the server is."""
        return not self.endpoint.startswith("http://")


def _is_usable(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return False
    clean = parts.username is None and not parts.query and not parts.fragment and endpoint.isprintable()
    return bool(host) and clean and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))


def _is_here(host: str) -> bool:
    try:
        return host == LOOPBACK or ip_address(host).is_loopback
    except ValueError:
        return False
