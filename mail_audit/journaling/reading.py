"""A copy as it streams by: where it ends, how long it is, and the few lines of its head that are asked for.

Nothing of a copy is held but a line that is not whole yet and the wanted head lines; every piece is looked at once. The
message ends at CRLF.CRLF and nowhere else: with a bare line feed, a message could be smuggled into another. For the
same reason a bare line feed ends no head line.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mail_audit.journaling.heads import Head
from mail_audit.journaling.report import Decoded, Report

END = b"\r\n.\r\n"
LONGEST_LINE = 16_384
"""Bytes of a physical line that are looked at; Postfix cuts at 2,048, RFC 5321 at 1,000."""
MOST_REPORT_BYTES = 4_000_000
"""Of a report's own part: 10,000 recipients with their lists."""
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)


class Reading:
    """One copy. `feed` takes what arrives; then `size`, `head`, `report` and `original` say what was in it.

    `report` and `original` (the head of the letter inside) stay None unless `may_report` and the copy is a journal
    report of Exchange.
    """

    def __init__(self, *, header_limit: int, may_report: bool) -> None:
        self.size = 0
        self.head = Head()
        self.report: Report | None = None
        self.original: Head | None = None
        self._may_report = may_report
        self._tail = b"\r\n"  # a lone dot may be the first line
        self._pretended = len(self._tail)
        self._line = b""
        self._room = header_limit
        self._boundary = b""
        self._part = Head()
        self._decoded: Decoded | None = None
        self._state: Callable[[bytes], bool] | None = self._in_head

    def feed(self, piece: bytes) -> bytes | None:
        """Takes a piece; None while the copy goes on, else what came behind its end."""
        joined = self._tail + piece
        place = joined.find(END)
        if place < 0:
            keep = min(len(joined), len(END) - 1)
            self._count(joined[: len(joined) - keep])
            self._tail = joined[len(joined) - keep :]
            return None
        self._count(joined[: place + 2])  # the line end before the dot belongs to the copy
        self._finish()
        return joined[place + len(END) :]

    def _count(self, content: bytes) -> None:
        pretended = min(self._pretended, len(content))
        self._pretended -= pretended
        content = content[pretended:]
        self.size += len(content)
        for start in range(0, len(content), LONGEST_LINE):
            if self._state is None:
                break
            self._split(content[start : start + LONGEST_LINE])

    def _split(self, content: bytes) -> None:
        *lines, rest = (self._line + content).split(b"\r\n")
        for line in lines:
            self._room -= len(line) + 2
            if self._state is None or self._room < 0 or not self._state(_unstuffed(line[:LONGEST_LINE])):
                self._state, self._line = None, b""
                return
        # The last byte may be half of the line's end, so it is kept behind the cut.
        self._line = rest if len(rest) <= LONGEST_LINE else rest[:LONGEST_LINE] + rest[-1:]

    def _finish(self) -> None:
        if self._state == self._in_report:
            self._end_report()
        self._state, self._line = None, b""

    # What a line is: each state takes one and says whether more is wanted.

    def _in_head(self, line: bytes) -> bool:
        if self.head.add(line):
            return True
        if not self._may_report or not _is_report(self.head):
            return False
        self._room = MOST_REPORT_BYTES
        self.report = Report()
        boundary = _BOUNDARY.search(self.head.first("content-type"))
        if boundary:
            self._boundary = b"--" + (boundary[1] or boundary[2]).encode("utf-8", "replace")
            self._state = self._between
        else:
            self._decoded = Decoded(self.head.first("content-transfer-encoding"))
            self._state = self._in_report
        return True

    def _between(self, line: bytes) -> bool:
        if line.rstrip(b" \t") == self._boundary:
            self._part = Head()
            self._state = self._in_part_head
        return True

    def _in_part_head(self, line: bytes) -> bool:
        if self._part.add(line):
            return True
        kind = self._part.first("content-type").partition(";")[0].strip().lower()
        if kind == "message/rfc822":
            self.original = Head()
            self._state = self._in_original
        elif kind in {"", "text/plain"} and self._decoded is None:
            self._decoded = Decoded(self._part.first("content-transfer-encoding"))
            self._state = self._in_report
        else:
            self._state = self._between
        return True

    def _in_report(self, line: bytes) -> bool:
        if self._boundary and line.rstrip(b" \t") in {self._boundary, self._boundary + b"--"}:
            self._end_report()
            self._state = self._between
            return self._between(line)
        if self._decoded is not None and self.report is not None:
            for text in self._decoded.lines(line):
                self.report.add(text)
        return True

    def _in_original(self, line: bytes) -> bool:
        return self.original is not None and self.original.add(line)

    def _end_report(self) -> None:
        if self._decoded is not None and self.report is not None:
            for text in self._decoded.end():
                self.report.add(text)


def _unstuffed(line: bytes) -> bytes:
    """The line as it was before the sender doubled its first dot (RFC 5321, 4.5.2)."""
    return line[1:] if line.startswith(b".") else line


def _is_report(head: Head) -> bool:
    names = ("x-ms-journal-report", "x-ms-gcc-journal-report", "x-ms-exchange-organization-journal-report")
    return any(name in head for name in names)
