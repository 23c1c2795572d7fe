"""One row of a directory file, each cell checked by itself."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from core.directory.errors import RosterError, WrongRow
from core.directory.roster import MAILBOX_KINDS, MailboxKind, Rank
from core.directory.rosterfile.sheets import Line
from core.words import Text

REQUIRED = ("unit", "official_id", "name", "title", "rank", "email")
OPTIONAL = ("parent_unit", "aliases", "kind", "in_post_from", "in_post_to")
LONGEST = {"official_id": 64, "email": 254, "rank": 64, "kind": 64, "in_post_from": 64, "in_post_to": 64}
LONGEST_TEXT = 300
LONGEST_ALIASES = 10_000
RANK_WORDS: dict[str, Rank] = {
    "leader": "leader",
    "lãnh đạo": "leader",
    "staff": "staff",
    "chuyên viên": "staff",
    "nhân viên": "staff",
}
# What RFC 5321 lets stand before the sign without quotes, and a domain of at least two labels.
ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])"
)
OF_A_PERSON = ("title", "rank", "in_post_from", "in_post_to")
SEPARATORS = re.compile(r"[\s;,]+")
GUARDED = re.compile(r"'+[=+\-@]")
"""A cell that `writing` kept a spreadsheet from taking for a formula."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row whose cells are right by themselves; whether rows agree with each other is seen later."""

    line: int
    unit: str
    parent_unit: str
    official_id: str
    name: str
    title: str
    rank: Rank | None
    email: str
    kind: MailboxKind
    aliases: tuple[str, ...]
    since: date | None
    until: date | None


def read_rows(sheet: list[Line], file: str) -> tuple[list[FileRow], list[WrongRow]]:
    """The rows below the header whose cells are right, and what is wrong in the others.

    Raises `RosterError` when a column is missing, stands twice or is misspelt.
    """
    places = _places(sheet[0], file)
    rows: list[FileRow] = []
    problems: list[WrongRow] = []
    for line in sheet[1:]:
        cells = {name: clean(line.cells[at]) if at < len(line.cells) else "" for name, at in places.items()}
        if any(cells.values()):
            checked = _Checked(line.number, cells)
            problems.extend(checked.problems)
            if not checked.problems:
                rows.append(checked.row())
    return rows, problems


def clean(cell: str) -> str:
    """NFC, single spaces, no control characters at the ends, and without the guard against formulas."""
    text = " ".join(unicodedata.normalize("NFC", cell).split())
    return text[1:] if GUARDED.match(text) else text


def _places(header: Line, file: str) -> dict[str, int]:
    """Column name -> where it stands."""
    names = [clean(cell).lower().replace(" ", "_") for cell in header.cells]
    places: dict[str, int] = {}
    wrong: list[Text] = []
    for at, name in enumerate(names):
        if name in places:
            wrong.append(Text(f"cột {name} có hai lần", f"the column {name} stands twice"))
        elif name in REQUIRED or name in OPTIONAL:
            places[name] = at
    missing = [name for name in REQUIRED if name not in places]
    if missing:
        wrong.append(Text(f"thiếu cột {', '.join(missing)}", f"columns missing: {', '.join(missing)}"))
    for name in names:
        absent = [known for known in OPTIONAL if known not in places]
        near = difflib.get_close_matches(name, absent, n=1, cutoff=0.8)
        if name not in places and near:
            wrong.append(Text(f"cột {name} có phải là {near[0]}?", f"is the column {name} meant to be {near[0]}?"))
    if wrong:
        need = ",".join(REQUIRED)
        raise RosterError(
            Text(
                f"{file}, dòng {header.number}: {'; '.join(text.vi for text in wrong)}. Cần có các cột {need}.",
                f"{file}, line {header.number}: {'; '.join(text.en for text in wrong)}. The columns needed are {need}.",
            )
        )
    return places


