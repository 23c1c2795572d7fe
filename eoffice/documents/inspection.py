"""The form check of one file, DOCX or structured JSON: read, checked, mended where asked, told as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from core.errors import InputError, NotFoundError
from core.words import Text, day_words, showable
from eoffice.documents import structured
from eoffice.documents.checking import Finding, check, mend
from eoffice.documents.docx_file import archive
from eoffice.documents.docx_file.mending import mend_docx
from eoffice.documents.docx_file.reading import read
from eoffice.documents.draft import Draft
from eoffice.documents.recognising import recognise
from eoffice.documents.ruleset import SEVERITIES, RuleSet
from eoffice.errors import DocumentFileError

VERSION = 1


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the form check says of one file."""

    name: str
    draft: Draft
    rules: RuleSet
    findings: tuple[Finding, ...]
    mended: bytes | None = None
    """The file with its safe fixes made, where that was asked for."""

    def count(self, severity: str) -> int:
        """How many findings of one severity there are."""
        return sum(finding.rule.severity == severity for finding in self.findings)


def schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of what `as_dict` gives."""
    found: dict[str, Any] = json.loads(files("eoffice.documents").joinpath("form-check.schema.json").read_text("utf-8"))
    return found


def read_file(path: Path) -> bytes:
    """The bytes of a file within bounds. Raises NotFoundError, InputError or DocumentFileError."""
    if path.is_dir():
        raise InputError(Text(f"{path} là một thư mục.", f"{path} is a folder."))
    try:
        with path.open("rb") as file:
            content = file.read(archive.MOST_BYTES + 1)
    except FileNotFoundError as missing:
        raise NotFoundError(Text(f"Không có tệp {path}.", f"There is no file {path}.")) from missing
    if not content:
        raise DocumentFileError("Tệp rỗng.", "The file is empty.")
    return content


def inspect(name: str, content: bytes, rules: RuleSet, *, document_type: str = "", fix: bool = False) -> Inspection:
    """Check one file. DOCX is known by its first bytes, anything else is taken for structured JSON.

    Raises DocumentFileError for a file that cannot be read, InputError for an unknown type or a day without rules.
    """
    if not rules.rules:
        day = day_words(rules.on)
        raise InputError(Text(f"Ngày {day.vi} chưa có quy tắc nào có hiệu lực.", f"No rule is in force on {day.en}."))
    if document_type and document_type not in rules.types:
        known = ", ".join(key for key in rules.types if key)
        raise InputError(
            Text(
                f"Không có loại văn bản {document_type}. Các loại: {known}.",
                f"There is no type {document_type}. Types: {known}.",
            )
        )
    mended: bytes | None = None
    if content.lstrip()[:1] in {b"{", b"["} or name.lower().endswith(".json"):
        draft = structured.read_json(content, rules)
        if fix:
            draft = mend(draft, rules)
            mended = json.dumps(structured.as_dict(draft), ensure_ascii=False, indent=1).encode()
    elif fix:
        mended, draft = mend_docx(content, rules, document_type=document_type)
    else:
        draft = recognise(read(content), rules, document_type=document_type)
    return Inspection(name, draft, rules, check(draft, rules), mended)


def as_dict(found: Inspection) -> dict[str, Any]:
    """The inspection as published JSON."""
    kind = found.rules.types.get(found.draft.type)
    return {
        "vanthu_form_check": VERSION,
        "file": showable(found.name),
        "rules": {
            "name": found.rules.name,
            "vi": found.rules.words.vi,
            "en": found.rules.words.en,
            "on": found.rules.on.isoformat(),
            "count": len(found.rules.rules),
        },
        "type": {
            "key": found.draft.type or None,
            "vi": kind.words.vi if kind else None,
            "en": kind.words.en if kind else None,
        },
        "counts": {severity: found.count(severity) for severity in SEVERITIES},
        "findings": [_finding(one, found.rules) for one in found.findings],
    }


def _finding(one: Finding, rules: RuleSet) -> dict[str, Any]:
    part = rules.parts.get(one.role)
    return {
        "rule": one.rule.id,
        "severity": one.rule.severity,
        "vi": one.rule.words.vi,
        "en": one.rule.words.en,
        "decree": {"vi": one.rule.place.vi, "en": one.rule.place.en},
        "place": {
            "block": one.block or None,
            "part": one.role or None,
            "vi": part.words.vi if part else None,
            "en": part.words.en if part else None,
            "paragraph": one.paragraph or None,
            "start": one.start,
            "end": one.end,
            "quote": one.quote or None,
        },
        "found": {"vi": one.found.vi, "en": one.found.en} if one.found else None,
        "mend": {"vi": one.rule.mend.vi, "en": one.rule.mend.en},
        "fixable": one.fixable,
    }
