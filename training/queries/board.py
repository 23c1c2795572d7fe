"""HR's board: who must learn, who learns, who is late and who is done, by unit, with the reason for each.

Everybody stands in the unit of their main post of the day. A reader whose role is granted for units finds those and no
others: not in the rows, not in the sums, not among the choices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, cast, get_args

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.calendar import day_in
from core.db import settings_of
from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.name_order import text_order
from core.directory.queries import in_post
from core.directory.queries.search import officials_with
from core.directory.spelling import terms_of
from core.permissions import Actor, Permission, Reach, require
from core.words import Text
from training.models import AssignmentRow, CourseRow, StepDoneRow

Standing = Literal["coming", "must", "learning", "late", "done", "excused", "withdrawn"]
"""Its wave has not begun; to be learnt, nothing done yet; begun; past its day; done; need not; taken back."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)
FOLLOWED: tuple[Standing, ...] = ("coming", "must", "learning", "late", "done")
"""Those that a board counts."""
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which assignments: of units (by key), in a standing, of a course, of a campaign and wave, of whom `text` finds.

    Without a `standing` all that are followed: what was excused or taken back is there only when it is asked for.
    """

    unit: str | None = None
    standing: Standing | None = None
    course: str | None = None
    campaign: int | None = None
    wave: int | None = None
    text: str = ""
    done_since: datetime | None = None
    official_id: str | None = None
    assignment_id: int | None = None
    everything: bool = False
    """Without a standing also what was excused or taken back."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One assignment as it stands today; `unit_key` and `unit` are empty for who is in no post.

    `steps_done` of the course's `steps` are proved; `days_late` is 0 unless it is late.
    """

    assignment_id: int
    official_id: str
    name: str
    title: str
    unit_key: str
    unit: str
    course_key: str
    course: Text
    reason: Text
    standing: Standing
    assigned_on: date
    starts_on: date
    due_on: date
    days_late: int
    steps_done: int
    steps: int
    done_at: datetime | None
    campaign_id: int | None
    wave: int | None
    drawn: bool


@dataclass(slots=True)
class UnitCounts:
    """How many assignments of a unit's people stand where."""

    key: str
    name: str
    counts: dict[Standing, int] = field(default_factory=lambda: dict.fromkeys(FOLLOWED, 0))

    @property
    def total(self) -> int:
        """All that are followed."""
        return sum(self.counts[one] for one in FOLLOWED)


@dataclass(frozen=True, slots=True)
class Board:
    """A part of the assignments, how many fit, and how many of all in reach stand where, by unit."""

    rows: tuple[BoardRow, ...]
    total: int
    units: tuple[UnitCounts, ...]
    counts: Mapping[Standing, int]


def board(session: Session, actor: Actor, *, asked: Asked, today: date, offset: int = 0, limit: int = 50) -> Board:
    """The board: those who are late first, then by day. Raises `ForbiddenError`. Three SQL queries."""
    reach = _reach(actor)
    wanted = _wanted(asked, reach, today)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(_ordered(wanted, today).offset(max(0, offset)).limit(max(0, limit)))
    units = _units(session, reach, today)
    sums = {one: sum(unit.counts[one] for unit in units) for one in FOLLOWED}
    zone = settings_of(session).timezone
    return Board(tuple(_row(row, today, zone) for row in rows), total, tuple(units), sums)


def every_row(session: Session, actor: Actor, *, asked: Asked, today: date) -> Iterator[BoardRow]:
    """All rows of the board as they come from the database, for a file. Raises `ForbiddenError`. One SQL query."""
    wanted = _ordered(_wanted(asked, _reach(actor), today), today).execution_options(yield_per=ROWS_AT_ONCE)
    zone = settings_of(session).timezone
    return (_row(row, today, zone) for row in session.execute(wanted))


def courses_assigned(session: Session, actor: Actor) -> list[tuple[str, Text]]:
    """Key and title of the courses that anybody was assigned, by title: the choices of a filter."""
    _reach(actor)
    wanted = select(CourseRow.key, CourseRow.title_vi, CourseRow.title_en).where(
        CourseRow.key.in_(select(AssignmentRow.course_key))
    )
    found = sorted(session.execute(wanted).all(), key=lambda row: text_order(row.title_vi))
    return [(key, Text(vi, en)) for key, vi, en in found]


def _reach(actor: Actor) -> Reach:
    require(actor, Permission.TRAINING_BOARD_READ)
    return actor.reach(Permission.TRAINING_BOARD_READ)


def standing_of(today: date) -> ColumnElement[str]:
    """Where an assignment stands on that day, of a row of `AssignmentRow`."""
    begun = select(StepDoneRow.id).where(StepDoneRow.assignment == AssignmentRow.id).exists()
    return case(
        (AssignmentRow.state == "waiting", "coming"),
        (AssignmentRow.state != "open", AssignmentRow.state),
        (AssignmentRow.due_on < today, "late"),
        (begun, "learning"),
        else_="must",
    )


