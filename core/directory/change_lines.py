"""What an import or a sync changes, as lines on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import core.cli
from core.words import Text

if TYPE_CHECKING:
    from core.directory.changes import ImportChanges

SHOWN = 40
"""So many changes are printed one by one."""


def say_changes(changes: ImportChanges, *, dry_run: bool, source: Text | None = None) -> None:
    """Print the first changes and how many there are; `source` is what the directory is equal to, else a file."""
    of = source or Text("tệp", "file")
    for change in changes.changes[:SHOWN]:
        core.cli.say(change.words)
    more = len(changes.changes) - SHOWN
    if more > 0:
        core.cli.say(Text(f"… và {vi_number(more)} thay đổi nữa.", f"… and {more:,} more changes."))
    added, changed, removed = (changes.count(kind) for kind in ("added", "changed", "removed"))
    if not changes.changes:
        core.cli.say(
            Text(
                f"Danh bạ đã đúng như {of.vi}; không có gì thay đổi.",
                f"The directory is as the {of.en} says; nothing changes.",
            )
        )
    elif dry_run:
        core.cli.say(
            Text(
                f"Chạy thử: sẽ thêm {vi_number(added)}, sửa {vi_number(changed)}, bỏ {vi_number(removed)}; "
                "chưa ghi gì.",
                f"Dry run: {added:,} to add, {changed:,} to change, {removed:,} to remove; nothing is written.",
            )
        )
    else:
        core.cli.say(
            Text(
                f"Đã thêm {vi_number(added)}, sửa {vi_number(changed)}, bỏ {vi_number(removed)}.",
                f"{added:,} added, {changed:,} changed, {removed:,} removed.",
            )
        )


def vi_number(number: int) -> str:
    """A whole number as Vietnamese writes it: 12.345."""
    return f"{number:,}".replace(",", ".")
