"""A course that was changed, checked as if it had come in a package: what is kept can always be taken away and back."""

from __future__ import annotations

from collections.abc import Mapping

from training.lessons.model import Course
from training.lessons.reading import read_course
from training.lessons.writing import files_of


def check_course(course: Course, contents: Mapping[str, bytes]) -> None:
    """Raises `CourseFileError` with all that is wrong; `contents` are the pictures by digest."""
    read_course(files_of(course, contents))
