"""A roster as a CSV file that `read_roster` reads back to the same roster, and that spreadsheets open safely."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from core.directory.roster import Mailbox, Post, Roster
from core.directory.rosterfile.rows import OPTIONAL, REQUIRED

FORMULA = re.compile(r"'*[=+\-@]")


def write_roster(roster: Roster, path: Path) -> None:
    """Writes every unit, post and mailbox of `roster` to `path` (UTF-8 with BOM, so that Excel shows Vietnamese)."""
    columns = (*REQUIRED, *OPTIONAL)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        for row in rows_of(roster):
            writer.writerow({name: guarded(cell) for name, cell in row.items()})


def guarded(cell: str) -> str:
    """The cell, kept from being taken for a formula by a spreadsheet; reading takes the guard away."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def rows_of(roster: Roster) -> list[dict[str, str]]:
    """The cells of a file that holds `roster`, by column; what is empty may be missing.

    A row for each unit, then each post, with the official's first mailbox beside the first post, then the rest.
    """
    rows = [_place(roster, key) for key in roster.units]
    written: set[str] = set()
    begun: set[str] = set()
    for post in roster.posts:
        row = _place(roster, post.unit_key) | _post(roster, post)
        first = roster.mailboxes_of.get(post.official_id, (None,))[0]
        if post.official_id not in begun and first is not None and first.unit_key == post.unit_key:
            row |= _mailbox(roster, first)
            written.add(first.address)
        begun.add(post.official_id)
        rows.append(row)
    rest = (box for box in roster.mailboxes.values() if box.address not in written)
    return rows + [_place(roster, box.unit_key) | _mailbox(roster, box) for box in rest]


def _place(roster: Roster, unit_key: str) -> dict[str, str]:
    unit = roster.units[unit_key]
    return {"unit": unit.name, "parent_unit": unit.parent_key or ""}


def _post(roster: Roster, post: Post) -> dict[str, str]:
    return {
        "official_id": post.official_id,
        "name": roster.officials[post.official_id].name,
        "title": post.title,
        "rank": post.rank,
        "in_post_from": post.since.isoformat() if post.since else "",
        "in_post_to": post.until.isoformat() if post.until else "",
    }


def _mailbox(roster: Roster, box: Mailbox) -> dict[str, str]:
    row = {"email": box.address, "kind": box.kind, "aliases": " ".join(box.aliases)}
    if box.owner is not None:
        row |= {"official_id": box.owner, "name": roster.officials[box.owner].name}
    return row
