"""What each sample proves. A sample is a copy as a server gave it; its envelope and its peer stand here."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mail_audit.journaling.entry import Entry, Letter, entry_of, is_report_peer
from mail_audit.journaling.options import JournalOptions
from mail_audit.journaling.reading import Reading

SAMPLES = Path(__file__).parent / "samples"
SECRET = "TUYET-MAT-4711"
"""Stands in the subject and the text of every sample."""
DOMAIN = "tp.example.gov.vn"
OPTIONS = JournalOptions.given({
    "servers": [f"thu.{DOMAIN}", f"cua.{DOMAIN}"],
    "exchange": ["10.1.0.0/24"],
    "inside": ["10.1.0.0/16"],
    "networks": ["127.0.0.0/8", "10.1.0.0/24"],
})  # fmt: skip
TAKEN_AT = datetime(2026, 11, 19, 2, 20, tzinfo=UTC)
SENT_AT = datetime(2026, 11, 19, 2, 15, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """The sample's envelope, and what is to be made of it: `to` are local parts of the domain, or whole addresses."""

    proof: str
    log_in: str | None = None
    automatic: str | None = None
    sender: str = "xd.cv1"
    to: tuple[str, ...] = ("yt.gd",)
    envelope_sender: str = "xd.cv1"
    envelope_to: tuple[str, ...] = ("yt.gd",)
    peer: str = "10.1.0.10"


def address(name: str) -> str:
    """An address of the city, unless it is one already."""
    return name if "@" in name or not name else f"{name}@{DOMAIN}"


def own(name: str) -> str:
    """The journal's address that carries another."""
    local, _, domain = address(name).partition("@")
    return f"journal+{local}={domain}@journal.invalid"


_FOREIGN = Case("outside", sender="cong.dan@out.test", envelope_sender="cong.dan@out.test")
_BY_REPORT = Case("nameless", envelope_sender="", envelope_to=())
CASES: dict[str, Case] = {
    "postfix-submitted": Case("login", "xd.cv1"),
    "postfix-submitted-for-several": Case("login", "xd.cv1", to=("yt.gd", "tc.gd"), envelope_to=("yt.gd", "tc.gd")),
    "postfix-submitted-under-another-address": Case("login", "xd.vt"),
    "postfix-from-outside": _FOREIGN,
    "postfix-forged-log-in-below": Case("outside", sender="yt.gd", envelope_sender="yt.gd"),
    "postfix-greeting-pretends-log-in": Case("outside", sender="yt.gd", envelope_sender="yt.gd"),
    "postfix-through-a-content-filter": Case("login", "xd.cv1"),
    "postfix-from-outside-through-a-content-filter": Case("outside", sender="yt.gd", envelope_sender="yt.gd"),
    "postfix-two-servers": Case("login", "xd.cv1"),
    "postfix-log-in-not-named": Case("nameless"),
    "postfix-inside-without-log-in": Case("inside"),
    "postfix-written-by-a-program": Case("claimed"),
    "postfix-server-not-named": Case("claimed"),
    "postfix-out-of-office": Case("login", "xd.cv1", "submitted"),
    "postfix-circular": Case("login", "xd.cv1", "precedence"),
    "postfix-mailing-list": Case("outside", automatic="list", sender="bo@out.test", envelope_sender="bo@out.test"),
    "postfix-bounce": Case("outside", automatic="empty_sender", sender="", envelope_sender=""),
    "postfix-said-to-be-a-persons": Case("login", "xd.cv1"),
    "postfix-without-message-id": Case("login", "xd.cv1"),
    "postfix-delivered-to": Case("outside", to=("tc.gd",), envelope_to=()),
    "exim-log-in-not-named": Case("nameless"),
    "exchange-to-cc-bcc": Case("nameless", to=("yt.gd", "tc.gd", "gt.gd"), envelope_sender="", envelope_to=()),
    "exchange-from-outside": Case("claimed", sender="yt.cv1", envelope_sender="", envelope_to=()),
    "exchange-list-and-forward": Case(
        "nameless", to=("yt.cv1", "yt.gd", "rieng@gmail.test"), envelope_sender="", envelope_to=()
    ),
    "exchange-on-behalf-of": Case("nameless", sender="xd.vt", envelope_sender="", envelope_to=()),
    "exchange-quoted-printable": _BY_REPORT,
    "exchange-base64": Case("nameless", to=("yt.gd", "tc.gd"), envelope_sender="", envelope_to=()),
    "exchange-subject-with-lines": _BY_REPORT,
    "exchange-message-id-first": Case("nameless", to=("yt.gd", "tc.gd"), envelope_sender="", envelope_to=()),
    "exchange-message-id-first-on-behalf-of": _BY_REPORT,
    "exchange-out-of-office": Case("nameless", automatic="submitted", envelope_sender="", envelope_to=()),
    "exchange-unknown-message-id": _BY_REPORT,
    "exchange-sender-unspecified": Case("nameless", sender="", envelope_sender="", envelope_to=()),
    "exchange-report-alone": _BY_REPORT,
    "exchange-written-by-a-stranger": Case(
        "claimed", sender="la@out.test", envelope_sender="la@out.test", peer="10.1.9.9"
    ),
}


def content_of(name: str) -> bytes:
    """The sample as it travels: CRLF, dots doubled, with its end."""
    lines = (SAMPLES / f"{name}.eml").read_bytes().split(b"\n")
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines[:-1]) + b".\r\n"


def read(content: bytes, peer: str = "10.1.0.10", cuts: Sequence[int] = ()) -> Reading:
    """A reading of a copy that came in pieces, cut at these places."""
    reading = Reading(header_limit=OPTIONS.header_limit, may_report=is_report_peer(peer, OPTIONS))
    places = [0, *sorted({cut % len(content) for cut in cuts}), len(content)]
    left: bytes | None = None
    for start, end in itertools.pairwise(places):
        assert left is None, "the end was seen too early"
        left = reading.feed(content[start:end])
    assert left == b""
    return reading


def entry(name: str, cuts: Sequence[int] = ()) -> Entry:
    """What is kept of a sample."""
    case = CASES[name]
    recipients = (*map(own, case.envelope_to), "journal@journal.invalid")
    reading = read(content_of(name), case.peer, cuts)
    return entry_of(Letter(case.peer, address(case.envelope_sender), recipients, reading, TAKEN_AT), OPTIONS)
