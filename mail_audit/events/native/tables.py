"""The tables a scanner works by, made from `mail_audit.formats` in the layout that scan.c reads.

They are packed as its structures are: `State`, `Edge`, `Pattern`, `Column`, `Part`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from typing import Any

from mail_audit.events.native.automata import Expression, State, compiled, side_by_side
from mail_audit.events.native.layout import Flat
from mail_audit.events.native.needles import needle_rows, needle_shifts
from mail_audit.events.reading import COLUMNS, ID, MENTION, NAME, NUMBER
from mail_audit.events.stamps import clock_of
from mail_audit.formats import HEADS, PATTERNS, Head, Part, Pattern, patterns_for

_WORDS = 4
_RANGES, _FEW_RANGES = 6, 3
_NOTHING = (255, 0)
_HEAD_SLOTS = {"stamp": 0, "host": 2, "tag": 4}
_FIRST_SLOT = 6
_KINDS = {NAME: 0, NUMBER: 1, ID: 2, MENTION: 3}
_HOST = 4


def taken_patterns(head: Head) -> list[tuple[Pattern, Expression]]:
    """The patterns whose fast expression one pass can follow; the others are left to the columnar engine."""
    both = [(pattern, compiled(head.fast + pattern.fast())) for pattern in patterns_for(head)]
    return [(pattern, one) for pattern, one in both if one.is_deterministic()]


class _Sets:
    """Numbers for sets of bytes: a bit in one of four words."""

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


class _Runs:
    """Numbers for the sets of bytes that a state may stay in; those of few ranges come first."""

    def __init__(self, machines: Iterable[Sequence[State]]) -> None:
        sets = {state.run for states in machines for state in states if state.run}
        ordered = sorted((_ranges(allowed), allowed) for allowed in sets)
        ordered.sort(key=lambda one: len(one[0]) > _FEW_RANGES)
        self.ranges: list[list[tuple[int, int]]] = [[], *(ranges for ranges, _ in ordered)]
        self.numbers = {0: 0} | {allowed: number for number, (_, allowed) in enumerate(ordered, 1)}
        self.few = sum(len(ranges) <= _FEW_RANGES for ranges in self.ranges)

    def table(self) -> bytes:
        return b"".join(_bounds(ranges) for ranges in self.ranges)


def _ranges(allowed: int) -> list[tuple[int, int]]:
    """A set of bytes as ranges: the first byte, and how far it is to the last."""
    found: list[tuple[int, int]] = []
    for byte in range(128):
        if allowed >> byte & 1:
            if found and sum(found[-1]) + 1 == byte:
                found[-1] = (found[-1][0], found[-1][1] + 1)
            else:
                found.append((byte, 0))
    return found


def _bounds(ranges: Sequence[tuple[int, int]]) -> bytes:
    """Sixteen times each: the ranges' first bytes, then how long they are; one that holds nothing printable is spare."""
    if len(ranges) > _RANGES:
        raise ValueError("a set of bytes with more ranges than the scanner looks at")
    every = [*ranges, *[_NOTHING] * (_RANGES - len(ranges))]
    return b"".join(bytes([low]) * 16 for low, _ in every) + b"".join(bytes([span]) * 16 for _, span in every)


class _Classes:
    """The finest classes of bytes that edges tell apart; class 0 is of those on no edge."""

    def __init__(self, machines: Iterable[Sequence[State]]) -> None:
        sets = sorted({edge[0] for states in machines for state in states for edge in state.edges})
        seen: dict[tuple[int, ...], int] = {(): 0}
        self.of = [seen.setdefault(_holding(sets, byte), len(seen)) for byte in range(256)]
        self.count = len(seen)

    def row(self, edges: Iterable[tuple[int, int]]) -> list[int]:
        """Of every class the edge that its bytes take: `edges` are sets with numbers."""
        row = [0] * self.count
        for allowed, number in edges:
            for byte in range(128):
                if allowed >> byte & 1:
                    row[self.of[byte]] = number
        return row


