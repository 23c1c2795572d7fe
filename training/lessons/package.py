"""A course as a zip file, from whoever: measured before anything is unpacked, and never unpacked to a disk.

Refused: more bytes or entries than a course can need, entries that swell more than `HIGHEST_RATIO` times, paths that
lead elsewhere, links and devices, encrypted entries, a name twice, and what cannot be read. Sizes in the directory of a
zip are claims: reading stops where one is exceeded.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping

from training.errors import PackageError
from training.lessons.model import Course, Picture
from training.lessons.reading import read_course

LARGEST = 10_000_000
LARGEST_ENTRY = 1_000_000
LARGEST_WHOLE = 20_000_000
MOST_ENTRIES = 300
HIGHEST_RATIO = 100
LONGEST_PATH = 120
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}")
_IGNORED = ("__MACOSX/", ".DS_Store")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def of_zip(content: bytes) -> tuple[Course, tuple[Picture, ...]]:
    """The course in a zip, and its pictures. Raises `PackageError`, or `CourseFileError` for what is in it."""
    return read_course(files_of_zip(content))


def files_of_zip(content: bytes) -> dict[str, bytes]:
    """Path -> bytes of everything in a zip; a folder that holds all of it is left out. Raises `PackageError`."""
    if len(content) > LARGEST:
        raise PackageError(
            f"Tệp zip lớn hơn {LARGEST // 1_000_000} MB.", f"The zip is larger than {LARGEST // 1_000_000} MB."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _without_folder(_read(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as wrong:
        raise PackageError(
            "Tệp này không phải là tệp zip đọc được.", "This file is no zip that can be read.", detail=str(wrong)
        ) from wrong


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [one for one in archive.infolist() if not one.is_dir() and not _ignored(one.filename)]
    if len(archive.infolist()) > MOST_ENTRIES:
        raise PackageError(f"Tệp zip có quá {MOST_ENTRIES} mục.", f"The zip has more than {MOST_ENTRIES} entries.")
    found: dict[str, bytes] = {}
    for entry in entries:
        _check(entry)
        if entry.filename.casefold() in {one.casefold() for one in found}:
            raise PackageError(f"“{entry.filename}” có hai lần.", f"“{entry.filename}” stands twice.")
        with archive.open(entry) as opened:
            content = opened.read(entry.file_size + 1)
        if len(content) != entry.file_size:
            raise PackageError(
                f"“{entry.filename}” không đúng kích thước đã ghi.", f"“{entry.filename}” is not of the size it claims."
            )
        found[entry.filename] = content
        if sum(map(len, found.values())) > LARGEST_WHOLE:
            raise PackageError("Nội dung giải nén quá lớn.", "What is in the zip is too large.")
    return found


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if name != entry.filename or len(name) > LONGEST_PATH or not _PATH.fullmatch(name) or ".." in name:
        raise PackageError(
            f"Đường dẫn “{name[:60]!r}” trong tệp zip không được phép.",
            f"The path {name[:60]!r} in the zip is not allowed.",
        )
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise PackageError(f"“{name}” không phải là tệp thường.", f"“{name}” is no plain file.")
    if entry.flag_bits & 0x1 or entry.compress_type not in _METHODS:
        raise PackageError(
            f"“{name}” bị mã hóa hoặc nén kiểu lạ.", f"“{name}” is encrypted or packed in a strange way."
        )
    if entry.file_size > LARGEST_ENTRY or entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
        raise PackageError(f"“{name}” giải nén ra quá lớn.", f"“{name}” swells too much.")


def _ignored(name: str) -> bool:
    return name.startswith(_IGNORED[0]) or name.rpartition("/")[2] == _IGNORED[1]


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """People zip a folder as often as what is in it."""
    tops = {path.partition("/")[0] for path in files}
    if len(tops) == 1 and all("/" in path for path in files):
        return {path.partition("/")[2]: content for path, content in files.items()}
    return files


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """The files of a course as a zip that `of_zip` reads; the same bytes for the same files."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()
