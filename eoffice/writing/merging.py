"""Two people wrote at once: one text with what both wrote, so that neither loses a word.

Passage by passage, then word by word, against the state both began with (a three-way merge, as `diff3` does it). Where
both wrote at the same place the words of both stand there, one after the other, and the passage is marked: somebody has
to look at it. What one changed and the other removed stays, changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from eoffice.writing.text import Passage, Written, words


@dataclass(frozen=True, slots=True)
class Merged:
    """The text of both, and the ids of the passages where both wrote at the same place."""

    text: Written
    both: tuple[str, ...] = ()


def merge(base: Written, theirs: Written, mine: Written) -> Merged:
    """`theirs` (saved first) and `mine` (saved later), both written from `base`, in one text."""
    if mine in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(mine)
    mine = _with_own_ids(base, theirs, mine)
    both: list[str] = []
    passages = []
    for passage_id in _order(base, theirs, mine):
        found, clashed = _passage(*(one.passage(passage_id) for one in (base, theirs, mine)))
        if found is not None:
            passages.append(found)
            if clashed:
                both.append(passage_id)
    kind = theirs.type if theirs.type != base.type else mine.type
    return Merged(Written(kind, tuple(passages)), tuple(both))


def _with_own_ids(base: Written, theirs: Written, mine: Written) -> Written:
    """`mine` where a new passage has an id of its own, though both happened to choose the same."""
    known = {one.id for one in base.passages}
    taken = {one.id: one for one in theirs.passages if one.id not in known}
    used = known | {one.id for one in (*theirs.passages, *mine.passages)}
    passages = []
    for one in mine.passages:
        if one.id in taken and taken[one.id] != one:
            number = 2
            while f"{one.id}-{number}" in used:
                number += 1
            one = replace(one, id=f"{one.id}-{number}")  # noqa: PLW2901
            used.add(one.id)
        passages.append(one)
    return replace(mine, passages=tuple(passages))


def _order(base: Written, theirs: Written, mine: Written) -> list[str]:
    """The ids of all passages: in the order of whoever moved any (mine, where both did), new ones behind their
    neighbours.
    """
    kept = [one.id for one in base.passages]
    in_mine = [one.id for one in mine.passages]
    in_theirs = [one.id for one in theirs.passages]
    moved = [one for one in in_mine if one in set(kept)] != [one for one in kept if one in set(in_mine)]
    first, second = (in_mine, in_theirs) if moved else (in_theirs, in_mine)
    return woven(woven(first, second), kept)


def woven(order: Sequence[str], others: Sequence[str]) -> list[str]:
    """`order` with those of `others` that it lacks, each behind the one it stands behind there."""
    found, known = list(order), set(order)
    before: str | None = None
    for one in others:
        if one not in known:
            found.insert(0 if before is None else found.index(before) + 1, one)
            known.add(one)
        before = one
    return found


def _passage(base: Passage | None, theirs: Passage | None, mine: Passage | None) -> tuple[Passage | None, bool]:
    """One passage of both, and whether both wrote at the same place; None where it is removed."""
    if base is None:
        return (theirs or mine), False
    if theirs is None or mine is None:
        other = theirs or mine
        changed = other is not None and other != base
        return (other if changed else None), changed
    role = theirs.role if theirs.role != base.role else mine.role
    text, clashed = merged_words(base.text, theirs.text, mine.text)
    return Passage(base.id, role, text), clashed


def merged_words(base: str, theirs: str, mine: str) -> tuple[str, bool]:
    """The words of both, and whether both changed the same place."""
    if mine in {base, theirs}:
        return theirs, False
    if theirs == base:
        return mine, False
    start, left, right = words(base), words(theirs), words(mine)
    parts: list[str] = []
    clashed = False
    for old, one, other in _regions(start, left, right):
        if other in (one, old):
            parts += one
        elif one == old or _holds(other, one):
            parts += other
        elif _holds(one, other):
            parts += one
        else:
            parts += _one_after_the_other(one, other)
            clashed = True
    return "".join(parts), clashed


def _holds(whole: list[str], part: list[str]) -> bool:
    """Whether `part` stands in `whole` as it is: words written on, as when the page saves while somebody writes."""
    return bool(part) and any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def _one_after_the_other(one: list[str], other: list[str]) -> list[str]:
    """Both texts with a space between, unless there is one or one of them is nothing.

    What one ends with and the other begins with stands there once: it was saved by the page before it was written on.
    """
    for first, last in ((one, other), (other, one)):
        for size in range(min(len(one), len(other)), 0, -1):
            if first[-size:] == last[:size] and not "".join(last[:size]).isspace():
                return [*first, *last[size:]]
    if not one or not other or one[-1].isspace() or other[0].isspace():
        return [*one, *other]
    return [*one, " ", *other]


def _regions(base: list[str], left: list[str], right: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The three texts cut at the words that all have: what stands between, and those words themselves."""
    in_left, in_right = _matches(base, left), _matches(base, right)
    at, at_left, at_right = 0, 0, 0
    for number in range(len(base)):
        if number in in_left and number in in_right:
            yield base[at:number], left[at_left : in_left[number]], right[at_right : in_right[number]]
            yield [base[number]], [base[number]], [base[number]]
            at, at_left, at_right = number + 1, in_left[number] + 1, in_right[number] + 1
    yield base[at:], left[at_left:], right[at_right:]


def _matches(base: list[str], other: list[str]) -> dict[int, int]:
    """Position of a word in `base` -> where the same word stands in `other`; increasing on both sides."""
    found: dict[int, int] = {}
    for block in SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks():
        found.update(zip(range(block.a, block.a + block.size), range(block.b, block.b + block.size), strict=True))
    return found
