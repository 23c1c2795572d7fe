"""Head lines of a letter as they stream by: the few that are asked for are kept, all others are dropped unread."""

from __future__ import annotations

from dataclasses import dataclass, field

WANTED = frozenset({
    b"message-id", b"date", b"auto-submitted", b"precedence", b"list-id", b"return-path", b"received",
    b"x-original-to", b"delivered-to", b"content-type", b"content-transfer-encoding",
    b"x-ms-journal-report", b"x-ms-gcc-journal-report", b"x-ms-exchange-organization-journal-report",
})  # fmt: skip
"""Never the subject, nor whom the letter says it is from or to: those are the writer's words."""
LONGEST_FIELD = 8_192
MOST_FIELDS = 100
"""Of one name; Received lines beyond it are a loop."""


@dataclass(slots=True)
class Head:
    """The wanted fields of one head, by name in small letters: each a list of physical lines, first line first."""

    fields: dict[str, list[list[str]]] = field(default_factory=dict)
    _current: list[str] | None = None
    _room: int = 0

    def add(self, line: bytes) -> bool:
        """Takes one line without its end; False when it ended the head (an empty line).

        A line that is no field (no colon, a name with blanks) is passed over, as mail servers do.
        """
        if not line:
            self._current = None
            return False
        if line[:1] in b" \t":
            self._continue(line)
            return True
        self._current = None
        name, colon, value = line.partition(b":")
        known = name.rstrip(b" \t").lower()
        if colon and known in WANTED:
            many = self.fields.setdefault(known.decode("ascii"), [])
            if len(many) < MOST_FIELDS:
                self._current, self._room = [], LONGEST_FIELD
                many.append(self._current)
                self._continue(value)
        return True

    def _continue(self, line: bytes) -> None:
        if self._current is not None and self._room > 0:
            text = line[: self._room].decode("utf-8", "replace")
            self._room -= len(line)
            self._current.append(text.strip())

    def first(self, name: str) -> str:
        """The first field of that name in one line, empty where there is none."""
        many = self.fields.get(name)
        return " ".join(many[0]).strip() if many else ""

    def __contains__(self, name: str) -> bool:
        return name in self.fields
