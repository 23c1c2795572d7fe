"""Courses as files: those of the program, there and back, and what an author can get wrong, with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.words import LANGUAGES, Language
from tests.e2e import course_pictures
from training import lessons
from training.errors import CourseFileError
from training.lessons import Course, Picture
from training.lessons.markdown import TAGS
from training.practice.kinds import KINDS as EXERCISES
from training.quizzes import KINDS

COURSES = (
    "mailbox", "reading_and_answering", "phone", "no_private_forwarding", "safe_mail", "decide_in_three_minutes",
    "drafting", "records", "deputies",
)  # fmt: skip
LONGEST_LESSON = 260
"""Words, Vietnamese ones: about four minutes of slow reading with its pictures."""
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)


def files_of(key: str) -> dict[str, bytes]:
    folder = lessons.SHIPPED / key
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@pytest.fixture
def files() -> dict[str, bytes]:
    """The course of the mailbox, to be spoilt."""
    return files_of("mailbox")


def test_the_courses_of_the_first_day() -> None:
    assert sorted(one.name for one in lessons.SHIPPED.iterdir() if one.is_dir()) == sorted(COURSES)


@pytest.mark.parametrize("key", COURSES)
def test_a_shipped_course(key: str) -> None:
    """Short lessons with pictures, enough questions of every kind, each lesson asked about, exercises that exist."""
    course, pictures = lessons.of_folder(lessons.SHIPPED / key)
    assert course.key == key
    assert 3 <= len(course.lessons) <= 6
    assert len(course.questions) >= 8
    assert {one.kind for one in course.questions} == set(KINDS)
    assert {one.lesson for one in course.questions} == {one.key for one in course.lessons}
    assert course.draw >= 5
    assert {one.key for one in course.steps if one.kind == "exercise"} <= set(EXERCISES)
    used = "".join(one.source.vi + one.source.en for one in course.lessons)
    assert all(f"pictures/{name}" in used for name in course.pictures), "no picture lies about unused"
    assert sum(len(one.content) for one in pictures) < 320_000
    for lesson in course.lessons:
        assert len(lesson.source.vi.split()) <= LONGEST_LESSON, lesson.key
        assert VIETNAMESE.search(lesson.title.vi), lesson.title.vi


@pytest.mark.parametrize("key", COURSES)
def test_there_and_back(key: str) -> None:
    """As JSON, as files and as a zip a course stays what it is."""
    course, pictures = lessons.of_folder(lessons.SHIPPED / key)
    assert lessons.from_json(lessons.as_json(course)) == course
    files = lessons.files_of(course, {one.digest: one.content for one in pictures})
    assert lessons.of_zip(lessons.as_zip(files)) == (course, pictures)
    assert lessons.digest_of(lessons.of_zip(lessons.as_zip(files))[0]) == lessons.digest_of(course)


def test_pictures_of_screens_are_the_present_ones() -> None:
    for source, copy in course_pictures.pairs():
        assert source.read_bytes() == copy.read_bytes(), f"{copy}: python -m tests.e2e.course_pictures"


def fault_of(files: dict[str, bytes], language: Language = "en") -> str:
    with pytest.raises(CourseFileError) as refused:
        lessons.read_course(files)
    return refused.value.message.to(language)


Spoil = Callable[[dict[str, bytes]], None]


def append(path: str, more: str) -> Spoil:
    def spoil(files: dict[str, bytes]) -> None:
        files[path] += more.encode()

    return spoil


def swap(path: str, old: str, new: str) -> Spoil:
    def spoil(files: dict[str, bytes]) -> None:
        assert old.encode() in files[path]
        files[path] = files[path].replace(old.encode(), new.encode(), 1)

    return spoil


def put(path: str, content: bytes) -> Spoil:
    def spoil(files: dict[str, bytes]) -> None:
        files[path] = content

    return spoil


def without_sheet(files: dict[str, bytes]) -> None:
    del files["course.toml"]


FIRST = "vi/01-what-it-is.md"
FAULTS: dict[str, tuple[Spoil, str]] = {
    "html": (append(FIRST, "\n<b>đậm</b>\n"), r"vi/01-what-it-is\.md, line 22: HTML is not allowed"),
    "script link": (append(FIRST, "\n[x](javascript:alert(1))\n"), r"line 22: a link begins with https"),
    "data link": (append(FIRST, "\nmột\n[x](data:text/html,x)\n"), r"line 23: a link begins with https"),
    "another host": (append(FIRST, "\n[x](//evil.example/)\n"), r"line 22: a link begins with https"),
    "a picture from elsewhere": (append(FIRST, "\n![x](https://evil.example/x.png)\n"), r"line 22: a picture lies in"),
    "no such picture": (append(FIRST, "\n![x](pictures/none.svg)\n"), r"line 22: there is no picture"),
    "a picture without words": (append(FIRST, "\n![](pictures/way.vi.svg)\n"), r"line 22: a picture has no words"),
    "two titles": (append(FIRST, "\n# Nữa\n"), r"line 22: there is only one heading"),
    "a level left out": (append(FIRST, "\n#### Sâu\n"), r"line 22: a level of headings is left out"),
    "no title": (swap(FIRST, "# Hộp thư công vụ là gì\n", ""), r"what-it-is\.md, line \d+: a lesson begins with"),
    "no latin text": (put(FIRST, b"# T\xff\n"), r"vi/01-what-it-is\.md, line 1: not text in UTF-8"),
    "a lesson in one language": (put("vi/09-more.md", b"# Th\xc3\xaam\n"), r"en/09-more\.md: the lesson is missing"),
    "a strange file": (put("notes.txt", b"x"), r"notes\.txt: this file is no part of a course"),
    "no sheet": (without_sheet, r"course\.toml: this file is missing"),
    "broken sheet": (append("course.toml", "\nx = [\n"), r"course\.toml, line \d+: not readable as TOML"),
    "an unknown field": (append("course.toml", 'colour = "red"\n'), r"course\.toml, line 10: not understood: colour"),
    "a pass mark of 0": (swap("course.toml", "pass_mark = 80", "pass_mark = 0"), r"course\.toml, line 7: pass_mark is"),
    "a strange audience": (swap("course.toml", '"everybody"', '"cats"'), r"course\.toml, line 4: audience is one of"),
    "a step left out": (swap("course.toml", '"lesson:first-message", ', ""), r"step lesson:first-message is missing"),
    "a step of nowhere": (swap("course.toml", '"quiz",', '"quiz", "lesson:x",'), r"the step lesson:x is unusable"),
    "a strange kind": (swap("questions.toml", 'kind = "one"', 'kind = "two"'), r"questions\.toml, line 1: “whose”: k"),
    "no right choice": (swap("questions.toml", ", right = true", ""), r"line 1: “whose”: exactly one choice"),
    "a question of no lesson": (
        swap("questions.toml", 'lesson = "what-it-is"', 'lesson = "x"'), r"line 1: “whose”: there is no lesson “x”",
    ),
    "a key twice": (swap("questions.toml", 'key = "secret"', 'key = "whose"'), r"line 14: the key “whose” stands"),
    "no English": (swap("questions.toml", ', en = "What is the official mailbox for?"', ""), r"ask needs both"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_told_with_file_and_line(files: dict[str, bytes], name: str) -> None:
    spoil, told = FAULTS[name]
    spoil(files)
    said = fault_of(files)
    assert re.search(told, said), said
    assert "dòng" in fault_of(files, "vi") or "line" not in said


def test_everything_is_told_at_once(files: dict[str, bytes]) -> None:
    for at in range(20):
        files[f"more{at}.txt"] = b""
    assert "And 8 more." in fault_of(files)


HOSTILE = (
    "# T\n\n<script>alert(1)</script>\n",
    "# T\n\n<img src=x onerror=alert(1)>\n",
    "# T\n\n[x](javascript:alert(1))\n",
    "# T\n\n![x](data:image/svg+xml,<svg onload=alert(1)>)\n",
    '# T\n\n[x](https://a.example "onmouseover=alert(1)")\n',
    "# T\n\n<style>*{display:none}</style><iframe src=//x></iframe><form action=//x>\n",
    "# T\n\n| a |\n|---|\n| <b onclick=x>y</b> |\n",
)


@pytest.mark.parametrize("source", HOSTILE)
def test_what_reaches_a_page_is_inert(source: str) -> None:
    shown = lessons.html_of(source, lambda _name: None)
    assert not re.search(r"<(script|img|svg|style|iframe|form|b)\b|<[^>]*\s(on\w+|style)=", shown), shown
    assert not re.search(r'(href|src)="(javascript|data):', shown), shown


@given(st.text("<>&\"'()[]!#*|`\\ \nabjs:/=onerror", max_size=120))
def test_no_text_makes_a_tag_that_is_not_allowed(source: str) -> None:
    shown = lessons.html_of("# T\n\n" + source, lambda _name: "/p")
    tags = {tag.lower() for tag in re.findall(r"</?([a-zA-Z0-9]+)", shown)}
    assert tags <= TAGS
    assert not re.search(r"<[^>]*\s(on\w+|style)=", shown)


def test_titles_and_pictures_of_a_page() -> None:
    shown = lessons.html_of("# Tiêu đề\n\n![Lời](pictures/a.svg) ![Kia](pictures/b.svg)", {"a.svg": "/x/1"}.get)
    assert "Tiêu đề" not in shown
    assert shown.count("<img") == 1
    assert '<img src="/x/1" alt="Lời">' in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_lessons_keep_their_pictures_and_tables(language: Language) -> None:
    course: Course
    pictures: tuple[Picture, ...]
    for folder in sorted(lessons.SHIPPED.iterdir()):
        course, pictures = lessons.of_folder(folder)
        digests = {one.digest for one in pictures}
        for lesson in course.lessons:
            source = lesson.source.to(language)
            shown = lessons.html_of(source, lambda name, course=course: course.pictures.get(name))  # type: ignore[misc]
            assert set(re.findall(r'src="([^"]+)"', shown)) <= digests
            assert shown.count("<img") == source.count("![")
            assert shown.count("<table>") == len(re.findall(r"^\|-", source, re.MULTILINE))


def test_the_folder_may_lie_anywhere(tmp_path: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert lessons.of_folder(tmp_path)[0].key == "mailbox"
