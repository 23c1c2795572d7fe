"""Files as they lie on a disk: every packing gives the same bytes, a damaged one gives one sentence, offsets hold."""

from __future__ import annotations

import bz2
import errno
import gzip
import json
import lzma
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import zstandard

from core.errors import InputError
from mail_audit.archives import LogFile, Piece, find_logs, pieces
from mail_audit.archives.journal import as_lines
from mail_audit.archives.read import LONGEST_LINE
from mail_audit.events import read_piece
from mail_audit.events.columns import lines_of
from mail_audit.events.ids import id_of
from mail_audit.services.collecting.listing import members
from tests.mail_audit.audited import logged

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "bzip2": bz2.compress,
}
LINE = "Nov 22 08:00:{n:02} mail postfix/qmgr[7]: 4jXHBq0vKtz{n:02}: removed"
TEXT = "".join(LINE.format(n=n % 60) + "\n" for n in range(5000)).encode()
FIRST = TEXT[: TEXT.index(b"\n") + 1]


def log(path: Path) -> LogFile:
    return find_logs([path])[0]


def whole(path: Path, size: int = 1 << 14) -> bytes:
    """All pieces of a file together; each starts where the one before ends."""
    text, at = b"", 0
    for piece in pieces(log(path), size=size):
        assert piece.offset == at
        text, at = text + piece.data, at + len(piece.data)
    return text


@pytest.mark.parametrize("packing", sorted(PACKERS))
def test_packed_is_plain(packing: str, tmp_path: Path) -> None:
    path = logged(tmp_path / "any-name", PACKERS[packing](TEXT))
    assert log(path).packing == packing
    assert whole(path) == TEXT


@pytest.mark.parametrize("packing", sorted(PACKERS))
def test_several_members(packing: str, tmp_path: Path) -> None:
    """`cat a.gz b.gz`: the second member is read too, though it starts in the middle of a line."""
    parts = (TEXT[:1000], TEXT[1000:1010], TEXT[1010:])
    assert whole(logged(tmp_path / "log", b"".join(map(PACKERS[packing], parts)))) == TEXT


@pytest.mark.parametrize("packing", sorted(PACKERS))
@pytest.mark.parametrize("harm", ["truncated", "corrupted"])
def test_damaged_is_one_sentence(packing: str, harm: str, tmp_path: Path) -> None:
    packed = PACKERS[packing](TEXT)
    half = len(packed) // 2
    data = packed[:-9] if harm == "truncated" else packed[:half] + b"\xff\x00\xff\x00" + packed[half + 4 :]
    path = logged(tmp_path / "mail.log.7.gz", data)
    with pytest.raises(InputError) as error:
        whole(path)
    for said in (error.value.message.vi, error.value.message.en):
        assert said.startswith(f"{path}: ")
        assert "\n" not in said
    assert f"{packing} file is damaged or cut short" in error.value.message.en


@pytest.mark.parametrize("size", [1, 7, 64, 1000, 1 << 20])
def test_pieces_end_where_lines_end(size: int, tmp_path: Path) -> None:
    text = TEXT[:4000].rstrip(b"\n")
    path = logged(tmp_path / "mail.log", text)
    parts = list(pieces(log(path), size=size))
    assert b"".join(part.data for part in parts) == text
    assert all(part.data.endswith(b"\n") for part in parts[:-1])


def test_a_line_of_a_hundred_megabytes_is_left_out(tmp_path: Path) -> None:
    """It is counted, nothing after it is lost, and no piece holds it."""
    path = tmp_path / "mail.log"
    with path.open("wb") as stream:
        stream.write(FIRST)
        for _ in range(100):
            stream.write(b"#" * (1 << 20))
        stream.write(b"\n" + FIRST)
    parts = list(pieces(log(path), size=1 << 20))
    assert max(len(part.data) for part in parts) <= LONGEST_LINE + (1 << 20)
    assert sum(part.overlong for part in parts) == 1
    assert b"".join(part.data for part in parts).replace(b"#", b"") == FIRST * 2
    assert parts[-1].offset == len(FIRST) + (100 << 20) + 1


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("mail.log-20251231", date(2025, 12, 31)),
        ("mail.log-20251231.gz", date(2025, 12, 31)),
        ("mail-2025-12-31.log", date(2025, 12, 31)),
        ("mail.log-20251399", date(2026, 11, 30)),
        ("mail.log", date(2026, 11, 30)),
        ("mail.20251231123.log", date(2026, 11, 30)),
    ],
)
def test_the_day_it_was_last_written(name: str, day: date, tmp_path: Path) -> None:
    """The date in the name of a rotated file, else the day of its last change."""
    assert log(logged(tmp_path / name, TEXT)).written == day


def test_what_is_named_twice_is_read_once(tmp_path: Path) -> None:
    first, second = logged(tmp_path / "b.log", TEXT), logged(tmp_path / "a.log", TEXT)
    (tmp_path / "link.log").symlink_to(first)
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    assert [one.name for one in find_logs([first, tmp_path, tmp_path / "." / "b.log"])] == [second.name, first.name]


