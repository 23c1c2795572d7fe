"""How long HR's files, the board and an estimate of effect take: 10,000 assignments, and 400 people of a drawn list.

`python -m tests.bench following [--rows 10000]`. Ends with 1 where anything takes longer than it may.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.db import forget, unit_of_work
from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.services.wording import put_words
from core.log import configure
from core.settings import Settings, load
from tests.training.following import measured
from tests.training.following.office import COURSE, DUE, HR, moment, settle
from training.models import AssignmentRow
from training.queries.board import Asked, board
from training.queries.coming import reminders
from training.services.effects import report_effect
from training.services.exporting import ENDINGS, Ending, export_board, export_statements

MOST = 10.0
"""Seconds for a file of 10,000 rows, and for an effect of 400 people with 999 orders."""
MOST_PAGE = 1.0
UNITS = 100
TODAY = DUE - timedelta(days=10)


def main(arguments: Sequence[str]) -> int:
    """Everything on SQLite; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench following")
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args(arguments).rows
    configure("error")
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
        settings = load({"VANTHU_HOME": folder})
        held = [_files(settings, rows), _effect(load({"VANTHU_HOME": str(Path(folder) / "effect")}))]
        forget(settings)
    return int(not all(held))


def _files(settings: Settings, rows: int) -> bool:
    with unit_of_work(settings) as session:
        settle(session)
        _fill(session, rows)
    print(f"{rows:,} assignments, {UNITS} units")
    asked = {"board": Asked(), "search": Asked(text="nguyen 7"), "one unit": Asked(unit="k7")}
    with unit_of_work(settings) as session:
        held = [
            *(_timed(f"file {one}", MOST, partial(_file, session, one)) for one in ENDINGS),
            _timed("statements", MOST, partial(export_statements, session, HR, to=io.BytesIO())),
            *(
                _timed(name, MOST_PAGE, partial(board, session, HR, asked=one, today=TODAY))
                for name, one in asked.items()
            ),
            _timed("reminders to come", 2 * MOST_PAGE, partial(reminders, session, HR, today=TODAY)),
        ]
    return all(held)


def _file(session: Session, ending: Ending) -> int:
    made = io.BytesIO()
    return export_board(session, HR, asked=Asked(), ending=ending, language="vi", moment=moment(TODAY), to=made)


def _fill(session: Session, rows: int) -> None:
    """Officials in a hundred units, each with a course to do."""
    session.execute(insert(UnitRow), [{"key": f"k{number}", "name": f"Phòng {number}"} for number in range(UNITS)])
    units = session.scalars(select(UnitRow.id).where(UnitRow.key.like("k%")).order_by(UnitRow.id)).all()
    session.execute(
        insert(OfficialRow),
        [{"official_id": f"bench{one}", "name": f"Nguyễn Văn {one}", "name_order": f"{one}"} for one in range(rows)],
    )
    people = session.scalars(select(OfficialRow.id).where(OfficialRow.official_id.like("bench%"))).all()
    posts = [
        {"official": one, "position": 0, "unit": units[one % UNITS], "title": "Chuyên viên", "rank": "staff"}
        for one in people
    ]
    session.execute(insert(PostRow), posts)
    at = moment(date(2026, 10, 26)).now
    assignments = [
        {
            "official": one, "course_key": COURSE, "reason_vi": "=1+1", "reason_en": "rare", "assigned_at": at,
            "assigned_by": "hr", "starts_on": at.date(), "due_on": DUE - timedelta(days=one % 21), "state": "open",
            "drawn": False, "attempt": 1,
        }
        for one in people
    ]  # fmt: skip
    session.execute(insert(AssignmentRow), assignments)
    put_words(session)


def _effect(settings: Settings) -> bool:
    with unit_of_work(settings) as session:
        settle(session)
        number = measured.campaign(session, units=15, each=27, first=0, waves=4)
        measured.log(session, measured.habits(session, number))
    print("\n405 people of a drawn list, 999 orders, figures from the store")
    day = moment(measured.LAST + timedelta(days=2))
    with unit_of_work(settings) as session:
        held = _timed("effect", MOST, lambda: report_effect(session, campaign_id=number, moment=day))
    forget(settings)
    return held


def _timed(name: str, most: float, work: Callable[[], object]) -> bool:
    begun = time.perf_counter()
    work()
    taken = time.perf_counter() - begun
    print(f"  {name:20} {taken:7.2f} s (at most {most:.0f})", flush=True)
    return taken <= most