class _Checked:
    """The cells of one row, read; what is wrong is in `problems`."""

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self.line = line
        self.cells = cells
        self.problems: list[WrongRow] = []
        self._lengths()
        self.rank = self._rank()
        self.email = self._address("email", cells["email"]) if cells["email"] else ""
        self.kind = self._kind()
        self.aliases = tuple(
            self._address("aliases", alias) for alias in SEPARATORS.split(cells.get("aliases", "")) if alias
        )
        self.since = self._day("in_post_from")
        self.until = self._day("in_post_to")
        self._together()

    def row(self) -> FileRow:
        """The row; only when nothing is wrong in it."""
        given = self.cells
        return FileRow(
            self.line, given["unit"], given.get("parent_unit", ""), given["official_id"], given["name"],
            given["title"], self.rank, self.email, self.kind, self.aliases, self.since, self.until,
        )  # fmt: skip

    def _wrong(self, column: str, vi: str, en: str) -> None:
        self.problems.append(WrongRow(self.line, column, Text(vi, en)))

    def _lengths(self) -> None:
        for column, cell in self.cells.items():
            most = LONGEST_ALIASES if column == "aliases" else LONGEST.get(column, LONGEST_TEXT)
            if len(cell) > most:
                self._wrong(column, f"quá dài (tối đa {most} ký tự)", f"too long (at most {most} characters)")
            elif not cell.isprintable() and any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in cell):
                self._wrong(column, "có ký tự điều khiển", "holds a control character")

    def _rank(self) -> Rank | None:
        given = self.cells["rank"].lower()
        if given and given not in RANK_WORDS:
            self._wrong(
                "rank",
                f"“{_short(given)}” không dùng được; cần leader (lãnh đạo) hoặc staff (chuyên viên, nhân viên)",
                f"“{_short(given)}” cannot be used; it must be leader or staff",
            )
        return RANK_WORDS.get(given)

    def _kind(self) -> MailboxKind:
        given = self.cells.get("kind", "").lower()
        for kind in MAILBOX_KINDS:
            if given == kind:
                return kind
        if given:
            self._wrong(
                "kind",
                f"“{_short(given)}” không dùng được; cần personal, shared hoặc service",
                f"“{_short(given)}” cannot be used; it must be personal, shared or service",
            )
        return "personal" if self.cells["official_id"] else "shared"

    def _address(self, column: str, given: str) -> str:
        address = given.lower()
        if not ADDRESS.fullmatch(address) or len(address.partition("@")[0]) > 64:
            self._wrong(
                column,
                f"“{_short(given)}” không phải là một địa chỉ thư; mỗi ô một địa chỉ dạng ten@coquan.gov.vn",
                f"“{_short(given)}” is not a mail address; one address like name@office.gov.vn is needed",
            )
        return address

    def _day(self, column: str) -> date | None:
        given = self.cells.get(column, "")
        if not given:
            return None
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(given, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        self._wrong(
            column,
            f"“{_short(given)}” không phải là ngày; cần dạng 2026-10-31 hoặc 31/10/2026",
            f"“{_short(given)}” is not a date; it must be like 2026-10-31 or 31/10/2026",
        )
        return None

    def _together(self) -> None:
        """What one cell asks of another."""
        given = self.cells
        if not given["unit"]:
            self._wrong("unit", "trống; cần tên đơn vị", "empty; the unit's name is needed")
        if given["official_id"]:
            if not given["name"]:
                self._wrong("name", "trống; cần họ và tên", "empty; the official's name is needed")
            if not given["rank"] and not given["email"]:
                self._wrong("rank", "trống; cần leader hoặc staff", "empty; it must be leader or staff")
        elif any(given.get(column) for column in OF_A_PERSON) or (given["name"] and not given["email"]):
            self._wrong("official_id", "trống; cần mã cán bộ", "empty; the official's number is needed")
        elif given["email"] and given.get("kind", "").lower() == "personal":
            self._wrong(
                "official_id",
                "trống; hộp thư cá nhân cần mã cán bộ của chủ",
                "empty; a personal mailbox needs its owner's number",
            )
        if given.get("aliases") and not given["email"]:
            self._wrong("email", "trống; bí danh cần một hộp thư", "empty; aliases need a mailbox")
        if self.since and self.until and self.until < self.since:
            self._wrong("in_post_to", "trước in_post_from", "before in_post_from")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
