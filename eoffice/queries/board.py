"""The overdue board: which unit keeps documents waiting past their deadline; a head sees it without asking anybody.

A turn belongs to the unit of whoever it waits for. Heads see the lines of the units they lead, and of those below;
whose document it is only where they may read it. A role that reaches units sees how many, and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, Subquery, case, func, select
from sqlalchemy.orm import Session, aliased

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries import in_post, units_below
from core.permissions import NOTHING, Actor, Permission, Reach, require
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow, practice_drafts
from eoffice.permissions import readable

AT_ONCE = 500
"""So many drafts are named in one statement."""


@dataclass(frozen=True, slots=True)
class LateTask:
    """A turn past its deadline. `title` and `draft_id` are None where the reader may not read the document."""

    official: str
    post: str
    purpose: str
    due: date
    days: int
    """Days of the calendar since the deadline."""
    draft_id: int | None
    title: str | None


@dataclass(slots=True)
class UnitBoard:
    """A unit: how many turns wait for its people, how many of them are late, and (for its heads) which."""

    key: str
    name: str
    waiting: int = 0
    late: int = 0
    longest: int = 0
    """Days by which the latest is late."""
    is_led: bool = False
    lines: list[LateTask] = field(default_factory=list)


def board(session: Session, actor: Actor, *, today: date) -> list[UnitBoard]:
    """The units in the actor's reach where anything waits: the latest first. Raises `ForbiddenError`.

    A fixed number of SQL queries.
    """
    require(actor, Permission.EOFFICE_BOARD_READ)
    led = led_units(session, actor, today=today)
    found = _counted(session, actor.reach(Permission.EOFFICE_BOARD_READ), led, today)
    tasks = _late_tasks(session, led, today) if led else []
    shown = _readable_among(session, actor, {task.draft for task in tasks}, today=today)
    for task in tasks:
        may_read = task.draft in shown
        line = LateTask(task.name, task.post, task.purpose, task.due, (today - task.due).days,
                        task.draft if may_read else None, task.title if may_read else None)  # fmt: skip
        found[task.key].lines.append(line)
    for one in found.values():
        one.lines.sort(key=lambda line: (-line.days, line.official))
    return sorted(found.values(), key=lambda one: (-one.late, -one.longest, -one.waiting, one.name))


def led_board(session: Session, actor: Actor, *, today: date) -> list[UnitBoard]:
    """The units that the actor leads in which anything is late, the latest first, without their lines.

    Raises `ForbiddenError`.
    """
    require(actor, Permission.EOFFICE_BOARD_READ)
    led = led_units(session, actor, today=today)
    found = _counted(session, NOTHING, led, today).values() if led else ()
    late = [one for one in found if one.late]
    return sorted(late, key=lambda one: (-one.late, -one.longest, -one.waiting, one.name))


def _readable_among(session: Session, actor: Actor, drafts: Collection[int], *, today: date) -> frozenset[int]:
    """Those of the drafts that the actor may read; asked in parts that a statement can name."""
    listed = sorted(drafts)
    if not listed:
        return frozenset()
    may_read, found = readable(session, actor, today=today), set[int]()
    for first in range(0, len(listed), AT_ONCE):
        part = select(DraftRow.id).where(DraftRow.id.in_(listed[first : first + AT_ONCE]), may_read)
        found.update(session.scalars(part))
    return frozenset(found)


def led_units(session: Session, actor: Actor, *, today: date) -> frozenset[str]:
    """The units that the actor is a leader of on that day, and all below them, by key."""
    if actor.official_id is None:
        return frozenset()
    wanted = (
        select(PostRow.unit)
        .join(OfficialRow, OfficialRow.id == PostRow.official)
        .where(OfficialRow.official_id == actor.official_id, PostRow.rank == "leader", in_post(today))
    )
    below = units_below(session, list(session.scalars(wanted)))
    return frozenset(key for keys in below.values() for key in keys)


def _counted(session: Session, reach: Reach, led: frozenset[str], today: date) -> dict[str, UnitBoard]:
    """The units in reach or led where anything waits, by key: how much. One SQL query."""
    units = None if reach.units is None else reach.units | led
    turns = _open_turns(today, units)
    late = turns.c.due < today
    wanted = (
        select(
            UnitRow.key, func.count(), func.sum(case((late, 1), else_=0)), func.min(turns.c.due)
        )
        .join(turns, turns.c.unit == UnitRow.id)
        .group_by(UnitRow.key)
    )  # fmt: skip
    if units is not None:
        wanted = wanted.where(UnitRow.key.in_(units))
    found = {}
    for key, waiting, number, first in session.execute(wanted):
        longest = (today - first).days if number else 0
        found[key] = UnitBoard(key, key, waiting, int(number), longest, is_led=key in led)
    return found


def _late_tasks(session: Session, led: frozenset[str], today: date) -> Sequence[Row[Any]]:
    """The late turns of people of the units that are led. One SQL query."""
    turns = _open_turns(today, led)
    wanted = (
        select(turns, UnitRow.key, OfficialRow.name)
        .join(UnitRow, UnitRow.id == turns.c.unit)
        .join(OfficialRow, OfficialRow.id == turns.c.official)
        .where(turns.c.due < today, UnitRow.key.in_(led))
    )
    return session.execute(wanted.order_by(turns.c.id)).all()


def _open_turns(today: date, units: Collection[str] | None) -> Subquery:
    """Every open turn, with the unit of whoever it waits for: that of their first post of the day.

    With `units`, only those of people who have any post there: a database then begins with these, not with all turns.
    """
    of_day = aliased(PostRow)
    first = (
        select(func.min(of_day.position))
        .where(of_day.official == TaskRow.official, in_post(today, row=of_day))
        .correlate(TaskRow)
        .scalar_subquery()
    )
    whose = []
    if units is not None:
        there = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(units))
        whose.append(TaskRow.official.in_(there))
    return (
        select(
            TaskRow.id, TaskRow.official, TaskRow.post, StepRow.purpose, DraftRow.id.label("draft"), DraftRow.title,
            func.coalesce(StepRow.due, DraftRow.due).label("due"), PostRow.unit,
        )
        .join(StepRow, StepRow.id == TaskRow.step)
        .join(RoundRow, RoundRow.id == StepRow.round)
        .join(DraftRow, DraftRow.id == RoundRow.draft)
        .join(PostRow, (PostRow.official == TaskRow.official) & (PostRow.position == first))
        .where(RoundRow.ended_at.is_(None), TaskRow.state == "open", DraftRow.id.not_in(practice_drafts()), *whose)
        .subquery("turns")
    )  # fmt: skip
