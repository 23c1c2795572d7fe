"""Who vouches: lines of real shapes, and lines that strangers made."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_audit.journaling.received import PROOFS, hop, moment, vouched
from tests.mail_audit.journal.cases import OPTIONS

THU = "thu.tp.example.gov.vn"
TOP = ("from a (b [203.0.113.9])", f"by {THU} (Postfix) with ESMTP id 1;", "Thu, 19 Nov 2026 09:15:04 +0700 (+07)")
FORGED = (
    "from pc (unknown [10.1.2.12])",
    "(Authenticated sender: yt.gd@tp.example.gov.vn)",
    f"by {THU} (Postfix) with ESMTPSA id 2;",
    "Thu, 19 Nov 2026 09:15:04 +0700 (+07)",
)


def line(address: str, protocol: str = "ESMTP", name: str = "unknown", by: str = THU) -> Sequence[str]:
    return (f"from x ({name} [{address}])", f"by {by} (Postfix) with {protocol} id 1;", "x")


@pytest.mark.parametrize(
    ("lines", "proof"),
    [
        ([], "claimed"),
        ([TOP], "outside"),
        ([TOP, FORGED], "outside"),
        ([FORGED], "login"),
        ([line("127.0.0.1"), FORGED], "login"),
        ([line("127.0.0.1"), TOP, FORGED], "outside"),
        ([line("127.0.0.1"), ("from a by b",), FORGED], "claimed"),
        ([line("10.1.9.9", name="cua.tp.example.gov.vn"), FORGED], "login"),
        ([line("10.1.9.9", name="gia.test"), FORGED], "inside"),
        ([line("203.0.113.9", name="cua.tp.example.gov.vn.gia.test"), FORGED], "outside"),
        ([line("10.1.9.9", by="mail.khac.test"), FORGED], "claimed"),
        ([line("10.1.9.9", "ESMTPSA")], "nameless"),
        ([line("10.1.9.9", "UTF8SMTPSA")], "nameless"),
        ([line("2001:db8::1")], "outside"),
        ([line("IPv6:fd00::1")], "outside"),
        ([line("127.0.0.1")], "outside"),
    ],
)
def test_who_vouches(lines: Sequence[Sequence[str]], proof: str) -> None:
    assert vouched(lines, OPTIONS).proof == proof


@pytest.mark.parametrize(
    "greeting",
    [
        "(Authenticated sender: yt.gd@tp.example.gov.vn)",
        f"by {THU} (Postfix) with ESMTPSA id 2;",
        "x (unknown [127.0.0.1])",
        f"x ({THU} [10.1.0.2])",
        "x (unknown [127.0.0.1]) (",
    ],
)
def test_a_greeting_proves_nothing(greeting: str) -> None:
    """What the other side calls itself stands first on its line; it may hold anything but a line end."""
    top = (f"from {greeting} (b [203.0.113.9])", *TOP[1:])
    assert vouched([top, FORGED], OPTIONS).proof == "outside"


def test_a_recipient_of_our_own_line_is_known() -> None:
    told = hop(
        (TOP[0], f"by {THU} (Postfix) with ESMTP id 1", "for <YT.GD@tp.example.gov.vn>; Thu, 19 Nov 2026 09:15 +0700")
    )
    assert told is not None
    assert told.recipient == "yt.gd@tp.example.gov.vn"


@given(st.lists(st.lists(st.text(max_size=60), min_size=1, max_size=6), max_size=6))
def test_any_text_is_read_without_an_error(lines: list[list[str]]) -> None:
    assert vouched(lines, OPTIONS).proof == "claimed"


@given(st.lists(st.sampled_from([*TOP, *FORGED, "", "for <a@b>;", "by", "from"]), max_size=8))
def test_facts_in_any_order_are_read_without_an_error(lines: list[str]) -> None:
    assert vouched([lines], OPTIONS).proof in PROOFS


@pytest.mark.parametrize("text", ["", "x", "Thu, 99 Nov 2026 99:99:99 +9999", "1" * 5000])
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text) is None
