"""The board on both databases: where everybody stands, whose rows and sums, the waves, and all of it as files."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import UnitRow
from core.errors import ForbiddenError
from core.permissions import Actor, Granted, Role
from tests.training.following.measured import STARTS, campaign
from tests.training.following.office import DUE, HR, UNITS, WORKS_HR, assigned, assignment, moment
from training.models import ScormPackageRow, ScormReportRow, StepDoneRow
from training.queries.board import Asked, board
from training.queries.board_waves import waves
from training.queries.learnt import count_statements, statements
from training.queries.names import unit_names
from training.services.completing import step_done
from training.services.exporting import export_board, export_statements

TODAY = DUE - timedelta(days=2)
STEPS = (("lesson", "one"), ("quiz", "end"))


@pytest.fixture
def standing(session: Session) -> dict[str, int]:
    """One of each standing."""
    found = {one: assigned(session, one) for one in ("an", "binh", "head", "nurse", "doctor", "second")}
    done = moment(date(2026, 11, 10))
    for number, steps in (("binh", 1), ("nurse", 2)):
        for kind, key in STEPS[:steps]:
            step_done(session, HR, assignment_id=found[number], kind=kind, key=key, proof={}, moment=done)
    assignment(session, found["head"]).due_on = TODAY - timedelta(days=4)
    assignment(session, found["doctor"]).state = "waiting"
    gone = assignment(session, found["second"])
    gone.state, gone.ended_at, gone.ended_by, gone.ended_why = "excused", done.now, "nhansu", "x"
    session.flush()
    return found


def test_everybody_stands_somewhere_and_who_is_late_stands_first(session: Session, standing: dict[str, int]) -> None:
    found = board(session, HR, asked=Asked(), today=TODAY, units=slice(None))
    assert [(one.official_id, one.standing, one.days_late, one.steps_done) for one in found.rows] == [
        ("head", "late", 4, 0), ("an", "must", 0, 0), ("binh", "learning", 0, 1), ("doctor", "coming", 0, 0),
        ("nurse", "done", 0, 2),
    ]  # fmt: skip
    assert (found.total, dict(found.counts)) == (
        5, {"coming": 1, "must": 1, "learning": 1, "late": 1, "done": 1},
    )  # fmt: skip
    assert [(one.key, one.total) for one in found.units] == [("city", 0), ("works", 3), ("health", 2)]
    excused = board(session, HR, asked=Asked(standing="excused"), today=TODAY)
    assert [one.official_id for one in excused.rows] == ["second"]


def test_who_reaches_one_unit_finds_no_other(session: Session, standing: dict[str, int]) -> None:
    found = board(session, WORKS_HR, asked=Asked(), today=TODAY, units=slice(None))
    assert {one.official_id for one in found.rows} == {"head", "an", "binh"}
    assert ([one.key for one in found.units], found.counts["done"]) == (["works"], 0)
    assert board(session, WORKS_HR, asked=Asked(unit="health"), today=TODAY).total == 0
    assert board(session, WORKS_HR, asked=Asked(official_id="nurse"), today=TODAY).total == 0
    assert {one["actor"]["account"]["name"] for one in statements(session, WORKS_HR)} == {"head", "an", "binh"}
    with pytest.raises(ForbiddenError):
        board(session, Actor("x", frozenset({Role.AUDITOR})), asked=Asked(), today=TODAY)


def test_units_of_one_name_are_told_apart(session: Session, standing: dict[str, int]) -> None:
    """Every district has an office of the same name: the list, its filter and rules say which is meant."""
    for row in session.scalars(select(UnitRow)):
        row.name = "Phòng Nội vụ"
    session.flush()
    found = board(session, HR, asked=Asked(), today=TODAY, units=slice(None))
    assert {one.official_id: one.unit for one in found.rows} == {
        "head": "works", "an": "works", "binh": "works", "doctor": "health", "nurse": "health",
    }  # fmt: skip
    assert [one.name for one in found.units] == ["city", "works", "health"]
    part = board(session, HR, asked=Asked(), today=TODAY, units=slice(1, 2))
    assert ([(one.name, one.total) for one in part.units], part.units_total) == ([("works", 3)], 3)
    assert {key: name.vi for key, name in unit_names(session).items()} == {key: key for key, _ in UNITS}


def test_parts_and_searches(session: Session, standing: dict[str, int]) -> None:
    whole = [one.official_id for one in board(session, HR, asked=Asked(), today=TODAY).rows]
    parts = [board(session, HR, asked=Asked(), today=TODAY, offset=at, limit=2).rows for at in (0, 2, 4)]
    assert [one.official_id for part in parts for one in part] == whole
    assert [one.official_id for one in board(session, HR, asked=Asked(text="binh"), today=TODAY).rows] == ["binh"]
    done = board(session, HR, asked=Asked(standing="done", done_since=moment(date(2026, 11, 11)).now), today=TODAY)
    assert done.total == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_files_hold_what_the_board_holds(session: Session, standing: dict[str, int], ending: str) -> None:
    made = io.BytesIO()
    count = export_board(
        session, HR, asked=Asked(), ending="csv" if ending == "csv" else "xlsx", language="vi",
        moment=moment(TODAY), to=made,
    )  # fmt: skip
    assert (count, len(made.getvalue()) > 500) == (5, True)


def test_what_packages_report_goes_along_as_their_word(session: Session, standing: dict[str, int]) -> None:
    package = ScormPackageRow(digest="0" * 64, title="Gói", items=[], taken_at=moment(DUE).now, taken_by="nhansu")
    session.add(package)
    session.flush()
    said = (("an", "one", "passed", 66.5), ("binh", "one", "failed", 0.0), ("head", "one", "incomplete", None),
            ("nurse", "one", "passed", 80.0), ("nurse", "two", "completed", None))  # fmt: skip
    for number, key, status, score in said:
        session.add(
            ScormReportRow(
                assignment=standing[number], key=key, package=package.id, item="-", status=status, score=score,
                values={}, sitting=1, serial=1, finished=True, before=0, spent=0, first_at=moment(DUE).now,
                last_at=moment(DUE).now,
            )
        )  # fmt: skip
    step = StepDoneRow(assignment=standing["an"], kind="scorm", key="one", done_at=moment(DUE).now, proof={}, by="x")
    session.add(step)
    session.flush()
    made = io.BytesIO()
    export_board(session, HR, asked=Asked(), ending="csv", language="en", moment=moment(TODAY), to=made)
    rows = csv.DictReader(io.StringIO(made.getvalue().decode("utf-8-sig")))
    assert {one["official_id"]: (one["reported"], one["reported_score"]) for one in rows} == {
        "an": ("passed", "66.5"), "binh": ("not passed yet", "0"), "head": ("not finished yet", ""),
        "nurse": ("one: passed; two: completed", "one: 80"), "doctor": ("", ""),
    }  # fmt: skip
    results = [one["result"] for one in statements(session, HR) if one.get("result", {}).get("extensions")]
    assert [(one["score"], list(one["extensions"].values())) for one in results] == [
        ({"scaled": 0.665, "raw": 66.5, "min": 0, "max": 100}, [{"status": "passed"}])
    ]
    session.get_one(ScormReportRow, (standing["an"], "one")).score = None
    session.flush()
    results = [one["result"] for one in statements(session, HR) if one.get("result", {}).get("extensions")]
    assert ["score" in one for one in results] == [False]


def test_statements_are_counted_as_they_are_told(session: Session, standing: dict[str, int]) -> None:
    made = io.BytesIO()
    told = list(statements(session, HR))
    assert export_statements(session, HR, to=made) == count_statements(session, HR) == len(told) == 5 + 3 + 1
    part = list(statements(session, HR, offset=2, limit=3))
    assert [one["id"] for one in part] == [one["id"] for one in told[2:5]]


def test_waves_stand_with_their_draw(session: Session) -> None:
    number = campaign(session, units=2, each=6, first=1)
    (found,) = waves(session, HR)
    assert (found.campaign_id, found.seed) == (number, "XSMT 28/05/2026 08112")
    assert [(one.number, one.people, one.drawn, one.starts_on) for one in found.waves] == [
        (1, 6, 4, STARTS), (2, 3, 3, STARTS + timedelta(days=28)), (3, 3, 3, STARTS + timedelta(days=56)),
    ]  # fmt: skip
    (own,) = waves(session, Actor("x", granted=(Granted(Role.HR, frozenset({"u1"})),)))
    assert sum(one.people for one in own.waves) == 6
    assert waves(session, WORKS_HR) == []
