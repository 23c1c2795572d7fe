"""What a finding and its figures are called, for tables, where a key of the JSON would say nothing."""

from __future__ import annotations

from core.words import Text
from mail_audit.report.terms import CLASS_WORDS, COLUMNS

FINDING_WORDS: dict[str, Text] = {
    "leaders_rate": Text("lãnh đạo toàn thành phố", "leaders of the whole city"),
    **{one: CLASS_WORDS[one] for one in ("forwarded", "machine", "delegated", "unknown")},
    "no_mailbox": Text("chưa có hộp thư", "without a mailbox"),
    "worst_unit": Text("tỷ lệ thấp nhất", "lowest share"),
    "best_unit": Text("tỷ lệ cao nhất", "highest share"),
    "most_asked_unit": Text("nhận nhiều thư từ bên ngoài nhất", "most mail from outside"),
    "nobody_uses": Text("không ai dùng", "nobody uses it"),
    "single_user": Text("chỉ một người dùng", "only one person uses it"),
    "leaders_not_staff": Text("chỉ lãnh đạo dùng", "only the leaders use it"),
    "staff_behind": Text("chuyên viên dùng ít hơn lãnh đạo", "the staff lag behind"),
    "staff_not_leaders": Text("chỉ chuyên viên dùng", "only the staff use it"),
    "all_but_one": Text("chỉ một người không dùng", "all but one use it"),
    "better_than_before": Text("tăng so với kỳ trước", "rose since last period"),
    "worse_than_before": Text("giảm so với kỳ trước", "fell since last period"),
    "target_reached": Text("mục tiêu: đã đạt", "target: reached"),
    "target_short": Text("mục tiêu: chưa đạt", "target: short"),
    "target_cannot_tell": Text("mục tiêu: chưa kết luận được", "target: cannot be told"),
}
"""The kind of a finding -> a few words."""


def _of(side: str, part: str) -> Text:
    rank, what = COLUMNS[side], COLUMNS[part]
    return Text(f"{rank.vi}, {what.vi[:1].lower()}{what.vi[1:]}", f"{rank.en}, {what.en[:1].lower()}{what.en[1:]}")


FIGURE_WORDS: dict[str, Text] = {
    **{f"{side}_{part}": _of(side, part) for side in ("leaders", "staff") for part in ("total", "using", "rate")},
    "officials": Text("Số người", "Officials"),
    "total": COLUMNS["total"],
    "received_from_outside": Text("Thư từ bên ngoài", "Messages from outside"),
    "before": Text("Tỷ lệ kỳ trước", "Rate before"),
    "change": Text("Thay đổi", "Change"),
    "rate": COLUMNS["rate"],
    "using": COLUMNS["using"],
    "rank": COLUMNS["rank"],
    "share": Text("Tỷ lệ cần đạt", "Share to reach"),
    "due": Text("Hạn", "Due"),
    "needed": Text("Số người cần", "Officials needed"),
    "missing": Text("Còn thiếu", "Still missing"),
}
"""The key of a figure of a finding -> its name."""
