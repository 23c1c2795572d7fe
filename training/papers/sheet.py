"""The sheet of a class: everybody with a seat, and a place to sign. For a wall, a teacher's table, and the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.words import Language, Text
from training.papers.setting import as_pdf, written_day

EMPTY_ROWS = 3
"""Lines for whoever came without being on the list."""
WORDS: dict[str, Text] = {
    "heading": Text("DANH SÁCH KÝ TÊN", "ATTENDANCE SHEET"),
    "when": Text("Thời gian", "Time"),
    "room": Text("Phòng", "Room"),
    "teacher": Text("Người hướng dẫn", "Teacher"),
    "places": Text("Số chỗ", "Places"),
    "number": Text("STT", "No."),
    "name": Text("Họ và tên", "Name"),
    "unit": Text("Đơn vị", "Unit"),
    "present": Text("Giờ ghi nhận", "Recorded at"),
    "signature": Text("Ký tên", "Signature"),
    "teacher_signs": Text("Người hướng dẫn ký tên", "Signature of the teacher"),
    "cancelled": Text("LỚP ĐÃ HỦY", "CANCELLED"),
}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Somebody with a seat; `present_at` where it is on record already that they were there."""

    name: str
    official_id: str
    unit: str
    present_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A class and those who have a seat in it, in the order of names."""

    title: str
    starts_at: datetime
    ends_at: datetime
    room: str
    teacher: str
    places: int
    cancelled: bool
    lines: tuple[SheetLine, ...]


def span(starts_at: datetime, ends_at: datetime, zone: str, language: Language) -> str:
    """From when to when, on the clocks of `zone`."""
    first, last = (one.astimezone(ZoneInfo(zone)) for one in (starts_at, ends_at))
    if first.date() == last.date():
        return f"{first:%H:%M}–{last:%H:%M}, {_day(first.date(), language)}"
    return f"{first:%H:%M} {_day(first.date(), language)} – {last:%H:%M} {_day(last.date(), language)}"


def render(sheet: Sheet, *, zone: str, language: Language = "vi") -> bytes:
    """The sheet as the bytes of a PDF/A-2b file; times are those of `zone` (an IANA name)."""
    words = {name: text.to(language) for name, text in WORDS.items()}
    here = ZoneInfo(zone)
    rows = [
        [
            str(number),
            one.name,
            one.official_id,
            one.unit,
            f"{one.present_at.astimezone(here):%H:%M}" if one.present_at else "",
        ]
        for number, one in enumerate(sheet.lines, start=1)
    ]
    empty = [[str(len(rows) + number + 1), "", "", "", ""] for number in range(EMPTY_ROWS)]
    data: dict[str, Any] = {
        "words": words,
        "title": sheet.title,
        "cancelled": sheet.cancelled,
        "facts": [
            [words["when"], span(sheet.starts_at, sheet.ends_at, zone, language)],
            [words["room"], sheet.room],
            [words["teacher"], sheet.teacher],
            [words["places"], f"{len(rows)}/{sheet.places}"],
        ],
        "rows": rows + empty,
    }
    return as_pdf("sheet.typ", data, dated=sheet.starts_at.astimezone(here).date(), language=language)


def _day(day: date, language: Language) -> str:
    return written_day(day, language)
