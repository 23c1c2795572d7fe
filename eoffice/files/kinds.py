"""What a file is, by its first bytes; what may be attached, and under what name.

A list of what is taken: everything else is refused with a sentence that says what to send instead. Pages, scripts and
programs are not on it, so that a browser that opens an attachment has nothing to run.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from core.words import Text, showable
from eoffice.documents.docx_file import archive
from eoffice.documents.docx_file.archive import OLE_MAGIC, opened
from eoffice.errors import DocumentFileError

MOST_BYTES = archive.MOST_BYTES
LONGEST_NAME = 150
_OFFICE = "application/vnd.openxmlformats-officedocument."
_FORBIDDEN_IN_NAMES = '\\/:*?"<>|'


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is taken: its ending, media type and words."""

    ending: str
    media_type: str
    words: Text


DOCX = FileKind("docx", _OFFICE + "wordprocessingml.document", Text("văn bản Word", "Word document"))
PDF = FileKind("pdf", "application/pdf", Text("tệp PDF", "PDF file"))
TEXT = FileKind("txt", "text/plain; charset=utf-8", Text("văn bản thuần", "plain text"))
KINDS: tuple[FileKind, ...] = (
    DOCX,
    PDF,
    TEXT,
    FileKind("xlsx", _OFFICE + "spreadsheetml.sheet", Text("bảng tính Excel", "Excel sheet")),
    FileKind("pptx", _OFFICE + "presentationml.presentation", Text("bài trình chiếu", "presentation")),
    FileKind("csv", "text/csv; charset=utf-8", Text("bảng CSV", "CSV table")),
    FileKind("png", "image/png", Text("ảnh PNG", "PNG picture")),
    FileKind("jpg", "image/jpeg", Text("ảnh JPEG", "JPEG picture")),
)
_BY_ENDING = {one.ending: one for one in KINDS} | {"jpeg": next(one for one in KINDS if one.ending == "jpg")}
_BEGINS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}


def kind_of(name: str, content: bytes) -> FileKind:
    """What a file is; its ending and its first bytes must agree, and an office file must open without harm.

    Raises DocumentFileError for anything that is not taken.
    """
    if not content:
        raise DocumentFileError("Tệp rỗng.", "The file is empty.")
    if len(content) > MOST_BYTES:
        size = MOST_BYTES // 2**20
        raise DocumentFileError(f"Tệp quá lớn (nhiều nhất {size} MB).", f"The file is too large (at most {size} MB).")
    kind = _BY_ENDING.get(safe_name(name).rpartition(".")[2].lower())
    if kind is None:
        raise _not_taken()
    if kind.media_type.startswith(_OFFICE):
        if content.startswith((OLE_MAGIC, b"PK")):
            opened(content)
            return kind
        raise _not_taken()
    begins = _BEGINS.get(kind.ending)
    if begins is None:
        _refuse_unreadable(content)
    elif not content.startswith(begins):
        raise _not_taken()
    return kind


def safe_name(name: str) -> str:
    """A file's name without folders and signs that mislead: what is left is shown and offered when it is fetched.

    Raises DocumentFileError where nothing is left.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    said = " ".join(showable(last).split())
    said = "".join("-" if sign in _FORBIDDEN_IN_NAMES else sign for sign in said).strip(" .")
    stem, dot, ending = said.rpartition(".")
    if not said:
        raise DocumentFileError("Tệp không có tên.", "The file has no name.")
    if len(said) > LONGEST_NAME:
        said = stem[: LONGEST_NAME - len(ending) - 1] + dot + ending if len(ending) < 10 else said[:LONGEST_NAME]
    return said


def _refuse_unreadable(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _not_taken() from None
    if "\0" in text:
        raise _not_taken()


def _not_taken() -> DocumentFileError:
    endings = ", ".join(one.ending.upper() for one in KINDS)
    return DocumentFileError(
        f"Tệp này không được nhận, hoặc nội dung không đúng với đuôi tệp. Các loại được nhận: {endings}.",
        f"This file is not taken, or it is not what its ending says. What is taken: {endings}.",
    )
