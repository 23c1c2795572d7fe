"""journald exports as lines: `journalctl -o export` and `-o json` become what `-o short-iso-precise` would write.

Format: https://systemd.io/JOURNAL_EXPORT_FORMATS/. A field is `NAME=value`, or its name alone, then eight bytes of
little-endian length, the bytes and a line feed; an empty line ends an entry. A piece of another form passes unchanged.
Offsets of the lines made here are those of the entries they come from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Literal

from mail_audit.archives.find import LogFile
from mail_audit.archives.read import Piece, Stretch, pieces, stretches

_WANTED = (b"__REALTIME_TIMESTAMP", b"_HOSTNAME", b"SYSLOG_IDENTIFIER", b"SYSLOG_PID", b"_PID", b"MESSAGE")
LONGEST_ENTRY = 4 << 20


def lines_of(file: LogFile) -> Iterator[Piece | Stretch]:
    """All of a log as lines, whatever form it has; what can be read later, by somebody else, comes unread."""
    if file.packing == "plain" and not file.skip and not file.more:
        parts = stretches(file)
        first = next(parts, None)
        if first is None or isinstance(first, Stretch) or form_of(first.data) == "lines":
            yield from () if first is None else chain((first,), parts)
            return
    yield from as_lines(pieces(file))


def as_lines(parts: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of a log; a journald export is rewritten as lines with the entries' offsets."""
    parts = iter(parts)
    first = next(parts, None)
    if first is None:
        return
    match form_of(first.data):
        case "export":
            yield from _from_export(first, parts)
        case "json":
            yield from (json_as_lines(piece) for piece in chain((first,), parts))
        case _:
            yield from chain((first,), parts)


Form = Literal["lines", "export", "json"]


def form_of(data: bytes) -> Form:
    """Which form a log has that begins with `data`."""
    start = data.lstrip(b"\n")[:4096]
    if start.startswith(b"__CURSOR=") or (start.startswith(b"__REALTIME") and b"\nMESSAGE" in start):
        return "export"
    return "json" if start.startswith(b"{") and b'"__REALTIME_TIMESTAMP"' in start else "lines"


def json_as_lines(piece: Piece) -> Piece:
    """A piece with an entry a line, in JSON, as lines."""
    lines, starts, at = [], [], piece.offset
    for text in piece.data.split(b"\n"):
        if text:
            lines.append(_json_line(text))
            starts.append(at)
        at += len(text) + 1
    return Piece(b"".join(line + b"\n" for line in lines), piece.offset, piece.packed_done, piece.overlong, starts)


def _json_line(text: bytes) -> bytes:
    try:
        entry = json.loads(text)
        fields = {name.encode(): _as_bytes(value) for name, value in entry.items() if name.encode() in _WANTED}
    except (ValueError, AttributeError, TypeError, RecursionError):
        return b"?"
    return _line(fields)


def _as_bytes(value: object) -> bytes:
    """A JSON field: text, or a list of byte values where it is not UTF-8, or a list of several values."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    if isinstance(value, list) and all(isinstance(item, int) and 0 <= item < 256 for item in value):
        return bytes(value)
    if isinstance(value, list) and value:
        return _as_bytes(value[0])
    return b""


def _line(fields: dict[bytes, bytes]) -> bytes:
    try:
        moment = datetime.fromtimestamp(int(fields[b"__REALTIME_TIMESTAMP"]) / 1_000_000, UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return b"?"
    stamp = moment.isoformat(timespec="microseconds").encode()
    host = fields.get(b"_HOSTNAME", b"localhost").replace(b" ", b"_") or b"localhost"
    tag = fields.get(b"SYSLOG_IDENTIFIER", b"-").replace(b" ", b"_") or b"-"
    process = fields.get(b"SYSLOG_PID") or fields.get(b"_PID")
    message = fields.get(b"MESSAGE", b"").replace(b"\r", b" ").replace(b"\n", b" ")
    pid = b"[" + process + b"]" if process and process.isdigit() else b""
    return stamp + b" " + host + b" " + tag + pid + b": " + message


def _from_export(first: Piece, rest: Iterator[Piece]) -> Iterator[Piece]:
    carry, offset = b"", first.offset
    for piece in chain((first,), rest):
        data = carry + piece.data
        lines, starts, end = entries(data, offset)
        carry, offset = data[end:], offset + end
        broken = piece.overlong
        if len(carry) > LONGEST_ENTRY:
            offset, carry, broken = offset + len(carry), b"", broken + 1
        yield Piece(b"".join(line + b"\n" for line in lines), piece.offset, piece.packed_done, broken, starts)
        done = piece.packed_done
    if carry.strip():
        lines, starts, _ = entries(carry + b"\n\n", offset)
        yield Piece(b"".join(line + b"\n" for line in lines), offset, done, 0, starts)


def entries(data: bytes, offset: int) -> tuple[list[bytes], list[int], int]:
    """Whole entries in `data` as lines, their offsets, and where the first unfinished entry starts."""
    lines: list[bytes] = []
    starts: list[int] = []
    at, entry, fields = 0, 0, dict[bytes, bytes]()
    while True:
        end = data.find(b"\n", at)
        if end < 0:
            return lines, starts, entry
        text = data[at:end]
        at = end + 1
        if not text:
            if fields:
                lines.append(_line(fields))
                starts.append(offset + entry)
            entry, fields = at, {}
            continue
        name, equals, value = text.partition(b"=")
        if not equals:  # a binary field: its length, its bytes and a line feed follow
            size = int.from_bytes(data[at : at + 8], "little")
            if len(data) < at + 8 + size + 1:
                return lines, starts, entry
            value = data[at + 8 : at + 8 + size]
            at += 8 + size + 1
        if name in _WANTED:
            fields[name] = value