def test_a_closed_folder_in_a_folder_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in it may be half of the figures."""
    logged(tmp_path / "mail.log", TEXT)
    (tmp_path / "mail2").mkdir()
    closed, scandir = str(tmp_path / "mail2"), os.scandir

    def refused(path: str) -> object:  # whoever runs the tests may be let in everywhere
        if str(path) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", closed)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(InputError, match=r"mail2: cannot be read \(Permission denied\)"):
        find_logs([tmp_path])
    found, missing = members([str(tmp_path)], ())
    assert [one.path.name for one in found] == ["mail.log"]
    assert [(path, why.en) for path, why in missing] == [(closed, "cannot be opened (Permission denied)")]


SHAPES: dict[str, bytes] = {
    "plain": TEXT[:6200],
    "dos": TEXT[:6200].replace(b"\n", b"\r\n"),
    "not UTF-8": TEXT[:6200].replace(b"mail post", b"m\xff\xc3il post", 20),
    "UTF-8": TEXT[:6200].replace(b" mail ", " máy ".encode(), 9),
    "blank lines": TEXT[:3100].replace(b"\n", b"\n\n"),
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("size", [100, 5000, 1 << 20])
def test_every_event_lies_at_its_offset(shape: str, size: int, tmp_path: Path) -> None:
    data = SHAPES[shape]
    path = logged(tmp_path / "mail.log", data)
    events = 0
    for piece in pieces(log(path), size=size):
        for frame in read_piece(piece, 0).frames.get("removed", []):
            for queue_id, offset in frame.select("queue_id", "offset").iter_rows():
                line = data[offset : data.index(b"\n", offset)]
                assert offset == 0 or data[offset - 1 : offset] == b"\n"
                assert line.rstrip(b"\r").endswith(b": removed")
                assert queue_id == id_of(line.decode("utf-8", "replace").split(": ")[-2])
                events += 1
    assert events == data.count(b": removed")


def _entry(n: int, message: bytes) -> bytes:
    head = (
        f"__CURSOR=s={n}\n__REALTIME_TIMESTAMP={1795324065000000 + n}\n_HOSTNAME=mail\nSYSLOG_IDENTIFIER=postfix/qmgr\n"
    )
    text = b"MESSAGE\n" + len(message).to_bytes(8, "little") + message if b"\n" in message else b"MESSAGE=" + message
    return head.encode() + b"SYSLOG_PID=77\n" + text + b"\n\n"


@pytest.mark.parametrize("size", [50, 333, 1 << 20])
def test_journald_export(size: int, tmp_path: Path) -> None:
    """Text and binary fields; an entry becomes one line at the entry's offset, whatever the pieces are."""
    messages = [
        b"4jXHBq0vKtz01: removed",
        b"two\nlines __CURSOR=x\n\nMESSAGE=4jXHBq0vKtz09: removed",
        b"4jXHBq0vKtz02: removed",
    ]
    entries = [_entry(n, message) for n, message in enumerate(messages * 3)]
    path = logged(tmp_path / "journal", b"".join(entries))
    lines: list[tuple[int, str]] = []
    for piece in as_lines(pieces(log(path), size=size)):
        lines += [(row[1], row[0]) for row in lines_of(piece).iter_rows()]
    starts = [sum(map(len, entries[:n])) for n in range(9)]
    assert [offset for offset, _ in lines] == starts
    assert lines[0][1] == "2026-11-22T05:07:45.000000+00:00 mail postfix/qmgr[77]: 4jXHBq0vKtz01: removed"
    assert lines[1][1].endswith(": two lines __CURSOR=x  MESSAGE=4jXHBq0vKtz09: removed")


def test_journald_json(tmp_path: Path) -> None:
    """Text, bytes that are no text, several values, and what is no entry at all."""
    base = {"__REALTIME_TIMESTAMP": "1795324065000000", "_HOSTNAME": "mail", "SYSLOG_IDENTIFIER": "postfix/qmgr"}
    entries = [
        {**base, "MESSAGE": "4jXHBq0vKtz01: removed"},
        {**base, "MESSAGE": list(b"4jXHBq0vKtz02: removed\xff")},
        {**base, "MESSAGE": ["4jXHBq0vKtz03: removed", "x"], "_PID": "7"},
        {**base, "MESSAGE": None},
        {**base, "__REALTIME_TIMESTAMP": "soon"},
    ]
    rows = [json.dumps(entry).encode() for entry in entries] + [b"[1]", b"{", b'{"__REALTIME_TIMESTAMP": 5}']
    data = b"\n".join(rows) + b"\n"
    (piece,) = as_lines(pieces(log(logged(tmp_path / "journal.json", data))))
    assert [piece.data.split(b"\n")[n].split(b"qmgr", 1)[-1] for n in range(4)] == [
        b": 4jXHBq0vKtz01: removed", b": 4jXHBq0vKtz02: removed\xff", b"[7]: 4jXHBq0vKtz03: removed", b": ",
    ]  # fmt: skip
    assert piece.data.split(b"\n")[4:] == [b"?", b"?", b"?", b"?", b""]
    assert piece.starts == [sum(len(row) + 1 for row in rows[:n]) for n in range(8)]
    reading = read_piece(piece, 0)
    assert (reading.lines, reading.events, reading.broken) == (8, 2, 5), "removed\xff is no end of a line"


def test_another_form_passes_unchanged(tmp_path: Path) -> None:
    path = logged(tmp_path / "mail.log", TEXT)
    assert list(as_lines(pieces(log(path)))) == list(pieces(log(path)))
    assert list(as_lines(iter(()))) == []
    assert isinstance(next(pieces(log(path))), Piece)
