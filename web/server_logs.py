"""Places on the server as an administrator writes them: files, folders, and names with `*` and `?` in them."""

from __future__ import annotations

import glob
from collections.abc import Sequence
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
        matches = [Path(name) for name in sorted(glob.glob(str(place)))] if _below(place, allowed) else []
        if not matches:
            raise LogPathError(
                Text(f"Không có tệp nhật ký nào có tên như {place}.", f"There is no log file with a name like {place}.")
            )
        found.update(dict.fromkeys(matches))
    return list(found)


def _below(pattern: Path, allowed: Sequence[Path]) -> bool:
    """Whether the part of `pattern` before its first sign lies below one of the folders."""
    fixed = Path(*[part for part in _before_magic(pattern)])
    place = fixed.resolve()
    return any(place == folder.resolve() or folder.resolve() in place.parents for folder in allowed)


def _before_magic(pattern: Path) -> list[str]:
    parts: list[str] = []
    for part in pattern.parts:
        if glob.has_magic(part) or part == "..":
            break
        parts.append(part)
    return parts
