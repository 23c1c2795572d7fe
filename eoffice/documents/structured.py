"""The project's own form of a draft: JSON with blocks that have ids, published in `draft.schema.json`.

A block that says nothing of its look has that of its part in the rule set; so a draft written in the browser needs only
roles and words. Reading is strict: what is not in the schema is refused with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from importlib.resources import files
from typing import Any, TypeVar

from core.words import Text
from eoffice.documents.draft import Block, Draft, Drawn, Layout, Look, Page, PageNumber, Run
from eoffice.documents.ruleset import Part, RuleSet
from eoffice.errors import DocumentFileError

VERSION = 1
MOST_BYTES = 10 * 1024 * 1024
MOST_BLOCKS = 20_000
_SWITCHES = frozenset({"bold", "italic", "underline", "caps", "on_first"})
_CHOICES = {"align": frozenset({"left", "center", "right", "justify"}), "where": frozenset({"header", "footer"})}
_Values = TypeVar("_Values", Look, Layout, Page, PageNumber, Drawn)


def schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of a structured draft."""
    found: dict[str, Any] = json.loads(files("eoffice.documents").joinpath("draft.schema.json").read_text("utf-8"))
    return found


def new_draft(kind: str, rules: RuleSet) -> Draft:
    """What a new draft of a type begins with: its parts with their starters. KeyError for an unknown type."""
    document_type = rules.types[kind]
    order = list(rules.parts)
    roles = {*document_type.parts, *(("recipient",) if "addressee" in document_type.parts else ())}
    parts = [rules.parts[role] for role in sorted(roles, key=order.index)]
    blocks = tuple(
        _begun(f"b{number}", part, document_type.abbreviation, document_type.words)
        for number, part in enumerate(parts, 1)
    )
    return Draft(type=kind, blocks=blocks, page_number=PageNumber())


def _begun(block_id: str, part: Part, abbreviation: str, words: Text) -> Block:
    starters = {
        "title": words.vi.upper(),
        "number": f"Số:      /{abbreviation}-CQ" if abbreviation else "Số:      /CQ-ĐV",
    }
    text = starters.get(part.role, part.starter)
    return Block(block_id, part.role, (Run(text, part.look),), part.layout, Drawn() if part.line else None)


def read_json(content: bytes, rules: RuleSet) -> Draft:
    """The draft in a JSON file. Raises DocumentFileError with the place of what is not right."""
    if len(content) > MOST_BYTES:
        raise DocumentFileError(
            f"Tệp quá lớn (nhiều nhất {MOST_BYTES // 2**20} MB).",
            f"The file is too large (at most {MOST_BYTES // 2**20} MB).",
        )
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as wrong:
        raise DocumentFileError(
            "Tệp không phải là JSON đúng.", "The file is not right JSON.", detail=str(wrong)[:200]
        ) from wrong
    return from_dict(data, rules)


def from_dict(data: Any, rules: RuleSet) -> Draft:
    """The draft in decoded JSON. Raises DocumentFileError with the place of what is not right."""
    whole = _object(data, "$", {"vanthu_draft", "type", "blocks", "pages", "page_number", "several_pages"})
    if whole.get("vanthu_draft") != VERSION:
        raise _wrong("$.vanthu_draft", f"phải là {VERSION}", f"must be {VERSION}")
    kind = whole.get("type", "")
    if not isinstance(kind, str) or (kind and kind not in rules.types):
        raise _wrong("$.type", "không có loại văn bản này", "there is no such type of document")
    rows = _list(whole.get("blocks"), "$.blocks")
    blocks = tuple(_block(row, f"$.blocks[{at}]", rules) for at, row in enumerate(rows))
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        if block.id in seen:
            raise _wrong(f"$.blocks[{at}].id", "đã có ở khối khác", "stands at another block already")
        seen.add(block.id)
    pages = tuple(
        _values(Page(), row, f"$.pages[{at}]") for at, row in enumerate(_list(whole.get("pages", [{}]), "$.pages"))
    )
    number = whole.get("page_number", {})
    return Draft(
        type=kind,
        blocks=blocks,
        pages=pages or (Page(),),
        page_number=None if number is None else _values(PageNumber(), number, "$.page_number"),
        several_pages=whole.get("several_pages") is True,
    )


