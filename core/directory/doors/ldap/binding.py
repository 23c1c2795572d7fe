"""Whether name and password are right in a directory, and whose they are.

Search, then bind: the service account looks for the one entry that the name belongs to, and the password is tried on
it. Or bind by a template of names, which needs no service account; the entry is then read as its owner.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import ldap3
from ldap3.utils.conv import escape_filter_chars

from core.directory.doors.errors import away
from core.directory.doors.ldap.connection import NotNowError, ask, bound, succeeded
from core.directory.doors.ldap.options import LOGIN, LdapOptions
from core.directory.doors.presented import Presented
from core.log import get_logger

LONGEST_LOGIN = 200
LONGEST_VALUE = 320
NO_SUCH_OBJECT, SIZE_LIMIT = 32, 4
_log = get_logger("vanthu.doors")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its distinguished name, and the values of the attributes asked for, by name in small letters."""

    dn: str
    values: dict[str, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class LdapDoor:
    """One directory."""

    options: LdapOptions

    def verify(self, login: str, password: str) -> Presented | None:
        """Whose name and password these are; None for a name nobody or several bear, or a password that is not right.

        Raises `ProviderAwayError` when no server can say, or none lets the service account in.
        """
        name = normal(login)
        if not name or not password:
            return None
        by = self._by_template if self.options.dn_template else self._by_search
        found = ask(self.options, lambda host, port: by(host, port, name, password))
        return None if found is None else self._presented(found)

    def check(self) -> None:
        """Raises `ProviderAwayError` unless a server answers and lets the service account in, where there is one."""
        ask(self.options, self._check)

    def _check(self, host: str, port: int) -> None:
        if self.options.dn_template:
            self._by_template(host, port, "nobody-in-particular", "not a password")
        else:
            self._find(host, port, "nobody-in-particular")

    def _by_search(self, host: str, port: int, login: str, password: str) -> Entry | None:
        entry = self._find(host, port, login)
        if entry is None:
            return None
        with bound(self.options, host, port, name=entry.dn, password=password) as connection:
            return None if connection is None else entry

    def _find(self, host: str, port: int, login: str) -> Entry | None:
        """The one entry of that name, as the service account sees it."""
        options = self.options
        with bound(options, host, port, name=options.service_dn, password=options.password()) as connection:
            if connection is None:
                raise NotNowError("the service account is refused")
            wanted = options.filter.replace(LOGIN, escape_filter_chars(login))
            return self._one(connection, options.base, wanted, ldap3.SUBTREE)

    def _by_template(self, host: str, port: int, login: str, password: str) -> Entry | None:
        dn = self.options.dn_template.replace(LOGIN, escaped_value(login))
        with bound(self.options, host, port, name=dn, password=password) as connection:
            return None if connection is None else self._one(connection, dn, "(objectClass=*)", ldap3.BASE)

    def _one(self, connection: Any, base: str, wanted: str, scope: str) -> Entry | None:
        """The only entry that is found; None where there is none, or more than one. References are not followed."""
        options = self.options
        names = [options.subject_attribute, options.official_id_attribute, options.address_attribute]
        connection.search(
            base,
            wanted,
            search_scope=scope,
            dereference_aliases=ldap3.DEREF_NEVER,
            attributes=sorted(set(names)),
            size_limit=2,
            time_limit=max(1, round(options.answer_seconds)),
        )
        code = connection.result["result"]
        if not succeeded(connection) and code not in {NO_SUCH_OBJECT, SIZE_LIMIT}:
            raise NotNowError(f"search: {connection.result['description']}")
        entries = [one for one in connection.response or () if one.get("type") == "searchResEntry"]
        if len(entries) > 1 or code == SIZE_LIMIT:
            _log.warning("several entries bear one name", door=options.key)
            return None
        return _entry(entries[0]) if entries else None

    def _presented(self, entry: Entry) -> Presented:
        options = self.options
        subject = _only(entry, options.subject_attribute)
        if subject is None:
            raise away(f"[{options.where}] an entry has no single {options.subject_attribute}")
        number = _text(entry, options.official_id_attribute) if "official_id" in options.links else None
        address = _text(entry, options.address_attribute) if "address" in options.links else None
        return Presented(
            door=options.key,
            provider=f"ldap:{options.key}",
            subject=readable(subject),
            official_id=number,
            address=address.lower() if address else None,
        )


def normal(login: str) -> str:
    """The name as it is looked for; empty for one that nobody bears: too long, or with control characters."""
    name = unicodedata.normalize("NFC", login).strip()
    return name if len(name) <= LONGEST_LOGIN and name.isprintable() else ""


def escaped_value(text: str) -> str:
    """The text as the value in a distinguished name, whatever stands in it (RFC 4514, 2.4)."""
    last = len(text) - 1
    return "".join(
        "".join(f"\\{byte:02x}" for byte in sign.encode())
        if sign in '"+,;<>\\=#/\0' or (sign == " " and place in {0, last})
        else sign
        for place, sign in enumerate(text)
    )


def _entry(said: Any) -> Entry:
    values = said.get("raw_attributes") or {}
    return Entry(said["dn"], {str(name).lower(): tuple(found) for name, found in values.items()})


def _only(entry: Entry, attribute: str) -> bytes | None:
    """The attribute's only value; None where it has none or several, of which none is the person's for sure."""
    values = entry.values.get(attribute.lower(), ())
    return values[0] if len(values) == 1 and 0 < len(values[0]) <= LONGEST_VALUE else None


def _text(entry: Entry, attribute: str) -> str | None:
    value = _only(entry, attribute)
    try:
        return None if value is None else value.decode().strip() or None
    except UnicodeDecodeError:
        return None


def readable(value: bytes) -> str:
    """An id as text: as it is where it is text (entryUUID), in hexadecimal where not (objectGUID)."""
    try:
        text = value.decode("ascii")
    except UnicodeDecodeError:
        return f"hex:{value.hex()}"
    return text if text.isprintable() else f"hex:{value.hex()}"
