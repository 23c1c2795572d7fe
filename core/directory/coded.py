"""Addresses that carry a code: where practice messages go to, and from where they come.

The settings have one spelling, `thuchanh+{code}@tp.example.gov.vn`; a server puts what comes for all of them into one
mailbox, or throws it away. Only envelopes are looked at: they are what servers write into their logs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.settings import Settings

PLACE = "{code}"
CODE = re.compile(r"[0-9a-z]{1,40}")
SEPARATORS = "+-_.="
"""What may stand between a mailbox's own name and the code; without the code it is left away with it."""
LONGEST_CODE = 20
_SPELLING = re.compile(r"[0-9a-z+._=-]{0,40}@[0-9a-z](?:[0-9a-z-]*[0-9a-z])?(?:\.[0-9a-z](?:[0-9a-z-]*[0-9a-z])?)+")


@dataclass(frozen=True, slots=True)
class CodedAddresses:
    """All addresses of one spelling: what stands `before` the code and `after` it, in small letters."""

    before: str
    after: str

    @classmethod
    def of(cls, spelling: str) -> CodedAddresses:
        """The addresses of `spelling`. Raises `ValueError` where it is not one address with one place for a code."""
        before, place, after = spelling.strip().lower().partition(PLACE)
        made = before + after
        if not place or PLACE in after or "@" in before or ".." in made or made.startswith("."):
            raise ValueError(spelling)
        if len(before) + LONGEST_CODE + after.index("@") > 64 or not _SPELLING.fullmatch(made):
            raise ValueError(spelling)
        return cls(before, after)

    @property
    def spelling(self) -> str:
        """As the settings have it."""
        return f"{self.before}{PLACE}{self.after}"

    def address(self, code: str) -> str:
        """The address with this code."""
        return f"{self.before}{code}{self.after}"

    def code_in(self, address: str) -> str | None:
        """The code that an address carries, in small letters; None for any other address."""
        text = address.lower()
        if not (text.startswith(self.before) and text.endswith(self.after)):
            return None
        code = text[len(self.before) : len(text) - len(self.after)]
        return code if CODE.fullmatch(code) else None

    def holds(self, address: str) -> bool:
        """Whether an address is one of these, or the mailbox behind them without any code."""
        name = self.before.rstrip(SEPARATORS)
        return self.code_in(address) is not None or (bool(name) and address.lower() == f"{name}{self.after}")


def practice_addresses(settings: Settings) -> CodedAddresses | None:
    """Where practice messages go to by the settings (`[mail] practice`); None where nothing is practised by e-mail.

    Raises `ValueError` for a spelling that cannot be used; `core.mail.options` says so in a sentence.
    """
    spelling = str(settings.tables.get("mail", {}).get("practice", ""))
    return CodedAddresses.of(spelling) if spelling else None
