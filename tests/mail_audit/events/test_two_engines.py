"""The line engine and the columnar engine give the same answer; the fast expressions take what the full ones take."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail_audit.archives import Piece
from mail_audit.archives.read import LONGEST_LINE
from mail_audit.events import Broken, Event, NotOfInterest, Reading, read_line, read_lines_left, read_piece
from mail_audit.events.ids import id_of
from mail_audit.events.reading import COLUMNS, ID, MENTION, NUMBER
from mail_audit.formats import HEADS, PATTERNS, WITH_BEGINNINGS, Pattern
from tests.mail_audit.events.hostile import HOSTILE, TEMPLATES, lines, messages

pytestmark = pytest.mark.slow

_BEYOND = 2**63
Said = tuple[str, int, int, str, dict[str, Any]]


def tried(examples: int) -> settings:
    """The same examples on every run; `TRY_MORE=1` tries ten times as many, other ones each time."""
    more = bool(os.environ.get("TRY_MORE"))
    return settings(
        max_examples=examples * (10 if more else 1),
        deadline=None,
        derandomize=not more,
        suppress_health_check=list(HealthCheck),
    )


def by_line(text: str) -> Said | NotOfInterest | Broken:
    """What the line engine says, with its fields as the columns keep them."""
    found = read_line(text)
    if not isinstance(found, Event):
        return found
    fields = {name: _stored(kind, found, name) for name, kind in COLUMNS[found.kind].items()}
    return (found.kind, int(found.stamp.clock), found.stamp.at, found.host, fields)


def _stored(kind: type[pl.DataType], event: Event, name: str) -> Any:
    found = event.fields.get(name)
    if found is None or kind is MENTION:
        return found
    if kind is ID:
        return id_of(str(found))
    if kind is NUMBER:
        return int(found) if int(found) < _BEYOND else None
    return found


def in_columns(reading: Reading) -> dict[int, Said]:
    """Offset -> what the columnar engine says."""
    found = {}
    for kind, frames in reading.frames.items():
        for frame in frames:
            for row in frame.iter_rows(named=True):
                fields = {name: row[name] for name in COLUMNS[kind]}
                assert row["offset"] not in found, "one line, one event"
                found[row["offset"]] = (kind, row["clock"], row["at"], row["host"], fields)
    return found


def placed(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines of `data` with their offsets, their ends taken off."""
    at = 0
    for line in data.split(b"\n")[: data.count(b"\n") + (not data.endswith(b"\n"))]:
        yield at, line.removesuffix(b"\r").decode("utf-8", "replace")
        at += len(line) + 1


def agree(data: bytes) -> Counter[str]:
    """Hold the two engines to the same answer on `data`; gives how many lines were of which class.

    The columnar one gives it by all expressions, and by the full ones alone.
    """
    expected = {offset: by_line(text) for offset, text in placed(data)}
    broken = {offset for offset, said in expected.items() if isinstance(said, Broken)}
    dull = sum(isinstance(said, NotOfInterest) for said in expected.values())
    for read in (read_piece, read_lines_left):
        reading = read(Piece(data, 0, 0), 0)
        assert in_columns(reading) == {offset: said for offset, said in expected.items() if isinstance(said, tuple)}
        assert (reading.lines, reading.broken, reading.not_of_interest) == (len(expected), len(broken), dull)
        assert {offset for _, offset, _ in reading.samples} <= broken
        assert all(expected[offset] == Broken(reason) for _, offset, reason in reading.samples)
    return Counter(said[0] if isinstance(said, tuple) else type(said).__name__ for said in expected.values())


@tried(160)  # of at least five lines each
@given(st.lists(lines(), min_size=5, max_size=12), st.sampled_from([b"\n", b"\n", b"\r\n"]), st.booleans())
def test_both_engines_give_the_same_answer(some: list[bytes], end: bytes, ended: bool) -> None:
    """Event, not of interest or broken; kind, clock, time, host and every field: line by line."""
    data = end.join(some) + (end if ended else b"")
    if data:
        agree(data)


def _fields(match: re.Match[str], pattern: Pattern) -> dict[str, str | None]:
    groups = match.groupdict()
    return {name: groups.get(name) for name in pattern.fields}


@tried(500)
@given(messages())
def test_what_the_fast_expression_takes_the_full_one_takes_alike(drawn: tuple[tuple[str, ...], str]) -> None:
    """The same line, the same fields; what only the full one knows is absent."""
    _, message = drawn
    for pattern in PATTERNS:
        fast = re.fullmatch(pattern.fast(), message)
        if fast is None:
            continue
        full = re.fullmatch(pattern.full(), message)
        assert full is not None, pattern.kind
        assert _fields(full, pattern) == _fields(fast, pattern), pattern.kind


