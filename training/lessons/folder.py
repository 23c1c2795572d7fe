"""A course in a folder, and the courses that come with the program."""

from __future__ import annotations

from pathlib import Path

from training.lessons.model import Course, Picture
from training.lessons.reading import read_course

SHIPPED = Path(__file__).parent.parent / "courses"


def of_folder(folder: Path) -> tuple[Course, tuple[Picture, ...]]:
    """The course in a folder, and its pictures. Raises `CourseFileError`."""
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    return read_course({one.relative_to(folder).as_posix(): one.read_bytes() for one in files})
