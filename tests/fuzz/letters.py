"""The journal's reader of copies: a letter gives the same envelope facts however it is cut on its way."""

from __future__ import annotations

from dataclasses import astuple
from datetime import UTC, datetime

from mail_audit.journaling.entry import Entry, Letter, entry_of
from mail_audit.journaling.options import JournalOptions
from mail_audit.journaling.reading import END, Reading

OPTIONS = JournalOptions(servers=("mail.tp.example.gov.vn",), exchange=("10.0.0.0/8",))
TAKEN = datetime(2026, 11, 22, 8, tzinfo=UTC)


def _entry(letter: bytes, size: int, *, may_report: bool) -> tuple[Entry, bytes]:
    reading = Reading(header_limit=4096, may_report=may_report)
    for start in range(0, len(letter), size):
        behind = reading.feed(letter[start : start + size])
        if behind is not None:
            break
    else:
        raise AssertionError("the letter has an end")
    sender, recipients = "gd@tp.example.gov.vn", ("cv@tp.example.gov.vn", "a@b.test")
    return entry_of(Letter("10.0.0.1", sender, recipients, reading, TAKEN), OPTIONS), behind + letter[start + size :]


def letters(data: bytes) -> None:
    """The first byte says how the letter is cut, and whether a journal report is believed."""
    if not data:
        return
    letter = data[1:].replace(b"\r\n.\r\n", b"") + END
    may_report = bool(data[0] & 1)
    whole, behind = _entry(letter, len(letter), may_report=may_report)
    cut, behind_cut = _entry(letter, data[0] // 2 + 1, may_report=may_report)
    assert astuple(whole) == astuple(cut)
    assert behind == behind_cut
    if b"\r\n" + END not in letter[:-5]:
        assert whole.size <= len(letter)


def first_letters() -> tuple[bytes, ...]:
    """A usual letter, a folded one, and a journal report of Exchange."""
    received = (
        b"Received: from pc (pc [10.0.0.9]) by mail.tp.example.gov.vn (Postfix) with ESMTPSA id 0A1B2C3D; "
        b"Sun, 22 Nov 2026 14:59:58 +0700 (+07)\r\n"
    )
    usual = received + (
        b"Message-ID: <1@tp.example.gov.vn>\r\nDate: Sun, 22 Nov 2026 14:59:58 +0700\r\n"
        b"From: Le An <gd@tp.example.gov.vn>\r\nSubject: =?utf-8?q?M=E1=BA=ADt?=\r\nAuto-Submitted: auto-replied\r\n"
        b"\r\n..body\r\n"
    )
    report = (
        b'Content-Type: multipart/mixed; boundary="b1"\r\nX-MS-Journal-Report:\r\n\r\n--b1\r\n'
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Sender: gd@tp.example.gov.vn\r\nSubject: x\r\nMessage-Id: <1@x>\r\nTo: a@b.test, Expanded: l@b.test\r\n"
        b"Bcc: c@b.test, Forwarded: d@b.test\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n" + usual + b"--b1--\r\n"
    )
    return b"\x08" + usual, b"\x41" + received.replace(b" by ", b"\r\n\t by ") + usual, b"\x21" + report
