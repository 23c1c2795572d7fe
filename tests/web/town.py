"""A small town with figures of every class, stored as an audit leaves them: what the pages are tested on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import polars as pl
from sqlalchemy.orm import Session

from core.db import utc_now
from core.directory.roster import Mailbox, Post, Roster, Unit
from core.directory.roster import Official as DirectoryOfficial
from core.store import Store
from core.words import Text
from mail_audit import kept
from mail_audit.models import Audit
from mail_audit.report.model import (
    CLASSES,
    BrokenSample,
    Coverage,
    Finding,
    OfficialFigures,
    Period,
    Rank,
    RankFigures,
    Report,
    Rung,
    UnassignedMailbox,
    UnitFigures,
    UsageClass,
)
from mail_audit.services import store_result

ZONE = "Asia/Ho_Chi_Minh"
FIRST, LAST = date(2026, 10, 5), date(2026, 11, 1)
MISSING = tuple(date(2026, 10, 12) + timedelta(days=number) for number in range(7))
CONSTRUCTION, HOUSING, HEALTH, DISTRICT = "Sở Xây dựng", "Phòng Quản lý nhà", "Sở Y tế", "Huyện Vùng Xa"
LINE = (
    "Oct  6 08:01:02 mail postfix/submission/smtpd[7]: 4A1B2C3D4E: client=unknown[10.0.0.9], sasl_method=PLAIN, "
    "sasl_username=cb1@tp.example.gov.vn"
)
RUNGS: dict[UsageClass, Rung | None] = {
    "regular": "A", "occasional": "B", "delegated": "A", "forwarded": "D", "machine": "D", "none": None, "unknown": "U",
}  # fmt: skip
HOSTILE = '<script>alert("x")</script>'

PEOPLE: tuple[tuple[str, str, str, Rank, UsageClass], ...] = (
    ("CB1", "Nguyễn Thị Ngọc Ánh", CONSTRUCTION, "leader", "regular"),
    ("CB2", "Trần Văn Ửng", CONSTRUCTION, "leader", "none"),
    ("CB3", "Lê Thị Thu Hà", HOUSING, "staff", "machine"),
    ("CB4", "Phạm Đức Long", HOUSING, "staff", "delegated"),
    ("CB5", "Hoàng Minh Quân", HEALTH, "leader", "occasional"),
    ("CB6", HOSTILE, HEALTH, "staff", "regular"),
    ("CB7", "Vũ Ngọc Lan", HEALTH, "staff", "forwarded"),
    ("CB8", "Đỗ Thị Quỳnh", DISTRICT, "leader", "unknown"),
    ("CB9", "Bùi Văn Khải", DISTRICT, "staff", "unknown"),
)


def roster() -> Roster:
    """The town's directory: its people in their units, each with a mailbox."""
    units = {name: Unit(name, name, None) for name in (CONSTRUCTION, HOUSING, HEALTH, DISTRICT)}
    units[HOUSING] = Unit(HOUSING, HOUSING, CONSTRUCTION)
    boxes = [Mailbox(f"{one[0].lower()}@tp.example.gov.vn", "personal", one[2], one[0], ()) for one in PEOPLE]
    return Roster(
        units,
        {one[0]: DirectoryOfficial(one[0], one[1]) for one in PEOPLE},
        tuple(Post(one[0], one[2], "Giám đốc", one[3], None, None) for one in PEOPLE),
        {box.address: box for box in boxes},
    )


def official(number: str, name: str, unit: str, rank: Rank, usage: UsageClass) -> OfficialFigures:
    known = usage != "unknown"
    counts: dict[str, Any] = dict.fromkeys(
        ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins"), 12 if known else None
    )
    active = {"regular": 14, "occasional": 3}.get(usage, 0)
    return OfficialFigures(
        official_id=number,
        name=name,
        unit=unit,
        title="Giám đốc" if rank == "leader" else "Chuyên viên",
        rank=rank,
        mailboxes=(f"{number.lower()}@tp.example.gov.vn",),
        opened=None,
        active_days=active,
        active_working_days=active,
        covered_working_days=15 if known else 0,
        usage_class=usage,
        rung=RUNGS[usage],
        reasons=(Text(f"Căn cứ về {number}.", f"A reason about {number}."),),
        active_last={7: True},
        **counts,
    )


