"""Faults of the page, the letters, the page number, and the head of a document down to its subject."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from tests.eoffice.documents.letters.plan import Letter, Para, Piece
from tests.eoffice.documents.letters.seeding import TEXT, add, looking, missing, one, paged, saying, standing


# Paper, margins, letters
def _paper(letter: Letter, rng: random.Random) -> bool:
    letter.paper = rng.choice(((215.9, 279.4), (215.9, 330.2), (148.0, 210.0)))
    return True


def _across(letter: Letter, _rng: random.Random) -> bool:
    letter.paper = (297.0, 210.0)
    return True


def _margin(side: str, values: tuple[float, ...]) -> Callable[[Letter, random.Random], bool]:
    def put(letter: Letter, rng: random.Random) -> bool:
        letter.margins[side] = rng.choice(values)
        return True

    return put


paged("page.paper", "paper", _paper)
paged("page.portrait", "paper", _across)
paged("page.top", "top", _margin("top", (12.7, 15.0, 30.0)))
paged("page.bottom", "bottom", _margin("bottom", (10.0, 15.0, 31.8)))
paged("page.left", "left", _margin("left", (20.0, 25.4, 40.0)))
paged("page.right", "right", _margin("right", (10.0, 25.4, 31.7)))
looking("text.font", (*TEXT, "heading"), {"font": ("Arial", "Calibri", ".VnTimeX", "Tahoma")})
looking("text.font", ("title", "subject"), {"font": ("Arial", "Cambria")})
looking("text.colour", (*TEXT, "recipient"), {"colour": ("FF0000", "0000FF", "1F4E79")})


def _old_encoding(letter: Letter, rng: random.Random) -> list[Para] | None:
    para = one(letter, rng, ("body", "clause"))
    if para is None:
        return None
    font, text = rng.choice(
        (
            (".VnTime", "§Ò nghÞ c¸c c¬ quan, ®¬n vÞ nghiªm tóc triÓn khai thùc hiÖn theo ®óng quy ®Þnh"),
            ("VNI-Times", "Ñeà nghò caùc cô quan, ñôn vò nghieâm tuùc trieån khai thöïc hieän theo ñuùng quy ñònh"),
        )
    )
    ends = "./." if para.text.endswith("./.") else "."
    number = para.text.split(" ")[0] + " " if para.part == "clause" else ""
    para.pieces = [Piece(number + text + ends, para.pieces[0].size, font=font)]
    return [para]


add("text.encoding", ("body", "clause"), _old_encoding)
saying("text.composed", ("body", "subject", "recipient"), lambda text, _rng: unicodedata.normalize("NFD", text))
saying(
    "text.lookalike",
    ("body", "clause"),
    lambda text, rng: text.replace("o", rng.choice("оο"), 1) if "o" in text else text,
)
saying("text.lookalike", ("issuer", "title"), lambda text, _rng: text.replace("Đ", "Ð", 1))
saying("text.invisible", ("body", "clause"), lambda text, rng: text[:12] + rng.choice("\u200b\ufeff\u2060") + text[12:])


# Page number
def _numbered(rule: str, **values: object) -> None:
    def put(letter: Letter, _rng: random.Random) -> bool:
        if letter.numbering is None:
            return False
        for name, value in values.items():
            setattr(letter.numbering, name, value)
        return True

    paged(rule, "numbering", put)


def _unnumbered(letter: Letter, _rng: random.Random) -> bool:
    surely_two = bool(letter.behind) or sum(len(para.text) for para in letter.middle) > 4800
    if surely_two:
        letter.numbering = None
    return surely_two


paged("page_number.missing", "numbering", _unnumbered)
_numbered("page_number.place", where="footer")
_numbered("page_number.centred", align="right")
_numbered("page_number.centred", align="left")
_numbered("page_number.size", size=11)
_numbered("page_number.upright", italic=True)
_numbered("page_number.first", first_page=True)
_numbered("page_number.arabic", numerals="lowerRoman")
_numbered("page_number.begins", start=3)

# National name, motto, organs
missing("emblem.missing", "emblem")
saying(
    "emblem.words",
    ("emblem",),
    lambda _text, rng: rng.choice(
        (
            "Cộng hòa xã hội chủ nghĩa Việt Nam",
            "CỘNG HÒA XÃ HỘI CHỦ NGHỈA VIỆT NAM",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆTNAM",
        )
    ),
)
looking("emblem.size", ("emblem",), {"size": (11, 14, 15)})
looking("emblem.bold", ("emblem",), {"bold": (False,)})
looking("emblem.upright", ("emblem",), {"italic": (True,)})
missing("motto.missing", "motto")
saying(
    "motto.words",
    ("motto",),
    lambda _text, rng: rng.choice(
        (
            "Độc lập – Tự do – Hạnh phúc",
            "Độc Lập - Tự Do - Hạnh Phúc",
            "ĐỘC LẬP - TỰ DO - HẠNH PHÚC",
            "Độc lập-Tự do-Hạnh phúc",
            "Độc lâp - Tự do - Hạnh phúc",
        )
    ),
)
looking("motto.size", ("motto",), {"size": (12, 15, 16)})
looking("motto.bold", ("motto",), {"bold": (False,)})
standing("motto.centred", ("motto",), "align", ("left", "right"))
standing("motto.line", ("motto",), "rule", (0.0,))
standing("motto.line_length", ("motto",), "rule", (15.0, 20.0))
missing("issuer.missing", "issuer", "parent")
saying("issuer.capitals", ("issuer",), lambda text, _rng: text.title())
looking("issuer.size", ("issuer",), {"size": (11, 14, 16)})
looking("issuer.upright", ("issuer",), {"italic": (True,)})
looking("parent.weight", ("parent",), {"bold": (True,)})
looking("parent.size", ("parent",), {"size": (11, 14)})
standing("issuer.line", ("issuer",), "rule", (0.0,))
standing("issuer.centred", ("issuer",), "align", ("left", "justify"))

# Number and date
missing("number.missing", "number")
saying("number.colon", ("number",), lambda text, rng: text.replace(":", rng.choice(("", ".")), 1))
saying("number.padded", ("number",), lambda text, rng: f"Số: {rng.randint(1, 9)}/{text.split('/', 1)[1]}")
saying(
    "number.spaces",
    ("number",),
    lambda text, rng: (
        text.replace("/", " / ") if rng.random() < 0.5 else text.replace("-", rng.choice((" - ", "–", "- ")))
    ),
)
saying(
    "number.slash",
    ("number",),
    lambda text, rng: f"Số: {rng.randint(10, 99)}{rng.choice(('-', ' '))}{text.split('/', 1)[1]}",
)
saying("number.capitals", ("number",), lambda text, _rng: text.rsplit("-", 1)[0] + "-" + text.rsplit("-", 1)[1].lower())


def _abbreviated(letter: Letter, rng: random.Random) -> list[Para] | None:
    number = letter.of("number")[0]
    begins, notation = number.text.split("/", 1)
    first, rest = notation.split("-", 1)
    wrong = rng.choice([one for one in ("QĐ", "TB", "BC", "KH") if one != first])
    number.say(f"{begins}/CV-{first}" if letter.kind == "cong_van" else f"{begins}/{wrong}-{rest}")
    return [number]


add("number.abbreviation", ("number",), _abbreviated)
looking("number.size", ("number",), {"size": (11, 12, 14)})
looking("number.weight", ("number",), {"bold": (True,)})
looking("number.upright", ("number",), {"italic": (True,)})
standing("number.centred", ("number",), "align", ("left",))
missing("date.missing", "date")


def _dated(text: str, when: str) -> str:
    return f"{text.split(',', maxsplit=1)[0]}, {when}"


saying(
    "date.written", ("date",), lambda text, rng: _dated(text, f"ngày {rng.randint(10, 28)}/{rng.randint(10, 12)}/2026")
)
saying("date.written", ("date",), lambda text, rng: _dated(text, f"{rng.randint(10, 28)}-{rng.randint(10, 12)}-2026"))
saying(
    "date.padded",
    ("date",),
    lambda text, rng: _dated(
        text, rng.choice(("ngày 5 tháng 11 năm 2026", "ngày 15 tháng 1 năm 2026", "ngày 20 tháng 2 năm 2026"))
    ),
)
saying(
    "date.overpadded",
    ("date",),
    lambda text, rng: _dated(text, f"ngày {rng.randint(10, 28)} tháng 0{rng.randint(3, 9)} năm 2026"),
)
saying(
    "date.real",
    ("date",),
    lambda text, rng: _dated(
        text, rng.choice(("ngày 31 tháng 4 năm 2026", "ngày 30 tháng 02 năm 2026", "ngày 12 tháng 13 năm 2026"))
    ),
)
saying("date.comma", ("date",), lambda text, _rng: text.replace(",", "", 1))
saying("date.place", ("date",), lambda text, _rng: text[0].lower() + text[1:])
looking("date.italic", ("date",), {"italic": (False,)})
looking("date.size", ("date",), {"size": (11, 12, 15)})
looking("date.weight", ("date",), {"bold": (True,)})

# Title, subject
missing("title.missing", "title")
saying("title.capitals", ("title",), lambda text, _rng: text.capitalize())
looking("title.size", ("title",), {"size": (12, 15, 16)})
looking("title.bold", ("title",), {"bold": (False,)})
standing("title.centred", ("title",), "align", ("left",), tabs=True)
missing("subject.missing", "subject", kinds=("bao_cao", "ke_hoach", "thong_bao", "huong_dan", "chi_thi"))
looking("subject.bold", ("subject",), {"bold": (False,)})
looking("subject.size", ("subject",), {"size": (12, 15)})
looking("subject.upright", ("subject",), {"italic": (True,)})
standing("subject.centred", ("subject",), "align", ("left",), tabs=True)
standing("subject.line", ("subject",), "rule", (0.0,), tabs=True)
missing("reference.missing", "reference")
saying("reference.begins", ("reference",), lambda text, rng: rng.choice(("v/v", "Về việc", "V/V")) + text[3:])
looking("reference.size", ("reference",), {"size": (11, 14)})
looking("reference.weight", ("reference",), {"bold": (True,)})
looking("reference.upright", ("reference",), {"italic": (True,)})
standing("reference.space", ("reference",), "before", (0.0,))
