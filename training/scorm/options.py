"""What the table `[training.scorm]` of `vanthu.toml` may decide. Without an `origin` no package is taken or shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.networks import is_loopback
from core.options import entries, wrong_entry
from core.settings import Settings

TABLE = "training.scorm"
EXAMPLE = "https://vanthu-lessons.example.org"
"""A registered domain of its own: below the offices' domain a package's script could set cookies for all of them."""
_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class ScormOptions:
    """The choices about SCORM packages; the names are those of the file."""

    origin: str = ""
    """The second origin, that packages are shown from: scheme, host name, a port where needed. Empty: SCORM is off."""
    hours: int = 4
    """So long after a lesson was opened its files are handed out; then it is opened again."""

    @classmethod
    def of(cls, settings: Settings) -> ScormOptions:
        """The options as the settings' file has them. Raises `SettingsError`."""
        made = cls(**entries(TABLE, settings.part("training", "scorm"), cls))
        if not 1 <= made.hours <= 24:
            raise wrong_entry(TABLE, "hours", example=4)
        if made.origin and not _is_usable(made.origin):
            raise wrong_entry(TABLE, "origin", example=EXAMPLE)
        return made

    @property
    def is_on(self) -> bool:
        """Whether packages are taken in and shown."""
        return bool(self.origin)

    @property
    def host(self) -> str:
        """The host name of the origin, without its port."""
        return urlsplit(self.origin).hostname or ""

    def is_asked(self, host_header: str) -> bool:
        """Whether a request with this `Host` is for the second origin: by its name alone, for browsers give cookies to
        all ports of a host, so no page of ours may answer under that name at any.
        """
        name = host_header.lower().partition(":")[0].rstrip(".")
        return self.is_on and name == self.host


def _is_usable(origin: str) -> bool:
    """HTTPS, or this very machine, where browsers find every name below `localhost` (RFC 6761, 6.3) without asking
    anybody; an address with nothing behind the host.
    """
    parts = urlsplit(origin)
    host = parts.hostname or ""
    encrypted = parts.scheme == "https" or is_loopback(host) or host.endswith(".localhost")
    return _ORIGIN.fullmatch(origin) is not None and encrypted and (parts.port is None or parts.port > 0)
