"""Places on the server as an administrator writes them: files, folders, and names with `*` and `?` in them."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from core.words import Text
from mail_audit.errors import LogPathError


def expanded(places: Sequence[Path], allowed: Sequence[Path]) -> list[Path]:
    """`places` with patterns replaced by the files they match; whether those may be read is `start_audit`'s to say.

    A pattern is only looked up below the `allowed` folders, so that it tells nothing about others. Raises
    `LogPathError` for one that matches nothing there.
    """
    found: dict[Path, None] = {}
    for place in places:
        if not glob.has_magic(str(place)):
            found[place] = None
            continue
        matches = (
            sorted(Path(place.anchor).glob(str(place.relative_to(place.anchor)))) if _below(place, allowed) else []
        )
        if not matches:
            raise LogPathError(
                Text(f"Không có tệp nhật ký nào có tên như {place}.", f"There is no log file with a name like {place}.")
            )
        found.update(dict.fromkeys(matches))
    return list(found)


def _below(pattern: Path, allowed: Sequence[Path]) -> bool:
    """Whether everything that `pattern` could match lies below one of the folders."""
    if ".." in pattern.parts:
        return False
    fixed = Path(*takewhile(lambda part: not glob.has_magic(part), pattern.parts)).resolve()
    folders = [folder.resolve() for folder in allowed]
    return any(fixed == folder or folder in fixed.parents for folder in folders)