def as_dict(draft: Draft) -> dict[str, Any]:
    """The draft as JSON, every look said."""
    return {
        "vanthu_draft": VERSION,
        "type": draft.type,
        "pages": [asdict(page) for page in draft.pages],
        "page_number": None if draft.page_number is None else asdict(draft.page_number),
        "several_pages": draft.several_pages,
        "blocks": [
            {
                "id": block.id,
                "role": block.role,
                "runs": [{"text": run.text, **asdict(run.look)} for run in block.runs],
                "layout": asdict(block.layout),
                "line": None if block.line is None else {"length": block.line.length},
            }
            for block in draft.blocks
        ],
    }


def _wrong(place: str, vi: str, en: str) -> DocumentFileError:
    return DocumentFileError(f"Dự thảo JSON, {place}: {vi}.", f"JSON draft, {place}: {en}.")


def _object(data: Any, place: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise _wrong(place, "phải là một đối tượng", "must be an object")
    if strange := data.keys() - known:
        raise _wrong(place, f"không có mục “{min(strange)}”", f"there is no entry “{min(strange)}”")
    return data


def _list(data: Any, place: str) -> list[Any]:
    if not isinstance(data, list) or len(data) > MOST_BLOCKS:
        raise _wrong(place, "phải là một danh sách vừa phải", "must be a list of reasonable length")
    return data


def _block(row: Any, place: str, rules: RuleSet) -> Block:
    found = _object(row, place, {"id", "role", "text", "runs", "look", "layout", "line"})
    role, block_id = found.get("role"), found.get("id")
    part = rules.parts.get(role) if isinstance(role, str) else None
    if part is None:
        raise _wrong(f"{place}.role", "không có phần này", "there is no such part")
    if not isinstance(block_id, str) or not 0 < len(block_id) <= 64:
        raise _wrong(f"{place}.id", "phải là chữ, từ 1 đến 64 ký tự", "must be text of 1 to 64 signs")
    look = _values(part.look, found.get("look", {}), f"{place}.look")
    if "runs" in found:
        runs = tuple(
            _run(one, f"{place}.runs[{at}]", look) for at, one in enumerate(_list(found["runs"], f"{place}.runs"))
        )
    else:
        runs = (Run(_words(found.get("text", ""), f"{place}.text"), look),)
    line = found.get("line", {} if part.line else None)
    return Block(
        block_id,
        part.role,
        tuple(run for run in runs if run.text),
        _values(part.layout, found.get("layout", {}), f"{place}.layout"),
        None if line is None else _values(Drawn(), line, f"{place}.line"),
    )


def _run(row: Any, place: str, look: Look) -> Run:
    known = {field.name for field in fields(Look)} | {"text"}
    found = dict(_object(row, place, known))
    text = _words(found.pop("text", ""), f"{place}.text")
    return Run(text, _values(look, found, place))


def _words(text: Any, place: str) -> str:
    if not isinstance(text, str) or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise _wrong(place, "phải là chữ", "must be text")
    return text


def _values(default: _Values, row: Any, place: str) -> _Values:
    """`default` with what the row says, each value of the kind that its field has."""
    known = {field.name for field in fields(default)}
    found = _object(row, place, known)
    for name, said in found.items():
        if not _fits(name, said):
            raise _wrong(f"{place}.{name}", "giá trị không dùng được", "the value cannot be used")
    return replace(default, **found)


def _fits(name: str, said: Any) -> bool:
    if name in _SWITCHES:
        return isinstance(said, bool)
    if name in _CHOICES:
        return isinstance(said, str) and said in _CHOICES[name]
    if name == "colour":
        return said is None or (isinstance(said, str) and re.fullmatch("[0-9A-F]{6}", said) is not None)
    if name in {"font", "numerals"}:
        return (said is None and name == "font") or (isinstance(said, str) and 0 < len(said) <= 100)
    if name in {"size", "length"} and said is None:
        return True
    if name == "begins":
        return isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= 100_000
    return isinstance(said, int | float) and not isinstance(said, bool) and -1000 <= said <= 2000
