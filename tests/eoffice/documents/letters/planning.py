"""Plans right letters of several types from a stock of words: what the Decree asks, in the ways offices differ."""

from __future__ import annotations

import random

from tests.eoffice.documents.letters.plan import Letter, Numbering, Para, Piece
from tests.eoffice.documents.letters.wording import Stock

NAMED = {
    "quyet_dinh": ("QUYẾT ĐỊNH", "QĐ"),
    "nghi_quyet": ("NGHỊ QUYẾT", "NQ"),
    "bao_cao": ("BÁO CÁO", "BC"),
    "ke_hoach": ("KẾ HOẠCH", "KH"),
    "thong_bao": ("THÔNG BÁO", "TB"),
    "to_trinh": ("TỜ TRÌNH", "TTr"),
    "huong_dan": ("HƯỚNG DẪN", "HD"),
    "chi_thi": ("CHỈ THỊ", "CT"),
}
KINDS = ("cong_van", "cong_van", "cong_van", *NAMED)
SURELY_ONE_PAGE = 1300
"""Signs of text that fit on a page whatever its spacing."""
LETTERS = ("a", "b", "c", "d", "đ", "e", "g")


class Planner:
    """One letter at a time; every choice comes from the seed."""

    def __init__(self, rng: random.Random, stock: Stock) -> None:
        self.rng = rng
        self.stock = stock
        self.body = rng.choice((13, 14))
        self.lines = rng.choice((1.0, 1.15, 1.3, 1.5))
        self.before, self.after = rng.choice(((6, 0), (0, 6), (3, 3), (6, 6), (0, 8)))
        self.first = rng.choice((10.0, 12.7))

    def plan(self, kind: str = "", layout: str = "") -> Letter:
        """A right letter."""
        rng = self.rng
        kind = kind or rng.choice(KINDS)
        parent, organ, short = rng.choice(self.stock.organs)
        unit = rng.choice(self.stock.units)
        letter = Letter(kind, [], [], [], [], [], layout=layout or rng.choice(("table", "table", "breaks", "tabs")))
        self._head(letter, parent, organ, short, unit)
        {"cong_van": self._official_letter, "quyet_dinh": self._decision, "nghi_quyet": self._decision}.get(
            kind, self._sections
        )(letter)
        last = [para for para in letter.middle if para.part in {"body", "clause", "point", "article"}][-1]
        last.pieces[-1].text = last.pieces[-1].text.rstrip(".") + "./."
        self._foot(letter, unit)
        if rng.random() < 0.2:
            self._appendix(letter)
        letter.margins = {
            "top": rng.choice((20.0, 22.0, 25.0)),
            "bottom": rng.choice((20.0, 25.0)),
            "left": rng.choice((30.0, 35.0)),
            "right": rng.choice((15.0, 20.0)),
        }
        if rng.random() < 0.8 or sum(len(para.text) for para in letter.middle) > SURELY_ONE_PAGE or letter.behind:
            letter.numbering = Numbering(size=rng.choice((13, 14)))
        return letter

    def _head(self, letter: Letter, parent: str, organ: str, short: str, unit: str) -> None:
        rng = self.rng
        size = rng.choice((12, 13))
        if parent:
            letter.left.append(Para("parent", [Piece(parent, size)], "center"))
        letter.left.append(Para("issuer", [Piece(organ, size, bold=True)], "center", rule=len(organ) * size * 0.11))
        given = rng.random() < 0.7
        number = str(rng.choice((rng.randint(10, 2400), rng.randint(10, 99)))) if given else "      "
        number = f"0{rng.randint(1, 9)}" if given and rng.random() < 0.3 else number
        abbreviation = NAMED[letter.kind][1] if letter.kind in NAMED else ""
        notation = f"{abbreviation}-{short}" if abbreviation else f"{short}-{unit}"
        letter.left.append(Para("number", [Piece(f"Số: {number}/{notation}", 13)], "center", before=rng.choice((0, 6))))
        if letter.kind == "cong_van":
            letter.left.append(
                Para(
                    "reference",
                    [Piece(f"V/v {rng.choice(self.stock.subjects)}", rng.choice((12, 13)))],
                    "center",
                    before=6,
                )
            )
        emblem = rng.choice(("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
        letter.right.append(Para("emblem", [Piece(emblem, size, bold=True)], "center"))
        letter.right.append(
            Para(
                "motto",
                [Piece("Độc lập - Tự do - Hạnh phúc", size + 1, bold=True)],
                "center",
                rule=60 if size == 13 else 56,
            )
        )
        day, month = rng.randint(1, 28), rng.randint(1, 12)
        when = (
            f"ngày {day:02} tháng {month if month > 2 else f'{month:02}'} năm 2026"
            if given
            else f"ngày     tháng {month if month > 2 else f'{month:02}'} năm 2026"
        )
        letter.right.append(
            Para(
                "date",
                [Piece(f"{rng.choice(self.stock.places)}, {when}", rng.choice((13, 14)), italic=True)],
                "center",
                before=rng.choice((0, 6)),
            )
        )

    def _text(self, part: str, *pieces: Piece) -> Para:
        for piece in pieces:
            piece.size = self.body
        return Para(
            part, list(pieces), "justify", first=self.first, before=self.before, after=self.after, lines=self.lines
        )

    def _title(self, letter: Letter) -> None:
        letter.middle.append(Para("title", [Piece(NAMED[letter.kind][0], 14, bold=True)], "center", before=12))
        subject = self.rng.choice(self.stock.subjects)
        begins = self.rng.choice(("Về việc ", "Về "))
        letter.middle.append(Para("subject", [Piece(begins + subject, 14, bold=True)], "center", rule=30))

    def _addressees(self, letter: Letter) -> None:
        names = self.rng.sample(self.stock.addressees, self.rng.choice((1, 1, 2, 3)))
        if len(names) == 1:
            letter.middle.append(Para("addressee", [Piece(f"Kính gửi: {names[0]}", 14)], "center", before=12, after=12))
            return
        letter.middle.append(Para("addressee", [Piece("Kính gửi:", 14)], "left", left=20, before=12))
        for at, name in enumerate(names):
            letter.middle.append(
                Para("addressee_item", [Piece(f"- {name}{'.' if at == len(names) - 1 else ';'}", 14)], "left", left=45)
            )

    def _official_letter(self, letter: Letter) -> None:
        rng = self.rng
        self._addressees(letter)
        for sentence in rng.sample(self.stock.sentences, rng.randint(2, 3)):
            letter.middle.append(self._text("body", Piece(sentence)))
        if rng.random() < 0.6:
            for at, task in enumerate(rng.sample(self.stock.tasks, rng.randint(2, 4)), 1):
                letter.middle.append(self._text("clause", Piece(f"{at}. {task}")))
                if at == 1 and rng.random() < 0.7:
                    for sign in LETTERS[: rng.randint(3, 6)]:
                        letter.middle.append(self._text("point", Piece(f"{sign}) {rng.choice(self.stock.tasks)}")))
        letter.middle.append(
            self._text("body", Piece("Trân trọng đề nghị các cơ quan, đơn vị quan tâm phối hợp, triển khai thực hiện."))
        )

    def _decision(self, letter: Letter) -> None:
        rng = self.rng
        self._title(letter)
        letter.middle.append(
            Para(
                "competence",
                [Piece(rng.choice(("GIÁM ĐỐC SỞ NỘI VỤ", "ỦY BAN NHÂN DÂN TỈNH")), 14, bold=True)],
                "center",
                before=6,
                after=6,
            )
        )
        laws = list(self.stock.laws)[: rng.randint(2, 4)]
        for at, law in enumerate(laws):
            letter.middle.append(self._text("ground", Piece(law + ("." if at == len(laws) - 1 else ";"), italic=True)))
        word = "QUYẾT NGHỊ:" if letter.kind == "nghi_quyet" else "QUYẾT ĐỊNH:"
        letter.middle.append(Para("resolution", [Piece(word, 14, bold=True)], "center", before=6, after=6))
        chapters = letter.kind == "quyet_dinh" and rng.random() < 0.35
        for at in range(1, rng.randint(3, 5)):
            if chapters and at in {1, 2}:
                letter.middle.append(Para("chapter", [Piece(f"Chương {'I' * at}", 14, bold=True)], "center", before=6))
                letter.middle.append(
                    Para(
                        "chapter_title",
                        [Piece(("QUY ĐỊNH CHUNG", "QUY ĐỊNH CỤ THỂ")[at - 1], 14, bold=True)],
                        "center",
                        before=6,
                        after=6,
                    )
                )
            letter.middle.append(
                self._text("article", Piece(f"Điều {at}.", bold=True), Piece(" " + rng.choice(self.stock.tasks)))
            )
            if rng.random() < 0.5:
                for number, task in enumerate(rng.sample(self.stock.tasks, 2), 1):
                    letter.middle.append(self._text("clause", Piece(f"{number}. {task}")))

    def _sections(self, letter: Letter) -> None:
        rng = self.rng
        self._title(letter)
        if letter.kind == "to_trinh":
            self._addressees(letter)
        letter.middle.append(self._text("body", Piece(rng.choice(self.stock.sentences))))
        for at, heading in enumerate(rng.sample(self.stock.headings, rng.randint(2, 4)), 1):
            letter.middle.append(
                self._text("heading", Piece(f"{('I', 'II', 'III', 'IV')[at - 1]}. {heading}", bold=True))
            )
            for number in range(1, rng.randint(2, 4)):
                letter.middle.append(self._text("clause", Piece(f"{number}. {rng.choice(self.stock.tasks)}")))
            letter.middle.append(self._text("body", Piece(rng.choice(self.stock.sentences))))

    def _foot(self, letter: Letter, unit: str) -> None:
        rng = self.rng
        rows = ["- Như trên;"] if letter.of("addressee") else []
        rows += [f"- {name};" for name in rng.sample(self.stock.addressees, rng.randint(1, 3))]
        letter.foot_left.append(Para("recipients", [Piece("Nơi nhận:", 12, bold=True, italic=True)]))
        letter.foot_left += [Para("recipient", [Piece(row, 11)]) for row in rows]
        letter.foot_left.append(Para("archive", [Piece(f"- Lưu: VT, {unit}.", 11)]))
        size = rng.choice((13, 14))
        letter.foot_right += [
            Para("authority", [Piece(post, size, bold=True)], "center") for post in rng.choice(self.stock.posts)
        ]
        letter.foot_right += [Para("gap", [Piece("", size)], "center") for _line in range(4)]
        letter.foot_right.append(Para("signer", [Piece(rng.choice(self.stock.names), size, bold=True)], "center"))

    def _appendix(self, letter: Letter) -> None:
        rng = self.rng
        spoken = next(para for para in letter.middle if para.part in {"body", "clause", "article"})
        spoken.pieces[-1].text = (
            f"{spoken.pieces[-1].text.removesuffix('./.').removesuffix('.')} (Phụ lục kèm theo)."
            + ("/." if spoken.text.endswith("./.") else "")
        )
        signs = (" I", " II") if rng.random() < 0.5 else ("",)
        for sign in signs:
            letter.behind.append(Para("appendix", [Piece(f"Phụ lục{sign}", 14, bold=True)], "center"))
            letter.behind.append(Para("appendix_title", [Piece("DANH SÁCH CÁC ĐƠN VỊ", 14, bold=True)], "center"))
            letter.behind.append(
                Para(
                    "appendix_note",
                    [Piece("(Kèm theo Văn bản số     ngày     tháng     năm 2026)", 14, italic=True)],
                    "center",
                )
            )
            letter.behind.append(
                Para("attached", [Piece(rng.choice(self.stock.tasks), 13)], "justify", first=self.first)
            )
