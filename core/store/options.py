"""What the table `[s3]` of `vanthu.toml` may decide of a store in a bucket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.networks import is_service
from core.options import entries, wrong_entry

TABLE = "s3"


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
        """The options as the settings' file has them. Raises `SettingsError`."""
        made = cls(**{"cache": str(home / "cache"), **entries(TABLE, given, cls)})
        made.check()
        return made

    def check(self) -> None:
        """Raises `SettingsError` for the first entry that cannot be used."""
        if self.endpoint and not is_service(self.endpoint, plain_here=True):
            raise wrong_entry(TABLE, "endpoint")
        if not self.access_key or not self.access_key.isprintable():
            raise wrong_entry(TABLE, "access_key")
        for name in ("cache", "secret_file", "ca_file"):
            if getattr(self, name) and not Path(getattr(self, name)).is_absolute():
                raise wrong_entry(TABLE, name)
        if not 0.1 <= self.timeout_seconds <= 3_600:
            raise wrong_entry(TABLE, "timeout_seconds")
        if self.cache_megabytes < 0:
            raise wrong_entry(TABLE, "cache_megabytes")

    @property
    def is_encrypted(self) -> bool:
        """Whether the way to the server is."""
        return not self.endpoint.startswith("http://")
