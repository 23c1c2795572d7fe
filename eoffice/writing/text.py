"""A written text: passages in their order, each with an id that stays the same through all revisions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\s+|\S+")
_SHOWN = re.compile(r"\s+|\S+?(?=[.,;:!?…/)\]”]*(?:\s|$))|[.,;:!?…/)\]”]+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Passage:
    """One block: its id, the part of the document it is (a role of the rule set), its words."""

    id: str
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """The passages of a draft of some type; ids are unique."""

    type: str
    passages: tuple[Passage, ...]

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id."""
        return next((one for one in self.passages if one.id == passage_id), None)

    @property
    def plain(self) -> str:
        """All words, a line a passage: for searching and for programs that read aloud."""
        return "\n".join(one.text for one in self.passages)

    def as_json(self) -> dict[str, Any]:
        """As a structured draft (`eoffice.documents.structured`) whose passages look as their parts do."""
        blocks = [{"id": one.id, "role": one.role, "text": one.text} for one in self.passages]
        return {"vanthu_draft": 1, "type": self.type, "blocks": blocks}

    @classmethod
    def of_json(cls, content: Mapping[str, Any]) -> Written:
        """What `as_json` wrote; runs of several looks are taken for their words."""
        passages = tuple(
            Passage(one["id"], one["role"], one.get("text", "".join(run["text"] for run in one.get("runs", ()))))
            for one in content.get("blocks", ())
        )
        return cls(content.get("type", ""), passages)


def shown_words(text: str) -> list[str]:
    """The same, with the signs behind a word apart: a comma that is added does not change the word before it."""
    return _SHOWN.findall(text)


def words(text: str) -> list[str]:
    """The words of a text and the spaces between them; put together again they are the text."""
    return _TOKEN.findall(text)
