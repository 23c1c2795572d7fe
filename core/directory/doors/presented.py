"""What a provider says of somebody who proved there who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LinkBy = Literal["official_id", "address"]
"""By what a person may be found the first time: the number of the official, or the address of a personal mailbox."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Somebody, as a provider knows them.

    `provider` and `subject` together name one person for ever: the issuer and its `sub` (OpenID Connect Core, 5.7), or
    a directory server's key in the settings and the entry's unchanging id. `official_id` and `address` are set only
    where the provider vouches for them and the settings let a person be found by them; `address` is in small letters.
    """

    door: str
    provider: str
    subject: str
    official_id: str | None = None
    address: str | None = None
    had_second_factor: bool = False
    """The provider says that it asked for more than one factor, and the settings believe it."""
