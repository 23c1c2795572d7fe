"""A text that was written elsewhere, brought in again: its passages get the ids they had, where they are the same.

A word processor knows nothing of our ids. Without them every passage behind a new one would look changed, and every
remark would lose its place.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher

from eoffice.writing.text import Passage, Written, words

ALIKE = 0.5
"""From this share of common words on, a passage is the same one, changed."""
MOST_COMPARED = 4_000
"""So many pairs of passages are compared by their words, and words of a passage; beyond, only equal ones are found."""


def with_known_ids(before: Written, uploaded: Written) -> Written:
    """`uploaded` with the ids of `before`: of equal passages in the same order, and of those much alike between them.

    New passages get ids that neither text has had. Words and order are those of `uploaded`.
    """
    old, new = before.passages, uploaded.passages
    found: dict[int, str] = {}
    matcher = SequenceMatcher(None, [one.text for one in old], [one.text for one in new], autojunk=False)
    for mark, i, j, k, m in matcher.get_opcodes():
        if mark == "equal":
            found.update({k + at: old[i + at].id for at in range(j - i)})
        elif mark == "replace":
            found.update({k + at: passage_id for at, passage_id in _alike(old[i:j], new[k:m]).items()})
    taken = {one.id for one in old}
    passages = []
    number = 0
    for at, one in enumerate(new):
        passage_id = found.get(at)
        if passage_id is None:
            number += 1
            while f"u{number}" in taken:
                number += 1
            passage_id = f"u{number}"
        taken.add(passage_id)
        passages.append(replace(one, id=passage_id))
    return replace(uploaded, passages=tuple(passages))


def _alike(old: tuple[Passage, ...], new: tuple[Passage, ...]) -> dict[int, str]:
    """Position in `new` -> id of the passage of `old` it was made from, none crossing another."""
    found: dict[int, str] = {}
    if len(old) * len(new) > MOST_COMPARED:
        return found
    first = 0
    for at, one in enumerate(new):
        shares = [(_share(old[number].text, one.text), -number) for number in range(first, len(old))]
        if shares and (best := max(shares))[0] >= ALIKE:
            found[at] = old[-best[1]].id
            first = 1 - best[1]
    return found


def _share(one: str, other: str) -> float:
    """How much of two texts is common, by words, from 0 to 1; a quick bound first."""
    left, right = words(one), words(other)
    if max(len(left), len(right)) > MOST_COMPARED:
        return 0.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0
