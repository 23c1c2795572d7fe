"""Every entry of a directory that a filter finds: in pages, whole or not at all, with an end to its size and time.

References to other servers are counted and never followed. An answer that breaks off, or that the server itself calls
cut short (size, time, administrative limit), is no answer: half a directory would make leavers of the other half.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ldap3

from core.directory.doors.ldap.binding import Entry, readable
from core.directory.doors.ldap.connection import NotNowError, ask, bound, succeeded
from core.directory.doors.ldap.options import LdapOptions

PAGE = 500
"""Entries asked for at a time (RFC 2696)."""
MOST_ENTRIES = 200_000
MOST_PAGES = 2_000
MOST_BYTES = 400_000_000
MOST_SECONDS = 900.0
"""So long a whole listing may take; each answer has its own, shorter end in the door's settings."""
PAGED = "1.2.840.113556.1.4.319"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a server answered: its entries, and how many references it gave to what lies elsewhere."""

    entries: tuple[Entry, ...]
    references: int = 0


def subject_of(entry: Entry, attribute: str) -> str:
    """The entry's unchanging id as text; empty where it has none, or several."""
    values = entry.values.get(attribute.lower(), ())
    return readable(values[0]) if len(values) == 1 else ""


def listed(options: LdapOptions, *, base: str, wanted: str, attributes: Sequence[str]) -> Listing:
    """Every entry below `base` that the filter `wanted` finds, with these attributes.

    Raises `ProviderAwayError` where no server gives a whole answer; `UnavailableError` for a password that is
    not there.
    """
    return ask(options, lambda host, port: _listed(options, host, port, base, wanted, attributes))


def _listed(options: LdapOptions, host: str, port: int, base: str, wanted: str, attributes: Sequence[str]) -> Listing:
    entries: list[Entry] = []
    references, cookie = 0, b""
    with bound(options, host, port, name=options.service_dn, password=options.password()) as connection:
        if connection is None:
            raise NotNowError("the service account is refused")
        connection.socket = _BoundedSocket(connection.socket)
        for _ in range(MOST_PAGES):
            found, cookie = _page(connection, options, base, wanted, attributes, cookie)
            entries += [_entry(one) for one in found if one.get("type") == "searchResEntry"]
            references += sum(one.get("type") == "searchResRef" for one in found)
            if len(entries) > MOST_ENTRIES:
                raise NotNowError(f"more than {MOST_ENTRIES} entries")
            if not cookie:
                return Listing(tuple(entries), references)
    raise NotNowError(f"more than {MOST_PAGES} pages")


def _page(
    connection: Any, options: LdapOptions, base: str, wanted: str, attributes: Sequence[str], cookie: bytes
) -> tuple[list[dict[str, Any]], bytes]:
    """What stands on the next page, and the mark where the one after it begins (empty: this was the last)."""
    connection.search(
        base,
        wanted,
        search_scope=ldap3.SUBTREE,
        dereference_aliases=ldap3.DEREF_NEVER,
        attributes=sorted(set(attributes)),
        paged_size=PAGE,
        paged_cookie=cookie or None,
        time_limit=max(1, round(options.answer_seconds)),
    )
    if not succeeded(connection):
        raise NotNowError(f"search: {connection.result['description']}")
    control = (connection.result.get("controls") or {}).get(PAGED) or {}
    return list(connection.response or ()), bytes((control.get("value") or {}).get("cookie") or b"")


def _entry(said: Any) -> Entry:
    values = said.get("raw_attributes") or {}
    return Entry(said["dn"], {str(name).lower(): tuple(found) for name, found in values.items() if found})


class _BoundedSocket:
    """The connection's socket, which ends a listing that is too large or too long. Raises `OSError`."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._left = MOST_BYTES
        self._end = time.monotonic() + MOST_SECONDS

    def recv(self, size: int) -> bytes:
        """What has come, as far as anything more may come."""
        content: bytes = self._inner.recv(size)
        self._left -= len(content)
        if self._left < 0 or time.monotonic() > self._end:
            raise OSError("the answer is too large or takes too long")
        return content

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
