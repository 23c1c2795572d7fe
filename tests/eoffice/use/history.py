"""Histories of an office, written as rows; and what is true of them, counted one by one without any SQL."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.calendar import is_working_day
from eoffice.models import DraftRow, RemarkRow, RevisionRow, RoundRow, StepRow, TaskRow
from eoffice.queries.use import UsePeriod

ZONE = "Asia/Ho_Chi_Minh"
UNITS = (("thành phố", None), ("Sở Y tế", 1), ("Phòng Y", 2), ("Sở Xây dựng", 1))
PEOPLE = (
    ("CB1", 2, "leader"),
    ("CB2", 2, "staff"),
    ("CB3", 3, "leader"),
    ("CB4", 4, "leader"),
    ("CB5", 1, "staff"),
)
"""Number, unit, rank; the key is the place, from 1."""
FIRST, LAST = date(2026, 9, 28), date(2026, 10, 11)
START = datetime(2026, 9, 1, tzinfo=UTC)
PERIOD = UsePeriod(FIRST, LAST, ZONE, datetime(2026, 11, 1, tzinfo=UTC))
Ending = Literal["open", "agree", "return", "opinion", "void", "handed_over"]


@dataclass(frozen=True)
class Turn:
    """A turn of an official: opened and ended so many minutes after `START`."""

    official: int
    opened: int
    ending: Ending = "open"
    after: int = 0
    by: int | None = None
    due: date | None = None

    @property
    def begun(self) -> datetime:
        return START + timedelta(minutes=self.opened)

    @property
    def ended(self) -> datetime | None:
        return None if self.ending == "open" else self.begun + timedelta(minutes=self.after)


@dataclass(frozen=True)
class Act:
    """A remark or a revision of an official, so many minutes after `START`."""

    official: int
    kind: Literal["remark", "revision"]
    minutes: int

    @property
    def at(self) -> datetime:
        return START + timedelta(minutes=self.minutes)


def write(session: Session, turns: list[Turn], acts: list[Act]) -> int:
    """Keep a history, each turn in a step of its own; the id of its draft."""
    draft = DraftRow(
        type="CV", title="V/v kiểm tra", unit=1, drafter=5, source="text", created_at=START, changed_at=START
    )
    session.add(draft)
    session.flush()
    around = RoundRow(draft=draft.id, number=1, revision=1, begun_at=START, begun_by=5)
    session.add(around)
    session.flush()
    for position, turn in enumerate(turns):
        step = StepRow(
            round=around.id, position=position, plan={}, kind="any", purpose="opinion", needed=1, state="open",
            opened_at=turn.begun, due=turn.due, closed_at=turn.ended,
        )  # fmt: skip
        session.add(step)
        session.flush()
        decided = turn.ending in {"agree", "return", "opinion"}
        session.add(
            TaskRow(
                step=step.id,
                official=turn.official,
                post="Giám đốc",
                opened_at=turn.begun,
                looked_at=turn.begun,
                state="decided" if decided else turn.ending,
                decision=turn.ending if decided else None,
                decided_at=turn.ended if decided else None,
                seen_revision=1 if decided else None,
                decided_by=(turn.by or turn.official) if decided else None,
            )
        )
    for number, act in enumerate(acts, start=1):
        if act.kind == "remark":
            session.add(RemarkRow(draft=draft.id, revision=1, author=act.official, at=act.at, text="x"))
        else:
            session.add(
                RevisionRow(
                    draft=draft.id, number=number, author=act.official, at=act.at, content={}, content_digest="0"
                )
            )
    session.flush()
    return draft.id


@dataclass
class Truth:
    """What is true of one official."""

    fates: dict[str, int]
    acts: dict[str, int]
    waits: list[float]
    waiting: list[float]

    @property
    def usage_class(self) -> str:
        by_hand = self.fates["own"] + self.acts["for_others"]
        judged = by_hand + self.fates["by_deputy"] + self.fates["left"]
        if by_hand and 2 * by_hand >= judged:
            return "regular"
        if by_hand or self.acts["remarks"] or self.acts["revisions"]:
            return "occasional"
        if self.fates["by_deputy"]:
            return "delegated"
        return "none" if self.fates["left"] else "unknown"

    @property
    def median_hours(self) -> float | None:
        return round(statistics.median(self.waits), 1) if self.waits else None


def truth(official: int, turns: list[Turn], acts: list[Act], period: UsePeriod = PERIOD) -> Truth:
    """What is true of an official in a period, by going through everything that happened."""
    found = Truth(
        dict.fromkeys(("own", "by_deputy", "left", "fresh"), 0),
        dict.fromkeys(("agreed", "returned", "opinions", "remarks", "revisions", "for_others"), 0),
        [],
        [],
    )
    words = {"agree": "agreed", "return": "returned", "opinion": "opinions"}
    for turn in turns:
        answered = turn.ending in words and turn.ended is not None and turn.ended < period.until
        if answered and turn.ended is not None and turn.ended >= period.begin:
            by = turn.by or turn.official
            if by == official:
                found.acts[words[turn.ending]] += 1
                found.acts["for_others"] += by != turn.official
            if turn.official == official:
                found.fates["own" if by == official else "by_deputy"] += 1
                found.waits.append(hours(turn.begun, turn.ended))
        elif turn.official == official and not answered and turn.ending != "handed_over":
            gone = turn.ending == "void" and turn.ended is not None and turn.ended < period.until
            if turn.begun < period.until and not gone:
                _waits(found, turn, period)
    for act in acts:
        if act.official == official and period.begin <= act.at < period.until:
            found.acts["remarks" if act.kind == "remark" else "revisions"] += 1
    return found


def _waits(found: Truth, turn: Turn, period: UsePeriod) -> None:
    waited = hours(turn.begun, period.until)
    late = waited >= 16 if turn.due is None else turn.due < period.today
    found.fates["left" if late else "fresh"] += 1
    found.waiting.append(waited)


def hours(begin: datetime, end: datetime) -> float:
    """Working hours from one moment to another: what each half of each day has of the time between."""
    found, day = timedelta(), begin.astimezone(ZoneInfo(ZONE)).date()
    while day <= end.astimezone(ZoneInfo(ZONE)).date():
        for opens, closes in ((time(7, 30), time(11, 30)), (time(13), time(17))):
            first = max(begin, datetime.combine(day, opens, ZoneInfo(ZONE)))
            last = min(end, datetime.combine(day, closes, ZoneInfo(ZONE)))
            if first < last and is_working_day(day):
                found += last - first
        day += timedelta(days=1)
    return found / timedelta(hours=1)
