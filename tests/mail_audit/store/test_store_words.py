"""The order of Vietnamese names, text for searching, and a sentence for every kind of evidence."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.name_order import folded, person_order, text_order
from core.words import Text
from mail_audit.evidence import ADDRESSED
from mail_audit.evidence_words import KIND_WORDS, words
from mail_audit.usage.acts import KINDS


def test_names_sort_by_the_given_name_in_the_order_of_the_alphabet() -> None:
    expected = [
        "Đỗ An", "Trần An", "Lý Án", "Lý Ạn", "Lê Thị Ánh", "Hồ Ăn", "Nguyễn Văn Ân", "Võ Dũng", "Phạm Đức",
    ]  # fmt: skip
    by_code_point = sorted(expected)
    assert by_code_point != expected
    assert sorted(by_code_point, key=person_order) == expected


def test_units_sort_from_left_to_right_with_numbers_by_value() -> None:
    expected = ["Da", "Đà", "Phòng", "Phường 2", "Phường 10", "Sở Xây dựng", "Sở Y tế", "Ủy ban"]
    by_code_point = sorted(expected)
    assert by_code_point != expected
    assert sorted(by_code_point, key=text_order) == expected


@given(st.text())
def test_keys_are_plain_and_do_not_depend_on_the_unicode_form(text: str) -> None:
    key = text_order(text)
    assert key.isascii()
    assert key.isalnum() or not key
    assert text_order(unicodedata.normalize("NFC", text)) == text_order(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(("text", "expected"), [("Nguyễn Văn Ân", "nguyen van an"), ("ĐỨC", "duc"), ("CB_01", "cb_01")])
def test_folded(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_every_kind_of_evidence_has_a_sentence_in_both_languages() -> None:
    assert set(KIND_WORDS) == {*KINDS, "sent_as", "copied", ADDRESSED}
    assert all(said.vi.endswith(".") and said.en.endswith(".") for said in KIND_WORDS.values())


def test_words_say_the_rung_or_whose_station_it_was() -> None:
    assert words("opened", "A").en == "A message was opened and marked as read. Rung A: the person certainly acted."
    assert words("received", None).en == "A message arrived for this mailbox."
    assert words("answered", "A", "b@tp.example.gov.vn") == Text(
        "Một thư được trả lời. Đến từ máy hoặc tên đăng nhập của b@tp.example.gov.vn.",
        "A message was answered. It came from the station or log-in of b@tp.example.gov.vn.",
    )
