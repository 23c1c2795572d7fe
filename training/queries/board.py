"""HR's board: who must learn, who learns, who is late and who is done, by unit, with the reason for each.

Everybody stands in the unit of their main post of the day. A reader whose role is granted for units finds those and no
others: not in the rows, not in the sums, not among the choices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, cast, get_args

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select
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
    """A part of the assignments, how many fit, how many of all in reach stand where, and a part of the units in reach.

    Who is in no post stands in the sums and in no unit.
    """

    rows: tuple[BoardRow, ...]
    total: int
    units: tuple[UnitCounts, ...]
    units_total: int
    counts: Mapping[Standing, int]


NO_UNITS = slice(0)


def board(
    session: Session,
    actor: Actor,
    *,
    asked: Asked,
    today: date,
    offset: int = 0,
    limit: int = 50,
    units: slice = NO_UNITS,
) -> Board:
    """The board: those who are late first, then by day; and these `units` of those in reach, in the directory's order.

    Raises `ForbiddenError`. Six SQL queries at most.
    """
    reach = _reach(actor)
    counts = _counts(session, reach, today)
    chosen = _chosen(asked, reach, today)
    begin, number = max(0, offset), max(0, limit)
    if asked == Asked(standing=asked.standing) and asked.standing in (None, *FOLLOWED):
        counted = {one: counts[one] for one in FOLLOWED if asked.standing in (None, one)}
        total = sum(counted.values())
        shown = _in_turn(session, chosen, counted, today, range(total)[begin : begin + number])
    else:
        numbered = _ordered(chosen.add_columns(func.count().over()), today)
        found = session.execute(numbered.offset(begin).limit(number)).all()
        shown = [row[0] for row in found]
        total = found[0][1] if found else session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = session.execute(_ordered(_told(today).where(AssignmentRow.id.in_(shown)), today))
    zone = settings_of(session).timezone
    return Board(
        tuple(_row(row, today, zone) for row in rows), total, *_part_of_units(session, reach, units, today), counts
    )


def every_row(session: Session, actor: Actor, *, asked: Asked, today: date) -> Iterator[BoardRow]:
    """All rows of the board as they come from the database, for a file. Raises `ForbiddenError`. One SQL query."""
    chosen = _chosen(asked, _reach(actor), today)
    wanted = _ordered(_told(today).where(AssignmentRow.id.in_(chosen)), today)
    wanted = wanted.execution_options(yield_per=ROWS_AT_ONCE)
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
    return case(
        (AssignmentRow.state == "waiting", "coming"),
        (AssignmentRow.state != "open", AssignmentRow.state),
        (AssignmentRow.due_on < today, "late"),
        (_begun(), "learning"),
        else_="must",
    )


def _main_post(today: date) -> ColumnElement[bool]:
    """As a condition on `PostRow`: held on that day, and the first of its official's that are."""
    other = aliased(PostRow)
    earlier = exists().where(
        other.official == PostRow.official, other.position < PostRow.position, in_post(today, row=other)
    )
    return in_post(today) & or_(PostRow.position == 0, ~earlier)


def _of_units(keys: Collection[str], today: date) -> ColumnElement[bool]:
    """As a condition on `AssignmentRow`: of somebody whose main post is in one of these units."""
    posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit)
    return AssignmentRow.official.in_(posts.where(UnitRow.key.in_(keys), _main_post(today)))


def _chosen(asked: Asked, reach: Reach, today: date) -> Select[Any]:
    """The keys of the assignments that are asked for, as far as `reach` goes."""
    found = select(AssignmentRow.id)
    if asked.unit is not None or reach.units is not None:
        units = reach.units if asked.unit is None else {asked.unit}
        found = found.where(_of_units([one for one in units or () if reach.holds(one)], today))
    if asked.official_id is not None:
        whose = select(OfficialRow.id).where(OfficialRow.official_id == asked.official_id)
        found = found.where(AssignmentRow.official.in_(whose))
    equal = {
        AssignmentRow.course_key: asked.course,
        AssignmentRow.campaign: asked.campaign,
        AssignmentRow.wave: asked.wave,
        AssignmentRow.id: asked.assignment_id,
    }
    found = found.where(*(column == value for column, value in equal.items() if value is not None))
    if asked.standing is not None:
        found = found.where(_stands(asked.standing, today))
    elif not asked.everything:
        found = found.where(AssignmentRow.state.in_(_FOLLOWED_STATES))
    if asked.done_since is not None:
        found = found.where(AssignmentRow.done_at >= asked.done_since)
    terms = terms_of(asked.text)
    return found.where(AssignmentRow.official.in_(officials_with(terms))) if terms else found


_FOLLOWED_STATES = ("waiting", "open", "done")


def _begun() -> ColumnElement[bool]:
    return select(StepDoneRow.id).where(StepDoneRow.assignment == AssignmentRow.id).exists()


def _stands(standing: Standing, today: date) -> ColumnElement[bool]:
    """`standing_of` as a condition that indexes can bear out."""
    if standing not in ("late", "learning", "must"):
        return AssignmentRow.state == {"coming": "waiting"}.get(standing, standing)
    is_open = AssignmentRow.state == "open"
    if standing == "late":
        return is_open & (AssignmentRow.due_on < today)
    return is_open & (AssignmentRow.due_on >= today) & (_begun() if standing == "learning" else ~_begun())


