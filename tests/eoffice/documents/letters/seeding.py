"""How faults are put into letters. Each names the published rule that it breaks, and changes the plan by itself.

A fault that does not fit a letter (no grounds, no addressees, tabs instead of tables) leaves it alone and says so.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.eoffice.documents.letters.plan import Letter, Para, Seed

Change = Callable[[Letter, random.Random], "list[Para] | None"]


@dataclass(frozen=True)
class Fault:
    """One kind of fault: which parts it takes for itself (no other fault touches them), and how it is put in."""

    rule: str
    parts: tuple[str, ...]
    put: Change


FAULTS: list[Fault] = []
TEXT = ("body", "clause", "point", "article")


def add(rule: str, parts: tuple[str, ...], put: Change) -> None:
    """One more kind of fault."""
    FAULTS.append(Fault(rule, parts, put))


def one(letter: Letter, rng: random.Random, parts: tuple[str, ...]) -> Para | None:
    """A paragraph of these parts that says something."""
    found = [para for para in letter.of(*parts) if para.text.strip()]
    return rng.choice(found) if found else None


def looking(rule: str, parts: tuple[str, ...], choices: dict[str, tuple[object, ...]]) -> None:
    """One paragraph of the parts gets a wrong look."""

    def put(letter: Letter, rng: random.Random) -> list[Para] | None:
        para = one(letter, rng, parts)
        if para is None:
            return None
        for name, values in choices.items():
            value = rng.choice(values)
            for piece in para.pieces:
                setattr(piece, name, value)
        return [para]

    add(rule, parts, put)


def standing(rule: str, parts: tuple[str, ...], name: str, values: tuple[object, ...], *, tabs: bool = False) -> None:
    """One paragraph of the parts stands wrongly; not in letters laid out by tabs unless `tabs`."""

    def put(letter: Letter, rng: random.Random) -> list[Para] | None:
        if letter.layout == "tabs" and not tabs:
            return None
        para = one(letter, rng, parts)
        if para is None or (letter.layout == "breaks" and para.part in {"issuer", "parent"}):
            return None
        setattr(para, name, rng.choice(values))
        return [para]

    add(rule, parts, put)


def saying(rule: str, parts: tuple[str, ...], say: Callable[[str, random.Random], str], *, last: bool = False) -> None:
    """One paragraph of the parts says it wrongly; nothing is put where the words would stay the same."""

    def put(letter: Letter, rng: random.Random) -> list[Para] | None:
        found = [para for para in letter.of(*parts) if para.text.strip()]
        para = (found[-1] if last else rng.choice(found)) if found else None
        if para is None:
            return None
        piece = para.pieces[-1 if last else 0]
        text = say(piece.text, rng)
        if text == piece.text:
            return None
        piece.text = text
        return [para]

    add(rule, parts, put)


def missing(rule: str, part: str, *also: str, kinds: tuple[str, ...] = ()) -> None:
    """A part is left out, with what belongs to it."""

    def put(letter: Letter, _rng: random.Random) -> list[Para] | None:
        if not letter.of(part) or (kinds and letter.kind not in kinds):
            return None
        letter.drop(part, *also)
        return []

    add(rule, (part, *also), put)


def paged(rule: str, part: str, put: Callable[[Letter, random.Random], bool]) -> None:
    """Paper, margins or page numbers are wrong."""
    add(rule, (part,), lambda letter, rng: [] if put(letter, rng) else None)


def plant(letter: Letter, rng: random.Random, count: int, order: list[Fault]) -> None:
    """Puts `count` faults into the letter, taken from the front of `order`; those that are put go to its end."""
    taken: set[str] = set()
    for fault in list(order):
        if len(letter.seeds) >= count:
            return
        if taken & set(fault.parts):
            continue
        found = fault.put(letter, rng)
        if found is None:
            continue
        taken |= set(fault.parts)
        order.remove(fault)
        order.append(fault)
        letter.seeds.append(Seed(f"{fault.rule} in {fault.parts[0]}", fault.rule, tuple(para.text for para in found)))
