"""The difference between two states of a text, passage by passage and word by word."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from eoffice.writing.merging import woven
from eoffice.writing.text import Passage, Written, shown_words

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
    return ChangedPassage(new.id, new.role, "changed", tuple(_pieces(shown_words(old.text), shown_words(new.text))))


def _pieces(old: list[str], new: list[str]) -> list[Piece]:
    """What was taken out before what came in its place; changed words with only spaces between them are one place."""
    found: list[Piece] = []
    for was, now in _places(old, new):
        if was == now:
            found.append(Piece("kept", now))
            continue
        found += [Piece("removed", was)] if was else []
        found += [Piece("added", now)] if now else []
    return found


def _places(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """The words of both states side by side, place by place."""
    found: list[tuple[str, str]] = []
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (mark, i, j, k, m) in enumerate(opcodes):
        was, now = "".join(old[i:j]), "".join(new[k:m])
        inside = 0 < number < len(opcodes) - 1 and mark == "equal" and now.isspace() and all(found[-1])
        if inside or (found and mark != "equal" and found[-1][0] != found[-1][1]):
            was, now = found[-1][0] + was, found[-1][1] + now
            found.pop()
        found.append((was, now))
    return found
