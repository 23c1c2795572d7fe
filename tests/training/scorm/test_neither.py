"""A zip that is neither kind of package: told what each would need, and which it was nearer to."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

import core.cli
from tests.training.scorm.packages import manifest, zipped
from training import lessons
from training.scorm import is_package, paths_in
from training.scorm.neither import is_course, neither

BOTH = ("neither a course package nor a SCORM package", "course.toml", "vi/01-….md", "imsmanifest.xml")
NEARER: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "a folder too deep": (
        ("bai/goi/imsmanifest.xml", "bai/goi/index.html", "bai/doc.txt"),
        "thư mục “goi”", "Nearer to SCORM: imsmanifest.xml lies in the folder “goi”",
    ),
    "for another standard": (("tincan.xml", "index.html"), "xAPI (Tin Can)", "publish the lesson again"),
    "pages alone": (("story/index.html", "img/a.png"), "story/index.html", "imsmanifest.xml is missing"),
    "a sheet too deep": (
        ("a/khoa/course.toml", "b/x.txt"), "“a/khoa/course.toml”", "course.toml has to lie at the top",
    ),
    "a sheet in capitals": (("Course.toml", "vi/01-a.md"), "“Course.toml”", "in small letters"),
    "lessons alone": (("vi/01-a.md", "en/01-a.md"), "thiếu course.toml", "Nearer to a course package: there is"),
    "a zip in it": (("goi.zip", "huong-dan.pdf"), "tệp zip khác (“goi.zip”)", "unpack this one"),
    "a document": (("[Content_Types].xml", "word/document.xml"), "Word", "no package"),
    "photographs": (("a.jpg", "b.jpg"), "Không thấy tệp nào", "Nothing of either kind"),
}  # fmt: skip


@pytest.mark.parametrize("name", NEARER)
def test_it_is_told_what_it_was_nearer_to(name: str) -> None:
    paths, vi, en = NEARER[name]
    content = io.BytesIO(zipped("", files=dict.fromkeys(paths, b"x")))
    found = paths_in(content)
    assert (is_package(content), is_course(found)) == (False, False)
    said = neither(found).message
    assert all(one in said.en for one in BOTH)
    assert (vi in said.vi, en.casefold() in said.en.casefold()) == (True, True), said


def test_what_is_one_of_them_is_told_of_its_own_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command as by the page: a course with a fault is a course, and a zip that is none is not called one."""
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    told = {
        "course.toml:": lessons.as_zip({"course.toml": b"key = 1"}),
        "lies in the folder": zipped("", files={"a/b/imsmanifest.xml": manifest().encode(), "c.txt": b""}),
        "no zip that can be read": b"no zip at all",
    }
    for words, content in told.items():
        (tmp_path / "goi.zip").write_bytes(content)
        assert core.cli.main(["--language", "en", "training", "package", str(tmp_path / "goi.zip")]) != 0
        said = capsys.readouterr().err
        assert (words in said, BOTH[0] in said) == (True, words == "lies in the folder"), said
