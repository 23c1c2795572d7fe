"""Numbers and dashes that Word puts in front of paragraphs by itself (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable

from eoffice.documents.docx_file.names import Element, child, children, number, value
from eoffice.documents.signs import as_roman

_PLACE = re.compile(r"%([1-9])")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST = 399


def _letters(count: int) -> str:
    return _LETTERS[(count - 1) % 26] * ((count - 1) // 26 + 1)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda count: f"{count:02}",
    "upperRoman": as_roman,
    "lowerRoman": lambda count: as_roman(count).lower(),
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerLetter": _letters,
    "none": lambda _count: "",
}


class Numbering:
    """The lists of one DOCX. `label` is to be asked in the order of the text, once for each numbered paragraph."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[tuple[str, int], Element] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[tuple[str, int], Element] = {}
        self._counts: dict[str, list[int]] = {}
        if root is None:
            return
        for abstract in children(root, "abstractNum"):
            for level in children(abstract, "lvl"):
                self._levels[value(abstract, "abstractNumId") or "", int(number(level, "ilvl") or 0)] = level
        for one in children(root, "num"):
            name = value(one, "numId") or ""
            self._abstract[name] = value(child(one, "abstractNumId")) or ""
            for override in children(one, "lvlOverride"):
                if (level := child(override, "lvl")) is not None:
                    self._overrides[name, int(number(override, "ilvl") or 0)] = level

    def level(self, list_id: str, level: int) -> Element | None:
        """The `w:lvl` of a list's level, or None where there is none."""
        return self._overrides.get((list_id, level), self._levels.get((self._abstract.get(list_id, ""), level)))

    def label(self, list_id: str, level: int) -> str:
        """What stands in front of the next paragraph of that list and level, and counts it."""
        found = self.level(list_id, level)
        if found is None:
            return ""
        counts = self._counts.setdefault(self._abstract.get(list_id, ""), [0] * 9)
        for deeper in range(level + 1, 9):
            counts[deeper] = 0
        counts[level] = min(counts[level] + 1 if counts[level] else self._start(list_id, level), MOST)
        text = value(child(found, "lvlText")) or ""
        if value(child(found, "numFmt")) == "bullet":
            return "-" if text in {"-", "–", "\u2212", "\uf02d"} else (text or "•")
        return _PLACE.sub(lambda place: self._counted(list_id, int(place[1]) - 1, counts), text)

    def _start(self, list_id: str, level: int) -> int:
        said = number(child(self.level(list_id, level), "start"))
        return 1 if said is None else min(max(int(said), 0), MOST)

    def _counted(self, list_id: str, level: int, counts: list[int]) -> str:
        form = value(child(self.level(list_id, level), "numFmt")) or "decimal"
        count = counts[level] or self._start(list_id, level)
        return _FORMATS.get(form, str)(count)
