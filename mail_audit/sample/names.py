"""Invented Vietnamese names, and the addresses made from them."""

from __future__ import annotations

import random
import unicodedata

_FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Mai",
)
_MIDDLE_MEN = ("Văn", "Đức", "Hữu", "Quang", "Minh", "Công", "Xuân", "Đình", "Thanh", "Quốc")
_MIDDLE_WOMEN = ("Thị", "Ngọc", "Thu", "Kim", "Thanh", "Bích", "Hồng", "Phương", "Mỹ", "Tuyết")
_MEN = (
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Đạt",
    "Giang",
    "Hải",
    "Hùng",
    "Khánh",
    "Lâm",
    "Long",
    "Nam",
    "Nghĩa",
    "Phúc",
    "Quân",
    "Sơn",
    "Thắng",
    "Thịnh",
    "Tuấn",
    "Vinh",
)
_WOMEN = (
    "Ánh",
    "Châu",
    "Diệp",
    "Dung",
    "Hà",
    "Hạnh",
    "Hiền",
    "Hoa",
    "Hương",
    "Lan",
    "Liên",
    "Loan",
    "Mai",
    "Nga",
    "Nhung",
    "Oanh",
    "Quyên",
    "Thảo",
    "Trang",
    "Yến",
)


def name(chance: random.Random) -> str:
    """A full name: family, middle and given name."""
    middle, given = (_MIDDLE_MEN, _MEN) if chance.random() < 0.55 else (_MIDDLE_WOMEN, _WOMEN)
    return f"{chance.choice(_FAMILY)} {chance.choice(middle)} {chance.choice(given)}"


def plain_letters(text: str) -> str:
    """`text` in small letters without marks, as a local part is written."""
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).lower()


def local_part(full_name: str, unit_code: str, taken: set[str]) -> str:
    """Given name, initials of the rest and the unit's code (`annv.xd`), with a number where two would be alike."""
    *rest, given = plain_letters(full_name).split()
    stem = given + "".join(word[0] for word in rest)
    candidate, number = f"{stem}.{unit_code}", 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}{number}.{unit_code}"
    taken.add(candidate)
    return candidate
