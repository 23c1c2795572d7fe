"""Which passwords will do: by length and by how early a guesser gets there, not by the signs they are made of."""

from __future__ import annotations

import unicodedata

import pytest

from core.directory.errors import PasswordError
from core.directory.passwords import LONGEST, SHORTEST, accepted

WORDS = ["quantri", "Nguyễn Văn An", "CB0042", "Sở Giáo dục", "an.nguyen@tp.example.gov.vn"]
GUESSED = {
    "in a published breach": "password1234",
    "the same with signs": "P@ssw0rd2026!",
    "a row of keys": "qwertyuiopasdf",
    "rows up and down": "1qaz2wsx3edc4rfv",
    "digits in order": "123456789012345",
    "one sign": "x" * 30,
    "a repeated piece": "abc1" * 10,
    "the account's own name": "quantri-quantri",
    "the own name": "Nguyễn Văn An 1985",
    "the own name turned around": "annguyenvan@2026",
    "the unit": "Sở Giáo dục 2026",
    "the number": "CB0042CB0042",
    "the address": "an.nguyen@tp.example.gov.vn",
    "words of the country": "việtnam123456",
    "words of the office": "matkhauvanthu",
    "with đ": "Đăng Nhập 2026",
    "a day": "30/04/1975-1975",
}


@pytest.mark.parametrize("password", GUESSED.values(), ids=GUESSED)
def test_what_is_guessed_early_is_refused(password: str) -> None:
    with pytest.raises(PasswordError) as refused:
        accepted(password, words=WORDS)
    assert "dễ đoán" in refused.value.message.vi


@pytest.mark.parametrize(
    "password",
    [
        "bốn con mèo uống trà",
        "mua rao tren mai ton",
        "correct horse battery staple",
        "v8-kQ_z1Lw0x",
        "bảy" * 4 + "chín gà",
    ],
)
def test_length_is_enough_without_digits_and_signs(password: str) -> None:
    assert accepted(unicodedata.normalize("NFD", password), words=WORDS) == unicodedata.normalize("NFC", password)


@pytest.mark.parametrize("length", [0, SHORTEST - 1, LONGEST + 1])
def test_too_short_and_too_long(length: int) -> None:
    password = ("k9-vq rổ mưa gỗ lim tía " * 20)[:length]
    with pytest.raises(PasswordError) as refused:
        accepted(password, words=WORDS)
    assert f"{SHORTEST} to {LONGEST}" in refused.value.message.en


def test_the_longest_passes() -> None:
    password = ("k9-vq rổ mưa gỗ lim tía " * 20)[:LONGEST]
    assert accepted(password, words=()) == password


def test_words_of_one_account_are_not_those_of_the_next() -> None:
    password = "xylophonqua 2026"
    with pytest.raises(PasswordError):
        accepted(password, words=["Xylophon Qua"])
    assert accepted(password, words=WORDS) == password
