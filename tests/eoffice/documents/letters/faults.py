"""The faults that are put into letters. Each names the published rule that it breaks, and changes the plan by itself.

A fault that does not fit a letter (no grounds, no addressees, tabs instead of tables) leaves it alone and says so.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from tests.eoffice.documents.letters.plan import Letter, Para, Piece, Seed

Change = Callable[[Letter, random.Random], "list[Para] | None"]


@dataclass(frozen=True)
class Fault:
    """One kind of fault: which parts it takes for itself (no other fault touches them), and how it is put in."""

    rule: str
    parts: tuple[str, ...]
    put: Change


FAULTS: list[Fault] = []
TEXT = ("body", "clause", "point", "article")


def _add(rule: str, parts: tuple[str, ...], put: Change) -> None:
    FAULTS.append(Fault(rule, parts, put))


def _one(letter: Letter, rng: random.Random, parts: tuple[str, ...]) -> Para | None:
    found = [para for para in letter.of(*parts) if para.text.strip()]
    return rng.choice(found) if found else None


def _looking(rule: str, parts: tuple[str, ...], choices: dict[str, tuple[object, ...]]) -> None:
    """One paragraph of the parts gets a wrong look."""

    def put(letter: Letter, rng: random.Random) -> list[Para] | None:
        para = _one(letter, rng, parts)
        if para is None:
            return None
        for name, values in choices.items():
            value = rng.choice(values)
            for piece in para.pieces:
                setattr(piece, name, value)
        return [para]

    _add(rule, parts, put)


def _standing(rule: str, parts: tuple[str, ...], name: str, values: tuple[object, ...], *, tabs: bool = False) -> None:
    """One paragraph of the parts stands wrongly; not in letters laid out by tabs unless `tabs`."""

    def put(letter: Letter, rng: random.Random) -> list[Para] | None:
        if letter.layout == "tabs" and not tabs:
            return None
        para = _one(letter, rng, parts)
        if para is None or (letter.layout == "breaks" and para.part in {"issuer", "parent"}):
            return None
        setattr(para, name, rng.choice(values))
        return [para]

    _add(rule, parts, put)


def _saying(rule: str, parts: tuple[str, ...], say: Callable[[str, random.Random], str], *, last: bool = False) -> None:
    """One paragraph of the parts says it wrongly; nothing is put where the words would stay the same."""

    def put(letter: Letter, rng: random.Random) -> list[Para] | None:
        found = [para for para in letter.of(*parts) if para.text.strip()]
        para = (found[-1] if last else rng.choice(found)) if found else None
        if para is None:
            return None
        piece = para.pieces[-1 if last else 0]
        text = say(piece.text, rng)
        if text == piece.text:
            return None
        piece.text = text
        return [para]

    _add(rule, parts, put)


def _missing(rule: str, part: str, *also: str, kinds: tuple[str, ...] = ()) -> None:
    def put(letter: Letter, _rng: random.Random) -> list[Para] | None:
        if not letter.of(part) or (kinds and letter.kind not in kinds):
            return None
        letter.drop(part, *also)
        return []

    _add(rule, (part, *also), put)


def _paged(rule: str, part: str, put: Callable[[Letter, random.Random], bool]) -> None:
    _add(rule, (part,), lambda letter, rng: [] if put(letter, rng) else None)


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


_paged("page.paper", "paper", _paper)
_paged("page.portrait", "paper", _across)
_paged("page.top", "top", _margin("top", (12.7, 15.0, 30.0)))
_paged("page.bottom", "bottom", _margin("bottom", (10.0, 15.0, 31.8)))
_paged("page.left", "left", _margin("left", (20.0, 25.4, 40.0)))
_paged("page.right", "right", _margin("right", (10.0, 25.4, 31.7)))
_looking("text.font", (*TEXT, "heading"), {"font": ("Arial", "Calibri", ".VnTimeX", "Tahoma")})
_looking("text.font", ("title", "subject"), {"font": ("Arial", "Cambria")})
_looking("text.colour", (*TEXT, "recipient"), {"colour": ("FF0000", "0000FF", "1F4E79")})


def _old_encoding(letter: Letter, rng: random.Random) -> list[Para] | None:
    para = _one(letter, rng, ("body", "clause"))
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


_add("text.encoding", ("body", "clause"), _old_encoding)
_saying("text.composed", ("body", "subject", "recipient"), lambda text, _rng: unicodedata.normalize("NFD", text))
_saying(
    "text.lookalike",
    ("body", "clause"),
    lambda text, rng: text.replace("o", rng.choice("оο"), 1) if "o" in text else text,
)
_saying("text.lookalike", ("issuer", "title"), lambda text, _rng: text.replace("Đ", "Ð", 1))
_saying(
    "text.invisible", ("body", "clause"), lambda text, rng: text[:12] + rng.choice("\u200b\ufeff\u2060") + text[12:]
)


# Page number
def _numbered(rule: str, **values: object) -> None:
    def put(letter: Letter, _rng: random.Random) -> bool:
        if letter.numbering is None:
            return False
        for name, value in values.items():
            setattr(letter.numbering, name, value)
        return True

    _paged(rule, "numbering", put)


def _unnumbered(letter: Letter, _rng: random.Random) -> bool:
    surely_two = bool(letter.behind) or sum(len(para.text) for para in letter.middle) > 4800
    if surely_two:
        letter.numbering = None
    return surely_two


_paged("page_number.missing", "numbering", _unnumbered)
_numbered("page_number.place", where="footer")
_numbered("page_number.centred", align="right")
_numbered("page_number.centred", align="left")
_numbered("page_number.size", size=11)
_numbered("page_number.upright", italic=True)
_numbered("page_number.first", first_page=True)
_numbered("page_number.arabic", numerals="lowerRoman")
_numbered("page_number.begins", start=3)

# National name, motto, organs
_missing("emblem.missing", "emblem")
_saying(
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
_looking("emblem.size", ("emblem",), {"size": (11, 14, 15)})
_looking("emblem.bold", ("emblem",), {"bold": (False,)})
_looking("emblem.upright", ("emblem",), {"italic": (True,)})
_missing("motto.missing", "motto")
_saying(
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
_looking("motto.size", ("motto",), {"size": (12, 15, 16)})
_looking("motto.bold", ("motto",), {"bold": (False,)})
_standing("motto.centred", ("motto",), "align", ("left", "right"))
_standing("motto.line", ("motto",), "rule", (0.0,))
_standing("motto.line_length", ("motto",), "rule", (15.0, 20.0))
_missing("issuer.missing", "issuer", "parent")
_saying("issuer.capitals", ("issuer",), lambda text, _rng: text.title())
_looking("issuer.size", ("issuer",), {"size": (11, 14, 16)})
_looking("issuer.upright", ("issuer",), {"italic": (True,)})
_looking("parent.weight", ("parent",), {"bold": (True,)})
_looking("parent.size", ("parent",), {"size": (11, 14)})
_standing("issuer.line", ("issuer",), "rule", (0.0,))
_standing("issuer.centred", ("issuer",), "align", ("left", "justify"))

# Number and date
_missing("number.missing", "number")
_saying("number.colon", ("number",), lambda text, rng: text.replace(":", rng.choice(("", ".")), 1))
_saying("number.padded", ("number",), lambda text, rng: f"Số: {rng.randint(1, 9)}/{text.split('/', 1)[1]}")
_saying(
    "number.spaces",
    ("number",),
    lambda text, rng: (
        text.replace("/", " / ") if rng.random() < 0.5 else text.replace("-", rng.choice((" - ", "–", "- ")))
    ),
)
_saying(
    "number.slash",
    ("number",),
    lambda text, rng: f"Số: {rng.randint(10, 99)}{rng.choice(('-', ' '))}{text.split('/', 1)[1]}",
)
_saying(
    "number.capitals", ("number",), lambda text, _rng: text.rsplit("-", 1)[0] + "-" + text.rsplit("-", 1)[1].lower()
)


def _abbreviated(letter: Letter, rng: random.Random) -> list[Para] | None:
    number = letter.of("number")[0]
    begins, notation = number.text.split("/", 1)
    first, rest = notation.split("-", 1)
    wrong = rng.choice([one for one in ("QĐ", "TB", "BC", "KH") if one != first])
    number.say(f"{begins}/CV-{first}" if letter.kind == "cong_van" else f"{begins}/{wrong}-{rest}")
    return [number]


_add("number.abbreviation", ("number",), _abbreviated)
_looking("number.size", ("number",), {"size": (11, 12, 14)})
_looking("number.weight", ("number",), {"bold": (True,)})
_looking("number.upright", ("number",), {"italic": (True,)})
_standing("number.centred", ("number",), "align", ("left",))
_missing("date.missing", "date")


def _dated(text: str, when: str) -> str:
    return f"{text.split(',', maxsplit=1)[0]}, {when}"


_saying(
    "date.written", ("date",), lambda text, rng: _dated(text, f"ngày {rng.randint(10, 28)}/{rng.randint(10, 12)}/2026")
)
_saying("date.written", ("date",), lambda text, rng: _dated(text, f"{rng.randint(10, 28)}-{rng.randint(10, 12)}-2026"))
_saying(
    "date.padded",
    ("date",),
    lambda text, rng: _dated(
        text, rng.choice(("ngày 5 tháng 11 năm 2026", "ngày 15 tháng 1 năm 2026", "ngày 20 tháng 2 năm 2026"))
    ),
)
_saying(
    "date.overpadded",
    ("date",),
    lambda text, rng: _dated(text, f"ngày {rng.randint(10, 28)} tháng 0{rng.randint(3, 9)} năm 2026"),
)
_saying(
    "date.real",
    ("date",),
    lambda text, rng: _dated(
        text, rng.choice(("ngày 31 tháng 4 năm 2026", "ngày 30 tháng 02 năm 2026", "ngày 12 tháng 13 năm 2026"))
    ),
)
_saying("date.comma", ("date",), lambda text, _rng: text.replace(",", "", 1))
_saying("date.place", ("date",), lambda text, _rng: text[0].lower() + text[1:])
_looking("date.italic", ("date",), {"italic": (False,)})
_looking("date.size", ("date",), {"size": (11, 12, 15)})
_looking("date.weight", ("date",), {"bold": (True,)})

# Title, subject
_missing("title.missing", "title")
_saying("title.capitals", ("title",), lambda text, _rng: text.capitalize())
_looking("title.size", ("title",), {"size": (12, 15, 16)})
_looking("title.bold", ("title",), {"bold": (False,)})
_standing("title.centred", ("title",), "align", ("left",), tabs=True)
_missing("subject.missing", "subject", kinds=("bao_cao", "ke_hoach", "thong_bao", "huong_dan", "chi_thi"))
_looking("subject.bold", ("subject",), {"bold": (False,)})
_looking("subject.size", ("subject",), {"size": (12, 15)})
_looking("subject.upright", ("subject",), {"italic": (True,)})
_standing("subject.centred", ("subject",), "align", ("left",), tabs=True)
_standing("subject.line", ("subject",), "rule", (0.0,), tabs=True)
_missing("reference.missing", "reference")
_saying("reference.begins", ("reference",), lambda text, rng: rng.choice(("v/v", "Về việc", "V/V")) + text[3:])
_looking("reference.size", ("reference",), {"size": (11, 14)})
_looking("reference.weight", ("reference",), {"bold": (True,)})
_looking("reference.upright", ("reference",), {"italic": (True,)})
_standing("reference.space", ("reference",), "before", (0.0,))

# Grounds, text
_looking("ground.italic", ("ground",), {"italic": (False,)})
_saying(
    "ground.ends", ("ground",), lambda text, rng: text[:-1] + (rng.choice((",", "")) if text.endswith(";") else ";")
)
_looking("ground.size", ("ground",), {"size": (12, 15)})
_saying("part.roman", ("chapter",), lambda text, _rng: text.replace("II", "2").replace("I", "1"))
_looking("part.bold", ("chapter",), {"bold": (False,)})
_saying("part_title.capitals", ("chapter_title",), lambda text, _rng: text.capitalize())
_saying("article.dot", ("article",), lambda text, rng: text.replace(".", rng.choice((":", ")")), 1))


def _light_article(letter: Letter, rng: random.Random) -> list[Para] | None:
    para = _one(letter, rng, ("article",))
    if para is None:
        return None
    para.pieces[0].bold = False
    return [para]


_add("article.bold", ("article",), _light_article)


def _out_of_order(letter: Letter, _rng: random.Random) -> list[Para] | None:
    found = letter.of("article")
    if len(found) < 2:
        return None
    found[-1].pieces[0].text = f"Điều {len(found) + 2}."
    return [found[-1]]


_add("article.order", ("article",), _out_of_order)
_saying("clause.dot", ("clause",), lambda text, rng: text.replace(".", rng.choice((")", "/")), 1))


def _clause_order(letter: Letter, _rng: random.Random) -> list[Para] | None:
    found = [para for para in letter.of("clause") if para.text.startswith("2.")]
    if not found:
        return None
    para = found[0]
    at = letter.middle.index(para)
    behind = letter.middle[at + 1 :]
    if any(one.text.startswith("3.") for one in behind):
        return None
    para.pieces[0].text = "4" + para.pieces[0].text[1:]
    return [para]


_add("clause.order", ("clause",), _clause_order)
_saying("point.bracket", ("point",), lambda text, rng: text.replace(")", rng.choice((".", "/")), 1))


def _foreign_points(letter: Letter, _rng: random.Random) -> list[Para] | None:
    """As a word processor numbers by itself: a, b, c, d, e."""
    found = [para for para in letter.of("point") if para.text.startswith("đ)")]
    if not found:
        return None
    rest = letter.middle[letter.middle.index(found[0]) :]
    points = [one for one in rest if one.part == "point"][:3]
    for para, sign in zip(points, "efg", strict=False):
        para.pieces[0].text = sign + para.pieces[0].text[1:]
    return points[:2]  # e where đ should be, and f, which the alphabet does not have


_add("point.order", ("point",), _foreign_points)
_looking("body.size", TEXT, {"size": (11, 12, 15)})
_looking("body.upright", ("body", "clause", "point"), {"italic": (True,)})
_standing("body.justified", TEXT, "align", ("left", "right"), tabs=True)
_standing("body.first_line", TEXT, "first", (0.0, 5.0, 20.0), tabs=True)
_standing("body.lines", (*TEXT, "ground"), "lines", (0.8, 1.75, 2.0), tabs=True)
_saying("body.letters", ("body",), lambda text, _rng: text.upper())


def _too_close(letter: Letter, _rng: random.Random) -> list[Para] | None:
    for before, para in zip(letter.middle, letter.middle[1:], strict=False):
        if before.part in TEXT and para.part in TEXT:
            before.after, para.before = 0.0, 2.0
            return [para]
    return None


_add("body.gap", TEXT, _too_close)
_saying("body.ends", TEXT, lambda text, _rng: text.removesuffix("/."), last=True)

# Signature, addressees, recipients
_missing("authority.missing", "authority")
_saying("authority.capitals", ("authority",), lambda text, _rng: text.title())
_looking("authority.size", ("authority",), {"size": (11, 12, 15)})
_looking("authority.bold", ("authority",), {"bold": (False,)})
_saying(
    "authority.dot",
    ("authority",),
    lambda text, rng: (
        text.replace("KT. ", rng.choice(("KT ", "KT.", "K/T ")))
        .replace("TM. ", rng.choice(("T/M ", "TM ")))
        .replace("TL. ", "T/L ")
    ),
)


def _no_deputy(letter: Letter, _rng: random.Random) -> list[Para] | None:
    rows = letter.of("authority")
    if len(rows) != 2 or not rows[0].text.startswith("KT."):
        return None
    letter.foot_right.remove(rows[1])
    return [rows[0]]


_add("authority.deputy", ("authority",), _no_deputy)
_missing("signer.missing", "signer")
_saying("signer.titles", ("signer",), lambda text, rng: rng.choice(("TS. ", "PGS.TS. ", "ThS. ", "BS.CKII. ")) + text)
_saying("signer.letters", ("signer",), lambda text, _rng: text.upper())
_looking("signer.size", ("signer",), {"size": (11, 12, 15)})
_looking("signer.bold", ("signer",), {"bold": (False,)})
_missing("addressee.missing", "addressee", "addressee_item", kinds=("cong_van", "to_trinh"))
_saying("addressee.colon", ("addressee",), lambda text, _rng: text.replace(":", "", 1))
_looking("addressee.size", ("addressee", "addressee_item"), {"size": (11, 12, 16)})
_looking("addressee.weight", ("addressee",), {"bold": (True,)})
_saying("addressee.dash", ("addressee_item",), lambda text, rng: rng.choice(("+ ", "")) + text.removeprefix("- "))
_saying("addressee.ends", ("addressee_item",), lambda text, _rng: text[:-1] + ("," if text.endswith(";") else ";"))
_missing("recipients.missing", "recipients", "recipient", "archive")
_saying("recipients.colon", ("recipients",), lambda _text, rng: rng.choice(("Nơi nhận", "NƠI NHẬN:", "Nơi nhận.")))
_looking("recipients.size", ("recipients",), {"size": (11, 13, 14)})
_looking("recipients.bold", ("recipients",), {"bold": (False,)})
_looking("recipients.italic", ("recipients",), {"italic": (False,)})
_looking("recipient.size", ("recipient", "archive"), {"size": (10, 12, 13)})
_looking("recipient.upright", ("recipient", "archive"), {"italic": (True,)})
_saying("recipient.dash", ("recipient",), lambda text, rng: rng.choice(("+ ", "", "• ")) + text.removeprefix("- "))
_saying(
    "recipient.ends",
    ("recipient", "archive"),
    lambda text, rng: text[:-1] + (rng.choice((",", ".")) if text.endswith(";") else ""),
)
_missing("archive.missing", "archive")
_saying(
    "archive.form",
    ("archive",),
    lambda text, rng: text.replace("Lưu: VT", rng.choice(("Lưu VT", "lưu: VT", "Lưu: Văn thư"))),
)


def _not_as_above(letter: Letter, _rng: random.Random) -> list[Para] | None:
    rows = letter.of("recipient")
    if letter.kind not in {"cong_van", "to_trinh"} or len(rows) < 2:
        return None
    letter.foot_left.remove(rows[0])
    return [rows[1]]


_add("recipient.above", ("recipient",), _not_as_above)

# Appendices
_saying("appendix.letters", ("appendix",), lambda text, _rng: text.upper())
_looking("appendix.size", ("appendix",), {"size": (12, 13, 16)})
_saying(
    "appendix.roman",
    ("appendix",),
    lambda text, _rng: text.replace("II", "2").replace(" I", " 1") if " " in text[5:] and text[-1] == "I" else text,
)
_saying("appendix_title.capitals", ("appendix_title",), lambda text, _rng: text.capitalize())
_looking("appendix_note.italic", ("appendix_note",), {"italic": (False,)})


def plant(letter: Letter, rng: random.Random, count: int, order: list[Fault]) -> None:
    """Puts `count` faults into the letter, taken from the front of `order`; those that are put go to its end."""
    taken: set[str] = set()
    for fault in list(order):
        if len(letter.seeds) >= count:
            return
        if taken & set(fault.parts):
            continue
        found = fault.put(letter, rng)
        if found is None:
            continue
        taken |= set(fault.parts)
        order.remove(fault)
        order.append(fault)
        letter.seeds.append(Seed(f"{fault.rule} in {fault.parts[0]}", fault.rule, tuple(para.text for para in found)))
