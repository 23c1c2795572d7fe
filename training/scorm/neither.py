"""A zip that is neither a course of our own format nor a SCORM package: what each would need, and which was nearer.

Whoever sends one has mostly packed one folder too many, or published for another standard; the names in the zip tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.words import Text, showable
from training.errors import PackageError
from training.lessons.reading import SHEET

MANIFEST = "imsmanifest.xml"
OTHERS = {"tincan.xml": "xAPI (Tin Can)", "cmi5.xml": "cmi5"}
PARTS = ("questions.toml", ".md")
PAGES = (".html", ".htm", ".js")
_NEEDS = Text(
    "Tệp zip này không phải gói khóa học, cũng không phải gói SCORM. Gói khóa học cần có course.toml và các bài học"
    " vi/01-….md, en/01-….md (xem docs/courses.md); gói SCORM 1.2 cần có imsmanifest.xml ở thư mục ngoài cùng.",
    "This zip is neither a course package nor a SCORM package. A course package needs course.toml and lessons"
    " vi/01-….md, en/01-….md (see docs/courses.md); a SCORM 1.2 package needs imsmanifest.xml in its topmost folder.",
)


def is_course(paths: Sequence[str]) -> bool:
    """Whether these paths are those of a course of our own format, with or without faults."""
    return SHEET in paths


def neither(paths: Sequence[str]) -> PackageError:
    """The refusal of a zip with these paths, which is no package of either kind."""
    nearer = nearer_to_scorm(paths) or _nearer_to_course(paths) or _something_else(paths)
    said = nearer or Text("Không thấy tệp nào của hai loại đó.", "Nothing of either kind is in it.")
    return PackageError(f"{_NEEDS.vi} {said.vi}", f"{_NEEDS.en} {said.en}", detail=", ".join(paths[:5])[:200])


def nearer_to_scorm(paths: Sequence[str]) -> Text | None:
    """What keeps a zip from being a SCORM package, where it was meant as one."""
    named = {path.rpartition("/")[2].casefold(): path for path in reversed(paths)}
    if MANIFEST in named:
        folder = _shown(named[MANIFEST].rpartition("/")[0])
        return Text(
            f"Gần với gói SCORM hơn: imsmanifest.xml nằm trong thư mục “{folder}”. Hãy mở thư mục đó, chọn mọi thứ bên"
            " trong rồi nén lại.",
            f"Nearer to SCORM: imsmanifest.xml lies in the folder “{folder}”. Open that folder, select all that is in"
            " it, and zip that.",
        )
    other = next((name for name in OTHERS if name in named), None)
    if other is not None:
        return Text(
            f"Gần với gói SCORM hơn: đây là gói {OTHERS[other]} ({other}). Hãy xuất lại bài học theo chuẩn SCORM 1.2.",
            f"Nearer to SCORM: this is a package for {OTHERS[other]} ({other}). Publish the lesson again as SCORM 1.2.",
        )
    page = next((path for path in paths if path.casefold().endswith(PAGES)), None)
    if page is not None:
        return Text(
            f"Gần với gói SCORM hơn: có trang web ({_shown(page)}) nhưng thiếu imsmanifest.xml. Hãy xuất lại bài học"
            " theo chuẩn SCORM 1.2.",
            f"Nearer to SCORM: there are web pages ({_shown(page)}), and imsmanifest.xml is missing. Publish the lesson"
            " again as SCORM 1.2.",
        )
    return None


def _nearer_to_course(paths: Sequence[str]) -> Text | None:
    sheet = next((path for path in paths if path.rpartition("/")[2].casefold() == SHEET), None)
    if sheet is not None:
        return Text(
            f"Gần với gói khóa học hơn: có “{_shown(sheet)}”, nhưng {SHEET} phải nằm ngoài cùng và viết chữ thường.",
            f"Nearer to a course package: there is “{_shown(sheet)}”, and {SHEET} has to lie at the top, in small"
            " letters.",
        )
    part = next((path for path in paths if path.casefold().endswith(PARTS)), None)
    if part is not None:
        return Text(
            f"Gần với gói khóa học hơn: có “{_shown(part)}”, nhưng thiếu {SHEET}.",
            f"Nearer to a course package: there is “{_shown(part)}”, and {SHEET} is missing.",
        )
    return None


def _something_else(paths: Sequence[str]) -> Text | None:
    inner = next((path for path in paths if path.casefold().endswith(".zip")), None)
    if inner is not None:
        return Text(
            f"Bên trong có một tệp zip khác (“{_shown(inner)}”): hãy giải nén rồi gửi tệp đó.",
            f"Another zip is in it (“{_shown(inner)}”): unpack this one and send that.",
        )
    if "[Content_Types].xml" in paths:
        return Text(
            "Đây là tệp Word, Excel hoặc PowerPoint, không phải gói.",
            "This is a file of Word, Excel or PowerPoint and no package.",
        )
    return None


def _shown(path: str) -> str:
    return showable(path[-60:])
