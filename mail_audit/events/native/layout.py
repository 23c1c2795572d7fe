"""The structures of scan.c, field by field, and a plan for a scanner read from a file of tables."""

from __future__ import annotations

import base64
import ctypes
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from mail_audit.formats import HEADS, PATTERNS, Head, Pattern

MADE_BY = 8
"""Changes with the layout of the tables or the way they are made, so that no table outlives it."""


class Machine(ctypes.Structure):
    """An automaton."""

    _fields_: ClassVar = [
        *((name, ctypes.c_char_p) for name in ("states", "edges", "literals", "actions")),
        *((name, ctypes.c_uint32) for name in ("state_count", "edge_count", "literal_count", "action_count")),
    ]


class HeadTable(ctypes.Structure):
    """The automata of one head."""

    _fields_: ClassVar = [
        ("fast", Machine),
        ("tells", Machine),
        *((name, ctypes.c_uint32) for name in ("clock", "first_pattern", "patterns", "ask_tells")),
    ]


class Needles(ctypes.Structure):
    """The literals of what some programs write, and how the messages that matter begin."""

    _fields_: ClassVar = [
        *((name, ctypes.c_char_p) for name in ("class", "next", "shift", "programs")),
        *((name, ctypes.c_uint32) for name in ("rows", "classes", "shortest", "programs_size")),
        ("begins", Machine),
        ("knows_begins", ctypes.c_uint32),
    ]


class Tables(ctypes.Structure):
    """What a scanner is opened with."""

    _fields_: ClassVar = [
        ("sets", ctypes.c_char_p),
        ("heads", ctypes.POINTER(HeadTable)),
        ("needles", ctypes.POINTER(Needles)),
        *((name, ctypes.c_char_p) for name in ("patterns", "columns", "parts", "texts")),
        *((name, ctypes.c_uint32) for name in ("head_count", "needles_count", "pattern_count")),
        *((name, ctypes.c_uint32) for name in ("column_count", "part_count", "text_count")),
    ]


@dataclass(frozen=True, slots=True)
class Taken:
    """A pattern that the scanner takes behind a head: the columns it gives, in their order."""

    head: Head
    pattern: Pattern
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Tables, and what the patterns in them are."""

    tables: Tables
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Flat:
    """Tables as bytes and numbers: heads are (fast, tells, numbers), taken patterns (head, pattern, columns)."""

    sets: bytes
    heads: list[Any]
    needles: list[Any]
    parts: list[bytes]
    counts: list[int]
    taken: list[tuple[int, int, list[str]]]

    def plan(self) -> Plan:
        """The tables in the scanner's layout."""
        heads = [HeadTable(Machine(*fast), Machine(*tells), *numbers) for fast, tells, numbers in self.heads]
        tables = Tables(
            self.sets,
            (HeadTable * len(heads))(*heads),
            (Needles * len(self.needles))(
                *(Needles(*plain, Machine(*begins), knows) for *plain, begins, knows in self.needles)
            ),
            *self.parts,
            *self.counts,
        )
        taken = (Taken(HEADS[head], PATTERNS[pattern], tuple(names)) for head, pattern, names in self.taken)
        return Plan(tables, tuple(taken))


def digest() -> str:
    """What the tables are made from, in short."""
    columns = Path(__file__).parents[1].joinpath("reading.py").read_text("utf-8")  # read, for it needs Polars
    return hashlib.sha256(repr((MADE_BY, HEADS, PATTERNS, columns)).encode()).hexdigest()


def to_json(flat: Flat) -> str:
    """`flat` as text, with the digest of what it was made from."""
    content = {name: getattr(flat, name) for name in ("sets", "heads", "needles", "parts", "counts", "taken")}
    return json.dumps({"digest": digest(), **content}, default=lambda data: {"b": base64.b64encode(data).decode()})


def from_json(text: str) -> Flat | None:
    """The tables in `text`; None where they were made from other patterns."""
    content = json.loads(text, object_hook=lambda found: base64.b64decode(found["b"]) if "b" in found else found)
    if content.pop("digest") != digest():
        return None
    return Flat(**content)
