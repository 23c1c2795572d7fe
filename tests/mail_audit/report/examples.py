"""Reports to render: one small city with every class, unknown figures and hostile names, and one of any size."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from core.words import Text
from mail_audit.report.model import (
    CLASSES,
    BrokenSample,
    CopiedFile,
    Coverage,
    Finding,
    OfficialFigures,
    Period,
    Rank,
    RankFigures,
    Report,
    UnassignedMailbox,
    UnitFigures,
    UsageClass,
)

FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert(1)</script>"
TYPST = '#set page(fill: red)\n#panic("x")'
ESCAPE = "\x1b[2J\x1b[31mĐỏ\x07"
TURNED = "Lê \u202eaB gnăV\udc80"
HOSTILE = (FORMULA, SCRIPT, TYPST, ESCAPE, TURNED)
CITY = "Thành phố mẫu"
CONSTRUCTION = "Sở Xây dựng"
UNKNOWN_DISTRICT = "Ủy ban nhân dân huyện Vùng Xa"
PERIOD = Period(date(2026, 10, 1), date(2026, 10, 31), "Asia/Ho_Chi_Minh", 22)
MISSING = tuple(date(2026, 10, 12) + timedelta(days=number) for number in range(2))


def rank_figures(total: int, using: int, unknown: int = 0) -> RankFigures:
    judged = total - unknown
    return RankFigures(total, using, unknown, using / judged if judged else None)


def official(official_id: str = "CB0001", **changes: Any) -> OfficialFigures:
    values: dict[str, Any] = {
        "name": "Nguyễn Thị Ngọc Ánh",
        "unit": CONSTRUCTION,
        "title": "Giám đốc",
        "rank": "leader",
        "mailboxes": (f"{official_id.lower()}@tp.example.gov.vn",),
        "sent": 1234,
        "sent_recipients": 2345,
        "sent_external": 67,
        "received": 12345,
        "logins": 321,
        "failed_logins": 2,
        "opened": 890,
        "active_days": 20,
        "active_working_days": 18,
        "covered_working_days": 20,
        "usage_class": "regular",
        "rung": "A",
        "reasons": (Text("Gửi thư trong 18 ngày làm việc.", "Sent messages on 18 working days."),),
        "active_last": {7: True, 30: True, 90: None, 180: None},
    }
    return OfficialFigures(official_id=official_id, **(values | changes))


def unknown_official(official_id: str, **changes: Any) -> OfficialFigures:
    """Somebody the logs say nothing about: every count is None."""
    nothing = dict.fromkeys(
        ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")
    )
    values: dict[str, Any] = {
        **nothing,
        "unit": UNKNOWN_DISTRICT,
        "active_days": 0,
        "active_working_days": 0,
        "covered_working_days": 0,
        "usage_class": "unknown",
        "rung": "U",
        "reasons": (Text("Không có nhật ký của máy chủ.", "There are no logs of the server."),),
        "active_last": dict.fromkeys((7, 30, 90, 180)),
    }
    return official(official_id, **(values | changes))


def unit(name: str, leaders: RankFigures, staff: RankFigures, **changes: Any) -> UnitFigures:
    counts: dict[UsageClass, int] = dict.fromkeys(CLASSES, 0)
    counts["regular"] = leaders.using
    counts["occasional"] = staff.using
    counts["unknown"] = leaders.unknown + staff.unknown
    counts["none"] = leaders.total + staff.total - sum(counts.values())
    values: dict[str, Any] = {"parent": None, "classes": counts, "no_mailbox": 0, "using_last": {7: 1, 30: 5, 90: None}}
    return UnitFigures(unit=name, leaders=leaders, staff=staff, **(values | changes))


def coverage() -> Coverage:
    days = tuple(PERIOD.first + timedelta(days=number) for number in range(31))
    return Coverage(
        lines=4_000_000,
        events=1_234_567,
        not_of_interest=2_765_430,
        broken=3,
        covered_days=tuple(day for day in days if day not in MISSING),
        missing_days=MISSING,
        hosts=("mail1.tp.example.gov.vn", SCRIPT),
        files=("mail.log.1.gz", "mail.log"),
        cannot_tell=(Text("Đọc thư: không có dòng flag_change.", "Reading: no flag_change lines."),),
        broken_samples=(
            BrokenSample("mail.log", 1234567, Text("thiếu giờ ở đầu dòng", "no time at the start of the line")),
        ),
        copies=(CopiedFile("mail.log.1.gz", "mail.log"),),
    )


def _officials() -> tuple[OfficialFigures, ...]:
    said: tuple[tuple[UsageClass, Any, Rank], ...] = (
        ("occasional", "B", "leader"),
        ("delegated", "A", "leader"),
        ("forwarded", "D", "staff"),
        ("machine", "D", "staff"),
        ("none", None, "staff"),
    )
    classes = tuple(
        official(f"CB1{number:03}", name=f"Trần Văn Ửng {number}", usage_class=kind, rung=rung, rank=rank, opened=None)
        for number, (kind, rung, rank) in enumerate(said)
    )
    hostile = tuple(
        official(f"CB2{number:03}", name=name, title=name, rank="staff") for number, name in enumerate(HOSTILE)
    )
    without = official("CB3000", name="Phạm Hồng Đức", mailboxes=(), usage_class="none", rung=None, sent=0, reasons=())
    return (official(), *classes, *hostile, without, unknown_official("CB4000", name="Đỗ Thị Quỳnh"))


def findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "nobody",
            UNKNOWN_DISTRICT,
            Text(f"Ở {UNKNOWN_DISTRICT} không ai dùng.", f"Nobody in {UNKNOWN_DISTRICT} uses it."),
            {"total": 4, "using": 0, "rate": 0.0, "previous": None},
        ),
        Finding("hostile", SCRIPT, Text(f"{FORMULA} {SCRIPT}", TYPST), {"name": FORMULA}),
        Finding("city", None, Text("Một nửa lãnh đạo có dùng.", "Half of the leaders use it."), {"rate": 0.5}),
    )


def report(**changes: Any) -> Report:
    """A small city: half of its leaders, construction at 1 of 8, a district without data, a hostile unit."""
    values: dict[str, Any] = {
        "period": PERIOD,
        "coverage": coverage(),
        "officials": _officials(),
        "units": (
            unit(CONSTRUCTION, rank_figures(8, 1), rank_figures(120, 60), no_mailbox=1),
            unit("Phòng Quy hoạch", rank_figures(2, 1), rank_figures(10, 0), parent=CONSTRUCTION),
            unit(UNKNOWN_DISTRICT, rank_figures(1, 0, 1), rank_figures(3, 0, 3)),
            unit(SCRIPT, rank_figures(0, 0), rank_figures(1, 1)),
        ),
        "findings": findings(),
        "unassigned": (
            UnassignedMailbox("vanthu@tp.example.gov.vn", "shared", 1500, 20000, None),
            UnassignedMailbox(FORMULA, "unlisted", None, 3, 0),
        ),
        "without_mailbox": ("CB3000",),
        "city": unit(CITY, rank_figures(25, 12, 1), rank_figures(1234, 800, 3), no_mailbox=1),
    }
    return Report(**(values | changes))


def empty() -> Report:
    """A report of a directory without anybody and logs without a line."""
    nothing = Coverage(0, 0, 0, 0, (), (date(2026, 10, 1),), (), (), ())
    return Report(Period(date(2026, 10, 1), date(2026, 10, 1), "Asia/Ho_Chi_Minh", 1), nothing, (), (), (), (), ())


def large(officials: int, units: int = 200) -> Report:
    """A province: `officials` people spread over `units` units, in unit order."""
    each = -(-officials // units)
    people = tuple(official(f"CB{number:06}", unit=f"Đơn vị {number // each + 1:03}") for number in range(officials))
    figures = tuple(
        unit(f"Đơn vị {number:03}", rank_figures(5, 2), rank_figures(95, 50)) for number in range(1, units + 1)
    )
    return report(officials=people, units=figures, without_mailbox=())
