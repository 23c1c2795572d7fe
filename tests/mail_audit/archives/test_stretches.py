"""Long plain files are read in stretches, by whoever works on them: the same lines at the same places as in pieces."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_audit.archives import Piece, Stretch, find_logs
from mail_audit.archives.journal import lines_of
from mail_audit.archives.read import LONGEST_LINE, pieces, stretches
from mail_audit.events import read_lines_left, read_most, read_piece
from mail_audit.events.found import Reading
from mail_audit.events.native import scanner
from tests.mail_audit.events.native.test_scanner import same
from tests.mail_audit.events.test_two_engines import tried

SMALL = 32 << 10
LINES = (
    b"Oct  1 01:00:01 mail1 postfix/qmgr[812]: 4FA1520D471: removed",
    b"Oct  1 01:00:02 mail1 postfix/smtpd[2029]: connect from unknown[198.51.100.90]",
    (
        b"Oct  1 01:00:03 mail1 dovecot: imap-login: Login: user=<an@tp.example.gov.vn>, method=PLAIN, rip=10.0.0.1, "
        b"lip=10.0.0.11, mpid=7, TLS, session=<aeBZ6tGXLznaevTH>"
    ),
    (
        b"Oct  1 01:00:04 mail1 dovecot: imap(an@tp.example.gov.vn)<7><aeBZ6tGXLznaevTH>: copy: box=\xc4\x90 \xe1, "
        b"uid=1, msgid=<a@b>, size=5, flags=()"
    ),
    b"no head at all",
    b"",
)


def log_of(folder: Path, lines: list[bytes], *, ended: bool = True) -> Path:
    path = folder / "mail.log"
    path.write_bytes(b"\n".join(lines) + (b"\n" if ended else b""))
    return path


def drawn(number: int) -> list[bytes]:
    chosen = random.Random(7)
    return [chosen.choice(LINES) for _ in range(number)]


def test_all_bytes_in_their_order(tmp_path: Path) -> None:
    path = log_of(tmp_path, drawn(3000), ended=False)
    (file,) = find_logs([path])
    parts = list(stretches(file, size=SMALL))
    assert sum(isinstance(one, Stretch) for one in parts) > 10
    read = [one.piece() if isinstance(one, Stretch) else one for one in parts]
    assert b"".join(one.data for one in read) == path.read_bytes()
    assert [one.offset for one in read] == [sum(len(one.data) for one in read[:place]) for place in range(len(read))]
    assert all(one.data.endswith(b"\n") for one in read[:-1])


def test_the_same_events_as_in_pieces(tmp_path: Path) -> None:
    (file,) = find_logs([log_of(tmp_path, drawn(4000))])
    whole, parts = Reading(), Reading()
    for piece in pieces(file):
        whole.merge(read_piece(piece, 2))
    for part in stretches(file, size=SMALL):
        most, rest = read_most(part, 2)
        parts.merge(most)
        if rest is not None:
            parts.merge(read_lines_left(rest, 2))
    same(whole, parts)


@tried(40)
@given(st.lists(st.integers(0, 3 * LONGEST_LINE), max_size=6), st.booleans())
def test_lines_of_any_length(tmp_path_factory: pytest.TempPathFactory, lengths: list[int], ended: bool) -> None:
    """No line is torn or told twice, however long; what is longer than a line may be is left out and counted."""
    path = log_of(tmp_path_factory.mktemp("long"), [b"x" * length for length in lengths] + drawn(40), ended=ended)
    (file,) = find_logs([path])
    read = [one.piece() if isinstance(one, Stretch) else one for one in stretches(file, size=SMALL)]
    kept = [line for one in read for line in one.data.splitlines() if len(line) <= LONGEST_LINE]
    assert kept == [line for line in path.read_bytes().splitlines() if len(line) <= LONGEST_LINE]
    over = sum(one.overlong + sum(len(line) > LONGEST_LINE for line in one.data.splitlines()) for one in read)
    assert over == sum(length > LONGEST_LINE for length in lengths)


def test_a_stretch_outlives_the_name_of_its_file(tmp_path: Path) -> None:
    """A log is rotated while it is read: what was begun is read to its end."""
    path = log_of(tmp_path, drawn(2000))
    (file,) = find_logs([path])
    text = path.read_bytes()
    parts = list(stretches(file, size=SMALL))
    path.rename(tmp_path / "mail.log.1")
    path.write_bytes(b"another log\n")
    assert b"".join(one.piece().data if isinstance(one, Stretch) else one.data for one in parts) == text


def test_a_stretch_of_a_file_that_was_cut_is_what_is_left(tmp_path: Path) -> None:
    path = log_of(tmp_path, drawn(2000))
    (file,) = find_logs([path])
    first, second, *_ = stretches(file, size=SMALL)
    path.write_bytes(path.read_bytes()[: second.offset + 100])
    assert isinstance(first, Piece)
    assert isinstance(second, Stretch)
    assert len(second.piece().data) == 100


def test_a_stretch_is_read_once(tmp_path: Path) -> None:
    (file,) = find_logs([log_of(tmp_path, drawn(2000))])
    stretch = next(one for one in stretches(file, size=SMALL) if isinstance(one, Stretch))
    stretch.piece()
    with pytest.raises(ValueError, match="once"):
        stretch.piece()


@pytest.mark.parametrize("start", [b'{"__REALTIME_TIMESTAMP": "1", "MESSAGE": "x"}', b"__CURSOR=s=1"])
def test_a_log_of_another_form_comes_as_lines(tmp_path: Path, start: bytes) -> None:
    (file,) = find_logs([log_of(tmp_path, [start, b""])])
    assert all(isinstance(one, Piece) and one.starts is not None for one in lines_of(file))


def test_an_empty_log_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "mail.log").write_bytes(b"")
    (file,) = find_logs([tmp_path / "mail.log"])
    assert list(lines_of(file)) == []


def read_as_a_stretch(path: Path) -> Reading:
    """A whole file as one stretch."""
    with path.open("rb", buffering=0) as raw:
        found, rest = read_most(Stretch(raw, 0, path.stat().st_size), 2)
    if rest is not None:
        found.merge(read_lines_left(rest, 2))
    return found


@tried(40)
@given(st.lists(st.integers(0, 3 * LONGEST_LINE), min_size=1, max_size=8), st.booleans())
def test_a_stretch_is_read_block_by_block(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], ended: bool
) -> None:
    """Whole lines at their places, and those that no block can hold left out and counted, each once."""
    lines = [line for length in lengths for line in (*drawn(30), LINES[0] + b"x" * length, *drawn(3))]
    path = log_of(tmp_path_factory.mktemp("blocks"), lines, ended=ended)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "BLOCK", LONGEST_LINE + 1)
        same(read_as_a_stretch(path), read_piece(Piece(path.read_bytes(), 0, 0), 2))


def test_a_stretch_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """What the system refuses is an error, and no log without lines."""
    with (tmp_path / "mail.log").open("wb", buffering=0) as only_written:
        stretch = Stretch(only_written, 0, 100)
    with pytest.raises(OSError, match="Bad file descriptor"):
        read_most(stretch, 0)


def test_the_same_events_though_a_line_is_too_long(tmp_path: Path) -> None:
    long = b"Oct  1 01:00:01 mail1 postfix/qmgr[812]: " + b"x" * (2 << 20)
    lines = [*drawn(3000), long, *drawn(3000), long[:LONGEST_LINE], long[: LONGEST_LINE + 1], *drawn(3000)]
    (file,) = find_logs([log_of(tmp_path, lines)])
    whole = Reading()
    for piece in pieces(file):
        whole.merge(read_piece(piece, 2))
    same(whole, read_as_a_stretch(file.path))
