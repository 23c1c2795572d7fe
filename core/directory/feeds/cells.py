"""An entry of a directory server as the cells of a row of a directory file; what a cell may hold is checked there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ldap3.core.exceptions import LDAPInvalidDnError
from ldap3.utils.dn import parse_dn

from core.directory.doors.ldap.binding import Entry
from core.directory.feeds.options import BY_PLACE, SyncOptions
from core.directory.feeds.ranks import rank_of
from core.words import Text

OTHER_PROTOCOL = re.compile(r"(?!smtp:)[a-z0-9]+:", re.IGNORECASE)
"""Of `proxyAddresses` in Active Directory: X500:, SIP: and others, which are no mail addresses."""


@dataclass(slots=True)
class Cells:
    """The cells by column, and what is wrong with the entry itself."""

    by_column: dict[str, str] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)


def cells_of(entry: Entry, options: SyncOptions) -> Cells:
    """The entry's cells, as the settings map them."""
    cells = Cells()
    single = {"official_id": options.official_id, "name": options.name, "title": options.title}
    if options.unit_from != BY_PLACE:
        single |= {"unit": options.unit, "parent_unit": options.parent_unit}
    for column, attribute in single.items():
        cells.by_column[column] = _one(entry, attribute, cells)
    if options.unit_from == BY_PLACE:
        cells.by_column["unit"], cells.by_column["parent_unit"] = _place(entry, options)
    cells.by_column["rank"] = _rank(entry, options, cells)
    addresses = sorted(dict.fromkeys(one.lower() for one in _all(entry, options.mail, cells)))
    more = [one for one in _all(entry, options.aliases, cells) if not OTHER_PROTOCOL.match(one)]
    aliases = (*addresses[1:], *(re.sub(r"(?i)\Asmtp:", "", one).lower() for one in more))
    cells.by_column["email"] = addresses[0] if addresses else ""
    if addresses:
        cells.by_column["aliases"] = " ".join(one for one in dict.fromkeys(aliases) if one != addresses[0])
    return cells


def _rank(entry: Entry, options: SyncOptions, cells: Cells) -> str:
    """By the attribute where there is one and it holds something, else by the title."""
    said = _one(entry, options.rank, cells)
    if said and said.casefold() in {one.casefold() for one in options.leader_values}:
        return "leader"
    if said and options.leader_values:
        return "staff"
    return rank_of(cells.by_column["title"], said=said, leader_titles=options.titles)


def _place(entry: Entry, options: SyncOptions) -> tuple[str, str]:
    """The names of the two nearest organizational units above the entry that are not to be skipped."""
    skipped = {one.casefold() for one in options.skip_places}
    try:
        names = [str(value) for kind, value, _ in parse_dn(entry.dn, strip=True)[1:] if str(kind).lower() == "ou"]
    except LDAPInvalidDnError:
        names = []
    units = [_unescaped(name) for name in names]
    left = [name for name in units if name.casefold() not in skipped]
    return (*left, "", "")[0], (*left, "", "")[1]


def _unescaped(value: str) -> str:
    """A value of a distinguished name without its escapes (RFC 4514, 2.4)."""
    content = re.sub(
        rb"\\([0-9A-Fa-f]{2}|.)",
        lambda found: bytes.fromhex(found[1].decode()) if len(found[1]) == 2 else found[1],
        value.encode(),
    )
    return content.decode("utf-8", "replace")


def _one(entry: Entry, attribute: str, cells: Cells) -> str:
    """The attribute's only value; where there are several none is right for sure."""
    values = _all(entry, attribute, cells)
    if len(values) > 1:
        cells.problems.append(
            Text(f"{attribute} có {len(values)} giá trị, cần một", f"{attribute} has {len(values)} values, not one")
        )
    return values[0] if values else ""


def _all(entry: Entry, attribute: str, cells: Cells) -> list[str]:
    try:
        values = [value.decode() for value in entry.values.get(attribute.lower(), ())] if attribute else []
    except UnicodeDecodeError:
        cells.problems.append(Text(f"{attribute} không phải là chữ UTF-8", f"{attribute} is not UTF-8 text"))
        return []
    return [value.strip() for value in values if value.strip()]
