"""A comparison in words: what the terminal and the pages both say."""

from __future__ import annotations

from core.words import Language, Text
from mail_audit.comparison.model import Direction, RankChange, Side, Verdict
from mail_audit.report.model import RankFigures
from mail_audit.report.numbers import count, day, days_of, percent
from mail_audit.report.terms import DASH

VERDICT_WORDS: dict[Verdict, Text] = {
    "rose": Text("tăng", "rose"),
    "fell": Text("giảm", "fell"),
    "unchanged": Text("không đổi", "unchanged"),
    "cannot_compare": Text("không so được", "cannot compare"),
}
VERDICT_SIGNS: dict[Verdict, str] = {"rose": "▲", "fell": "▼", "unchanged": "=", "cannot_compare": "?"}
DIRECTION_WORDS: dict[Direction, Text] = {
    "worse": Text("Dùng ít đi", "Use it less"),
    "better": Text("Dùng nhiều hơn", "Use it more"),
    "other": Text("Đổi cách, không thấy tự dùng", "Changed otherwise, without own use"),
    "data": Text("Chỉ một kỳ có dữ liệu", "Data in one of the periods only"),
}
PRESENCE_WORDS: dict[str, Text] = {
    "new": Text("chỉ có ở kỳ sau", "in the later period only"),
    "gone": Text("chỉ có ở kỳ trước", "in the earlier period only"),
}
HEADINGS: dict[str, Text] = {
    "comparison": Text("So sánh hai kỳ", "Two periods compared"),
    "earlier": Text("Kỳ trước", "Earlier period"),
    "later": Text("Kỳ sau", "Later period"),
    "first": Text("Cần biết trước khi đọc", "What to know before reading"),
    "changed": Text("Điều đã thay đổi", "What changed"),
    "moved": Text("Ai đổi mức sử dụng", "Who moved to another class"),
    "joined": Text("Người mới có ở kỳ sau", "Who joined"),
    "left": Text("Người không còn ở kỳ sau", "Who left"),
    "same_people": Text("Trong số những người có ở cả hai kỳ", "Among the same people"),
}


def side(one: Side, language: Language) -> str:
    """`01/09/2026 – 30/09/2026, có nhật ký 28/30 ngày`."""
    first, last = day(one.period.first, language), day(one.period.last, language)
    days = days_of(one.period)
    return Text(
        f"{first} – {last}, có nhật ký {one.covered_days}/{days} ngày",
        f"{first} – {last}, logs on {one.covered_days} of {days} days",
    ).to(language)


def figures(one: RankFigures | None, language: Language) -> str:
    """`50 % (12/24)`; the dash where nothing is known."""
    if one is None or one.rate is None:
        return DASH
    judged = count(one.total - one.unknown, language)
    return f"{percent(one.rate, language)}\u00a0({count(one.using, language)}/{judged})"


def points(difference: float | None, language: Language) -> str:
    """`+25 điểm`: a difference of rates in percentage points, with its sign; the dash where it is not known."""
    if difference is None:
        return DASH
    rounded = round(difference * 100)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return Text(f"{sign}{abs(rounded)} điểm", f"{sign}{abs(rounded)} points").to(language)


def change(one: RankChange, language: Language) -> str:
    """`▲ +25 điểm`, or that it does not compare; never a difference where it is none of use."""
    verdict = VERDICT_WORDS[one.verdict].to(language)
    if one.verdict in {"rose", "fell"}:
        return f"{VERDICT_SIGNS[one.verdict]} {points(one.difference, language)}"
    return verdict
