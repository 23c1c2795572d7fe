"""Twenty rules over a city of ten thousand: `python -m tests.bench assigning`, or with another number of officials.

The directory comes in as in operation; two windows of facts and the logs behind them are written as measuring leaves
them. Timed is what the scheduler does in the morning (`campaigns.apply_rules`): reading what is known of everybody,
judging by every rule, freezing the lists and making the assignments; then the same again, which must change nothing.
Ends with 1 when either takes longer than a minute, when the second changes anything, or when nobody is picked.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from core import db
from core.calendar import working_days
from core.db import unit_of_work
from core.directory.roster import Roster
from core.directory.services import import_roster
from core.permissions import SCHEDULER, Actor, Role, command_line_actor
from core.settings import Settings, load
from mail_audit.models import LogPiece, LogSource, LogStream, StandingDay, StandingMonth
from tests.bench.people import ZONE, roster
from tests.bench.rows import put
from training.models import AssignmentRow, CourseRow, RuleRow
from training.moments import Moment
from training.rules import Rule
from training.services import campaigns
from training.services.rules import Plan, make_rule

OFFICIALS = 10_000
RULES = 20
MOST_SECONDS = 60.0
TODAY = date(2026, 11, 9)
FIRST = TODAY - timedelta(days=56)
ACTIVE = (0, 0, 1, 3, 6, 12, 20, 20)
"""On how many working days of a window officials act, in turn."""
HR = Actor("nhansu", frozenset({Role.HR}))


def main(arguments: Sequence[str]) -> int:
    """Fill, apply twice, say the figures; the exit code."""
    officials = int(arguments[0]) if arguments else OFFICIALS
    folder = Path(tempfile.mkdtemp(prefix="vanthu-assigning-"))
    settings = load({"VANTHU_HOME": str(folder / "home")})
    try:
        began = time.perf_counter()
        with unit_of_work(settings) as session:
            _fill(session, roster(officials))
        print(f"filled: {officials:,} officials, {RULES} rules, {time.perf_counter() - began:.0f} s", flush=True)
        first, made = _applied(settings, TODAY)
        again, more = _applied(settings, TODAY)
    finally:
        db.forget(settings)
        shutil.rmtree(folder)
    print(f"applied:       {first:6.1f} s (at most {MOST_SECONDS:.0f})  {made:,} assignments")
    print(f"applied again: {again:6.1f} s (at most {MOST_SECONDS:.0f})  {more - made:,} more (must be none)")
    return int(max(first, again) > MOST_SECONDS or more != made or not made)


def _applied(settings: Settings, day: date) -> tuple[float, int]:
    """Seconds that applying all rules took, and how many assignments there are then."""
    began = time.perf_counter()
    with unit_of_work(settings) as session:
        campaigns.apply_rules(session, SCHEDULER, moment=_moment(day))
    taken = time.perf_counter() - began
    with unit_of_work(settings) as session:
        return taken, session.scalar(select(func.count()).select_from(AssignmentRow)) or 0


def _fill(session: Session, city: Roster) -> None:
    import_roster(session, command_line_actor(), roster=city)
    days = [FIRST + timedelta(days=number) for number in range(56)]
    _logs(session, days)
    put(session, cast("Table", StandingDay.__table__), _facts(city, days))
    keys = [f"course_{number}" for number in range(RULES)]
    session.add_all(_course(key) for key in keys)
    session.flush()
    tops = [key for key, unit in city.units.items() if unit.parent_key is not None][:RULES]
    for number, key in enumerate(keys):
        plan = Plan(f"Quy tắc {number}", key, _rule(number, tops[number % len(tops)]))
        rule_id = make_rule(session, HR, plan=plan, moment=_moment(TODAY))
        # Active without having picked: what is timed is the morning on which all of them pick for the first time.
        row = session.get_one(RuleRow, rule_id)
        row.activated_at, row.activated_by = _moment(TODAY).now, HR.name


def _rule(number: int, unit: str) -> Rule:
    """Twenty rules of every kind."""
    kinds = (
        Rule(active_below=4),
        Rule(mail_classes=("none", "machine"), rank="leader"),
        Rule(active_below=8, post_words=("phó", "trưởng")),
        Rule(mail_classes=("none", "occasional"), units=(unit,)),
        Rule(active_below=6, not_done=(f"course_{number}",), done_days_ago=300),
    )
    return kinds[number % len(kinds)]


def _facts(city: Roster, days: Sequence[date]) -> Iterator[dict[str, Any]]:
    """A row for every mailbox and day: something came in, and on some days its owner wrote."""
    windows = [working_days(days[at], days[at + 27]) for at in (0, 28)]
    for number, box in enumerate(city.mailboxes.values()):
        acting = {day for at, window in enumerate(windows) for day in window[: ACTIVE[(number + at) % len(ACTIVE)]]}
        for day in days:
            wrote = int(day in acting)
            yield {
                "day": day, "mailbox": box.address, "sent": wrote, "sent_recipients": wrote, "sent_external": 0,
                "received": 1, "logins": 0, "failed_logins": 0, "opened": 0, "acts_a": wrote, "acts_b": 0, "acts_c": 0,
                "acts_d": 0, "uncounted": 0, "delegated": 0, "forwards": 0, "outside": 0, "blind": False,
                "scheduled": False, "hosts": "mx1", "delegates": None, "targets": None, "more": None,
            }  # fmt: skip


def _logs(session: Session, days: Sequence[date]) -> None:
    at = datetime(days[-1].year, days[-1].month, days[-1].day, 12, tzinfo=UTC)
    source = LogSource(name="mx1", paths=["/srv/logs"], patterns=[], created_at=at, created_by="bench")
    session.add(source)
    session.flush()
    stream = LogStream(source_id=source.id, first_line="0" * 64, fork=0, name="mail.log", created_at=at)
    session.add(stream)
    session.flush()
    piece = LogPiece(
        stream_id=stream.id, segment_id=None, kind="lines", start=0, stop=1, sha256="0" * 64, blocks=b"", lines=1,
        events=0, not_of_interest=1, broken=0, samples=[], host_days={"mx1": [one.isoformat() for one in days]},
        other_days=[], newest_at=at, collected_at=at,
    )  # fmt: skip
    session.add(piece)
    told = dict.fromkeys(("submissions", "deliveries", "log_ins", "flag_changes", "counters"), True)
    tells = {"told": told | {"literal_format": False}, "ended": True}
    for month in sorted({day.replace(day=1) for day in days}):
        row = StandingMonth(
            month=month, timezone=ZONE, inputs="0" * 64, facts="0" * 64, tells=tells, mailbox_days=1, measured_at=at
        )
        session.add(row)
    session.flush()


def _course(key: str) -> CourseRow:
    return CourseRow(
        key=key, version=1, title_vi=key, title_en=key, summary_vi="", summary_en="", audience="everybody", minutes=10,
        pass_mark=80, needs=[], digest="0" * 64,
    )  # fmt: skip


def _moment(day: date) -> Moment:
    return Moment(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), day)
