"""The scanner in C gives what the columnar engine gives: on the sample city in every head, on hostile and cut lines."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from mail_audit.archives import Piece
from mail_audit.archives.read import LONGEST_LINE
from mail_audit.events import columns, native
from mail_audit.events.found import Reading
from mail_audit.events.native import build as making
from mail_audit.events.native import scanner
from mail_audit.sample.build import build
from tests.mail_audit.events.hostile import lines
from tests.mail_audit.events.test_two_engines import tried

_STAMP = re.compile(rb"^([A-Z][a-z]{2} [ 0-9][0-9]) ([0-9:]{8}) (\S+) ([^ :\[]+)(?:\[[0-9]*\])?: ", re.MULTILINE)


@pytest.fixture(autouse=True)
def _built() -> None:
    """`make install` builds the library; these tests are about it."""
    assert native.library() is not None, "run `make install`"


def same(left: Reading, right: Reading) -> None:
    """Hold two readings to the same events, counts, days and broken lines; only the order may differ."""
    assert set(left.frames) == set(right.frames)
    for kind in left.frames:
        first, second = (pl.concat(one.frames[kind]).sort("offset") for one in (left, right))
        assert_frame_equal(first, second)
    counts = [(one.lines, one.events, one.not_of_interest, one.broken, one.times) for one in (left, right)]
    assert counts[0] == counts[1]


def both(data: bytes, *, starts: list[int] | None = None) -> Reading:
    """What the scanner says, which is what the columnar engine says."""
    piece = Piece(data, 1000, 0, 0, starts)
    found = native.read_piece(piece, 3)
    same(found, columns.read_piece(piece, 3))
    return found


def _in_head(data: bytes, head: str) -> bytes:
    """A log with RFC 3164 heads, in another head; Dovecot's own log has only Dovecot's lines."""

    def stamped(found: re.Match[bytes]) -> bytes:
        day, clock, host, tag = (part.decode() for part in found.groups())
        moment = datetime.strptime(f"2026 {day} {clock}", "%Y %b %d %H:%M:%S")  # noqa: DTZ007 - text only
        text = {
            "rfc3164": f"{day} {clock} {host} {tag}: ",
            "iso8601": f"{moment.isoformat()}.{moment.second:06}+07:00 {host} {tag}[7]: ",
            "rfc5424": f"<22>1 {moment.isoformat()}Z {host} {tag} 7 - - ",
            "dovecot_own": f"{day} {clock} ",
            "dovecot_own_dated": f"{moment.date()} {clock} ",
        }[head]
        return text.encode()

    if head.startswith("dovecot_own"):
        kept = [line for line in data.splitlines(keepends=True) if b" dovecot: " in line]
        data = re.sub(rb"(?<= dovecot: )(.*?[a-z\d>)]): ", rb"\1: Info: ", b"".join(kept))
    return _STAMP.sub(stamped, data)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three days of the sample city in RFC 3164."""
    folder = tmp_path_factory.mktemp("city")
    build(folder, days=3, first=date(2026, 10, 5), missing=())
    logs = sorted(path for path in (folder / "logs").rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in logs if path.suffix not in {".gz", ".xz", ".zst", ".bz2"})


@pytest.mark.parametrize("head", ["rfc3164", "iso8601", "rfc5424", "dovecot_own", "dovecot_own_dated"])
def test_the_sample_city(city: bytes, head: str) -> None:
    data = _in_head(city, head)
    found = both(data)
    assert found.events > 100
    assert found.broken == 0
    handed_back = scanner._own.scanner.counts[2]
    assert handed_back < found.lines / 10, "the scanner takes nearly all lines"


@pytest.mark.parametrize("version", ["2.2", "2.4"])
def test_spellings_of_dovecot(tmp_path: Path, version: str) -> None:
    build(tmp_path, days=1, version=version, missing=())  # type: ignore[arg-type]
    data = b"".join(path.read_bytes() for path in sorted((tmp_path / "logs").rglob("*.log")))
    assert both(data).events > 100


def test_logs_of_real_servers() -> None:
    for path in sorted(Path("tests/mail_audit/samples").glob("*.log")):
        assert both(path.read_bytes()).events


@tried(150)
@given(st.lists(lines(), min_size=1, max_size=12), st.sampled_from([b"\n", b"\n", b"\r\n"]), st.booleans())
def test_hostile_lines(some: list[bytes], end: bytes, ended: bool) -> None:
    both(end.join(some) + (end if ended else b""))


