"""A small measured result made by hand: two units below one, a leader who writes, one whose phone does, one unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from core.words import Text
from mail_audit.report.model import (
    BrokenSample,
    Coverage,
    Finding,
    OfficialFigures,
    Period,
    RankFigures,
    Report,
    UnassignedMailbox,
    UnitFigures,
)

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 10)
MISSING = date(2026, 10, 7)
COUNTS = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")
ACTS = ("acts_a", "acts_b", "acts_c", "acts_d", "delegated", "forwards")
DAY_SCHEMA = {"mailbox": pl.String, "day": pl.Date, **dict.fromkeys((*COUNTS, *ACTS), pl.Int64)}
CITY, BUILDING, PERMITS = "Thành phố", "Sở Xây dựng", "Phòng Cấp phép"


@dataclass(frozen=True)
class Measured:
    """What `mail_audit.pipeline.run` returns."""

    report: Report
    days: pl.DataFrame
    files: tuple[object, ...] = ()
    logs: tuple[object, ...] = ()


def address(official_id: str) -> str:
    return f"{official_id.lower()}@tp.example.gov.vn"


def official(official_id: str, name: str, unit: str, **changes: Any) -> OfficialFigures:
    """An official who wrote ten messages on four days."""
    figures = OfficialFigures(
        official_id=official_id,
        name=name,
        unit=unit,
        title="Trưởng phòng",
        rank="leader",
        mailboxes=(address(official_id),),
        sent=10,
        sent_recipients=12,
        sent_external=2,
        received=30,
        logins=20,
        failed_logins=1,
        opened=15,
        active_days=4,
        active_working_days=4,
        covered_working_days=6,
        usage_class="regular",
        rung="A",
        reasons=(Text("gửi 10 thư", "sent 10 messages"),),
        active_last={7: True, 30: True, 90: None},
    )
    return replace(figures, **changes)


def ranks(total: int, using: int, unknown: int = 0) -> RankFigures:
    judged = total - unknown
    return RankFigures(total, using, unknown, using / judged if judged else None)


def unit(name: str, parent: str | None, leaders: RankFigures, staff: RankFigures) -> UnitFigures:
    return UnitFigures(
        unit=name,
        parent=parent,
        leaders=leaders,
        staff=staff,
        classes={"regular": leaders.using, "machine": staff.total - staff.using},
        no_mailbox=0,
        using_last={7: leaders.using, 180: None},
    )


def coverage(**changes: Any) -> Coverage:
    days = [date(2026, 10, day) for day in range(1, 11)]
    made = Coverage(
        lines=1000,
        events=900,
        not_of_interest=98,
        broken=2,
        covered_days=tuple(day for day in days if day != MISSING),
        missing_days=(MISSING,),
        hosts=("mx1",),
        files=("mail.log",),
        cannot_tell=(Text("đọc thư: không có dòng flag_change", "reading: no flag_change lines"),),
        broken_samples=(BrokenSample("mail.log", 77, Text("thiếu giờ", "no time")),),
    )
    return replace(made, **changes)


def report(first: date = FIRST, last: date = LAST, *, using: int = 2) -> Report:
    """Three officials; `using` of the two leaders use e-mail."""
    return Report(
        period=Period(first, last, "Asia/Ho_Chi_Minh", 7),
        coverage=coverage(),
        officials=(
            official("CB01", "Nguyễn Văn Ân", BUILDING),
            official("CB02", "Trần Thị Dung", PERMITS, sent=3),
            official(
                "CB03",
                "Lê Đức",
                PERMITS,
                rank="staff",
                sent=None,
                opened=None,
                usage_class="machine",
                rung="D",
                active_days=0,
                active_working_days=0,
            ),
        ),
        units=(
            unit(BUILDING, None, ranks(2, using), ranks(1, 0)),
            unit(PERMITS, BUILDING, ranks(1, min(using, 1)), ranks(1, 0)),
        ),
        findings=(
            Finding("one_leader", BUILDING, Text("chỉ một người", "only one"), {"using": 1, "rate": 0.5, "x": None}),
            Finding("city_rate", None, Text("một nửa lãnh đạo", "half of the leaders"), {"rate": 0.5}),
        ),
        unassigned=(
            UnassignedMailbox("info@tp.example.gov.vn", "shared", 1, 2, None),
            UnassignedMailbox("may.in@tp.example.gov.vn", "service", 50, 0, 3),
        ),
        without_mailbox=("CB09",),
        city=unit(CITY, None, ranks(2, using), ranks(1, 0)),
    )


def day(official_id: str, number: int, **counts: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {"mailbox": address(official_id), "day": date(2026, 10, number)}
    return row | dict.fromkeys((*COUNTS, *ACTS), 0) | counts


def days() -> pl.DataFrame:
    """CB01 acts on the 1st and on Saturday the 3rd, on the 5th only a phone connects; CB03's phone connects."""
    return pl.DataFrame(
        [
            day("CB01", 1, sent=2, received=3, logins=4, opened=1, acts_a=3),
            day("CB01", 3, opened=1, acts_b=1),
            day("CB01", 5, logins=40, opened=None, acts_d=40),
            day("CB02", 8, sent=3, acts_a=3),
            day("CB03", 2, logins=9, acts_d=9),
        ],
        schema=DAY_SCHEMA,
        orient="row",
    )


def measured() -> Measured:
    return Measured(report(), days())


def write_evidence(path: Path) -> None:
    """Two lines of CB01 on the 1st, one on the 3rd, one of CB02."""
    places = [("CB01", 1, 9), ("CB01", 1, 8), ("CB01", 3, 10), ("CB02", 8, 8)]
    pl.DataFrame(
        {
            "mailbox": [address(who) for who, _, _ in places],
            "day": [date(2026, 10, number) for _, number, _ in places],
            "at": [datetime(2026, 10, number, hour, tzinfo=UTC) for _, number, hour in places],
            "kind": ["sent", "opened", "sent", "sent"],
            "rung": ["A", "A", "A", None],
            "host": ["mx1"] * 4,
            "file": ["mail.log"] * 4,
            "offset": [500, 100, 900, 700],
            "line": ["client=…", "imap(x): flag_change: box=INBOX, flags=(\\Seen)", "client=…", "client=…"],
        },
        schema_overrides={"at": pl.Datetime("us", "UTC")},
    ).sort("mailbox", "at").write_parquet(path)
