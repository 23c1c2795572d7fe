"""A text that turns out to be of another type of document: what was written stays, the parts of its type change."""

from __future__ import annotations

from dataclasses import replace

from eoffice.writing.text import Passage, Written


def retyped(text: Written, begun: Written, wanted: Written) -> Written:
    """`text`, which began as `begun`, as one of the type of `wanted` (what a new text of that type begins with).

    Whatever somebody wrote stays, in its order. What still stands as it began becomes what the new type begins with, or
    goes where that type has no such part. Parts that are missing then come behind the part they follow there.
    """
    starters = {(one.role, one.text) for one in begun.passages}
    first = {one.role: one for one in reversed(wanted.passages)}
    kept: list[Passage] = []
    for one in text.passages:
        if (one.role, one.text) not in starters:
            kept.append(one)
        elif one.role in first:
            kept.append(replace(one, text=first[one.role].text))
    return Written(wanted.type, tuple(_completed(kept, wanted, {one.id for one in text.passages})))


def _completed(kept: list[Passage], wanted: Written, taken: set[str]) -> list[Passage]:
    """`kept` with the parts of `wanted` that it has none of; their ids are none that the text had."""
    found = list(kept)
    roles = [one.role for one in wanted.passages]
    for number, one in enumerate(wanted.passages):
        if one.role in {each.role for each in found}:
            continue
        before = set(roles[:number])
        at = max((place + 1 for place, each in enumerate(found) if each.role in before), default=0)
        new = f"{wanted.type}-{one.role}"[:60]
        while new in taken:
            new += "-"
        taken.add(new)
        found.insert(at, replace(one, id=new))
    return found
