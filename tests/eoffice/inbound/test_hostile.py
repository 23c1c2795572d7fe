"""Whatever arrives is read or said to be unreadable, in little time: nothing that a message says stops the door."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eoffice.replying.automatic import is_automatic
from eoffice.replying.options import InboundOptions
from eoffice.replying.quotes import own_words
from eoffice.replying.reading import read_mail
from eoffice.replying.trust import proven
from eoffice.replying.wishes import wish_of

CASES = sorted(path.read_bytes() for path in (Path(__file__).parent / "mails").glob("*.eml"))
OPTIONS = InboundOptions(address="traloi@tp.example.gov.vn", servers=("mail.tp.example.gov.vn",))
LIMIT = 1_000_000


@settings(max_examples=300, deadline=None)
@given(
    case=st.sampled_from(CASES),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=30)), max_size=6),
)
def test_a_damaged_message_is_read_or_refused(case: bytes, edits: list[tuple[float, int, bytes]]) -> None:
    for place, taken, put in edits:
        at = int(place * len(case))
        case = case[:at] + put + case[at + taken :]
    mail = read_mail(case, size_limit=LIMIT)
    assert mail.problem in {"", "broken"}
    assert wish_of(mail.words).meaning in {"agree", "return", "opinion", "unclear", "empty"}
    assert is_automatic(mail) in {True, False}
    proven(mail, OPTIONS)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["đồng ý", "Trả lại: ", "> ", "Vào 1/1 ", "\n", "viết:", "From: a\n"]))
def test_any_text_has_words_and_a_meaning(text: str, put: str) -> None:
    """Nothing that stands in a quoted line is ever taken for the person's own words."""
    said = own_words(f"{put}{text}\n> Đồng ý")
    assert "> Đồng ý" not in said
    wish_of(said)


BOMBS = {
    "nested": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(150)),
    "headers": b"X: y\n" * 30_000,
    "long header": b"From: " + b"<" * 400_000 + b"\n\nDong y",
    "recipients": b"To: " + b"a@b.vn, " * 60_000 + b"\n\nDong y",
    "received": b"Received: from a " + b"(b) " * 20_000 + b"by x\n\nDong y",
    "comments": b"Authentication-Results: x" + b"(" * 90_000 + b"\n\nDong y",
    "html": b"Content-Type: text/html\n\n" + b"<div>" * 150_000,
    "html comments": b"Content-Type: text/html\n\n" + b"<!-" * 200_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?=41?= " * 20_000 + b"\n\nDong y",
    "spaces": b"\n\n" + b"on " * 200_000,
    "blank lines": b"\n" * 500_000,
    "parameters": b"Content-Type: text/plain" + b"; a*0*=x" * 20_000 + b"\n\nDong y",
    "nul": b"From: a\0b\n\nDong y",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little_time(name: str) -> None:
    begun = time.process_time()
    mail = read_mail(BOMBS[name], size_limit=LIMIT)
    wish_of(mail.words)
    proven(mail, OPTIONS)
    is_automatic(mail)
    assert time.process_time() - begun < 3
