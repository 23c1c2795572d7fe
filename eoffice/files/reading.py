"""What is said in a file: for the search, for the comparison of two states, and to refuse what bears a level.

Of a DOCX every part is read (headers, text boxes, notes, what was struck out), of a PDF the first pages, of plain text
all. A picture of a page says nothing here: whoever scans a secret is not stopped by a program.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from core.words import showable
from eoffice.documents.docx_file.archive import Package, opened
from eoffice.documents.docx_file.reading import read
from eoffice.documents.recognising import recognise
from eoffice.documents.ruleset import RuleSet
from eoffice.errors import DocumentFileError
from eoffice.files.kinds import FileKind
from eoffice.writing import Passage, Written

PDF_SECONDS = 20.0
MOST_WORDS = 2_000_000
_PDF_READER = Path(__file__).with_name("pdf_reader.py")


def written_in(content: bytes, rules: RuleSet, kind: str) -> Written:
    """The text of a DOCX of that type as passages, empty paragraphs left out. Raises DocumentFileError."""
    draft = recognise(read(content), rules, document_type=kind)
    passages = tuple(Passage(one.id, one.role, showable(one.said)) for one in draft.blocks if one.said)
    if not passages:
        raise DocumentFileError("Tệp không có chữ nào.", "There are no words in the file.")
    return Written(kind, passages)


def readable_words(kind: FileKind, content: bytes) -> str:
    """What can be read in a file, a line a paragraph; empty for pictures and for what cannot be read."""
    if kind.ending in {"docx", "xlsx", "pptx"}:
        return _office_words(opened(content))
    if kind.ending == "pdf":
        return _pdf_words(content)
    if kind.ending in {"txt", "csv"}:
        return content.decode("utf-8-sig")[:MOST_WORDS]
    return ""


def _office_words(package: Package) -> str:
    """The words of every part of an office file: a line for each paragraph, cell or other smallest holder of text."""
    lines: list[str] = []
    left = MOST_WORDS
    for name in package.order:
        if not name.endswith(".xml") or name.startswith(("customXml/", "_rels/")):
            continue
        root = package.xml(name)
        for line in () if root is None else _lines(root):
            if left <= 0:
                return "\n".join(lines)
            lines.append(line[:left])
            left -= len(line)
    return "\n".join(lines)


def _lines(root: object) -> list[str]:
    """The text below each paragraph (`p`, `si`, `is`), and of elements of properties such as the title."""
    found: list[str] = []
    for holder in root.iter():  # type: ignore[attr-defined]
        if not isinstance(holder.tag, str):
            continue
        local = holder.tag.rpartition("}")[2]
        if local in {"p", "si", "is"}:
            words = "".join(_texts(holder))
        elif local in {"title", "subject", "keywords", "description", "category", "contentStatus", "lpwstr"}:
            words = holder.text or ""
        else:
            continue
        if words.strip():
            found.append(words)
    return found


def _texts(holder: object) -> list[str]:
    """The pieces of text of a paragraph, without those of paragraphs inside it (text boxes have their own)."""
    found: list[str] = []
    for one in holder:  # type: ignore[attr-defined]
        local = one.tag.rpartition("}")[2] if isinstance(one.tag, str) else ""
        if local in {"t", "delText"}:
            found.append(one.text or "")
        elif local in {"br", "cr", "tab"}:
            found.append("\n" if local != "tab" else "\t")
        elif local != "p" and local:
            found += _texts(one)
    return found


def _pdf_words(content: bytes) -> str:
    """The words of a PDF's first pages, read by a process of its own: a file that breaks the reader breaks only that.

    Empty where it cannot be read: broken, behind a password, or a program without a reader of PDF.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PDF_READER)],
            input=content, capture_output=True, timeout=PDF_SECONDS, check=False,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace")[:MOST_WORDS] if done.returncode == 0 else ""
