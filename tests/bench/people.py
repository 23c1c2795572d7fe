"""A city of any size as plain values: its units, its officials with posts and mailboxes, what a report says of them.

The tree is that of a large city after the districts were done away with: departments with their offices and bodies,
wards and communes with theirs and with their schools. Everything follows from numbers and one seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from core.calendar import working_days
from core.directory.roster import Mailbox, Official, Post, Rank, Roster, Unit
from core.words import Text
from mail_audit.report.model import (
    BrokenSample,
    Coverage,
    Finding,
    OfficialFigures,
    Period,
    Report,
    Rung,
    UnassignedMailbox,
    UsageClass,
)
from mail_audit.sample.names import name
from mail_audit.usage.units import posts_in_period, unit_figures

ZONE = "Asia/Ho_Chi_Minh"
DOMAIN = "tp.example.gov.vn"
CITY = "Ủy ban nhân dân thành phố"
DEPARTMENTS, WARDS = 20, 170
OFFICES = ("Văn phòng", "Thanh tra", "Phòng Tổ chức", "Phòng Kế hoạch", "Phòng Nghiệp vụ 1", "Phòng Nghiệp vụ 2",
           "Phòng Nghiệp vụ 3", "Phòng Quản lý", "Phòng Pháp chế", "Phòng Chuyển đổi số")  # fmt: skip
BODIES = tuple(f"Trung tâm số {number}" for number in range(1, 16))
WARD_OFFICES = ("Văn phòng", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Trung tâm Hành chính công")
SCHOOLS = (
    tuple(f"Trường Mầm non {number}" for number in range(1, 9))
    + tuple(f"Trường Tiểu học {number}" for number in range(1, 8))
    + tuple(f"Trường Trung học cơ sở {number}" for number in range(1, 7))
    + ("Trạm Y tế",)
)
LIKELY: tuple[tuple[UsageClass, Rung | None, float, float], ...] = (
    ("regular", "A", 0.38, 0.8), ("occasional", "B", 0.17, 0.2), ("delegated", "A", 0.05, 0.0),
    ("forwarded", "D", 0.03, 0.0), ("machine", "D", 0.09, 0.0), ("none", None, 0.23, 0.0), ("unknown", "U", 0.05, 0.0),
)  # fmt: skip
"""A class, what it rests on, how many have it, and on how many working days such an official acts."""
BUSY = {"machine": 0.6, "delegated": 0.3, "forwarded": 0.3}
"""On how many working days a mailbox has lines though its owner does not act."""


def tree(officials: int) -> dict[str, Unit]:
    """The units for so many officials; the fewer, the fewer departments and wards."""
    share = min(1.0, officials / 140_000)
    units = {CITY: Unit(CITY, CITY, None)}
    tops = [(f"Sở số {number}", OFFICES + BODIES) for number in range(1, max(2, round(DEPARTMENTS * share)) + 1)]
    tops += [(f"Phường số {number}", WARD_OFFICES + SCHOOLS) for number in range(1, max(2, round(WARDS * share)) + 1)]
    for top, below in tops:
        units[top] = Unit(top, top, CITY)
        for one in below:
            key = f"{one} ({top})"
            units[key] = Unit(key, one, top)
    return units


def roster(officials: int) -> Roster:
    """The directory: two leaders a unit, else staff; one official in forty has no mailbox, one in fifty two posts."""
    units = tree(officials)
    keys, chance = list(units), random.Random("a city of officials")
    people: dict[str, Official] = {}
    posts: list[Post] = []
    boxes: dict[str, Mailbox] = {}
    for number in range(officials):
        who, unit = f"CB{number + 1:06d}", keys[number % len(keys)]
        people[who] = Official(who, name(chance))
        turn = number // len(keys)
        rank: Rank = "leader" if turn < 2 else "staff"
        titles = ("Giám đốc", "Phó Giám đốc")
        posts.append(Post(who, unit, titles[turn] if turn < 2 else "Chuyên viên", rank))
        if number % 50 == 49:
            posts.append(Post(who, keys[(number * 7) % len(keys)], "Kiêm nhiệm", "staff"))
        if number % 40 != 39:
            address = f"cb{number + 1:06d}@{DOMAIN}"
            boxes[address] = Mailbox(address, "personal", unit, who)
    for place, unit in enumerate(keys[:: max(1, len(keys) // 600)]):
        address = f"vanphong{place}@{DOMAIN}"
        boxes[address] = Mailbox(address, "shared", unit, None)
    return Roster(units, people, tuple(posts), boxes)


@dataclass(frozen=True, slots=True)
class Measured:
    """What an audit measured: the report, and the rows of its mailboxes and days."""

    report: Report
    days: pl.DataFrame


def measured(of: Roster, first: date, last: date, *, seed: int) -> Measured:
    """A report on the city, and the days it rests on; another seed is another month of the same people."""
    working = working_days(first, last)
    period = Period(first, last, ZONE, len(working))
    posts = posts_in_period(of, first, last)
    chance = np.random.default_rng(seed)
    kinds = chance.choice(len(LIKELY), size=len(of.officials), p=[one[2] for one in LIKELY])
    active = [LIKELY[kind][3] for kind in kinds]
    acted = chance.binomial(len(working), active)
    counts = chance.integers(0, 400, size=(len(of.officials), 3))
    said = tuple(
        _official(of, posts[who], LIKELY[kinds[place]][:2], int(acted[place]), counts[place].tolist(), len(working))
        for place, who in enumerate(of.officials)
    )
    units, city = unit_figures(of, posts, said)
    report = Report(
        period=period,
        coverage=_coverage(first, last),
        officials=said,
        units=units,
        findings=tuple(_finding(unit) for unit in list(of.units)[1:240]),
        unassigned=tuple(
            UnassignedMailbox(f"chuaro{number}@{DOMAIN}", "unlisted", number, 2 * number, 3) for number in range(3000)
        ),
        without_mailbox=tuple(who for who in of.officials if who not in of.mailboxes_of),
        city=city,
    )
    return Measured(report, _days(said, working, chance))


def _official(
    of: Roster,
    held: tuple[Post, ...],
    kind: tuple[UsageClass, Rung | None],
    acted: int,
    counts: list[int],
    working: int,
) -> OfficialFigures:
    post, boxes = held[0], of.mailboxes_of.get(held[0].official_id, ())
    usage, rung = kind if boxes else ("none", None)
    known = usage != "unknown"
    acted = acted if boxes else 0
    return OfficialFigures(
        official_id=post.official_id,
        name=of.officials[post.official_id].name,
        unit=post.unit_key,
        title=post.title,
        rank=post.rank,
        mailboxes=tuple(box.address for box in boxes),
        sent=counts[0] if known else None,
        sent_recipients=counts[0] * 2 if known else None,
        sent_external=counts[0] // 3 if known else None,
        received=counts[1] if known else None,
        logins=counts[2] if known else None,
        failed_logins=1 if known else None,
        opened=None,
        active_days=acted,
        active_working_days=acted,
        covered_working_days=working if known else 0,
        usage_class=usage,
        rung=rung,
        reasons=(Text(f"Có việc ở {acted}/{working} ngày làm việc.", f"Acted on {acted} of {working} working days."),),
        active_last={7: acted > 0, 30: acted > 0, 90: None, 180: None},
    )


def _days(said: tuple[OfficialFigures, ...], working: list[date], chance: np.random.Generator) -> pl.DataFrame:
    """A row for every mailbox and working day with lines."""
    owned = [one for one in said if one.mailboxes]
    acts = {kind: share for kind, _, _, share in LIKELY}
    share = np.array([acts[one.usage_class] or BUSY.get(one.usage_class, 0.05) for one in owned])
    own = np.array([acts[one.usage_class] > 0 for one in owned])
    who, when = np.nonzero(chance.random((len(owned), len(working))) < share[:, None])
    size = len(who)
    by_owner = own[who].astype(np.int64)
    columns = {
        name: chance.integers(0, 9, size) for name in ("sent", "sent_recipients", "received", "logins", "acts_d")
    }
    return pl.DataFrame(
        {
            "mailbox": pl.Series([one.mailboxes[0] for one in owned]).gather(who),
            "day": pl.Series(working).gather(when),
            **columns,
            "sent_external": np.zeros(size, np.int64),
            "failed_logins": np.zeros(size, np.int64),
            "opened": pl.Series([None], dtype=pl.Int64).gather(np.zeros(size, np.int64)),
            "acts_a": by_owner * columns["sent"],
            "acts_b": by_owner,
            "acts_c": np.zeros(size, np.int64),
            "uncounted": np.zeros(size, np.int64),
            "delegated": np.zeros(size, np.int64),
            "forwards": np.zeros(size, np.int64),
        }
    )


def _coverage(first: date, last: date) -> Coverage:
    return Coverage(
        lines=240_000_000,
        events=130_000_000,
        not_of_interest=109_999_000,
        broken=1_000,
        covered_days=tuple(first + timedelta(number) for number in range((last - first).days + 1)),
        missing_days=(),
        hosts=tuple(f"mail{number}.{DOMAIN}" for number in range(1, 5)),
        files=tuple(f"/srv/logs/mail{number}/mail.log" for number in range(1, 5)),
        cannot_tell=(Text("Không có dòng flag_change.", "No flag_change lines."),),
        broken_samples=(BrokenSample("mail.log", 99, Text("thiếu giờ", "no time at the start")),),
    )


def _finding(unit: str) -> Finding:
    return Finding("only_one", unit, Text(f"{unit}: chỉ một lãnh đạo dùng.", f"{unit}: only one leader."), {"using": 1})
