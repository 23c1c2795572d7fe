"""Which passwords will do: long ones that a guesser would not reach early, whatever signs they are made of.

How early a password comes is estimated as Wheeler (2016, "zxcvbn: Low-Budget Password Strength Estimation") does, by
the library of that name: 30,000 passwords of published breaches, keyboard runs, sequences, dates and repetitions, and
beside them the words that a guesser of this very account would begin with. No network is asked.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable

from core.directory.errors import PasswordError
from core.words import Text

SHORTEST = 12
LONGEST = 200
FEWEST_GUESSES = 10**10
"""Fewer are within reach of somebody who stole the hashes (the paper's "safely unguessable")."""
LOOKED_AT = 72
"""The estimate's time grows with the square of the length; more signs can only make a password better."""
LOCAL_WORDS = (
    "vanthu", "matkhau", "mat khau", "vietnam", "viet nam", "hanoi", "ha noi", "saigon", "sai gon", "hochiminh",
    "tphcm", "danang", "haiphong", "cantho", "hue", "thanhpho", "thanh pho", "tinh", "huyen", "quan", "phuong", "xa",
    "ubnd", "hdnd", "uyban", "uy ban", "nhandan", "nhan dan", "congchuc", "cong chuc", "canbo", "can bo", "vienchuc",
    "chuyenvien", "lanhdao", "giamdoc", "chutich", "quantri", "quan tri", "vanphong", "van phong", "congan", "quandoi",
    "congvu", "cong vu", "thudientu", "dangnhap", "dang nhap", "taikhoan", "tai khoan", "anhyeuem", "emyeuanh", "yeuem",
    "iloveyou", "toiyeuem", "toi yeu", "giadinh", "gia dinh", "conyeu", "bome", "khongbiet", "khongcho", "khongnho",
    "xinchao", "xin chao", "mothaiba", "mot hai ba", "motconvit", "doclap", "tudo", "hanhphuc", "doc lap", "tu do",
    "hanh phuc", "bacho", "thanhcong", "maiyeu", "namngoai", "admin", "administrator", "password", "webmail", "email",
)  # fmt: skip
"""What people here begin with, without diacritics."""
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_one_at_a_time = threading.Lock()


def normal(password: str) -> str:
    """One spelling for what keyboards write in several: Vietnamese letters come composed or in parts."""
    return unicodedata.normalize("NFKC", password)


def accepted(password: str, *, words: Iterable[str]) -> str:
    """The password in its one spelling; `words` are names a guesser would try first: of person, account, unit.

    Raises `PasswordError` for one that is shorter than `SHORTEST` characters, longer than `LONGEST`, or guessed early.
    """
    spelt = normal(password)
    if not SHORTEST <= len(spelt) <= LONGEST:
        raise PasswordError(
            Text(
                f"Mật khẩu cần từ {SHORTEST} đến {LONGEST} ký tự. Một câu ngắn dễ nhớ là được.",
                f"A password needs {SHORTEST} to {LONGEST} characters. A short sentence you remember will do.",
            )
        )
    if is_guessed_early(spelt, words=words):
        raise PasswordError(
            Text(
                "Mật khẩu này quá dễ đoán: nó gồm những từ, tên, ngày hoặc dãy phím hay được thử trước. "
                "Hãy dùng bốn từ trở lên không liên quan đến nhau.",
                "That password is too easy to guess: it is made of words, names, dates or keys that are tried first. "
                "Please take four or more words that have nothing to do with each other.",
            )
        )
    return spelt


def is_guessed_early(password: str, *, words: Iterable[str]) -> bool:
    """Whether a guesser gets there within `FEWEST_GUESSES`, with or without diacritics."""
    from zxcvbn import zxcvbn

    first = list(dict.fromkeys([*_variants(words), *LOCAL_WORDS]))
    shown = password[:LOOKED_AT]
    with _one_at_a_time:  # the library keeps the account's words in a table of its module
        return any(
            zxcvbn(spelling[:LOOKED_AT], user_inputs=first)["guesses"] < FEWEST_GUESSES
            for spelling in {shown, _plain(shown)}
        )


def _plain(text: str) -> str:
    """The text without diacritics: đ is a letter of its own to Unicode, not to a guesser."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _variants(words: Iterable[str]) -> Iterable[str]:
    """Each name as it is typed: whole, in one word, in its parts, and turned around as Vietnamese names are."""
    for word in words:
        parts = [part for part in _SEPARATORS.split(_plain(word).lower()) if part]
        if not parts:
            continue
        yield _plain(word).lower()
        yield "".join(parts)
        yield parts[-1] + "".join(parts[:-1])
        yield parts[-1] + "".join(part[0] for part in parts[:-1])
        yield from (part for part in parts if len(part) > 1)
