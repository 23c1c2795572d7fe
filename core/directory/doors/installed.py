"""The doors of this installation, as the settings name them."""

from __future__ import annotations

from dataclasses import dataclass

from core.directory.doors.ldap.binding import LdapDoor
from core.directory.doors.ldap.options import LdapOptions
from core.directory.doors.oidc.flow import OidcDoor
from core.directory.doors.oidc.options import OidcOptions
from core.directory.doors.options import read_all, wrong_entry
from core.settings import Settings
from core.words import Text


@dataclass(frozen=True, slots=True)
class Doors:
    """Every other door, by its key. Made once in a process, for providers' keys are remembered."""

    oidc: dict[str, OidcDoor]
    ldap: dict[str, LdapDoor]

    @classmethod
    def of(cls, settings: Settings) -> Doors:
        """The doors as the settings' file has them; asks nobody. Raises `SettingsError`."""
        providers = read_all(settings, "oidc", OidcOptions)
        directories = read_all(settings, "ldap", LdapOptions)
        both = {one.key for one in providers} & {one.key for one in directories}
        if both:
            raise wrong_entry("ldap", min(both))
        oidc = {one.key: OidcDoor(one, settings.secret_key) for one in providers}
        return cls(oidc, {one.key: LdapDoor(one) for one in directories})

    @property
    def any(self) -> bool:
        """Whether there is any."""
        return bool(self.oidc or self.ldap)

    def labels(self) -> dict[str, Text]:
        """What the button of each door says, by its key."""
        options: list[OidcOptions | LdapOptions] = [door.options for door in self.oidc.values()]
        options += [door.options for door in self.ldap.values()]
        return {one.key: Text(one.label, one.label_en or one.label) for one in options}

    def check(self, key: str) -> None:
        """Ask the door whether it answers as the settings expect. Raises `ProviderAwayError`, `DoorError`."""
        if key in self.oidc:
            self.oidc[key].options.secret()
            self.oidc[key].keys.named(self.oidc[key].discovery.metadata().keys, None)
        else:
            self.ldap[key].check()

    def provider_of(self, key: str) -> str | None:
        """The name under which identities of a door are kept; None for a door there is not."""
        if key in self.oidc:
            return self.oidc[key].options.issuer
        return f"ldap:{key}" if key in self.ldap else None
