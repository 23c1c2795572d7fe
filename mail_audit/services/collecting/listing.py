"""Which files a source has now: those of its folders that its patterns name, and files with their rotated ones."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from core.words import Text

_PACKED = r"(?:\.(?:gz|xz|zst|bz2))?"
_ROTATED = re.compile(
    rf"[-._](?:[0-9]{{1,3}}|20[0-9]{{6}}(?:[-_T.]?[0-9]{{2,6}})?|20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}){_PACKED}$"
)
_NUMBER = re.compile(r"[0-9]+")
NOT_THERE = Text("không có tệp hoặc thư mục này", "there is no such file or folder")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a source, as the disk shows it; `is_asked`: it was named, or a pattern named it."""

    path: Path
    device: str
    size: int
    modified: int
    is_asked: bool

    @property
    def is_rotated(self) -> bool:
        """Whether nobody writes to a file of this name any more."""
        return _ROTATED.search(self.path.name) is not None


def is_rotated_name(name: str, of: str) -> bool:
    """Whether `name` is what a rotated file of the log `of` is called: `mail.log.1`, `mail.log-20261122.gz`, …"""
    stem, dot, ending = of.rpartition(".")
    for head, tail in ((of, ""), (stem, dot + ending)):
        if head and name.startswith(head):
            rest = name[len(head) :]
            plain = re.sub(_PACKED + "$", "", rest)
            if tail and not plain.endswith(tail):
                continue
            middle = plain[: len(plain) - len(tail)] if tail else plain
            if not middle and rest != plain:
                return True
            if middle and _ROTATED.fullmatch(middle):
                return True
    return False


def is_one_of_many(path: Path) -> bool:
    """Whether a file bears the name of a rotated one, or rotated ones stand beside it: as logs do."""
    if _ROTATED.search(path.name) is not None:
        return True
    return any(is_rotated_name(other.name, path.name) for other in path.parent.iterdir() if other.name != path.name)


def members(paths: Sequence[str], patterns: Sequence[str]) -> tuple[list[Member], list[tuple[str, Text]]]:
    """The files, oldest first; and what is missing: paths behind which there is nothing, folders that are closed."""
    found: dict[Path, Member] = {}
    missing: list[tuple[str, Text]] = []
    for path in map(Path, paths):
        files = list(_of_folder(path, patterns, missing) if path.is_dir() else _of_file(path))
        if not files and not path.is_dir():
            missing.append((str(path), NOT_THERE))
        for file, is_asked in files:
            member = _member(file, is_asked)
            if member is not None:
                found.setdefault(file.resolve(), member)
    return sorted(found.values(), key=_age), missing


def _age(member: Member) -> tuple[int, str, tuple[int, ...]]:
    """Sorts the oldest first; of files as old, `mail.log.2` before `mail.log.1` before `mail.log`."""
    name = member.path.name
    numbers = tuple(-int(text) for text in _NUMBER.findall(name)) if member.is_rotated else (1,)
    return member.modified, str(member.path.parent), numbers


def _member(path: Path, is_asked: bool) -> Member | None:
    try:
        status = path.stat()
    except OSError:
        return None  # gone since it was listed
    return Member(path, f"{status.st_dev}:{status.st_ino}", status.st_size, status.st_mtime_ns, is_asked)


def _of_folder(folder: Path, patterns: Sequence[str], missing: list[tuple[str, Text]]) -> Iterator[tuple[Path, bool]]:
    def closed(error: OSError) -> None:
        words = error.strerror or type(error).__name__
        missing.append((str(error.filename), Text(f"không mở được ({words})", f"cannot be opened ({words})")))

    inside = folder.resolve()
    for place, folders, names in os.walk(folder, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or not _is_wanted(path, folder, patterns):
                continue
            if path.is_symlink() and inside not in path.resolve().parents:
                continue
            if path.is_file() or not path.exists():
                yield path, bool(patterns)


def _is_wanted(path: Path, folder: Path, patterns: Sequence[str]) -> bool:
    within = str(path.relative_to(folder))
    return not patterns or any(fnmatchcase(path.name, one) or fnmatchcase(within, one) for one in patterns)


def _of_file(path: Path) -> Iterator[tuple[Path, bool]]:
    if path.is_file():
        yield path, True
    if path.parent.is_dir():
        for other in sorted(path.parent.iterdir()):
            if other.name != path.name and is_rotated_name(other.name, path.name) and other.is_file():
                yield other, True


def belongs(path: Path, paths: Sequence[str], patterns: Sequence[str]) -> bool:
    """Whether a source with these paths follows `path` already."""
    for followed in map(Path, paths):
        if path == followed:
            return True
        if followed in path.parents and followed.is_dir() and path.is_file() and _is_wanted(path, followed, patterns):
            return True
        if path.parent == followed.parent and not followed.is_dir() and is_rotated_name(path.name, followed.name):
            return True
    return False
