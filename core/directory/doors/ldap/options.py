"""What the table `[ldap.NAME]` of `vanthu.toml` may decide; `docs/log-in.md` shows each entry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from core.directory.doors.options import LINKS, secret, trusted, wrong_entry
from core.directory.doors.presented import LinkBy
from core.networks import is_loopback

LOGIN = "{login}"
SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?")
ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class LdapOptions:
    """One directory, on one server or several with the same content."""

    key: str
    servers: tuple[str, ...]
    label: str
    """What the button says, in Vietnamese."""
    label_en: str = ""
    security: str = "tls"
    ca_file: str = ""
    base: str = ""
    filter: str = "(uid={login})"
    service_dn: str = ""
    password_file: str = ""
    password_variable: str = ""
    dn_template: str = ""
    subject_attribute: str = "entryUUID"
    link: tuple[str, ...] = ()
    official_id_attribute: str = "employeeNumber"
    address_attribute: str = "mail"
    connect_seconds: float = 5.0
    answer_seconds: float = 10.0

    @property
    def where(self) -> str:
        """The table's name."""
        return f"ldap.{self.key}"

    @property
    def links(self) -> tuple[LinkBy, ...]:
        """By what somebody may be found the first time."""
        return cast("tuple[LinkBy, ...]", self.link)

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Host and port of each server, in the order they are tried."""
        usual = 636 if self.security == "tls" else 389
        matches = [SERVER.fullmatch(server) for server in self.servers]
        return tuple((found[1].strip("[]"), int(found[2] or usual)) for found in matches if found)

    def password(self) -> str:
        """The service account's password. Raises `UnavailableError`."""
        return secret(self.where, file=self.password_file, variable=self.password_variable)

    def check(self) -> None:
        """Raises `SettingsError` for values that cannot be used or do not go together."""
        by_template = bool(self.dn_template)
        rules = {
            "servers": bool(self.servers) and all(SERVER.fullmatch(one) for one in self.servers),
            "label": bool(self.label),
            "security": self.security in {"tls", "starttls"}
            or (self.security == "plain" and all(is_loopback(host) for host, _ in self.places)),
            "base": by_template or bool(self.base),
            "filter": by_template or self.filter.count(LOGIN) >= 1,
            "dn_template": not by_template or self.dn_template.count(LOGIN) == 1,
            "service_dn": by_template or bool(self.service_dn),
            "password_file": by_template or bool(self.password_file) != bool(self.password_variable),
            "link": set(self.link) <= LINKS,
            **{
                name: bool(ATTRIBUTE.fullmatch(getattr(self, name)))
                for name in ("subject_attribute", "official_id_attribute", "address_attribute")
            },
        }
        for name, holds in rules.items():
            if not holds:
                raise wrong_entry(self.where, name)
        trusted(self.where, self.ca_file)
