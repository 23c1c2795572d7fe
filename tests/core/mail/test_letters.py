"""What a message looks like, to the letter; and that nothing anybody is called or writes can change its shape."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.mail.addresses import is_address
from core.mail.kinds import NAMES, TOLD, MailKind, name_of
from core.mail.letters import Item, Letter, tried
from core.mail.rendering import as_email, as_text
from tests.core.mail.post_office import SENDER, SITE, read, text_of

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe",
    "Content-Language", "X-Vanthu", "MIME-Version", "Content-Type",
}  # fmt: skip
EMPTY = Letter(language="vi", subject="Vanthu: thư", greeting="Kính gửi Ông/Bà,", paragraphs=("Một câu.",))
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "x\r\nBcc: all@out.test",
            "x\nBcc: all@out.test\n\n<html>",
            "=?utf-8?q?=0D=0ABcc:_all@out.test?=",
            "=??Q?=0D",
            "\r\n.\r\nMAIL FROM:<x@out.test>\r\n",
            '<script>alert("x")</script>',
            "</title><img src=//out.test/x.png>",
            "a" * 2000,
            "\u202etxt.exe",
            "Nguyễn\u2028Bcc: x",
            '"quoted" <all@out.test>, ',
        ]
    ),
)


def _email(letter: Letter, kind: str = "core:mail:digest") -> EmailMessage:
    return as_email(
        letter,
        kind=kind,
        sender=SENDER,
        address="cb1@tp.example.gov.vn",
        message_id="<vanthu.0123456789abcdef@tp.example.gov.vn>",
        at=AT,
        site=SITE,
    )


@example(["Thư thực hành:", "Bỏ chuyển tiếp", "tự động"])
@given(st.lists(st.sampled_from(["Thư", "thực hành", "chuyển", "tự động", "reply", "(2)", "a" * 30]), min_size=1))
def test_a_subject_keeps_its_blanks(words: list[str]) -> None:
    """However long: between the pieces that it is sent in there is none that readers would drop."""
    subject = " ".join(words)
    raw = _email(replace(EMPTY, subject=subject)).as_bytes()
    assert read(raw)["Subject"] == subject
    assert max(len(line) for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")) <= 78


@example("=??Q?=0D", "", "")
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_changes_the_shape(subject: str, name: str, said: str) -> None:
    """The same headers, one recipient, two parts, and what was said is in both of them as text."""
    item = Item(said=said, why="vì thế", address=f"{SITE}/told/1")
    letter = replace(EMPTY, subject=subject, greeting=f"Kính gửi Ông/Bà {name},", items=(item,))
    raw = _email(letter).as_bytes()
    message = read(raw)
    assert set(message.keys()) == HEADERS
    assert len(message.keys()) == len(HEADERS)
    assert (message["To"], message["X-Vanthu"]) == ("cb1@tp.example.gov.vn", "core:mail:digest")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\n") == raw.count(b"\r\n")
    text, html = text_of(message), text_of(message, "html")
    assert text.startswith("Kính gửi Ông/Bà ")
    assert text.endswith("-- \nVanthu\n")
    assert _tags(html) <= ALLOWED


ALLOWED = {"html", "head", "meta", "title", "body", "div", "p", "ol", "li", "a", "br", "span", "code"}


def _tags(html: str) -> set[str]:
    seen: set[str] = set()

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.add(tag)
            for name, value in attrs:
                assert not name.startswith("on")
                assert name != "src"
                assert name != "href" or (value or "").startswith(f"{SITE}/")

    Tags().feed(html)
    return seen


@given(st.text(max_size=80), st.sampled_from(["@tp.example.gov.vn", "@x\r\ny.test", "@", ""]))
def test_what_is_an_address_cannot_break_a_line(name: str, rest: str) -> None:
    """Whatever passes is ASCII without white space, brackets, quotes or commas, and stays as it is in the header."""
    text = f"{name}{rest}"
    if is_address(text):
        assert re.fullmatch(r"[!-~]+", text)
        assert not set(text) & set('<>()[],;:\\"')
        made = as_email(EMPTY, kind="k", sender=SENDER, address=text, message_id="<a@b.c>", at=AT, site=SITE)
        assert read(made.as_bytes())["To"] == text


@pytest.mark.parametrize("address", ["cb1@tp.example.gov.vn", "a.b+c@x-y.test", "o'x@x.test"])
def test_addresses(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "x", "x@y", "@x.test", "x@x.test\n", "x@x.test,y@x.test", "x y@x.test", "x@-x.test", "xé@x.test", ".x@x.test",
     f"{'x' * 65}@x.test", "x@x..test", "<x@x.test>", "x@[127.0.0.1]"],
)  # fmt: skip
def test_no_addresses(address: str) -> None:
    assert not is_address(address)


def test_bytes_are_the_same_at_every_try() -> None:
    assert _email(EMPTY).as_bytes() == _email(EMPTY).as_bytes()


def test_machines_are_told_and_pictures_are_not_needed() -> None:
    message = read(_email(EMPTY).as_bytes())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<{SITE}/account/mail>"
    assert message["Precedence"] is None
    html = text_of(message, "html")
    for word in ("<img", "<script", "<link", "<style", "<form", "url(", "@import", "http:", "cid:"):
        assert word not in html
    assert len(_email(EMPTY).as_bytes()) < 5_000


def test_a_head_stays_on_its_line() -> None:
    """Whoever keeps the message can hold the trail against the file as it is."""
    from core.audit.heads import heads_in

    head = f"1234567:{'a1' * 32}"
    raw = _email(replace(EMPTY, fixed=head)).as_bytes()
    assert [str(one) for one in heads_in(raw.decode())] == [head]


def test_every_kind_has_words() -> None:
    assert set(TOLD) | set(NAMES) == set(MailKind)
    assert all(name_of(kind).vi and name_of(kind).en for kind in MailKind)
    assert name_of("later:thing:done").vi == "later:thing:done"


def test_the_trial_says_why() -> None:
    assert "somebody ran vanthu mail check" in as_text(tried("en"))
