"""A course as a zip file: read from whoever (`training.lessons.unzipping` says what is refused), and written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from training.lessons.model import Course, Picture
from training.lessons.reading import read_course
from training.lessons.unzipping import Limits, contents

LARGEST = 10_000_000
LARGEST_ENTRY = 1_000_000
MOST_ENTRIES = 300
LIMITS = Limits(
    largest=LARGEST,
    largest_entry=LARGEST_ENTRY,
    largest_whole=20_000_000,
    most_entries=MOST_ENTRIES,
    highest_ratio=100,
    swelling_from=0,
    path=re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}"),
    longest_path=120,
)


def of_zip(content: bytes) -> tuple[Course, tuple[Picture, ...]]:
    """The course in a zip, and its pictures. Raises `PackageError`, or `CourseFileError` for what is in it."""
    return read_course(dict(contents(io.BytesIO(content), LIMITS)))


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """The files of a course as a zip that `of_zip` reads; the same bytes for the same files."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()
