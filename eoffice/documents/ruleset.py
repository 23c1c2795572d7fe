"""Rules of form as dated data: read from TOML, checked when read, asked for by day.

A data set is three files beside each other, `<name>-types.toml` (types of documents, how parts are recognised),
`<name>-parts.toml` (parts and how a new draft begins them) and `<name>-rules.toml`. Vietnam's is part of the program;
another country's is another folder. Every row says from which day it holds and, once it has ended, its last day.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from core.words import Text
from eoffice.documents.draft import Layout, Look
from eoffice.errors import RuleSetError

Severity = Literal["error", "warning", "advice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")
FOLDER = Path(__file__).with_name("data")
VIETNAM = "vietnam"
_KEYS = frozenset(
    {
        "id",
        "place",
        "looks_at",
        "check",
        "with",
        "severity",
        "vi",
        "en",
        "mend_vi",
        "mend_en",
        "fix",
        "from",
        "to",
        "types",
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where it stands in the law, what it looks at, by which check, and how to mend a fault."""

    id: str
    place: Text
    looks_at: frozenset[str]
    check: str
    given: Mapping[str, Any]
    severity: Severity
    words: Text
    mend: Text
    fix: bool
    since: date
    until: date | None
    types: frozenset[str]
    """The types it is for; empty for all."""


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One type of document: its name, its abbreviation in the notation, what it must have and what it may have."""

    key: str
    words: Text
    abbreviation: str
    parts: tuple[str, ...]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document and how a new draft begins it."""

    role: str
    words: Text
    look: Look
    layout: Layout
    line: bool
    starter: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What holds on one day."""

    name: str
    words: Text
    on: date
    rules: tuple[Rule, ...]
    types: Mapping[str, DocumentType]
    parts: Mapping[str, Part]
    signs: Mapping[str, str]
    """Patterns by which the parts of a written document are recognised."""

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def meets(self, sign: str, text: str) -> re.Match[str] | None:
        """Whether a text, without marks and in small letters, meets one of the patterns."""
        return _compiled(self.signs[sign]).search(text)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def load(on: date, *, name: str = VIETNAM, folder: Path = FOLDER) -> RuleSet:
    """The data set as it holds on a day. Raises RuleSetError where it contradicts itself.

    The one that is shipped is read once a day and process: pages ask for it many times.
    """
    return _shipped(on, name) if folder == FOLDER else _read(on, name, folder)


@lru_cache(maxsize=16)
def _shipped(on: date, name: str) -> RuleSet:
    return _read(on, name, FOLDER)


def _read(on: date, name: str, folder: Path) -> RuleSet:
    types, parts, rules = (_table(folder / f"{name}-{kind}.toml") for kind in ("types", "parts", "rules"))
    found_parts = {row["role"]: _part(row) for row in _in_force(parts.get("part", []), on)}
    return RuleSet(
        name=name,
        words=_text(types["words"], name),
        on=on,
        rules=_unique([_rule(row, types["place"], found_parts) for row in _in_force(rules.get("rule", []), on)]),
        types={row["key"]: _type(row, types["sets"], found_parts) for row in _in_force(types.get("type", []), on)},
        parts=found_parts,
        signs=types["signs"],
    )


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as missing:
        raise RuleSetError(path.name, "không có tệp này.", "there is no such file.") from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise RuleSetError(path.name, f"không phải TOML đúng ({wrong}).", f"not right TOML ({wrong}).") from wrong


def _in_force(rows: Iterable[Mapping[str, Any]], on: date) -> list[Mapping[str, Any]]:
    found = []
    for row in rows:
        since, until = row.get("from"), row.get("to")
        name = str(row.get("id") or row.get("key") or row.get("role"))
        if not isinstance(since, date) or (until is not None and (not isinstance(until, date) or until < since)):
            raise RuleSetError(name, "ngày hiệu lực không đúng.", "its days are not right.")
        if since <= on and (until is None or on <= until):
            found.append(row)
    return found


def _text(row: Mapping[str, Any], name: str, before: str = "") -> Text:
    vi, en = row.get(before + "vi"), row.get(before + "en")
    if not (isinstance(vi, str) and vi and isinstance(en, str) and en):
        raise RuleSetError(name, "thiếu lời ở một trong hai ngôn ngữ.", "its words lack a language.")
    return Text(vi, en)


def _rule(row: Mapping[str, Any], place: Mapping[str, list[str]], parts: Mapping[str, Part]) -> Rule:
    name = str(row.get("id"))
    if unknown := row.keys() - _KEYS:
        raise RuleSetError(name, f"không có mục {min(unknown)}.", f"there is no entry {min(unknown)}.")
    looks_at = frozenset(row["looks_at"])
    if strange := looks_at - parts.keys() - {"*", "page", "page_number", "body_end"}:
        raise RuleSetError(name, f"không có phần {min(strange)}.", f"there is no part {min(strange)}.")
    if row["severity"] not in SEVERITIES:
        raise RuleSetError(name, "mức độ không đúng.", "its severity is not one of the three.")
    return Rule(
        id=name,
        place=Text(*(_placed(row["place"], words) for words in (place["vi"], place["en"]))),
        looks_at=looks_at,
        check=row["check"],
        given=row.get("with", {}),
        severity=cast("Severity", row["severity"]),
        words=_text(row, name),
        mend=_text(row, name, "mend_"),
        fix=bool(row.get("fix", False)),
        since=row["from"],
        until=row.get("to"),
        types=frozenset(row.get("types", ())),
    )


def _placed(code: str, words: list[str]) -> str:
    """`I.I.II.1.a` as "Phụ lục I, phần I, mục II, khoản 1, điểm a"."""
    return ", ".join(f"{word} {sign}" for word, sign in zip(words, code.split("."), strict=False))


def _unique(rules: list[Rule]) -> tuple[Rule, ...]:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RuleSetError(rule.id, "hai quy tắc cùng mã trong một ngày.", "two rules of that id on one day.")
        seen.add(rule.id)
    return tuple(rules)


def _type(row: Mapping[str, Any], sets: Mapping[str, list[str]], parts: Mapping[str, Part]) -> DocumentType:
    needed = tuple(dict.fromkeys((*sets[row["parts"]], *row.get("needs", ()))))
    if strange := set(needed) - parts.keys():
        raise RuleSetError(row["key"], f"không có phần {min(strange)}.", f"there is no part {min(strange)}.")
    return DocumentType(row["key"], _text(row, row["key"]), row["abbreviation"], needed, frozenset(row.get("may", ())))


def _part(row: Mapping[str, Any]) -> Part:
    try:
        look, layout = Look(**row["look"]), Layout(**row["layout"])
    except TypeError as wrong:
        raise RuleSetError(row["role"], "kiểu trình bày không đúng.", "its look or layout is not right.") from wrong
    return Part(row["role"], _text(row, row["role"]), look, layout, bool(row.get("line")), row.get("starter", ""))
