"""What the table `[mail]` of `vanthu.toml` may decide: the server, who writes, and where links lead.

The password comes from the environment (`VANTHU_MAIL_PASSWORD`). Mail is on when `server` is set; a table that is half
filled in or cannot be used stops whoever asks with a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from core.directory.coded import CodedAddresses
from core.mail.addresses import is_address
from core.networks import is_loopback
from core.options import SettingsError, entries, wrong_entry
from core.settings import Settings
from core.words import Text

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Ways to the server, each with the port where it is usual."""
SERVER = re.compile(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class MailOptions:
    """The choices of outgoing mail; the names are those of the file."""

    server: str = ""
    """`HOST` or `HOST:PORT`; empty: no mail."""
    security: str = "starttls"
    """`starttls`, `tls`, or `none` for a server on this machine."""
    user: str = ""
    """Log-in at the server; empty: none."""
    ca: str = ""
    """File with the certificates to trust; empty: the system's."""
    sender: str = ""
    """From whom mail comes, and where refusals go to."""
    site: str = ""
    """Address of the pages, without a slash at its end."""
    digest: str = "07:00"
    """From when on the day's message is sent."""
    link_hours: int = 72
    """How long the link of a log-in mail holds."""
    forgotten: bool = False
    """Whether a link is sent for a forgotten password, too."""
    heads: str = ""
    """Where the trail's head is mailed to every day."""
    practice: str = ""
    """Where practice messages go to: an address with a place for a code; empty: e-mail is not practised."""
    webmail: str = ""
    """Addresses of webmail servers, with a space between them; 127.0.0.1 is one anyway."""

    @classmethod
    def of(cls, settings: Settings) -> MailOptions:
        """The options as the settings' file has them; raises `SettingsError`."""
        given = entries("mail", settings.tables.get("mail", {}), cls)
        made = cls(**{**given, "site": given.get("site", "").rstrip("/")})
        made.check()
        return made

    @property
    def is_on(self) -> bool:
        """Whether mail is sent at all."""
        return bool(self.server)

    @property
    def place(self) -> tuple[str, int]:
        """Host and port of the server."""
        found = SERVER.fullmatch(self.server)
        if found is None:
            raise _wrong("server")
        return found["host"], int(found["port"] or PORTS[self.security])

    @property
    def digest_time(self) -> time:
        """`digest` as a time of day."""
        return time.fromisoformat(self.digest)

    def check(self) -> None:
        """Raises `SettingsError` for the first entry that cannot be used."""
        if self.security not in PORTS:
            raise _wrong("security")
        if self.server and (not SERVER.fullmatch(self.server) or not 1 <= self.place[1] <= 65_535):
            raise _wrong("server")
        if self.server and self.security == "none" and not is_loopback(self.place[0]):
            raise SettingsError(
                Text(
                    "[mail] security = none chỉ dùng được với máy chủ thư trên chính máy này.",
                    "[mail] security = none is for a mail server on this very machine only.",
                )
            )
        for name in ("sender", "heads"):
            address = getattr(self, name)
            if (address or (name == "sender" and self.server)) and not is_address(address):
                raise _wrong(name)
        if (self.site or self.server) and not _is_site(self.site):
            raise _wrong("site")
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", self.digest):
            raise _wrong("digest")
        if self.practice:
            try:
                CodedAddresses.of(self.practice)
            except ValueError:
                raise _wrong("practice") from None
        if any(not _is_ip(one) for one in self.webmail.split()):
            raise _wrong("webmail")
        if not 1 <= self.link_hours <= 24 * 30:
            raise _wrong("link_hours")
        if self.ca and not Path(self.ca).is_absolute():
            raise _wrong("ca")
        if not self.user.isprintable() or len(self.user) > 200:
            raise _wrong("user")


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_site(text: str) -> bool:
    """Whether it is the address of a site, as it may stand in a letter: no user, query, fragment, or odd sign."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:_~/-]{1,200}", text):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _wrong(name: str) -> SettingsError:
    return wrong_entry("mail", name)
