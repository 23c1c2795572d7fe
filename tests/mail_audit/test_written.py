"""Texts that people write: one spelling, nothing invisible, their lines kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_audit.written import cleaned


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Nghỉ phép \r\n từ ngày 5\t tháng 10\n\n", "Nghỉ phép\n từ ngày 5  tháng 10"),
        (unicodedata.normalize("NFD", "Đề nghị"), "Đề nghị"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("số \u202egiả\u202c mạo\u200b", "số giả mạo"),
        ("\ud800", ""),
        ("\u200b\n \u2066", ""),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_what_is_kept(written: str, kept: str) -> None:
    assert cleaned(written) == kept


@given(st.text())
def test_once_is_enough(written: str) -> None:
    kept = cleaned(written)
    assert cleaned(kept) == kept
    kept.encode("utf-8")