@tried(20)
@given(lines())
def test_a_line_cut_at_any_byte(line: bytes) -> None:
    """Every beginning and every end of a line, each as a line, and as the last one without an end."""
    parts = [line[:place] for place in range(len(line))] + [line[place:] for place in range(len(line))]
    both(b"\n".join([*parts, line]))
    both(b"\n".join([line, line[: len(line) // 2]]))


@tried(100)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    both(data)


def test_any_byte_changed(city: bytes) -> None:
    """A thousand lines of the city, each with one byte replaced by any other."""
    drawn = random.Random(7)
    some = drawn.sample(city.splitlines(), 1000)
    harmed = []
    for line in some:
        place = drawn.randrange(len(line))
        harmed.append(line[:place] + bytes([drawn.choice([*range(10), *range(11, 256)])]) + line[place + 1 :])
    both(b"\n".join(harmed))


STAMPS = (
    "Feb 29 00:00:00", "Feb 30 00:00:00", "Apr 31 10:00:00", "Oct 01 01:02:03", "Dec 31 23:59:59",
    "1970-01-01T00:00:00+07:00", "1970-12-31T23:59:59Z", "1971-01-01T00:00:00-0330", "2000-02-29T12:00:00Z",
    "2100-02-29T12:00:00Z", "2100-02-28T12:00:00.123456789+23:59", "2026-10-05T10:20:30.1-00:00",
    "2026-10-05T10:20:30.1234567Z", "2026-10-05T10:20:30+24:00", "2026-10-05T10:20:30+07:60", "2199-12-31T23:59:59Z",
    "2026-10-05T23:59:59+05:30", "2026-10-05T00:00:00.999999-14:00",
)  # fmt: skip


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("message", ["postfix/qmgr[7]: 15CC220C006: removed", "postfix/smtpd[7]: connect from x[::1]"])
def test_stamps(stamp: str, message: str) -> None:
    """Times at every edge, on lines that are events and on others: the same microsecond, the same hour."""
    both(f"{stamp} mail {message}\n".encode())


def test_days_in_any_order() -> None:
    """The day is remembered from line to line, and forgotten where it changes."""
    drawn = random.Random(7)
    stamps = [drawn.choice(STAMPS) for _ in range(500)]
    both("".join(f"{stamp} mail postfix/qmgr[7]: 15CC220C006: removed\n" for stamp in stamps).encode())


def test_long_lines_and_numbers() -> None:
    event = b"Oct  5 10:00:00 mail postfix/qmgr[1]: 15CC220C006: from=<a@b>, size=1, nrcpt=%d (queue active)\n"
    whole = b"Oct  5 10:00:00 mail postfix/cleanup[1]: 15CC220C006: message-id="
    data = b"".join(event % number for number in (0, 2**63 - 1, 2**63, 10**30))
    data += whole + b"x" * (LONGEST_LINE - len(whole)) + b"\n" + whole + b"x" * LONGEST_LINE + b"\n\n"
    assert both(data).broken == 2


def test_offsets_of_lines_that_were_made() -> None:
    """A journald export's lines have the offsets of their entries."""
    line = b"Oct  5 10:00:00 mail postfix/qmgr[1]: 15CC220C006: removed\n"
    found = both(line + b"x\n" + line, starts=[5, 70, 99])
    assert found.frames["removed"][0]["offset"].to_list() == [5, 99]


def test_side_by_side(city: bytes) -> None:
    """Two threads at once, each with a scanner of its own; what was read outlives what is read next."""
    size = city.rfind(b"\n", 0, len(city) // 2) + 1
    parts = [Piece(city[:size], 0, 0), Piece(city[size:], size, 0)] * 4
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda piece: native.read_piece(piece, 0), parts))
    for piece, reading in zip(parts, found, strict=True):
        same(reading, columns.read_piece(piece, 0))


def test_without_the_library(city: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The columnar engine does the work, with the same answer."""
    piece = Piece(city, 0, 0)
    found = native.read_piece(piece, 0)
    monkeypatch.setattr(scanner, "library", lambda: None)
    monkeypatch.setattr(scanner, "_scanner", None)
    same(native.read_piece(piece, 0), found)


def test_a_library_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(scanner, "LIBRARY", tmp_path / "none.so")
    assert scanner.library.__wrapped__() is None


def test_no_compiler_leaves_a_library_that_nobody_loads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make install` goes on: logs are then read by the columnar engine."""
    built = tmp_path / "_scan.so"
    monkeypatch.setattr(making, "LIBRARY", built)
    monkeypatch.setattr(making, "TABLES", tmp_path / "_tables.json")
    monkeypatch.setattr(making, "COMPILER", ("false",))
    making.build()
    monkeypatch.setattr(scanner, "LIBRARY", built)
    assert scanner.library.__wrapped__() is None
    assert "without it" in capsys.readouterr().err


def test_tables_that_do_not_hold_together_are_refused() -> None:
    """The library looks at every index once: a broken table makes no scanner."""
    lib = native.library()
    assert lib is not None
    plan = scanner.make_tables_anew()
    assert lib.vanthu_open(plan.tables)
    for name in ("head_count", "pattern_count", "column_count", "text_count", "needles_count"):
        other = scanner.make_tables_anew()
        setattr(other.tables, name, 0)
        assert not lib.vanthu_open(other.tables), name
    other = scanner.make_tables_anew()
    other.tables.heads[0].fast.state_count = 1
    assert not lib.vanthu_open(other.tables)


def test_a_flood_of_empty_lines_is_counted_and_not_kept() -> None:
    """Each is broken; of a piece's only the first few are shown."""
    data = b"\n" * 1000 + b"Oct  1 01:02:03 mail postfix/qmgr[7]: 15CC220C006: removed\n" + b"\n" * 1000
    found = native.read_piece(Piece(data, 0, 0), 0)
    assert (found.lines, found.broken, found.events) == (2001, 2000, 1)
    assert [offset for _, offset, _ in found.samples] == [0, 1, 2]


def test_a_library_of_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The columns read alone then, with the same answer."""
    monkeypatch.setattr(scanner, "sources", lambda: 1)
    assert scanner.library.__wrapped__() is None
