"""Every sample by its name: what is kept of it, however it was cut on its way, and that nothing else is."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_audit.journaling import entry as entries
from mail_audit.journaling import received
from mail_audit.journaling.report import Recipient
from mail_audit.models import journal as tables
from tests.mail_audit.journal.cases import CASES, OPTIONS, SAMPLES, SECRET, SENT_AT, address, content_of, entry, read


def test_every_sample_is_a_case() -> None:
    assert {path.stem for path in SAMPLES.glob("*.eml")} == set(CASES)
    assert all(SECRET.encode() in path.read_bytes() for path in SAMPLES.glob("*.eml"))


@pytest.mark.parametrize("name", CASES)
def test_what_is_kept(name: str) -> None:
    case, kept = CASES[name], entry(name)
    assert (kept.proof, kept.log_in, kept.automatic) == (
        case.proof,
        case.log_in and address(case.log_in),
        case.automatic,
    )
    assert kept.sender == address(case.sender)
    assert {one.address for one in kept.recipients} == {address(one) for one in case.to}
    assert timedelta(0) <= kept.at - SENT_AT <= timedelta(seconds=2)


@pytest.mark.parametrize("name", CASES)
def test_no_word_of_a_letter_is_kept(name: str) -> None:
    reading = read(content_of(name), CASES[name].peer)
    held = [entry(name), reading.head.fields, reading.original and reading.original.fields, reading.report]
    assert SECRET not in repr(held)
    assert SECRET.encode() not in reading._line + reading._tail


@given(st.sampled_from(sorted(CASES)), st.lists(st.integers(0, 5000), max_size=12))
def test_pieces_make_no_difference(name: str, cuts: list[int]) -> None:
    assert entry(name, cuts) == entry(name)


def test_byte_after_byte() -> None:
    name = "exchange-quoted-printable"
    assert entry(name, range(1, len(content_of(name)))) == entry(name)


def test_lists_and_forwards_keep_whom_a_message_was_for() -> None:
    assert entry("exchange-list-and-forward").recipients == (
        Recipient(address("yt.cv1"), "to", "expanded", address("phong.yt")),
        Recipient(address("yt.gd"), "to", "expanded", address("phong.yt")),
        Recipient("rieng@gmail.test", "cc", "forwarded", address("tc.gd")),
    )


@pytest.mark.parametrize("first", ["", "-on-behalf-of"])
def test_the_order_of_subject_and_id_is_all_the_same(first: str) -> None:
    """The format allows both; a message is known by the id that Exchange wrote, not by one in its subject."""
    name = f"exchange-message-id-first{first}"
    reading = read(content_of(name))
    assert reading.report is not None
    assert reading.report.message_id == f"<{name}@tp.example.gov.vn>"
    assert reading.report.is_verified
    plain = content_of("postfix-submitted").replace(b"postfix-submitted@", f"{name}@".encode())
    assert key_of(plain) == entry(name).key


def test_a_report_that_was_relayed_is_the_same_report() -> None:
    """Another server on the way writes its lines on top, and may fold the type over two lines."""
    name = "exchange-list-and-forward"
    hop = (
        b"Received: from ex2.tp.example.gov.vn (ex2.tp.example.gov.vn [10.1.0.10])\r\n"
        b"\tby thu.tp.example.gov.vn (Postfix) with ESMTPS id 4jXMJL58MPzM1QC\r\n"
        b"\tfor <journal@journal.invalid>; Thu, 19 Nov 2026 09:15:06 +0700 (+07)\r\n"
    )
    direct = content_of(name)
    relayed = hop + direct.replace(b"mixed; boundary", b"mixed;\r\n\tboundary")
    case = CASES[name]
    letter = entries.Letter(case.peer, "", (), read(relayed), SENT_AT)
    found, known = entries.entry_of(letter, OPTIONS), entry(name)
    assert (found.key, found.sender, found.recipients, found.proof) == (
        known.key, known.sender, known.recipients, known.proof
    )  # fmt: skip


def test_copies_of_one_message_have_one_key() -> None:
    direct, filtered = entry("postfix-submitted"), entry("postfix-through-a-content-filter")
    assert direct.key != filtered.key  # other message-ids
    same = content_of("postfix-through-a-content-filter").replace(
        b"postfix-through-a-content-filter@", b"postfix-submitted@"
    )
    assert key_of(same) == direct.key


def key_of(content: bytes) -> str:
    """The key of any copy."""
    return entries.entry_of(entries.Letter("10.1.0.10", "", (), read(content), SENT_AT), OPTIONS).key


def test_a_report_and_a_copy_have_one_key() -> None:
    report = entry("exchange-to-cc-bcc")
    plain = content_of("postfix-submitted").replace(b"postfix-submitted@", b"exchange-to-cc-bcc@")
    assert key_of(plain) == report.key


def test_the_same_id_at_another_time_is_another_message() -> None:
    name = "postfix-submitted"
    later = content_of(name).replace(b"09:15:02", b"10:15:02")
    assert key_of(later) != entry(name).key


def test_a_message_without_id_is_known_by_its_first_server() -> None:
    name = "postfix-without-message-id"
    again = entry(name)
    other = content_of(name).replace(b"4jXMJL58MPzM1QC", b"4jXMJL58MPzM1QX")
    assert again.key == entry(name).key != key_of(other)


@pytest.mark.parametrize(("first", "second"), [("submitted", None), (None, "submitted")])
def test_the_better_proof_says_whether_a_machine_sent_it(
    first: entries.Automatic | None, second: entries.Automatic | None
) -> None:
    """A stranger who sends a copy of a letter back, called automatic, takes nothing from its sender."""
    own = dataclasses.replace(entry("postfix-submitted"), automatic=first)
    strange = dataclasses.replace(entry("postfix-from-outside"), automatic=second, key=own.key)
    for both in ([own, strange], [strange, own]):
        [kept] = entries.merged(both).values()
        assert (kept.proof, kept.automatic, kept.log_in) == ("login", first, own.log_in)


def test_names_in_tables_are_those_of_the_entries() -> None:
    assert set(tables.PROOFS) == set(received.PROOFS)
    assert tables.AUTOMATIC == entries.AUTOMATIC
    assert tables.KINDS == entries.KINDS
    assert ("", *tables.REDIRECTED) == entries.REDIRECTED
