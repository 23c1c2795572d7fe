"""Streams by themselves: parts and fingerprints, lines that are too long, journal entries, what is known again."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_audit.archives import Piece, find_logs
from mail_audit.archives.journal import Form
from mail_audit.archives.read import LONGEST_LINE
from mail_audit.events.years import YearRule
from mail_audit.formats import HEADS
from mail_audit.streams import BLOCK, Follower, Mark, Part, Prints, first_look, recognise, settled, yearless_days
from mail_audit.streams.opened import opened
from mail_audit.streams.prints import digest
from mail_audit.streams.settled import _last_lines
from mail_audit.zones import Zone, to_day

HANOI = Zone("Asia/Ho_Chi_Minh")
LINE = b"Oct  5 08:00:00 mail postfix/qmgr[7]: 00000A: from=<a@b.vn>, size=1, nrcpt=1 (queue active)\n"


def parts_of(path: Path, *, size: int = 1 << 20) -> tuple[list[Part], Follower]:
    (log,) = find_logs([path])
    with opened(log) as text:
        form = first_look(text).form
    with opened(log) as text:
        follower = Follower(text, form, Prints())
        return list(follower.parts(size)), follower


def mark_of(parts: list[Part]) -> Mark:
    return Mark(parts[-1].stop, b"".join(part.blocks for part in parts), parts[-1].partial)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "mail.log"
    path.write_bytes(b"".join(LINE.replace(b"00000A", b"%06X" % number) for number in range(3_000)))
    return path


@pytest.mark.parametrize("size", [1_000, 70_000, 1 << 20])
def test_parts_follow_each_other_and_their_prints_are_those_of_the_text(log: Path, size: int) -> None:
    text = log.read_bytes()
    parts, follower = parts_of(log, size=size)
    assert b"".join(part.piece.data for part in parts) == text
    assert [part.start for part in parts] == [0, *(part.stop for part in parts[:-1])]
    assert all(part.sha256 == hashlib.sha256(text[part.start : part.stop]).hexdigest() for part in parts)
    whole = [digest(text[at : at + BLOCK]) for at in range(0, len(text) - BLOCK + 1, BLOCK)]
    assert b"".join(part.blocks for part in parts) == b"".join(whole)
    assert parts[-1].partial == digest(text[len(whole) * BLOCK :]).hex()
    assert follower.unread == b""


@pytest.mark.parametrize("size", [1_000, 1 << 20])
@pytest.mark.parametrize("ended", [True, False])
def test_a_line_longer_than_any_is_left_out_and_counted(tmp_path: Path, size: int, ended: bool) -> None:
    long = b"x" * (3 * LONGEST_LINE + 5)
    path = tmp_path / "mail.log"
    path.write_bytes(LINE + long + b"\n" + LINE + long + (b"\n" + LINE if ended else b""))
    parts, follower = parts_of(path, size=size)
    data = b"".join(part.piece.data for part in parts)
    left_in = data.count(long)  # where a whole one stands in a block, the reading itself counts it
    assert data.replace(long + b"\n", b"") == LINE * (3 if ended else 2)
    assert left_in + sum(part.piece.overlong for part in parts) == (2 if ended else 1)
    assert follower.unread_bytes == (0 if ended else len(long))
    (file,) = find_logs([path])
    with opened(file) as text:
        assert recognise(text, mark_of(parts), quick=False).kind == "same"
        assert text.offset == parts[-1].stop
    found = [path.read_bytes()[part.piece.offset :][: len(part.piece.data)] for part in parts]
    assert found == [part.piece.data for part in parts]


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("stop", [len(LINE), 70_000, 2 * BLOCK, 200_000])
def test_what_was_read_is_known_again(log: Path, ending: str, stop: int) -> None:
    text = log.read_bytes()
    whole = text[:stop][: text[:stop].rfind(b"\n") + 1]
    log.write_bytes(whole)
    mark = mark_of(parts_of(log)[0])
    cases = {
        "same": text,
        "shorter": whole[: len(whole) // 2],
        "other": whole[:-5] + b"?" + whole[-4:] + text[len(whole) :],
    }
    for kind, content in cases.items():
        path = log.with_name(f"{kind}{ending}")
        path.write_bytes(gzip.compress(content) if ending else content)
        (file,) = find_logs([path])
        with opened(file) as opening:
            assert recognise(opening, mark, quick=False).kind == kind
            if kind == "same":
                assert opening.offset == mark.stop
        if kind != "shorter":
            with opened(file) as opening:
                assert recognise(opening, mark, quick=True).kind == kind


def journal(number: int) -> dict[str, str]:
    at = int(datetime(2026, 10, 5, 1, 0, number, tzinfo=UTC).timestamp() * 1_000_000)
    message = f"{number:06X}: from=<a@b.vn>, size=1, nrcpt=1 (queue active)"
    return {
        "__CURSOR": f"s={number}", "__REALTIME_TIMESTAMP": str(at), "_HOSTNAME": "mail",
        "SYSLOG_IDENTIFIER": "postfix/qmgr", "_PID": "7", "MESSAGE": message,
    }  # fmt: skip


def as_export(numbers: range) -> bytes:
    entries = ("".join(f"{name}={value}\n" for name, value in journal(number).items()) for number in numbers)
    return "".join(f"{entry}\n" for entry in entries).encode()


def as_json(numbers: range) -> bytes:
    return "".join(json.dumps(journal(number)) + "\n" for number in numbers).encode()


@pytest.mark.parametrize("write", [as_export, as_json])
def test_a_journal_is_read_on_at_an_entry(tmp_path: Path, write: Callable[[range], bytes]) -> None:
    path = tmp_path / "journal"
    whole = write(range(40))
    path.write_bytes(whole[: len(whole) // 2 + 7])
    first, follower = parts_of(path, size=500)
    assert follower.unread_bytes > 0
    path.write_bytes(whole)
    (file,) = find_logs([path])
    with opened(file) as text:
        found = recognise(text, mark_of(first), quick=True)
        rest = list(Follower(text, first_form(path), found.prints).parts(500))
    lines = b"".join(part.piece.data for part in (*first, *rest)).splitlines()
    assert [line.split(b": ")[1] for line in lines] == [b"%06X" % number for number in range(40)]
    assert rest[-1].stop == len(whole)


def first_form(path: Path) -> Form:
    (file,) = find_logs([path])
    with opened(file) as text:
        return first_look(text).form


def test_a_part_is_settled_by_the_rule_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "dovecot.log"
    log_in = "imap-login: Info: Login: user=<a@b.vn>, method=PLAIN, rip=10.0.0.1, lip=10.0.0.2, session=<x>"
    text = f"Dec 31 23:30:00 {log_in}\n"
    other = "Jan  1 00:10:00 master: Info: Dovecot v2.3.19 starting up\n"
    path.write_text(text + other)
    (file,) = find_logs([path])
    (part,), _ = parts_of(path)
    assert yearless_days(part.piece) == {to_day(date(2000, 12, 31)), to_day(date(2000, 1, 1))}
    rule = YearRule(2027, to_day(date(2000, 12, 1)), over_new_year=True)
    found = settled(part.piece, file, rule, stamps_in=HANOI, days_in=HANOI, host="mail2")
    assert found.host_days == {"mail2": frozenset({date(2026, 12, 31)})}
    assert found.other_days == frozenset({date(2027, 1, 1)})
    assert found.first_at == datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert found.newest_at == datetime(2026, 12, 31, 17, 10, tzinfo=UTC)
    assert found.counts == (2, 1, 1, 0)
    assert found.lines.rows() == [(0, text.rstrip("\n"))]


_LINES = st.sampled_from(
    [
        b"Oct  1 00:00:01 mail1 postfix/smtpd[1]: connect from x",
        b"Oct  1 00:00:01",
        b"Feb 29 23:59:59 mail1 dovecot: imap-login: x",
        b"Feb 30 23:59:59 mail1 dovecot: imap-login: x",
        b"Mai 12 10:00:00 mail1 postfix/qmgr[2]: y",
        b"Sep 12 10:00:00 imap-login: Info: Login",
        b"2026-10-03T00:00:01+07:00 mail1 postfix/smtpd[1]: x",
        b"2026-10-03 00:00:01 imap-login: Info: x",
        b"\xff\xfe Oct  4 00:00:01 mail1 postfix/smtpd[1]: x",
        b"Dec  7 00:00:01 m\xe9l postfix/smtpd[1]: x\r",
        b"",
    ]
)


@given(st.lists(_LINES, max_size=200))
def test_days_without_a_year_are_those_of_every_line(lines: list[bytes]) -> None:
    """As if each line were looked at by itself."""
    heads = [re.compile(head.tells) for head in HEADS if head.yearless]
    days = set[int]()
    for line in lines:
        text = line.decode("utf-8", "replace")
        if any(head.match(text) for head in heads):
            with suppress(ValueError):  # no such day
                days.add(to_day(datetime.strptime(f"2000 {text[:6]} +0000", "%Y %b %d %z").date()))
    data = b"".join(line + b"\n" for line in lines)
    assert yearless_days(Piece(data, 0, 0)) == days


@given(st.lists(st.binary(max_size=30).map(lambda some: some.replace(b"\n", b"")), max_size=60), st.booleans())
def test_the_last_lines(lines: list[bytes], ends: bool) -> None:
    """The last twenty that are not empty, the last one first."""
    data = b"\n".join(lines) + (b"\n" if ends else b"")
    assert list(_last_lines(data)) == [line for line in reversed(data.split(b"\n")) if line][:20]
