"""The difference between two states of a text, passage by passage and word by word."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from eoffice.writing.merging import woven
from eoffice.writing.text import Passage, Written, words

Mark = Literal["kept", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: in both states, only in the new one, or only in the old one."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """A passage of either state; `mark` is kept where nothing of its words changed, changed where some did."""

    id: str
    role: str
    mark: Literal["kept", "added", "removed", "changed"]
    pieces: tuple[Piece, ...]


def redline(old: Written, new: Written) -> tuple[ChangedPassage, ...]:
    """Every passage of both states in the order of the new one, removed ones where they stood."""
    order = woven([one.id for one in new.passages], [one.id for one in old.passages])
    return tuple(_changed(old.passage(one), new.passage(one)) for one in order)


def _changed(old: Passage | None, new: Passage | None) -> ChangedPassage:
    if old is None and new is not None:
        return ChangedPassage(new.id, new.role, "added", (Piece("added", new.text),))
    if new is None and old is not None:
        return ChangedPassage(old.id, old.role, "removed", (Piece("removed", old.text),))
    if old is None or new is None:
        raise ValueError("a passage of neither state")
    if old.text == new.text:
        return ChangedPassage(new.id, new.role, "kept", (Piece("kept", new.text),))
    return ChangedPassage(new.id, new.role, "changed", tuple(_pieces(words(old.text), words(new.text))))


def _pieces(old: list[str], new: list[str]) -> list[Piece]:
    found: list[Piece] = []
    for mark, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if mark == "equal":
            found.append(Piece("kept", "".join(new[k:m])))
            continue
        if j > i:
            found.append(Piece("removed", "".join(old[i:j])))
        if m > k:
            found.append(Piece("added", "".join(new[k:m])))
    return found
