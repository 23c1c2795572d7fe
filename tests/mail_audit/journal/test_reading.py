"""Copies that lie: endless heads and lines, bare line feeds, NULs, MIME that never ends. Nothing is held of them."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_audit.journaling.entry import Letter, entry_of
from mail_audit.journaling.reading import LONGEST_LINE, Reading
from mail_audit.journaling.report import MOST_RECIPIENTS
from tests.mail_audit.journal.cases import OPTIONS, TAKEN_AT, content_of, read

HEAD = b"Message-ID: <1@x>\r\nDate: Thu, 19 Nov 2026 09:15:02 +0700\r\n"
REPORT = b"X-MS-Journal-Report:\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSender: a@x.test\r\n"


def fresh(*, limit: int = 4096, may_report: bool = False) -> Reading:
    return Reading(header_limit=limit, may_report=may_report)


@pytest.mark.parametrize(
    ("sent", "behind"),
    [
        (b".\r\n", b""),
        (b".\r\nQUIT\r\n", b"QUIT\r\n"),
        (b"a: b\r\n.\r\n", b""),
        (b"a: b\r\n\r\n.\r\n", b""),
        (b"\r\n.\r\nRSET\r\n", b"RSET\r\n"),
        (b"x\n.\n.\r\n.\r\n", b""),
        (b"x\r\n.\n.\r\n\r\n.\r\n", b""),
        (b"x\n.\r\n", None),
        (b"x\r\n.\n", None),
        (b"x\r.\r", None),
        (b"..\r\n", None),
        (b"", None),
    ],
)
def test_where_a_copy_ends(sent: bytes, behind: bytes | None) -> None:
    assert fresh().feed(sent) == behind


@given(st.binary(max_size=400), st.binary(max_size=40), st.integers(1, 7))
def test_the_end_is_found_in_any_pieces(text: bytes, behind: bytes, step: int) -> None:
    whole = b"x" + text.replace(b"\r\n.\r\n", b"") + b"\r\n.\r\n" + behind
    place = whole.find(b"\r\n.\r\n") + 5
    reading, found = fresh(), None
    for start in range(0, len(whole), step):
        found = reading.feed(whole[start : start + step])
        if found is not None:
            assert whole.startswith(whole[: start + step - len(found)])
            break
    assert found is not None
    assert reading.size == place - 3
    assert fresh().feed(whole) == whole[place:]


def test_a_bare_line_feed_makes_no_head_line() -> None:
    reading = fresh()
    reading.feed(b"Subject: x\nMessage-ID: <forged@x>\nReceived: from a\r\n" + HEAD + b"\r\n.\r\n")
    assert reading.head.first("message-id") == "<1@x>"
    assert "received" not in reading.head


@pytest.mark.parametrize(
    "piece",
    [
        b"a" * 65536,
        b"Message-ID: " + b"a" * 65000 + b"\r\n",
        b"Received: x\r\n" * 5000,
        b"\0" * 65536,
        b" \r\n" * 20000,
    ],
)
def test_endless_heads_take_no_memory(piece: bytes) -> None:
    """A hundred megabytes of head: bounded, and the end is still found."""
    reading = fresh(limit=256 * 1024)
    tracemalloc.start()
    for _ in range(100_000_000 // len(piece)):
        assert reading.feed(piece) is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000
    assert reading.feed(b"\r\n.\r\n") == b""


def test_a_head_beyond_the_limit_is_not_looked_at() -> None:
    reading = fresh(limit=1000)
    reading.feed(b"X-A: " + b"a" * 2000 + b"\r\n" + HEAD + b"\r\n.\r\n")
    assert reading.head.fields == {}


def test_an_endless_report_is_cut() -> None:
    reading = fresh(may_report=True)
    reading.feed(REPORT + b"Message-Id: <1@x>\r\n")
    for number in range(MOST_RECIPIENTS + 500):
        reading.feed(b"To: a%d@x.test\r\n" % number)
    reading.feed(b"--b--\r\n.\r\n")
    assert reading.report is not None
    assert len(reading.report.recipients) == MOST_RECIPIENTS
    assert reading.report.is_cut


@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable"])
def test_encodings_without_an_end_take_no_memory(encoding: bytes) -> None:
    head = REPORT.replace(b"--b\r\n\r\n", b"--b\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n")
    reading = fresh(may_report=True)
    reading.feed(head)
    tracemalloc.start()
    for _ in range(2000):
        reading.feed(b"QUFB" * 500 + b"=\r\n")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
    assert reading.feed(b"\r\n.\r\n") == b""


def test_depth_of_parts_does_not_matter() -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(20_000))
    reading = fresh(may_report=True)
    reading.feed(REPORT[: REPORT.index(b"--b")] + b"--b\r\n" + nested + b"\r\n.\r\n")
    assert reading.original is None


@given(st.binary(max_size=3000), st.booleans())
def test_any_bytes_make_an_entry(content: bytes, may_report: bool) -> None:
    """Hostile bytes, with and without a report's head, end in an entry that a database can hold."""
    whole = (REPORT if may_report else b"") + content.replace(b"\r\n.\r\n", b"") + b"\r\n.\r\n"
    reading = fresh(may_report=may_report)
    assert reading.feed(whole) is not None
    made = entry_of(Letter("10.1.0.10", "a@x.test", ("journal@journal.invalid",), reading, TAKEN_AT), OPTIONS)
    assert len(made.key) == 32
    texts = (made.server, made.sender, made.log_in or "", *(one.address + one.source for one in made.recipients))
    assert "\0" not in "".join(texts)
    "".join(texts).encode("utf-8")


def test_a_long_line_of_a_report_is_one_line() -> None:
    content = content_of("exchange-to-cc-bcc").replace(b"Subject: ", b"Subject: " + b"x" * (3 * LONGEST_LINE), 2)
    assert read(content).report == read(content_of("exchange-to-cc-bcc")).report
