"""Collects what is wrong in the files of a course: its author is told everything at once, with file and line."""

from __future__ import annotations

from core.words import Text
from training.errors import CourseFileError

MOST = 12
"""So many faults are told; the rest is counted."""


class Faults:
    """What was found so far."""

    def __init__(self) -> None:
        self._found: list[tuple[str, int, Text]] = []

    def add(self, path: str, line: int, vi: str, en: str) -> None:
        """Something is wrong in `path` at `line` (0: in the file as a whole)."""
        self._found.append((path, line, Text(vi, en)))

    def raise_any(self) -> None:
        """Raises `CourseFileError` where anything is wrong."""
        if not self._found:
            return
        found = sorted(dict.fromkeys(self._found), key=lambda one: one[:2])
        told = [_sentence(*one) for one in found[:MOST]]
        more = len(found) - len(told)
        if more:
            told.append(Text(f"Và {more} lỗi khác.", f"And {more} more."))
        raise CourseFileError(tuple(told))


def _sentence(path: str, line: int, said: Text) -> Text:
    if not line:
        return Text(f"{path}: {said.vi}.", f"{path}: {said.en}.")
    return Text(f"{path}, dòng {line}: {said.vi}.", f"{path}, line {line}: {said.en}.")
