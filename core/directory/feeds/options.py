"""What the table `[sync.KEY]` of `vanthu.toml` may decide; `docs/directory-sync.md` shows each entry.

KEY is that of a directory server, `[ldap.KEY]`: servers, encryption and service account are as they stand there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.directory.doors.ldap.options import ATTRIBUTE, LdapOptions
from core.directory.doors.options import read_all
from core.directory.feeds.ranks import LEADER_TITLES
from core.errors import NotFoundError
from core.options import SettingsError, wrong_entry
from core.settings import Settings
from core.words import Text

BY_ATTRIBUTE, BY_PLACE = "attribute", "place"
NEEDED = ("official_id", "name")
MAPPED = ("official_id", "name", "title", "rank", "unit", "parent_unit", "mail", "aliases")
"""The entries that name an attribute of the server; an empty one is not asked for."""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How the entries of one directory server become officials."""

    key: str
    base: str = ""
    filter: str = "(objectClass=person)"
    official_id: str = "employeeNumber"
    name: str = "cn"
    title: str = "title"
    rank: str = ""
    leader_values: tuple[str, ...] = ()
    leader_titles: tuple[str, ...] = ()
    unit_from: str = BY_ATTRIBUTE
    unit: str = "ou"
    parent_unit: str = ""
    skip_places: tuple[str, ...] = ()
    mail: str = "mail"
    aliases: str = ""
    most_leaving_percent: float = 5.0
    scheduled: bool = True
    every_minutes: float = 60.0

    @property
    def where(self) -> str:
        """The table's name."""
        return f"sync.{self.key}"

    @property
    def titles(self) -> tuple[str, ...]:
        """What the titles of leaders begin with."""
        return self.leader_titles or LEADER_TITLES

    def attributes(self, door: LdapOptions) -> tuple[str, ...]:
        """The attributes that the server is asked for."""
        named = (getattr(self, name) for name in MAPPED)
        return (door.subject_attribute, *(attribute for attribute in named if attribute))

    def check(self) -> None:
        """Raises `SettingsError` for values that cannot be used or do not go together."""
        attributes: dict[str, Any] = {name: getattr(self, name) for name in MAPPED}
        rules = {
            "filter": self.filter.startswith("(") and self.filter.endswith(")"),
            "unit_from": self.unit_from in {BY_ATTRIBUTE, BY_PLACE},
            "most_leaving_percent": self.most_leaving_percent <= 100,
            **{
                name: bool(ATTRIBUTE.fullmatch(value)) or (not value and name not in NEEDED)
                for name, value in attributes.items()
            },
            "unit_from and unit": self.unit_from == BY_PLACE or bool(self.unit),
        }
        for name, holds in rules.items():
            if not holds:
                raise wrong_entry(self.where, name, page="directory-sync.md")


@dataclass(frozen=True, slots=True)
class Feed:
    """A directory server that feeds the directory."""

    options: SyncOptions
    door: LdapOptions

    @property
    def base(self) -> str:
        """Below which entry it is looked for."""
        return self.options.base or self.door.base


def feeds(settings: Settings) -> dict[str, Feed]:
    """Every feed of the settings by its key. Raises `SettingsError`."""
    doors = {one.key: one for one in read_all(settings, "ldap", LdapOptions)}
    found = {}
    for options in read_all(settings, "sync", SyncOptions):
        door = doors.get(options.key)
        if door is None or not door.service_dn or not (options.base or door.base):
            raise SettingsError(
                Text(
                    f"[{options.where}] cần một bảng [ldap.{options.key}] có service_dn và base.",
                    f"[{options.where}] needs a table [ldap.{options.key}] with service_dn and base.",
                ),
                detail=options.key,
            )
        found[options.key] = Feed(options, door)
    return found


def feed_named(settings: Settings, key: str) -> Feed:
    """The feed of that key. Raises `NotFoundError`, `SettingsError`."""
    found = feeds(settings).get(key)
    if found is None:
        raise NotFoundError(
            Text(f"Không có bảng [sync.{key}] trong vanthu.toml.", f"There is no table [sync.{key}] in vanthu.toml.")
        )
    return found
