"""What the table `[web]` of `vanthu.toml` may decide; an unknown or unusable key stops the start with a sentence."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from core.settings import Settings, SettingsError
from core.words import Text


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of the browser's side."""

    https: bool = False
    """The pages are reached by HTTPS only: cookies are marked secure and browsers are told to insist."""
    proxies: int = 0
    """How many proxies of our own stand before the server and set X-Forwarded-For and -Proto."""
    upload_megabytes: int = 2_000
    """Largest request, that is all logs of one upload together, in 10^6 bytes."""
    upload_files: int = 200
    """Most files of one upload."""

    @classmethod
    def of(cls, settings: Settings) -> Options:
        """The options as the settings' file has them; raises `SettingsError`."""
        given: dict[str, Any] = dict(settings.tables.get("web", {}))
        known: dict[str, Any] = {one.name: one.default for one in fields(cls)}
        for name, value in given.items():
            if name not in known:
                raise SettingsError(
                    Text(f"Bảng [web] không có mục {name}.", f"The table [web] has no entry {name}."), detail=name
                )
            if type(value) is not type(known[name]) or (not isinstance(value, bool) and not 0 <= value <= 1_000_000):
                raise SettingsError(
                    Text(
                        f"[web] {name} có giá trị không dùng được; ví dụ: {_toml(known[name])}.",
                        f"[web] {name} has a value that cannot be used; for example: {_toml(known[name])}.",
                    )
                )
        return cls(**given)


def _toml(value: object) -> str:
    return str(value).lower()