def ranks(people: list[OfficialFigures], rank: Rank) -> RankFigures:
    own = [one for one in people if one.rank == rank]
    using = sum(one.usage_class in {"regular", "occasional"} for one in own)
    unknown = sum(one.usage_class == "unknown" for one in own)
    judged = len(own) - unknown
    return RankFigures(len(own), using, unknown, using / judged if judged else None)


def unit(name: str, parent: str | None, people: list[OfficialFigures]) -> UnitFigures:
    classes: dict[UsageClass, int] = {key: sum(one.usage_class == key for one in people) for key in CLASSES}
    return UnitFigures(name, parent, ranks(people, "leader"), ranks(people, "staff"), classes, 0, {7: 1})


def report(first: date = FIRST, last: date = LAST, *, people: int = len(PEOPLE)) -> Report:
    """The town's report over the given days, of its first `people` officials."""
    officials = [official(*row) for row in PEOPLE[:people]]
    by_unit = {
        name: [one for one in officials if one.unit == name] for name in (CONSTRUCTION, HOUSING, HEALTH, DISTRICT)
    }
    parents = {HOUSING: CONSTRUCTION}
    whole = by_unit | {CONSTRUCTION: by_unit[CONSTRUCTION] + by_unit[HOUSING]}
    days = tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
    finding = Text(f"{CONSTRUCTION}: chỉ một lãnh đạo dùng thư.", f"{CONSTRUCTION}: only one leader uses e-mail.")
    return Report(
        period=Period(first, last, ZONE, 20),
        coverage=Coverage(
            lines=1_234_567,
            events=1_000_000,
            not_of_interest=234_560,
            broken=7,
            covered_days=tuple(day for day in days if day not in MISSING),
            missing_days=tuple(day for day in days if day in MISSING),
            hosts=("mail1.tp.example.gov.vn", HOSTILE),
            files=("mail.log",),
            cannot_tell=(Text("Đọc thư: không có dòng flag_change.", "Reading: no flag_change lines."),),
            broken_samples=(BrokenSample("mail.log", 99, Text("thiếu giờ", "no time at the start")),),
        ),
        officials=tuple(officials),
        units=tuple(unit(name, parents.get(name), people) for name, people in whole.items()),
        findings=(Finding("only_one", CONSTRUCTION, finding, {"using": 1}),),
        unassigned=(UnassignedMailbox("hop.chung@tp.example.gov.vn", "shared", 1, 2, 3),),
        without_mailbox=(),
        city=unit("Thành phố", None, officials),
    )


def day_rows(first: date = FIRST) -> pl.DataFrame:
    """What two mailboxes did: one acts on the second day, one is only connected to."""
    counts = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")
    acts = ("acts_a", "acts_b", "acts_c", "acts_d", "delegated", "forwards")
    rows = [
        {"mailbox": "cb1@tp.example.gov.vn", "day": first + timedelta(days=1), "sent": 2, "acts_a": 2, "logins": 1},
        {"mailbox": "cb3@tp.example.gov.vn", "day": first + timedelta(days=2), "logins": 9, "acts_d": 9},
    ]
    types = {"mailbox": pl.String, "day": pl.Date} | dict.fromkeys(counts + acts, pl.Int64)
    return pl.DataFrame([dict.fromkeys(counts + acts, 0) | row for row in rows], schema=types)


def store(session: Session, place: Store, what: Report | None = None) -> int:
    """Store the town's audit as a finished run with one line of evidence; its id."""
    said = what or report()
    run = Audit(created_by="admin", created_at=utc_now(), state="waiting", timezone=ZONE, asked_paths=["/var/log"])
    session.add(run)
    session.flush()
    store_result(session, audit_id=run.id, report=said, days=day_rows(said.period.first), actor="admin")
    run.state, run.finished_at, run.measured = "finished", utc_now(), kept.new_token()
    session.flush()
    at = datetime.combine(said.period.first + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=1)
    content = BytesIO()
    pl.DataFrame(
        {
            "mailbox": ["cb1@tp.example.gov.vn"],
            "day": [said.period.first + timedelta(days=1)],
            "at": [at],
            "kind": ["submitted"],
            "rung": ["A"],
            "host": ["mail1"],
            "file": ["mail.log"],
            "offset": [4711],
            "line": [LINE],
        }
    ).write_parquet(content)
    place.put(kept.evidence_file(run.id, run.measured), content.getvalue())
    return run.id
