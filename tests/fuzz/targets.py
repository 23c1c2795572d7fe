"""What is fuzzed: for each reader of foreign bytes one function that takes any bytes and fails where a promise breaks.

The promises: nothing but an error with a sentence leaves a reader; every line is counted once; the engines agree;
offsets point at the lines; what is made for a page or a terminal can be shown there.
"""

from __future__ import annotations

import bz2
import dataclasses
import gzip
import json
import lzma
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import zstandard

from core.directory.rosterfile import read_roster
from core.errors import VanthuError
from mail_audit.archives import LogFile, Piece, find_logs, pieces
from mail_audit.archives import read as reading_archives
from mail_audit.archives.journal import as_lines
from mail_audit.events import columns, native, read_line
from mail_audit.pipeline import run
from mail_audit.report.as_json import as_dict
from mail_audit.report.readable import readable, readable_text
from tests.fuzz.letters import letters
from training.effect import measure_effect, terminal
from training.effect.model import FEWEST
from training.effect.panelfile import read_panel

FOLDER = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
BETWEEN = b"\n%%%\n"
"""Between two files of one input."""
COLUMNS_ONCE_IN = 400
SHORT = 48
"""The longest line while archives are fuzzed, so that overlong lines are met often."""


@dataclass(frozen=True)
class Target:
    """One reader: `check` raises where a promise breaks; `longest` bounds an input, in bytes."""

    name: str
    check: Callable[[bytes], None]
    longest: int = 4096
    native: bool = False
    """Whether the scanner in C is what matters: it is then built with ASan and UBSan, and its branches guide too."""


def scanner(data: bytes) -> None:
    """Every line is an event, not of interest, broken, or left; each once.

    Columns of so few lines cost a thousand times what scanning costs: they are made for one input in some hundreds,
    always the same ones.
    """
    piece = Piece(data, 1000, 0)
    library = native.library()
    assert library is not None
    assert native.scanner._scanner(library).scan(piece)
    if zlib.crc32(data) % COLUMNS_ONCE_IN:
        return
    reading, rest = native.read_most(piece, 3)
    left = 0 if rest is None else len(rest.starts or ())
    total = data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))
    assert reading.lines + left == total
    assert reading.lines == reading.events + reading.not_of_interest + reading.broken


def engines(data: bytes) -> None:
    """The scanner, the columns and the line engine say the same."""
    from tests.mail_audit.events.test_two_engines import agree, in_columns

    if not data:
        return
    agree(data)
    piece = Piece(data, 0, 0)
    fast, slow = native.read_piece(piece, 0), columns.read_piece(piece, 0)
    assert in_columns(fast) == in_columns(slow)
    assert (fast.lines, fast.broken, fast.times) == (slow.lines, slow.broken, slow.times)


def lines(data: bytes) -> None:
    """The line engine takes any text."""
    for line in data.split(b"\n"):
        read_line(line.decode("utf-8", "replace"))


def journal(data: bytes) -> None:
    """A journald export, cut into pieces at any line, becomes lines, each with the place of its entry."""
    size = data[0] * 4 + 1 if data else 1
    with _file("journal", data[1:]) as path, mock.patch.object(reading_archives, "LONGEST_LINE", 4096):
        for piece in as_lines(pieces(_log(path, "plain"), size=size)):
            if piece.starts is not None:
                assert len(piece.starts) == piece.data.count(b"\n")
                assert all(0 <= start < len(data) for start in piece.starts)


PACKINGS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("plain", bytes),
    ("gzip", gzip.compress),
    ("xz", lambda text: lzma.compress(text, preset=0)),
    ("bzip2", bz2.compress),
    ("zstd", lambda text: zstandard.ZstdCompressor().compress(text)),
)


def archives(data: bytes) -> None:
    """Packed text comes back whole, its offsets right; what is damaged is refused with a sentence.

    The first byte chooses the packing, whether the rest is text (packed here) or already packed, and the pieces' size.
    """
    if len(data) < 2:
        return
    name, pack = PACKINGS[data[0] % len(PACKINGS)]
    is_text, size, rest = data[0] & 0x80, data[1] + 1, data[2:]
    half = len(rest) // 2
    packed = pack(rest[:half]) + pack(rest[half:]) if is_text else rest
    with _file("packed", packed) as path, mock.patch.object(reading_archives, "LONGEST_LINE", SHORT):
        try:
            found = list(pieces(_log(path, name), size=size))
        except VanthuError:
            assert not is_text
            return
    if is_text or name == "plain":
        _same_text(rest, found)


