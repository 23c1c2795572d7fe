"""Courses as files and as text: their format, checked, and Markdown made into safe HTML (no database).

A course is a folder (or a zip of one): `course.toml`, lessons as Markdown `vi/01-name.md` and `en/01-name.md`,
`questions.toml`, and `pictures/`. `docs/courses.md` describes it for whoever writes one.

    from training.lessons import of_folder, of_zip, html_of

    course, pictures = of_folder(Path("training/courses/mailbox"))   # raises CourseFileError naming file and line
    html_of(course.lessons[0].source.vi, address_of)                 # safe to put into a page
"""

from __future__ import annotations

from training.lessons.checking import check_course
from training.lessons.folder import SHIPPED, of_folder
from training.lessons.markdown import html_of
from training.lessons.model import Course, Lesson, Picture, Step
from training.lessons.package import LARGEST, as_zip, of_zip
from training.lessons.questionrow import RowFault, read_question
from training.lessons.reading import check_lesson, read_course
from training.lessons.stored import as_json, digest_of, from_json
from training.lessons.writing import files_of

__all__ = [
    "LARGEST",
    "SHIPPED",
    "Course",
    "Lesson",
    "Picture",
    "RowFault",
    "Step",
    "as_json",
    "as_zip",
    "check_course",
    "check_lesson",
    "digest_of",
    "files_of",
    "from_json",
    "html_of",
    "of_folder",
    "of_zip",
    "read_course",
    "read_question",
]
