"""What the table `[web]` of `vanthu.toml` may decide; an unknown or unusable key stops the start with a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.options import entries, wrong_entry
from core.permissions import Role
from core.settings import Settings

TIMES = frozenset(
    {
        "session_hours",
        "idle_minutes",
        "api_requests_a_minute",
        "page_requests_a_minute",
        "address_requests_a_minute",
    }
)
"""At least 1: nobody could log in with none."""
EXAMPLES: dict[str, tuple[str, re.Pattern[str]]] = {
    "hosts": (
        "mail-audit.tp.example.gov.vn localhost",
        re.compile(r"[A-Za-z0-9._\[\]:-]*(?: [A-Za-z0-9._\[\]:-]+)*"),
    ),
    "second_factor_for": (
        "administrator auditor",
        re.compile("(?:(?:{0})(?: (?:{0}))*)?".format("|".join(role.value for role in Role))),
    ),
    "contact": ("Phòng Công nghệ thông tin, điện thoại 0236 000 000", re.compile(r"[^\x00-\x1f\x7f]{0,200}")),
    "clamd": ("/run/clamav/clamd.ctl", re.compile(r"(?:/[^\0]{1,100})?")),
}
"""Texts: an example, and what they look like."""


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
    hosts: str = ""
    """The names that the pages are reached by, with spaces between; requests for others are refused. Empty: any."""
    clamd: str = ""
    """The socket of a clamd that scans every file that is sent before it is used. Empty: none is scanned."""
    contact: str = ""
    """Whom people ask for help, as help and error pages say it. Empty: the IT department, without a number."""
    session_hours: int = 12
    """So long after a log-in the password is asked for again, used or not: a working day."""
    idle_minutes: int = 60
    """So long after the last page the password is asked for again."""
    api_requests_a_minute: int = 300
    """So many requests may be made to the API with one token in a minute."""
    page_requests_a_minute: int = 600
    """So many pages may be asked for by one account in a minute, in all its browsers together."""
    address_requests_a_minute: int = 6_000
    """The same from one address, by whomever: a whole office may stand behind one."""
    second_factor_for: str = ""
    """The roles that may not be without a second factor, with spaces between. Empty: it is everybody's choice."""

    @property
    def second_for(self) -> frozenset[str]:
        """The roles of `second_factor_for`."""
        return frozenset(self.second_factor_for.split())

    @classmethod
    def of(cls, settings: Settings) -> Options:
        """The options as the settings' file has them; raises `SettingsError`."""
        given = entries("web", settings.tables.get("web", {}), cls)
        for name, value in given.items():
            if not _is_usable(name, value):
                raise wrong_entry("web", name, example=EXAMPLES[name][0] if name in EXAMPLES else getattr(cls(), name))
        return cls(**given)


def _is_usable(name: str, value: object) -> bool:
    """Whether a value of the right kind has the right form or size."""
    if isinstance(value, str):
        return EXAMPLES[name][1].fullmatch(value) is not None
    return not isinstance(value, int) or isinstance(value, bool) or (name in TIMES) <= value <= 1_000_000