def _holding(sets: Sequence[int], byte: int) -> tuple[int, ...]:
    return tuple(number for number, allowed in enumerate(sets) if allowed >> byte & 1)


class _Actions:
    def __init__(self) -> None:
        self.places: dict[frozenset[int], int] = {frozenset(): 0}
        self.flat = [0]

    def place(self, action: frozenset[int]) -> int:
        if action not in self.places:
            self.places[action] = len(self.flat)
            self.flat += [len(action), *sorted(action)]
        return self.places[action]


def _machine(states: Sequence[State], classes: _Classes, runs: _Runs, head_end: int) -> tuple[Any, ...]:
    """`states` flat; a chain of states with one way on, by one byte each, is a literal of the first.

    `head_end` is the slot that is set last before a message or its tag begins. Edge 0 is no edge.
    """
    actions, edges, moves, literals = _Actions(), [bytes(8)], list[int](), bytearray()
    places: dict[tuple[int, ...], int] = {}
    rows = []
    for state in states:
        literal, target, action = _literal(states, state)
        where, place = len(literals), 0
        leads = bool(state.edges) and not literal
        literals += literal
        if leads:
            first = len(edges)
            edges += [
                struct.pack("=4H", then, actions.place(act), head_end in act, 0) for _, then, act in state.edges
            ]
            row = classes.row((allowed, first + order) for order, (allowed, _, _) in enumerate(state.edges))
            place = places.setdefault(tuple(row), len(moves))
            if place == len(moves):
                moves += row
        accept = 0 if state.accepts is None or state.ambiguous else state.accepts + 1
        numbers = (leads, len(literal), target, actions.place(action), accept, actions.place(state.action))
        rows.append(struct.pack("=II6HI", place, where, *numbers, runs.numbers[state.run]))
    flat = [struct.pack(f"={len(numbers)}H", *numbers) for numbers in (moves, actions.flat)]
    counts = (len(rows), len(edges), len(moves), len(literals), len(actions.flat))
    return (b"".join(rows), b"".join(edges), flat[0], bytes(literals), flat[1], *counts)


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
        heads.append((fast, tells, numbers, end))
    automata = [states for fast, tells, *_ in heads for states in (fast, tells)]
    runs, classes = _Runs(automata), _Classes(automata)
    packed = [
        (_machine(fast, classes, runs, end), _machine(tells, classes, runs, end), numbers)
        for fast, tells, numbers, end in heads
    ]
    tables = [b"".join(patterns), b"".join(columns), b"".join(parts), bytes(texts)]
    needles = all_needles()
    counts = [classes.count, len(runs.ranges), runs.few, len(heads), len(needles)]
    counts += [len(patterns), len(columns), len(parts), len(texts)]
    return Flat([bytes(classes.of), sets.table(), runs.table()], packed, needles, tables, counts, taken)


def all_needles() -> list[tuple[Any, ...]]:
    """The needles of all patterns, and those of every group of programs that the same patterns are of."""
    groups: dict[tuple[Pattern, ...], list[str]] = {}
    for program in dict.fromkeys(program for pattern in PATTERNS for program in pattern.programs):
        theirs = tuple(pattern for pattern in PATTERNS if program in pattern.programs)
        groups.setdefault(theirs, []).append(program)
    return [_needles(PATTERNS, []), *(_needles(patterns, programs) for patterns, programs in groups.items())]


def _needles(patterns: Iterable[Pattern], programs: Iterable[str]) -> tuple[Any, ...]:
    """The tables that find the needles of some patterns, in the scanner's layout."""
    needles = list(dict.fromkeys(needle for pattern in patterns for needle in pattern.needles))
    classes, rows = needle_rows(needles)
    shortest, shifts = needle_shifts(needles)
    width = len(rows[0])
    following = [0xFFFF if row < 0 else row * width for line in rows for row in line]
    names = "".join(f"{program}\n" for program in programs).encode()
    flat = struct.pack(f"={len(following)}H", *following)
    return (bytes(classes), flat, shifts, names, len(rows), width, shortest, len(names))


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
