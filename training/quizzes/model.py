"""A question with its right answer. Only what is drawn from it (`drawing.Asked`) may reach a page.

| kind      | `choices`                    | `partners`          | `right`                                    |
|-----------|------------------------------|---------------------|--------------------------------------------|
| `one`     | what can be chosen           | none                | the key of the right one                   |
| `several` | what can be ticked           | none                | the keys of all right ones                 |
| `truth`   | "right" and "not right"      | none                | `yes` or `no`                              |
| `order`   | the steps, in the right order| the places, 1 to n  | for each step in turn, the key of its place|
| `match`   | what is given a partner      | the partners        | for each choice in turn, its partner's key |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.words import Text

Kind = Literal["one", "several", "truth", "order", "match"]
KINDS: tuple[Kind, ...] = ("one", "several", "truth", "order", "match")
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen; `key` is unique among those beside it."""

    key: str
    text: Text


TRUTH = (Choice(YES, Text("Đúng", "True")), Choice(NO, Text("Sai", "False")))
"""The choices of every question of the kind `truth`, always in this order."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a bank: `why` is said with the result, `lesson` is where it is taught.

    A question that is `retired` is kept, with what is known of it, and drawn no more.
    """

    key: str
    kind: Kind
    lesson: str
    ask: Text
    why: Text
    choices: tuple[Choice, ...]
    right: tuple[str, ...]
    partners: tuple[Choice, ...] = ()
    retired: bool = False

    @property
    def wording(self) -> tuple[object, ...]:
        """What an answer depends on: where this is the same, answers of two editions may be counted together."""
        return self.kind, self.ask, self.choices, self.right, self.partners

    @property
    def paired(self) -> bool:
        """Whether an answer says something for each choice (a place, a partner) rather than which of them."""
        return self.kind in {"order", "match"}


def places(count: int) -> tuple[Choice, ...]:
    """The partners of the steps of a question of the kind `order`."""
    return tuple(Choice(str(number), Text(str(number), str(number))) for number in range(1, count + 1))
