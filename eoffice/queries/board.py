"""The overdue board: which unit keeps documents waiting past their deadline; a head sees it without asking anybody.

A turn belongs to the unit of whoever it waits for. Heads see the lines of the units they lead, and of those below;
whose document it is only where they may read it. A role that reaches units sees how many, and no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries import in_post, units_below
from core.permissions import Actor, Permission, require
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
    reach, led = actor.reach(Permission.EOFFICE_BOARD_READ), led_units(session, actor, today=today)
    found: dict[str, UnitBoard] = {}
    tasks = _open_tasks(session, today)
    named = {draft.id for _, step, draft, _, unit in tasks if unit.key in led and _is_late(step, draft, today)}
    shown = _readable_among(session, actor, named, today=today)
    for task, step, draft, person, unit in tasks:
        is_led = unit.key in led
        if not is_led and not reach.holds(unit.key):
            continue
        one = found.setdefault(unit.key, UnitBoard(unit.key, unit.name, is_led=is_led))
        one.waiting += 1
        due = step.due or draft.due
        if due is None or due >= today:
            continue
        one.late += 1
        one.longest = max(one.longest, (today - due).days)
        if is_led:
            line = LateTask(person.name, task.post, step.purpose, due, (today - due).days,
                            draft.id if draft.id in shown else None,
                            draft.title if draft.id in shown else None)  # fmt: skip
            one.lines.append(line)
    for one in found.values():
        one.lines.sort(key=lambda line: (-line.days, line.official))
    return sorted(found.values(), key=lambda one: (-one.late, -one.longest, -one.waiting, one.name))


def _is_late(step: StepRow, draft: DraftRow, today: date) -> bool:
    due = step.due or draft.due
    return due is not None and due < today


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


def _open_tasks(session: Session, today: date) -> list[tuple[TaskRow, StepRow, DraftRow, OfficialRow, UnitRow]]:
    """Every open turn with the unit of whoever it waits for: that of their first post of the day."""
    main = (
        select(PostRow.official, func.min(PostRow.position).label("position"))
        .where(in_post(today))
        .group_by(PostRow.official)
        .subquery()
    )
    wanted = (
        select(TaskRow, StepRow, DraftRow, OfficialRow, UnitRow)
        .join(StepRow, StepRow.id == TaskRow.step)
        .join(RoundRow, RoundRow.id == StepRow.round)
        .join(DraftRow, DraftRow.id == RoundRow.draft)
        .join(OfficialRow, OfficialRow.id == TaskRow.official)
        .join(main, main.c.official == TaskRow.official)
        .join(PostRow, (PostRow.official == main.c.official) & (PostRow.position == main.c.position))
        .join(UnitRow, UnitRow.id == PostRow.unit)
        .where(RoundRow.ended_at.is_(None), TaskRow.state == "open", DraftRow.id.not_in(practice_drafts()))
        .order_by(TaskRow.id)
    )
    found: defaultdict[int, list[tuple[TaskRow, StepRow, DraftRow, OfficialRow, UnitRow]]] = defaultdict(list)
    for task, step, draft, official, unit in session.execute(wanted):
        found[task.id].append((task, step, draft, official, unit))
    return [rows[0] for rows in found.values()]