@tried(500)
@given(messages())
def test_what_a_pattern_takes_begins_as_it_says(drawn: tuple[tuple[str, ...], str]) -> None:
    """A message that begins otherwise can be passed over unread; the scanner does."""
    _, message = drawn
    for pattern in WITH_BEGINNINGS:
        if re.fullmatch(pattern.full(), message):
            assert re.match(pattern.begins, message), pattern.kind


@tried(300)
@given(st.data())
def test_whatever_a_pattern_takes_begins_as_it_says(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(WITH_BEGINNINGS))
    message = data.draw(st.from_regex(re.compile(pattern.full(), re.ASCII), fullmatch=True))
    if "\n" not in message:
        assert re.match(pattern.begins, message), pattern.kind


@tried(300)
@given(st.data())
def test_whatever_a_fast_expression_takes(data: st.DataObject) -> None:
    """From the fast expression itself: every text it can take, the full one takes with the same fields."""
    pattern = data.draw(st.sampled_from(PATTERNS))
    message = data.draw(st.from_regex(re.compile(pattern.fast()), fullmatch=True))
    if "\n" in message:
        return
    fast, full = re.fullmatch(pattern.fast(), message), re.fullmatch(pattern.full(), message)
    assert fast is not None
    assert full is not None
    assert _fields(full, pattern) == _fields(fast, pattern)
    assert any(needle in message for needle in pattern.needles), "a literal announces every such line"


@tried(200)
@given(st.sampled_from(HEADS), st.data())
def test_what_a_fast_head_takes_the_full_one_takes_alike(head: Any, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(head.fast), fullmatch=True))
    full = re.fullmatch(head.full, text)
    fast = re.fullmatch(head.fast, text)
    assert full is not None
    assert fast is not None
    assert full.groupdict() == fast.groupdict()


def test_every_kind_is_drawn_and_taken() -> None:
    """The templates of the property test bear every kind of event: the test can fail for each."""
    assert set(TEMPLATES) == {pattern.kind for pattern in PATTERNS} == set(COLUMNS)
    for pattern in PATTERNS:
        given = set(pattern.fields) | {part.name for part in pattern.parts}
        assert {part.of for part in pattern.parts} <= set(pattern.fields), pattern.kind
        assert given & set(COLUMNS[pattern.kind]), pattern.kind
    for kind, columns in COLUMNS.items():
        of_kind = [pattern for pattern in PATTERNS if pattern.kind == kind]
        given = {name for one in of_kind for name in (*one.fields, *(part.name for part in one.parts))}
        assert set(columns) <= given, "every column is captured by some pattern"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_subjects_open_nothing(text: str) -> None:
    """A subject cannot add, hide or change a flag: only what stands at the end of the line counts."""
    for flags in ("", "\\Seen", "\\Recent"):
        message = f"box=INBOX, uid=7, msgid=<a@b>, size=1, from={text}, subject={text}, flags=({flags})"
        line = f"Nov 22 12:00:00 mail dovecot: imap(a@tp.example.gov.vn)<1><s>: flag_change: {message}"
        found = read_line(line)
        assert isinstance(found, Event)
        assert (found.fields["user"], found.fields["flags"]) == ("a@tp.example.gov.vn", flags)
        agree(line.encode() + b"\n")


def test_a_line_of_a_hundred_thousand_characters_is_broken() -> None:
    long = "Nov 22 12:00:00 mail postfix/qmgr[1]: 15CC220C006: removed" + "x" * LONGEST_LINE
    assert agree(long.encode() + b"\n") == {"Broken": 1}


def test_heads_mixed_line_by_line() -> None:
    """Two servers and two styles in one file, each line read by its own head."""
    line = "dovecot: imap-login: Login: user=<a@b>, method=PLAIN, rip=1.1.1.1, lip=2.2.2.2, mpid=1, TLS, session=<s>"
    data = "\n".join(
        [
            f"Nov 22 12:00:00 mail {line}",
            f"2026-11-22T12:00:00.5+07:00 mail {line}",
            f"2026-11-22T12:00:00.5Z mail {line}",
            "<22>1 2026-11-22T12:00:00Z mail dovecot 7 - - " + line.removeprefix("dovecot: "),
            "Nov 22 12:00:00 " + line.removeprefix("dovecot: ").replace("Login:", "Info: Login:"),
            "2026-11-22 12:00:00 " + line.removeprefix("dovecot: ").replace("Login:", "Info: Login:"),
            "22/Nov/2026:12:00:00 +0700 GET /",
        ]
    )
    assert agree(data.encode()) == {"logged_in": 6, "Broken": 1}