def _main_post(today: date) -> ColumnElement[bool]:
    """As a condition on `PostRow`: the first of its official's posts of the day."""
    other = aliased(PostRow)
    held = or_(other.since.is_(None), other.since <= today) & or_(other.until.is_(None), other.until >= today)
    first = select(func.min(other.position)).where(other.official == PostRow.official, held).scalar_subquery()
    return PostRow.position == first


def _joined(columns: Any, reach: Reach, today: date) -> Select[Any]:
    """Assignments with their people, main posts and units, as far as `reach` goes."""
    found = (
        columns.select_from(AssignmentRow)
        .join(OfficialRow, OfficialRow.id == AssignmentRow.official)
        .outerjoin(PostRow, (PostRow.official == AssignmentRow.official) & in_post(today) & _main_post(today))
        .outerjoin(UnitRow, UnitRow.id == PostRow.unit)
    )
    return cast("Select[Any]", found if reach.units is None else found.where(UnitRow.key.in_(reach.units)))


def _wanted(asked: Asked, reach: Reach, today: date) -> Select[Any]:
    standing = standing_of(today).label("standing")
    found = _joined(
        select(AssignmentRow, standing, OfficialRow.official_id, OfficialRow.name, PostRow.title, UnitRow.key,
               UnitRow.key.label("unit"), CourseRow.title_vi, CourseRow.title_en, CourseRow.needs, _steps_done()),
        reach,
        today,
    ).outerjoin(CourseRow, CourseRow.key == AssignmentRow.course_key)  # fmt: skip
    equal = {
        UnitRow.key: asked.unit,
        AssignmentRow.course_key: asked.course,
        AssignmentRow.campaign: asked.campaign,
        AssignmentRow.wave: asked.wave,
        OfficialRow.official_id: asked.official_id,
        AssignmentRow.id: asked.assignment_id,
    }
    found = found.where(*(column == value for column, value in equal.items() if value is not None))
    if asked.standing is not None or not asked.everything:
        found = found.where(standing.in_([asked.standing] if asked.standing is not None else FOLLOWED))
    if asked.done_since is not None:
        found = found.where(AssignmentRow.done_at >= asked.done_since)
    terms = terms_of(asked.text)
    return found.where(AssignmentRow.official.in_(officials_with(terms))) if terms else found


def _steps_done() -> Any:
    counted = select(func.count()).where(StepDoneRow.assignment == AssignmentRow.id)
    return counted.correlate(AssignmentRow).scalar_subquery().label("steps_done")


def _ordered(wanted: Select[Any], today: date) -> Select[Any]:
    """What is late first, then what is to be done, by day; what is done last, the newest first."""
    late = case((standing_of(today) == "late", 0), (AssignmentRow.state.in_(("open", "waiting")), 1), else_=2)
    return wanted.order_by(late, AssignmentRow.done_at.desc(), AssignmentRow.due_on, AssignmentRow.id)


def _units(session: Session, reach: Reach, today: date) -> list[UnitCounts]:
    """The units in reach whose people were assigned anything, by name."""
    standing = standing_of(today).label("standing")
    wanted = _joined(select(UnitRow.key, standing, func.count()), reach, today)
    wanted = wanted.where(standing.in_(FOLLOWED)).group_by(UnitRow.key, standing)
    found: defaultdict[str, dict[Standing, int]] = defaultdict(dict)
    for key, where, number in session.execute(wanted):
        found[key or ""][where] = number
    return [
        UnitCounts(key, key, dict.fromkeys(FOLLOWED, 0) | found[key]) for key in sorted(found, key=text_order)
    ]  # several units may bear one name; their keys say which is meant


def _row(row: Row[Any], today: date, zone: str) -> BoardRow:
    one: AssignmentRow = row[0]
    standing = cast("Standing", row.standing)
    return BoardRow(
        assignment_id=one.id,
        official_id=row.official_id,
        name=row.name,
        title=row.title or "",
        unit_key=row.key or "",
        unit=row.unit or "",
        course_key=one.course_key,
        course=Text(row.title_vi or one.course_key, row.title_en or one.course_key),
        reason=Text(one.reason_vi, one.reason_en),
        standing=standing,
        assigned_on=day_in(zone, one.assigned_at),
        starts_on=one.starts_on,
        due_on=one.due_on,
        days_late=(today - one.due_on).days if standing == "late" else 0,
        steps_done=row.steps_done,
        steps=len(row.needs or ()),
        done_at=one.done_at,
        campaign_id=one.campaign,
        wave=one.wave,
        drawn=one.drawn,
    )
