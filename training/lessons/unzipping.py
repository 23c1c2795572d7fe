"""Zip files from whoever: measured before anything is unpacked, and never unpacked to a disk.

Refused: more bytes or entries than there can be need of, entries that swell, paths that lead elsewhere, links and
devices, encrypted entries, a name twice (whatever its capitals), and what cannot be read. Sizes in the directory of a
zip are claims: reading stops where one is exceeded. The directory itself is measured before it is read: a zip of 10 MB
can list a hundred thousand names.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from training.errors import PackageError

IGNORED = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)", re.IGNORECASE)
"""What computers leave in folders by themselves."""
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_BIGGER, _BIGGER_SIZE = b"PK\x06\x07", 20
_LISTED = 600
"""Bytes of the directory that one entry may take, in the middle: its name, and what some programs add."""
_UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip may be: bytes of it, of an entry, of all entries; how many; how often an entry of at least
    `swelling_from` bytes may be as large as it is packed; what a path looks like.
    """

    largest: int
    largest_entry: int
    largest_whole: int
    most_entries: int
    highest_ratio: int
    swelling_from: int
    path: re.Pattern[str]
    longest_path: int


def contents(file: BinaryIO, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of everything in a zip, one after the other; a folder that holds all of it is left out.

    Everything that the directory tells is checked before the first is given. Raises `PackageError`.
    """
    measure(file, limits)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = _checked(archive, limits)
            left_out = _folder_around(list(entries))
            read = 0
            for path, entry in entries.items():
                with archive.open(entry) as opened:
                    content = opened.read(entry.file_size + 1)
                read += len(content)
                if len(content) != entry.file_size or read > limits.largest_whole:
                    raise PackageError(
                        f"“{path}” không đúng kích thước đã ghi.", f"“{path}” is not of the size it claims."
                    )
                yield path[left_out:], content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as wrong:
        raise PackageError(
            "Tệp này không phải là tệp zip đọc được.", "This file is no zip that can be read.", detail=str(wrong)
        ) from wrong


def names(file: BinaryIO, limits: Limits) -> list[str]:
    """What a zip lists, unchecked, without what is left out; empty where it is none that can be read."""
    try:
        measure(file, limits)
        with zipfile.ZipFile(file) as archive:
            found = [_name(one) for one in archive.infolist() if not one.is_dir()]
    except (PackageError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError):
        return []
    kept = [one for one in found if not IGNORED.fullmatch(one)]
    return [one[_folder_around(kept) :] for one in kept]


def measure(file: BinaryIO, limits: Limits) -> None:
    """Raises `PackageError` where this is no zip, or it or its directory is too large to be read at all."""
    whole = file.seek(0, 2)
    if whole > limits.largest:
        megabytes = limits.largest // 1_000_000
        raise PackageError(f"Tệp zip lớn hơn {megabytes} MB.", f"The zip is larger than {megabytes} MB.")
    file.seek(max(0, whole - _END_SIZE - _LONGEST_COMMENT - _BIGGER_SIZE))
    tail = file.read()
    file.seek(0)
    at = len(tail) - _END_SIZE
    if not (tail[max(at, 0) :].startswith(_END) and tail.endswith(b"\0\0")):  # as zipfile looks for it
        at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise PackageError("Tệp này không phải là tệp zip đọc được.", "This file is no zip that can be read.")
    count, size = struct.unpack("<HL", tail[at + 10 : at + 16])
    is_bigger = tail[max(at - _BIGGER_SIZE, 0) : at].startswith(_BIGGER)
    if is_bigger or count > limits.most_entries or size > limits.most_entries * _LISTED:
        raise PackageError(
            f"Tệp zip có quá {limits.most_entries} mục.", f"The zip has more than {limits.most_entries} entries."
        )


def _checked(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Path -> entry of the files in it."""
    if len(archive.infolist()) > limits.most_entries:
        raise PackageError(
            f"Tệp zip có quá {limits.most_entries} mục.", f"The zip has more than {limits.most_entries} entries."
        )
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for entry in archive.infolist():
        path = _name(entry)
        if entry.is_dir() or IGNORED.fullmatch(path):
            continue
        _check(path, entry, limits)
        if path.casefold() in folded:
            raise PackageError(f"“{path}” có hai lần.", f"“{path}” stands twice.")
        folded.add(path.casefold())
        found[path] = entry
    if sum(one.file_size for one in found.values()) > limits.largest_whole:
        raise PackageError("Nội dung giải nén quá lớn.", "What is in the zip is too large.")
    return found


def _check(path: str, entry: zipfile.ZipInfo, limits: Limits) -> None:
    changed = entry.orig_filename != entry.filename  # cut at a NUL, or with another sign between folders
    if changed or len(path) > limits.longest_path or not limits.path.fullmatch(path) or ".." in path:
        raise PackageError(
            f"Đường dẫn “{path[:60]!r}” trong tệp zip không được phép.",
            f"The path {path[:60]!r} in the zip is not allowed.",
        )
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise PackageError(f"“{path}” không phải là tệp thường.", f"“{path}” is no plain file.")
    if entry.flag_bits & 0x1 or entry.compress_type not in _METHODS:
        raise PackageError(
            f"“{path}” bị mã hóa hoặc nén kiểu lạ.", f"“{path}” is encrypted or packed in a strange way."
        )
    swells = entry.file_size > limits.highest_ratio * max(entry.compress_size, 1)
    if entry.file_size > limits.largest_entry or (swells and entry.file_size >= limits.swelling_from):
        raise PackageError(f"“{path}” giải nén ra quá lớn.", f"“{path}” swells too much.")


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name; in UTF-8 also where the program that packed it forgot to say so."""
    if entry.flag_bits & _UTF8 or entry.filename.isascii():
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _folder_around(paths: list[str]) -> int:
    """Signs of the folder that holds all of these, with its slash: people zip a folder as often as what is in it."""
    tops = {path.partition("/")[0] for path in paths}
    return len(tops.pop()) + 1 if len(tops) == 1 and all("/" in path for path in paths) else 0