def _counts(session: Session, reach: Reach, today: date) -> dict[Standing, int]:
    """How many assignments in reach stand where. One SQL query.

    What is counted lies side by side in an index, or is looked for first where the reach is not the whole city.
    """
    inside = []
    if reach.units is not None:
        own = select(AssignmentRow.id).where(_of_units(reach.units, today)).cte("own")
        inside = [AssignmentRow.id.in_(select(own.c.id))]
    not_late = (AssignmentRow.state == "open") & (AssignmentRow.due_on >= today)
    conditions = (not_late, *(_stands(one, today) for one in ("coming", "learning", "late", "done")))
    each = (select(func.count()).select_from(AssignmentRow).where(*inside, one) for one in conditions)
    open_, coming, learning, late, done = session.execute(select(*(one.scalar_subquery() for one in each))).one()
    return {"coming": coming, "must": open_ - learning, "learning": learning, "late": late, "done": done}


def _told(today: date) -> Select[Any]:
    """Assignments with all that a row of the board says."""
    return cast("Select[Any]", (
        select(AssignmentRow, standing_of(today).label("standing"), OfficialRow.official_id, OfficialRow.name,
               PostRow.title, UnitRow.key, UnitRow.key.label("unit"), CourseRow.title_vi, CourseRow.title_en,
               CourseRow.needs, _steps_done())
        .join(OfficialRow, OfficialRow.id == AssignmentRow.official)
        .outerjoin(PostRow, (PostRow.official == AssignmentRow.official) & _main_post(today))
        .outerjoin(UnitRow, UnitRow.id == PostRow.unit)
        .outerjoin(CourseRow, CourseRow.key == AssignmentRow.course_key)
    ))  # fmt: skip


def _steps_done() -> Any:
    counted = select(func.count()).where(StepDoneRow.assignment == AssignmentRow.id)
    return counted.correlate(AssignmentRow).scalar_subquery().label("steps_done")


def _in_turn(
    session: Session, chosen: Select[Any], counts: Mapping[Standing, int], today: date, part: range
) -> list[int]:
    """The keys at these places, in the order of `_ordered`.

    What is late, what is to be done, and what is done come one after the other, and how many each are is known: so each
    comes by an index, and what is not shown is not sorted.
    """
    late, done = _stands("late", today), AssignmentRow.state == "done"
    turns = (
        (counts.get("late", 0), late, ()),
        (sum(counts.get(one, 0) for one in ("coming", "must", "learning")), ~late & ~done, ()),
        (counts.get("done", 0), done, (AssignmentRow.done_at.desc(),)),
    )
    found: list[int] = []
    passed = 0
    for number, condition, first in turns:
        begin, end = max(part.start - passed, 0), min(part.stop - passed, number)
        if begin < end:
            ordered = chosen.where(condition).order_by(*first, AssignmentRow.due_on, AssignmentRow.id)
            found += session.scalars(ordered.offset(begin).limit(end - begin))
        passed += number
    return found


def _ordered(wanted: Select[Any], today: date) -> Select[Any]:
    """What is late first, then what is to be done, by day; what is done last, the newest first."""
    late = case((_stands("late", today), 0), (AssignmentRow.state.in_(("open", "waiting")), 1), else_=2)
    return wanted.order_by(late, AssignmentRow.done_at.desc(), AssignmentRow.due_on, AssignmentRow.id)


def _part_of_units(session: Session, reach: Reach, units: slice, today: date) -> tuple[tuple[UnitCounts, ...], int]:
    """These of the units in reach, and how many there are; nothing where none is asked for. Three SQL queries."""
    if units == NO_UNITS:
        return (), 0
    inside = [UnitRow.gone_at.is_(None), *([] if reach.units is None else [UnitRow.key.in_(reach.units)])]
    shown = select(UnitRow.id, UnitRow.key).where(*inside).order_by(UnitRow.id).slice(units.start or 0, units.stop)
    total = session.scalar(select(func.count()).select_from(UnitRow).where(*inside)) or 0
    return _units(session, {row.id: row.key for row in session.execute(shown)}, today), total


def _units(session: Session, shown: Mapping[int, str], today: date) -> tuple[UnitCounts, ...]:
    """How the people of these units (row -> key) stand; several units may bear one name, so they are named by key."""
    standing = standing_of(today).label("standing")
    wanted = (
        select(PostRow.unit, standing, func.count())
        .join(AssignmentRow, AssignmentRow.official == PostRow.official)
        .where(PostRow.unit.in_(shown), _main_post(today))
        .group_by(PostRow.unit, standing)
    )
    found: defaultdict[int, dict[Standing, int]] = defaultdict(dict)
    for unit, where, number in session.execute(wanted):
        if where in FOLLOWED:  # said here: asked by state, SQLite would begin with all assignments of the city
            found[unit][where] = number
    return tuple(UnitCounts(key, key, dict.fromkeys(FOLLOWED, 0) | found[unit]) for unit, key in shown.items())


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
