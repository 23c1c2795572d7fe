"""Faults of the grounds, the text, the signature, addressees, recipients and appendices."""

from __future__ import annotations

import random

from tests.eoffice.documents.letters.plan import Letter, Para
from tests.eoffice.documents.letters.seeding import TEXT, add, looking, missing, one, saying, standing

# Grounds, text
looking("ground.italic", ("ground",), {"italic": (False,)})
saying("ground.ends", ("ground",), lambda text, rng: text[:-1] + (rng.choice((",", "")) if text.endswith(";") else ";"))
looking("ground.size", ("ground",), {"size": (12, 15)})
saying("part.roman", ("chapter",), lambda text, _rng: text.replace("II", "2").replace("I", "1"))
looking("part.bold", ("chapter",), {"bold": (False,)})
saying("part_title.capitals", ("chapter_title",), lambda text, _rng: text.capitalize())
saying("article.dot", ("article",), lambda text, rng: text.replace(".", rng.choice((":", ")")), 1))


def _light_article(letter: Letter, rng: random.Random) -> list[Para] | None:
    para = one(letter, rng, ("article",))
    if para is None:
        return None
    para.pieces[0].bold = False
    return [para]


add("article.bold", ("article",), _light_article)


def _out_of_order(letter: Letter, _rng: random.Random) -> list[Para] | None:
    found = letter.of("article")
    if len(found) < 2:
        return None
    found[-1].pieces[0].text = f"Điều {len(found) + 2}."
    return [found[-1]]


add("article.order", ("article",), _out_of_order)
saying("clause.dot", ("clause",), lambda text, rng: text.replace(".", rng.choice((")", "/")), 1))


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


add("clause.order", ("clause",), _clause_order)
saying("point.bracket", ("point",), lambda text, rng: text.replace(")", rng.choice((".", "/")), 1))


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


add("point.order", ("point",), _foreign_points)
looking("body.size", TEXT, {"size": (11, 12, 15)})
looking("body.upright", ("body", "clause", "point"), {"italic": (True,)})
standing("body.justified", TEXT, "align", ("left", "right"), tabs=True)
standing("body.first_line", TEXT, "first", (0.0, 5.0, 20.0), tabs=True)
standing("body.lines", (*TEXT, "ground"), "lines", (0.8, 1.75, 2.0), tabs=True)
saying("body.letters", ("body",), lambda text, _rng: text.upper())


def _too_close(letter: Letter, _rng: random.Random) -> list[Para] | None:
    for before, para in zip(letter.middle, letter.middle[1:], strict=False):
        if before.part in TEXT and para.part in TEXT:
            before.after, para.before = 0.0, 2.0
            return [para]
    return None


add("body.gap", TEXT, _too_close)
saying("body.ends", TEXT, lambda text, _rng: text.removesuffix("/."), last=True)

# Signature, addressees, recipients
missing("authority.missing", "authority")
saying("authority.capitals", ("authority",), lambda text, _rng: text.title())
looking("authority.size", ("authority",), {"size": (11, 12, 15)})
looking("authority.bold", ("authority",), {"bold": (False,)})
saying(
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


add("authority.deputy", ("authority",), _no_deputy)
missing("signer.missing", "signer")
saying("signer.titles", ("signer",), lambda text, rng: rng.choice(("TS. ", "PGS.TS. ", "ThS. ", "BS.CKII. ")) + text)
saying("signer.letters", ("signer",), lambda text, _rng: text.upper())
looking("signer.size", ("signer",), {"size": (11, 12, 15)})
looking("signer.bold", ("signer",), {"bold": (False,)})
missing("addressee.missing", "addressee", "addressee_item", kinds=("cong_van", "to_trinh"))
saying("addressee.colon", ("addressee",), lambda text, _rng: text.replace(":", "", 1))
looking("addressee.size", ("addressee", "addressee_item"), {"size": (11, 12, 16)})
looking("addressee.weight", ("addressee",), {"bold": (True,)})
saying("addressee.dash", ("addressee_item",), lambda text, rng: rng.choice(("+ ", "")) + text.removeprefix("- "))
saying("addressee.ends", ("addressee_item",), lambda text, _rng: text[:-1] + ("," if text.endswith(";") else ";"))
missing("recipients.missing", "recipients", "recipient", "archive")
saying("recipients.colon", ("recipients",), lambda _text, rng: rng.choice(("Nơi nhận", "NƠI NHẬN:", "Nơi nhận.")))
looking("recipients.size", ("recipients",), {"size": (11, 13, 14)})
looking("recipients.bold", ("recipients",), {"bold": (False,)})
looking("recipients.italic", ("recipients",), {"italic": (False,)})
looking("recipient.size", ("recipient", "archive"), {"size": (10, 12, 13)})
looking("recipient.upright", ("recipient", "archive"), {"italic": (True,)})
saying("recipient.dash", ("recipient",), lambda text, rng: rng.choice(("+ ", "", "• ")) + text.removeprefix("- "))
saying(
    "recipient.ends",
    ("recipient", "archive"),
    lambda text, rng: text[:-1] + (rng.choice((",", ".")) if text.endswith(";") else ""),
)
missing("archive.missing", "archive")
saying(
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


add("recipient.above", ("recipient",), _not_as_above)

# Appendices
saying("appendix.letters", ("appendix",), lambda text, _rng: text.upper())
looking("appendix.size", ("appendix",), {"size": (12, 13, 16)})
saying(
    "appendix.roman",
    ("appendix",),
    lambda text, _rng: text.replace("II", "2").replace(" I", " 1") if " " in text[5:] and text[-1] == "I" else text,
)
saying("appendix_title.capitals", ("appendix_title",), lambda text, _rng: text.capitalize())
looking("appendix_note.italic", ("appendix_note",), {"italic": (False,)})
