"""From what a page sends to an answer that can be kept and marked, and back to what the page shows.

Fields: `choice` with the value of what was chosen, once for each tick; in questions with places or partners
`pair-<value of the choice>` with the value of the place or partner. Whatever else is sent counts as not answered.

An answer is kept as keys: of what was chosen; or for each choice, in the author's order, its place or partner (empty
where none was given).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from training.quizzes.drawing import Asked

CHOICE, PAIR = "choice", "pair-"


def read_answer(asked: Asked, sent: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The answer in keys; empty where nothing (or nothing there is) was chosen."""
    if asked.paired:
        given = {
            key: _key(asked.partner_keys, sent.get(f"{PAIR}{offered.value}", ())[:1])
            for offered, key in zip(asked.choices, asked.choice_keys, strict=True)
        }
        answer = tuple(given[key] for key in asked.first_keys)
        return answer if any(answer) else ()
    wanted = sent.get(CHOICE, ())
    if asked.kind != "several":
        wanted = wanted[:1]
    chosen = {_key(asked.choice_keys, [value]) for value in wanted} - {""}
    return tuple(key for key in asked.first_keys if key in chosen)


def value_of(asked: Asked, answer: Sequence[str], choice: str) -> str:
    """What the page shows for the choice with the value `choice`: its place or partner, or the choice's own value
    where it was chosen; empty where not.
    """
    key = asked.choice_keys[int(choice) - 1]
    if not asked.paired:
        return choice if key in answer else ""
    if len(answer) != len(asked.first_keys):
        return ""
    given = answer[asked.first_keys.index(key)]
    return str(asked.partner_keys.index(given) + 1) if given in asked.partner_keys else ""


def has_answer(asked: Asked, answer: Sequence[str]) -> bool:
    """Whether everything the question asks for was given (right or wrong)."""
    return all(answer) and len(answer) == len(asked.first_keys) if asked.paired else bool(answer)


def _key(keys: Sequence[str], values: Sequence[str]) -> str:
    """The key at a position that was sent; empty for what is no position."""
    for value in values:
        if value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= len(keys):
            return keys[int(value) - 1]
    return ""
