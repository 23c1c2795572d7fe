"""What the table `[training.lrs]` of `vanthu.toml` may decide. Without an `endpoint` nothing is told to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import UnavailableError
from core.mail.options import MailOptions
from core.networks import is_service
from core.options import SettingsError, entries, first_line, wrong_entry
from core.settings import Settings
from core.words import Text

NOWHERE = "http://vanthu.localhost"
"""Stands for the site where the settings name none: an address that leads nowhere."""


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """The choices of a record store; the names are those of the file."""

    endpoint: str = ""
    """Address of the store's xAPI; statements go to `ENDPOINT/statements`. Empty: none."""
    user: str = ""
    password_file: str = ""
    """A file with the password in its first line; without it, `VANTHU_LRS_PASSWORD`."""
    ca_file: str = ""
    names: bool = False
    """Whether names of officials go along, beside their numbers."""
    loopback: bool = False
    """Whether the store is on this very machine; then HTTP without encryption will do."""
    timeout_seconds: float = 10.0

    @classmethod
    def of(cls, settings: Settings) -> StoreOptions:
        """The options as the settings' file has them. Raises `SettingsError`."""
        given = entries("training.lrs", settings.part("training", "lrs"), cls)
        made = cls(**{**given, "endpoint": given.get("endpoint", "").rstrip("/")})
        made.check()
        return made

    @property
    def is_on(self) -> bool:
        """Whether statements are told to a store."""
        return bool(self.endpoint)

    @property
    def place(self) -> tuple[str, int]:
        """Host and port of the store."""
        parts = urlsplit(self.endpoint)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)

    def check(self) -> None:
        """Raises `SettingsError` for the first entry that cannot be used."""
        if self.endpoint and not is_service(self.endpoint, plain_here=self.loopback):
            raise _wrong("endpoint")
        for name in ("password_file", "ca_file"):
            if getattr(self, name) and not Path(getattr(self, name)).is_absolute():
                raise _wrong(name)
        if not 0 < self.timeout_seconds <= 120:
            raise _wrong("timeout_seconds")
        if not self.user.isprintable() or ":" in self.user:
            raise _wrong("user")

    def password(self, settings: Settings) -> str:
        """The password, read when it is needed. Raises `UnavailableError` for a file that cannot be read."""
        if not self.password_file:
            return settings.lrs_password
        try:
            return first_line(self.password_file)
        except (OSError, UnicodeDecodeError) as unreadable:
            raise UnavailableError(
                Text(
                    "Không đọc được mật khẩu của kho bản ghi học tập ([training.lrs] password_file).",
                    "The record store's password cannot be read ([training.lrs] password_file).",
                ),
                detail=type(unreadable).__name__,
            ) from unreadable


def site_of(settings: Settings) -> str:
    """The address of the pages, as statements name things by it."""
    return MailOptions.of(settings).site or NOWHERE


def _wrong(name: str) -> SettingsError:
    return wrong_entry("training.lrs", name)