def _same_text(text: bytes, found: list[Piece]) -> None:
    """Every piece stands where it says; only lines longer than allowed are missing, and they are counted."""
    at, counted = 0, 0
    for piece in found:
        assert text[piece.offset : piece.offset + len(piece.data)] == piece.data
        assert at <= piece.offset
        missing = text[at : piece.offset]
        assert not missing or all(len(line) > SHORT for line in missing.removesuffix(b"\n").split(b"\n"))
        counted += piece.overlong
        at = piece.offset + len(piece.data)
    assert len(text[at:].split(b"\n")[0]) > SHORT or at == len(text)
    everything = text.removesuffix(b"\n").split(b"\n") if text else []
    kept = sum(piece.data.removesuffix(b"\n").count(b"\n") + 1 for piece in found if piece.data)
    assert kept + counted == len(everything)


ROSTER = (
    "unit,official_id,name,title,rank,email,kind,aliases\n"
    "S,1,Lê An,Giám đốc,leader,gd@tp.example.gov.vn,,giamdoc@tp.example.gov.vn\n"
    "S,2,Võ Bình,Chuyên viên,staff,cv@tp.example.gov.vn,,\n"
)


def audit(data: bytes) -> None:
    """Any files give a report that can be shown, or an error with a sentence."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        directory = Path(folder, "officials.csv")
        directory.write_text(ROSTER, encoding="utf-8")
        logs = []
        for number, content in enumerate(data.split(BETWEEN)[:4]):
            logs.append(Path(folder, f"mail.log.{number}"))
            logs[-1].write_bytes(content)
        try:
            measured = run(logs, read_roster(directory), evidence=Path(folder, "evidence.parquet"))
        except VanthuError as error:
            _has_a_sentence(error)
            return
    coverage = measured.report.coverage
    assert coverage.lines == coverage.events + coverage.not_of_interest + coverage.broken
    _showable(as_dict(readable(measured.report)))


def _has_a_sentence(error: VanthuError) -> None:
    assert error.message.vi
    assert error.message.en


def _showable(value: object) -> None:
    if isinstance(value, str):
        assert readable_text(value) == value
    elif isinstance(value, dict):
        for key, item in value.items():
            _showable(key)
            _showable(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _showable(item)


def roster(data: bytes) -> None:
    """Any file is a directory, or is refused with a sentence."""
    with _file("officials.csv", data) as path:
        for skip in (False, True):
            try:
                read_roster(path, skip_wrong_rows=skip)
            except VanthuError as error:
                _has_a_sentence(error)


def panel(data: bytes) -> None:
    """Any file is a panel of which something true to form is said, or is refused with a sentence."""
    with _file("panel.csv", data) as path:
        try:
            found = measure_effect(read_panel(path), permutations=99)
        except VanthuError as error:
            _has_a_sentence(error)
            return
    json.dumps(dataclasses.asdict(found), allow_nan=False)
    if found.estimate is not None:
        assert found.people >= FEWEST
        assert found.low is None or found.low <= found.estimate
        assert found.high is None or found.high >= found.estimate
    for line in (*terminal.lines(found, "vi"), *terminal.lines(found, "en")):
        _showable(line)


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("scanner", scanner, native=True),
        Target("engines", engines, longest=600, native=True),
        Target("lines", lines, longest=600),
        Target("journal", journal),
        Target("archives", archives),
        Target("audit", audit, longest=3000),
        Target("roster", roster),
        Target("panel", panel),
        Target("letters", letters),
    )
}


class _file:  # noqa: N801 - used as a context manager
    """A file of some bytes, in memory where there is such a folder."""

    def __init__(self, name: str, content: bytes) -> None:
        self._folder = tempfile.TemporaryDirectory(dir=FOLDER)
        self._path = Path(self._folder.name, name)
        self._path.write_bytes(content)

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _log(path: Path, packing: str) -> LogFile:
    (found,) = find_logs([path])
    return LogFile(path, found.name, packing, found.size, found.written)


def read_corpus(folder: Path) -> list[bytes]:
    """The kept inputs of a target, in the order of their names."""
    return [path.read_bytes() for path in sorted(folder.iterdir())] if folder.is_dir() else []
