"""The tables a scanner works by, made from `mail_audit.formats` in the layout that scan.c reads.

They are packed as its structures are: `State`, `Edge`, `Pattern`, `Column`, `Part`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from typing import Any

from mail_audit.events.native.automata import PRINTABLE, Expression, State, compiled, side_by_side
from mail_audit.events.native.layout import Flat
from mail_audit.events.native.needles import needle_rows, needle_shifts
from mail_audit.events.reading import COLUMNS, ID, MENTION, NAME, NUMBER
from mail_audit.events.stamps import clock_of
from mail_audit.formats import HEADS, PATTERNS, WITH_BEGINNINGS, Head, Part, Pattern, patterns_for

_WORDS = 5
_HEAD_SLOTS = {"stamp": 0, "host": 2, "tag": 4}
_FIRST_SLOT = 6
_STOPS = 4
_KINDS = {NAME: 0, NUMBER: 1, ID: 2, MENTION: 3}
_HOST = 4


def taken_patterns(head: Head) -> list[tuple[Pattern, Expression]]:
    """The patterns whose fast expression one pass can follow; the others are left to the columnar engine."""
    both = [(pattern, compiled(head.fast + pattern.fast())) for pattern in patterns_for(head)]
    return [(pattern, one) for pattern, one in both if one.is_deterministic()]


class _Sets:
    """Numbers for sets of bytes: a bit in one of `_WORDS` words."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}

    def place(self, allowed: int) -> tuple[int, int]:
        if not allowed:
            return 0, 0
        number = self.numbers.setdefault(allowed, len(self.numbers))
        return 1 << number % 64, number // 64

    def table(self) -> bytes:
        if len(self.numbers) > 64 * _WORDS:
            raise ValueError("more sets of bytes than words have bits")
        words = [[0] * _WORDS for _ in range(256)]
        for allowed, number in self.numbers.items():
            for byte in range(128):
                if allowed >> byte & 1:
                    words[byte][number // 64] |= 1 << number % 64
        return b"".join(struct.pack(f"={_WORDS}Q", *row) for row in words)


class _Actions:
    def __init__(self) -> None:
        self.places: dict[frozenset[int], int] = {frozenset(): 0}
        self.flat = [0]

    def place(self, action: frozenset[int]) -> int:
        if action not in self.places:
            self.places[action] = len(self.flat)
            self.flat += [len(action), *sorted(action)]
        return self.places[action]


def _machine(states: Sequence[State], sets: _Sets, head_end: int) -> tuple[Any, ...]:
    """`states` flat; a chain of states with one way on, by one byte each, is a literal of the first.

    `head_end` is the slot that is set last before a message or its tag begins.
    """
    actions, edges, literals = _Actions(), list[bytes](), bytearray()
    rows = []
    for state in states:
        literal, target, action = _literal(states, state)
        first, where = len(edges), len(literals)
        if literal:
            literals += literal
        else:
            ordered = sorted(state.edges, key=lambda edge: -edge[0].bit_count())
            edges += [
                struct.pack("=QHHHH", bit, then, actions.place(act), word, head_end in act)
                for allowed, then, act in ordered
                for bit, word in [sets.place(allowed)]
            ]
        accept = 0 if state.accepts is None or state.ambiguous else state.accepts + 1
        run, word = sets.place(state.run)
        numbers = (len(edges) - first, len(literal), target, actions.place(action), accept, actions.place(state.action))
        rows.append(struct.pack("=QII6HII4s", run, first, where, *numbers, word, *_stops(state.run)))
    flat = struct.pack(f"={len(actions.flat)}H", *actions.flat)
    counts = (len(rows), len(edges), len(literals), len(actions.flat))
    return (b"".join(rows), b"".join(edges), bytes(literals), flat, *counts)


def _stops(run: int) -> tuple[int, bytes]:
    """How many printable bytes end a run, and which; a few are told as often as there is room, many not at all."""
    stops = [byte for byte in range(128) if (PRINTABLE & ~run) >> byte & 1]
    few = 0 < len(stops) <= _STOPS
    return len(stops), bytes((stops * _STOPS)[:_STOPS] if few else _STOPS)


def _literal(states: Sequence[State], state: State) -> tuple[bytes, int, frozenset[int]]:
    """The literal that follows, the state behind it, and what its first byte sets; empty where there is none."""
    text, target, action = bytearray(), 0, frozenset[int]()
    while not state.run and len(state.edges) == 1 and state.edges[0][0].bit_count() == 1:
        allowed, then, act = state.edges[0]
        if text and (act or state.accepts is not None):
            break
        action = action or act
        text.append(allowed.bit_length() - 1)
        target, state = then, states[then]
    return bytes(text), target, action


def make_tables() -> Flat:
    """The tables of all heads and patterns."""
    sets, heads, taken = _Sets(), list[Any](), list[tuple[int, int, list[str]]]()
    patterns, columns, parts, texts = list[bytes](), list[bytes](), list[bytes](), bytearray()
    for order, head in enumerate(HEADS):
        both = taken_patterns(head)
        slots, first = list[dict[int, int]](), _FIRST_SLOT
        for pattern, one in both:
            named = {name: _HEAD_SLOTS.get(name, first + slot) for name, slot in one.groups.items()}
            first += 2 * len(one.groups)
            slots.append({one.groups[name] + end: slot + end for name, slot in named.items() for end in (0, 1)})
            names = columns_of(pattern, head, one)
            written = "".join(f"{program}\n" for program in pattern.programs).encode() if head.tagged else b""
            patterns.append(struct.pack("=4I", len(columns), len(names), len(texts), len(written)))
            texts += written
            for name in names:
                part = pattern.part(name)
                if part:
                    parts.append(_part(part, sets, texts))
                slot = named[part.of if part else name]
                columns.append(struct.pack("=4H", slot, _kind(pattern, name), len(parts) if part else 0, 0))
            taken.append((order, PATTERNS.index(pattern), list(names)))
        fast = side_by_side([one for _, one in both], slots, prefix=False)
        tells = side_by_side([compiled(head.tells)], [{}], prefix=True)
        numbers = (int(clock_of(head)), len(taken) - len(both), len(both), int(not head.tagged))
        end = _HEAD_SLOTS["host" if head.tagged else "stamp"] + 1
        heads.append((_machine(fast, sets, end), _machine(tells, sets, end), numbers))
    tables = [b"".join(patterns), b"".join(columns), b"".join(parts), bytes(texts)]
    needles = all_needles(sets)
    counts = [len(heads), len(needles), len(patterns), len(columns), len(parts), len(texts)]
    return Flat(sets.table(), heads, needles, tables, counts, taken)


def all_needles(sets: _Sets) -> list[tuple[Any, ...]]:
    """The needles of all patterns, and those of every group of programs that the same patterns are of."""
    groups: dict[tuple[Pattern, ...], list[str]] = {}
    for program in dict.fromkeys(program for pattern in PATTERNS for program in pattern.programs):
        theirs = tuple(pattern for pattern in PATTERNS if program in pattern.programs)
        groups.setdefault(theirs, []).append(program)
    every = _needles(PATTERNS, [], None, sets)
    return [every, *(_needles(patterns, names, begins(patterns), sets) for patterns, names in groups.items())]


def begins(patterns: Sequence[Pattern]) -> list[State] | None:
    """The automaton of how messages of some patterns begin; None where not all of them begin as they say.

    A message that begins otherwise is neither an event nor broken.
    """
    if not set(patterns) <= set(WITH_BEGINNINGS):
        return None
    one = compiled("|".join(f"(?:{pattern.begins})" for pattern in patterns))
    return side_by_side([one], [{}], prefix=True)


def _needles(
    patterns: Iterable[Pattern], programs: Iterable[str], starts: Sequence[State] | None, sets: _Sets
) -> tuple[Any, ...]:
    """The tables that find the needles of some patterns, in the scanner's layout."""
    needles = list(dict.fromkeys(needle for pattern in patterns for needle in pattern.needles))
    classes, rows = needle_rows(needles)
    shortest, shifts = needle_shifts(needles)
    width = len(rows[0])
    following = [0xFFFF if row < 0 else row * width for line in rows for row in line]
    names = "".join(f"{program}\n" for program in programs).encode()
    flat = struct.pack(f"={len(following)}H", *following)
    machine = _machine(starts or [State()], sets, -1)
    return (bytes(classes), flat, shifts, names, len(rows), width, shortest, len(names), machine, starts is not None)


def _part(part: Part, sets: _Sets, texts: bytearray) -> bytes:
    """`part` in the scanner's layout; the texts around it go to `texts`."""
    where = []
    for text in (part.before, part.after):
        where += [len(texts), len(text)]
        texts += text.encode()
    letters = [chr(byte) for byte in range(32, 127) if part.letters and re.fullmatch(f"[{part.letters}]", chr(byte))]
    bit, word = sets.place(sum(1 << ord(letter) for letter in letters))
    return struct.pack("=Q8I", bit, *where, part.least, part.most, word, part.whole)


def columns_of(pattern: Pattern, head: Head, one: Expression) -> tuple[str, ...]:
    """The host, where the head has it, and the columns of the pattern's kind that the expression gives."""
    wanted = ("host", *COLUMNS[pattern.kind]) if head.tagged else tuple(COLUMNS[pattern.kind])
    parts = {part.name for part in pattern.parts}
    return tuple(name for name in wanted if name in one.groups or name in parts)


def _kind(pattern: Pattern, name: str) -> int:
    return _HOST if name == "host" else _KINDS[COLUMNS[pattern.kind][name]]
