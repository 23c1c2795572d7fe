"""Traps of Vietnamese text: composed and apart, look-alikes, older encodings, dashes, Roman numbers, points."""

from __future__ import annotations

import unicodedata

import pytest

from eoffice.documents.signs import POINTS, apart, as_roman, decoded, encoding_of, foreign, is_capitals, roman, skeleton
from tests.eoffice.documents.cases import broken, right_letter
from tests.eoffice.documents.letters.by_python_docx import write


@pytest.mark.parametrize(
    ("text", "font", "shown"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", ".VnTime", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", ".VnTime", "Độc lập - Tự do - Hạnh phúc"),
        ("céng hßa", ".VnTimeH", "CỘNG HÒA"),
        ("Việt Nam", "Times New Roman", "Việt Nam"),
    ],
)
def test_older_encodings_are_read(text: str, font: str, shown: str) -> None:
    assert decoded(text, font) == shown


def test_vni_is_recognised_without_its_marks() -> None:
    assert (
        skeleton(decoded("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "VNI-Times"))
        == "cong hoa xa hoi chu nghia viet nam"
    )


@pytest.mark.parametrize(
    ("font", "kind"),
    [(".VnTime", "TCVN3"), ("VNI-Times", "VNI"), ("Vinhan", None), ("Times New Roman", None), (None, None)],
)
def test_an_encoding_is_told_by_the_font(font: str | None, kind: str | None) -> None:
    assert encoding_of(font) == kind


def test_a_font_named_in_a_sentence_is_only_words() -> None:
    letter = right_letter("cong_van")
    letter.of("body")[0].say(
        "Không dùng phông .VnTime (TCVN3) và VNI-Times; thay bằng Times New Roman theo quy định của Nghị định."
    )
    assert broken(write(letter)) == []


@pytest.mark.parametrize("part", ["emblem", "motto", "body", "recipients"])
def test_letters_and_marks_apart_are_one_finding_and_hide_nothing(part: str) -> None:
    letter = right_letter("cong_van")
    for para in letter.of(part):
        para.say(unicodedata.normalize("NFD", para.text))
    assert broken(write(letter)) == ["text.composed"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hà Nộі", ["Nội"]),
        ("Ðiều 1", ["Điều"]),
        ("Москва và Αθήνα", []),
        ("tỷ lệ α = 5 μm", []),
        ("Ｓố 12", ["Số"]),
        ("Thừa Thiên Huế", []),
    ],
)
def test_look_alikes_only_inside_vietnamese_words(text: str, words: list[str]) -> None:
    assert [word for _start, _end, word in foreign(text)] == words


def test_apart_tells_the_place() -> None:
    text = "mot " + unicodedata.normalize("NFD", "việc") + " xong"
    place = apart(text)
    assert place is not None
    assert unicodedata.normalize("NFC", text[slice(*place)]).startswith("ệ")
    assert apart("một việc xong") is None


@pytest.mark.parametrize("number", [1, 4, 9, 14, 40, 90, 399])
def test_roman_numbers_come_back(number: int) -> None:
    assert roman(as_roman(number)) == number


@pytest.mark.parametrize("text", ["", "IIII", "IC", "A", "VX", "i"])
def test_what_is_no_roman_number(text: str) -> None:
    assert roman(text) is None


def test_points_follow_the_vietnamese_alphabet() -> None:
    assert POINTS[:6] == ("a", "b", "c", "d", "đ", "e")
    assert not {"f", "j", "w", "z"} & set(POINTS)


@pytest.mark.parametrize(
    ("text", "capitals"), [("ỦY BAN NHÂN DÂN", True), ("SỞ NỘI Vụ", False), ("12/", False), ("", False)]
)
def test_capitals(text: str, capitals: bool) -> None:
    assert is_capitals(text) is capitals
