"""From the files of a course to the course, or to everything that is wrong with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from core.words import LANGUAGES, Text
from training.kinds import AUDIENCES, STEP_KINDS
from training.lessons import questionfile, scormparts
from training.lessons.faults import Faults
from training.lessons.markdown import PICTURES, check_markdown, title_of
from training.lessons.model import (
    ATTEMPTS_A_DAY,
    MOST_ATTEMPTS_A_DAY,
    QUIZ,
    Course,
    Lesson,
    PackagePart,
    Picture,
    Step,
)
from training.lessons.picturefile import picture_of
from training.quizzes import Question

SHEET = "course.toml"
MOST_LESSONS = 30
_LESSON = re.compile(r"(vi|en)/(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_KEY = re.compile(r"[a-z][a-z0-9_]{1,49}")
_PICTURE = re.compile(r"pictures/([A-Za-z0-9][A-Za-z0-9._-]{0,79})")
_FIELDS = {
    *("key", "title", "summary", "audience", "minutes", "valid_months", "pass_mark", "draw", "attempts", "steps"),
    "scorm",
}


def read_course(files: Mapping[str, bytes]) -> tuple[Course, tuple[Picture, ...]]:
    """The course in these files (path -> bytes) and its pictures. Raises `CourseFileError` with all that is wrong."""
    faults = Faults()
    texts = _texts(files, faults)
    pictures = _pictures(files, faults)
    for path in files:
        if path not in {SHEET, questionfile.PATH} and not _LESSON.fullmatch(path) and not _PICTURE.fullmatch(path):
            faults.add(path, 0, "tệp này không thuộc khóa học", "this file is no part of a course")
    lessons = _lessons(texts, pictures, faults)
    keys = [one.key for one in lessons]
    questions = questionfile.read_questions(texts.get(questionfile.PATH, ""), keys, faults)
    course = _course(texts.get(SHEET), lessons, questions, pictures, faults)
    faults.raise_any()
    if course is None:
        raise RuntimeError("a course without faults is a course")
    return course, tuple(pictures.values())


def check_lesson(path: str, source: str, pictures: Collection[str]) -> str:
    """The title of one lesson that is all right by itself. Raises `CourseFileError`."""
    faults = Faults()
    check_markdown(source, path, pictures, faults)
    faults.raise_any()
    return title_of(source)


def _texts(files: Mapping[str, bytes], faults: Faults) -> dict[str, str]:
    found = {}
    for path, content in files.items():
        if path.endswith((".md", ".toml")):
            try:
                found[path] = content.decode("utf-8-sig").replace("\r\n", "\n")
            except UnicodeDecodeError as wrong:
                line = content.count(b"\n", 0, wrong.start) + 1
                faults.add(path, line, "không phải là văn bản UTF-8", "not text in UTF-8")
    return found


def _pictures(files: Mapping[str, bytes], faults: Faults) -> dict[str, Picture]:
    found = {}
    for path, content in files.items():
        named = _PICTURE.fullmatch(path)
        if named is None:
            continue
        made = picture_of(path, content)
        if isinstance(made, Text):
            faults.add(path, 0, made.vi, made.en)
        else:
            found[path.removeprefix(PICTURES)] = made
    return found


def _lessons(texts: Mapping[str, str], pictures: Collection[str], faults: Faults) -> tuple[Lesson, ...]:
    paths: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for path in sorted(texts):
        named = _LESSON.fullmatch(path)
        if named is not None:
            paths[named[1]][f"{named[2]}-{named[3]}"] = path
            check_markdown(texts[path], path, pictures, faults)
    for here, there in (LANGUAGES, LANGUAGES[::-1]):
        for name in paths[here].keys() - paths[there].keys():
            faults.add(
                f"{there}/{name}.md", 0, "thiếu bài này ở ngôn ngữ kia", "the lesson is missing in this language"
            )
    found = []
    for name in sorted(paths["vi"].keys() & paths["en"].keys()):
        vi, en = texts[paths["vi"][name]], texts[paths["en"][name]]
        found.append(Lesson(name[3:], Text(title_of(vi), title_of(en)), Text(vi, en)))
    keys = [one.key for one in found]
    others = re.search(r"^\s*scorm\b", texts.get(SHEET, ""), re.MULTILINE)  # a course of packages needs no lesson
    if not (keys or others) or len(keys) > MOST_LESSONS or len(set(keys)) < len(keys):
        faults.add(
            "vi/", 0, f"cần từ 1 đến {MOST_LESSONS} bài học, mỗi tên một lần",
            f"1 to {MOST_LESSONS} lessons are needed, each name once",
        )  # fmt: skip
    return tuple(found)


def _course(
    sheet: str | None, lessons: tuple[Lesson, ...], questions: tuple[Question, ...], pictures: Mapping[str, Picture],
    faults: Faults,
) -> Course | None:  # fmt: skip
    if sheet is None:
        faults.add(SHEET, 0, "thiếu tệp này", "this file is missing")
        return None
    try:
        given = tomllib.loads(sheet)
    except tomllib.TOMLDecodeError as wrong:
        faults.add(
            SHEET,
            questionfile.line_of_toml(wrong, sheet),
            "không đọc được theo TOML",
            f"not readable as TOML ({wrong})",
        )
        return None
    told = _Sheet(given, sheet, faults)
    if set(given) - _FIELDS:
        unknown = ", ".join(sorted(set(given) - _FIELDS))
        told.wrong(unknown.partition(",")[0], f"không hiểu: {unknown}", f"not understood: {unknown}")
    months = None if "valid_months" not in given else told.number("valid_months", 1, 240, 12)
    key = str(given.get("key", ""))
    if not _KEY.fullmatch(key):
        told.wrong("key", "key gồm chữ thường, số và gạch dưới", "key is made of small letters, digits and underscores")
    audience = str(given.get("audience", "everybody"))
    if audience not in AUDIENCES:
        told.wrong("audience", f"audience là một trong {', '.join(AUDIENCES)}", f"audience is one of {AUDIENCES}")
    drawn_from = sum(not one.retired for one in questions)
    if questions and not drawn_from:
        told.wrong("draw", "mọi câu hỏi đều đã ngừng dùng", "every question is retired")
    most = max(drawn_from, 1)
    parts = _parts(told, given.get("scorm", []), lessons)
    return Course(
        key=key,
        title=told.text("title"),
        summary=told.text("summary"),
        audience=audience,
        minutes=told.number("minutes", 1, 600, 10),
        valid_months=months,
        pass_mark=told.number("pass_mark", 1, 100, 80),
        draw=told.number("draw", 1, most, min(6, most)),
        steps=_steps(told, given.get("steps"), lessons, questions, parts),
        lessons=lessons,
        questions=questions,
        pictures={name: one.digest for name, one in sorted(pictures.items())},
        parts=parts,
        attempts=told.number("attempts", 1, MOST_ATTEMPTS_A_DAY, ATTEMPTS_A_DAY),
    )


def _parts(told: _Sheet, given: Any, lessons: tuple[Lesson, ...]) -> tuple[PackagePart, ...]:
    """The lessons of SCORM packages; there are some where the course has no lessons of its own."""
    found = scormparts.read_parts(given)
    if found is None or not (lessons or found):
        told.wrong("scorm", "scorm cần key, title, package và item", "scorm needs key, title, package and item")
    return found or ()


def _steps(
    told: _Sheet, given: Any, lessons: tuple[Lesson, ...], questions: tuple[Question, ...],
    parts: tuple[PackagePart, ...],
) -> tuple[Step, ...]:  # fmt: skip
    """The steps as they are listed, or all lessons and then the quiz. Every lesson is one, and so is the quiz."""
    wanted = [Step("lesson", one.key) for one in lessons] + [Step("scorm", one.key) for one in parts]
    wanted += [Step("quiz", QUIZ)] if questions else []
    if given is None:
        return tuple(wanted)
    listed = [str(one).partition(":") for one in given] if isinstance(given, list) else []
    steps = tuple(Step(kind, key or QUIZ) for kind, _colon, key in listed)
    for one in wanted:
        if one not in steps:
            told.wrong("steps", f"thiếu bước {one.kind}:{one.key}", f"the step {one.kind}:{one.key} is missing")
    for one in steps:
        unknown = one.kind in {"lesson", "quiz", "scorm"} and one not in wanted
        if one.kind not in STEP_KINDS or unknown or steps.count(one) > 1 or not _KEY_OF_STEP.fullmatch(one.key):
            told.wrong(
                "steps", f"bước {one.kind}:{one.key} không dùng được", f"the step {one.kind}:{one.key} is unusable"
            )
    return steps


_KEY_OF_STEP = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")


class _Sheet:
    """`course.toml`: gives its values and tells what is wrong with them, with the line they stand in."""

    def __init__(self, given: dict[str, Any], source: str, faults: Faults) -> None:
        self._given, self._source, self._faults = given, source, faults

    def wrong(self, name: str, vi: str, en: str) -> None:
        found = re.search(rf"^\s*\[?{re.escape(name.strip())}\b", self._source, re.MULTILINE)
        line = 0 if found is None else self._source.count("\n", 0, found.end()) + 1
        self._faults.add(SHEET, line, vi, en)

    def text(self, name: str) -> Text:
        value = self._given.get(name)
        vi, en = (value.get("vi"), value.get("en")) if isinstance(value, dict) else (None, None)
        if not (
            isinstance(vi, str) and isinstance(en, str) and 0 < len(vi.strip()) <= 500 and 0 < len(en.strip()) <= 500
        ):
            self.wrong(
                name, f"{name} cần vi và en, ngắn hơn 500 ký tự", f"{name} needs vi and en, under 500 characters"
            )
            return Text("", "")
        return Text(vi.strip(), en.strip())

    def number(self, name: str, least: int, most: int, usual: int) -> int:
        value = self._given.get(name, usual)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(name, f"{name} là số từ {least} đến {most}", f"{name} is a number from {least} to {most}")
            return usual
        return value
