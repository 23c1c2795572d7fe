"""A SCORM package as a zip: told from other zips, measured, its manifest read, its files handed out one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.words import Text
from training.errors import PackageError
from training.lessons.unzipping import Limits, contents, measure, names
from training.scorm.filekinds import is_program
from training.scorm.manifest import LARGEST_MANIFEST, Manifest, read_manifest
from training.scorm.neither import MANIFEST

LARGEST = 100_000_000
_SEGMENT = r'[^\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+'
LIMITS = Limits(
    largest=LARGEST,
    largest_entry=60_000_000,
    largest_whole=300_000_000,
    most_entries=5_000,
    highest_ratio=100,
    swelling_from=1_000_000,
    path=re.compile(rf"(?!/){_SEGMENT}(/{_SEGMENT}){{0,11}}"),
    longest_path=240,
)
OFF = Text(
    "Đây là gói SCORM. Ở đây chưa bật SCORM: quản trị cần đặt một địa chỉ riêng để hiển thị gói "
    "(mục origin của bảng [training.scorm], xem docs/scorm.md).",
    "This is a SCORM package. SCORM is off here: the administrator has to name an address of its own to show packages "
    "from (origin in the table [training.scorm], see docs/scorm.md).",
)


@dataclass(frozen=True, slots=True)
class Package:
    """A package that may be taken in: what its manifest says, and its file."""

    manifest: Manifest
    _file: BinaryIO

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of everything in it, one after the other. Raises `PackageError` where one is not as listed."""
        return contents(self._file, LIMITS)


def paths_in(file: BinaryIO) -> list[str]:
    """What a zip lists, unchecked; empty where it is none that can be read."""
    return names(file, LIMITS)


def is_package(file: BinaryIO) -> bool:
    """Whether a zip is a SCORM (or IMS) package: it has a manifest at its top."""
    return any(one.casefold() == MANIFEST for one in paths_in(file))


def check_size(file: BinaryIO) -> None:
    """Raises `PackageError` where a zip is more than any package may be, and so more than a course too."""
    measure(file, LIMITS)


def read_package(file: BinaryIO) -> Package:
    """The package in a zip. Raises `PackageError` saying in a sentence why it is refused."""
    paths: list[str] = []
    manifest: bytes | None = None
    for path, content in contents(file, LIMITS):
        if is_program(path):
            raise PackageError(
                f"“{path}” là chương trình hoặc loại tệp không được phép trong gói.",
                f"“{path}” is a program, or of a kind that a package may not hold.",
            )
        paths.append(path)
        if path.casefold() == MANIFEST:
            manifest = content
    if manifest is None:
        raise PackageError("Gói không có imsmanifest.xml.", "The package has no imsmanifest.xml.")
    if len(manifest) > LARGEST_MANIFEST:
        raise PackageError("imsmanifest.xml quá lớn.", "imsmanifest.xml is too large.")
    return Package(read_manifest(manifest, paths), file)
