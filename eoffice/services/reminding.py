"""Deadlines: whoever has a turn is reminded once, a working day before; once it is over, their head is told, once.

Both are noted on the turn in the transaction that tells: killed anywhere and run again, nobody is told twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import audit
from core.calendar import is_working_day, working_day_after
from core.db import settings_of, unit_of_work, utc_now
from core.directory.models import OfficialRow
from core.directory.queries import main_unit, units_above
from core.errors import NotFoundError
from core.jobs import Run
from core.mail import MailKind, tell
from core.permissions import SCHEDULER
from core.words import Text, day_words
from eoffice.actions import EofficeAction
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow
from eoffice.routing import Person
from eoffice.services import rounds
from eoffice.services.notices import accounts_of
from eoffice.services.people import head_of
from eoffice.services.rounds import Moment

MORNING = time(6, 30)
"""From when on deadlines are looked at: before the day's mail is made, so that it holds what they say."""
DAYS_BEFORE = 1
"""Working days before the deadline on which one is reminded."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many turns were reminded of, and how many were told to a head."""

    reminded: int = 0
    escalated: int = 0


def deadlines_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether deadlines have to be looked at: once a working day, in the morning."""
    here = now.astimezone(ZoneInfo(settings_of(session).timezone))
    looked = last is not None and last.astimezone(here.tzinfo).date() >= here.date()
    return None if looked or here.time() < MORNING or not is_working_day(here.date()) else {}


def look_at_deadlines(run: Run) -> None:
    """Remind and escalate, draft by draft, each in a transaction of its own."""
    now = utc_now()
    today = now.astimezone(ZoneInfo(run.settings.timezone)).date()
    with unit_of_work(run.settings) as session:
        drafts = drafts_with_deadlines(session, today=today)
    for number, draft_id in enumerate(drafts):
        with unit_of_work(run.settings) as session:
            remind(session, draft_id=draft_id, moment=Moment(now, today))
            run.confirm(session)
        run.progress(number + 1, len(drafts))


def drafts_with_deadlines(session: Session, *, today: date) -> list[int]:
    """The drafts on their way of which a turn may have to be reminded of or told to a head."""
    near = working_day_after(today, DAYS_BEFORE)
    wanted = (
        select(DraftRow.id)
        .join(RoundRow, RoundRow.draft == DraftRow.id)
        .join(StepRow, StepRow.round == RoundRow.id)
        .join(TaskRow, TaskRow.step == StepRow.id)
        .where(RoundRow.ended_at.is_(None), TaskRow.state == "open", func.coalesce(StepRow.due, DraftRow.due) <= near)
        .where(or_(TaskRow.reminded_at.is_(None), TaskRow.escalated_at.is_(None)))
        .distinct()
        .order_by(DraftRow.id)
    )
    return list(session.scalars(wanted))


def remind(session: Session, *, draft_id: int, moment: Moment) -> Told:
    """Remind those whose turn at this draft ends soon, and tell the heads of those who are late; once each."""
    try:
        draft = rounds.locked(session, draft_id)
    except NotFoundError:
        return Told()
    reminded = escalated = 0
    near = working_day_after(moment.today, DAYS_BEFORE)
    for task, step in _open_tasks(session, draft_id):
        due = step.due or draft.due
        if due is None or due > near:
            continue
        if task.reminded_at is None:
            _remind(session, draft, task, step, due, moment)
            reminded += 1
        if due < moment.today and task.escalated_at is None:
            escalated += _escalate(session, draft, task, step, due, moment)
    return Told(reminded, escalated)


def _open_tasks(session: Session, draft_id: int) -> list[tuple[TaskRow, StepRow]]:
    wanted = (
        select(TaskRow, StepRow)
        .join(StepRow, StepRow.id == TaskRow.step)
        .join(RoundRow, RoundRow.id == StepRow.round)
        .where(RoundRow.draft == draft_id, RoundRow.ended_at.is_(None), TaskRow.state == "open")
        .order_by(TaskRow.id)
        .execution_options(populate_existing=True)
    )
    return [(task, step) for task, step in session.execute(wanted)]


def _remind(session: Session, draft: DraftRow, task: TaskRow, step: StepRow, due: date, moment: Moment) -> None:
    task.reminded_at = moment.now
    on = day_words(due)
    said = Text(f"Hạn {on.vi}: {draft.title}", f"Due on {on.en}: {draft.title}")
    tell(
        session, accounts=accounts_of(session, [task.official]), kind=MailKind.EOFFICE_TURN_REMINDED, said=said,
        thing=f"draft:{draft.id}:task:{task.id}", now=moment.now,
    )  # fmt: skip
    _record(session, EofficeAction.TASK_REMINDED, draft, step, due, [task.official])


def _escalate(session: Session, draft: DraftRow, task: TaskRow, step: StepRow, due: date, moment: Moment) -> int:
    """Tell the head of whoever is late, or the one above where the head is; 0 where there is nobody above."""
    unit = main_unit(session, task.official, moment.today) or draft.unit
    head = _head_over(session, task.official, unit, moment.today)
    task.escalated_at = moment.now
    if head is None:
        return 0
    name = session.scalars(select(OfficialRow.name).where(OfficialRow.id == task.official)).one()
    on = day_words(due)
    said = Text(
        f"Quá hạn xử lý từ {on.vi}: một văn bản đang chờ {name}. Xem trang Quá hạn.",
        f"Overdue since {on.en}: a document waits for {name}. See the page Overdue.",
    )
    tell(
        session, accounts=accounts_of(session, [head.official]), kind=MailKind.EOFFICE_TURN_LATE, said=said,
        thing=f"draft:{draft.id}:task:{task.id}", now=moment.now,
    )  # fmt: skip
    _record(session, EofficeAction.TASK_ESCALATED, draft, step, due, [task.official], to=head.official)
    return 1


def _head_over(session: Session, official: int, unit: int, today: date) -> Person | None:
    """The head of the unit; of the head the one above; another leader of the unit where nobody is above."""
    head = head_of(session, unit, today, but=frozenset())
    if head is None or head.official != official:
        return head
    above = units_above(session, unit)[1:2]
    over = head_of(session, above[0], today, but=frozenset({official})) if above else None
    return over or head_of(session, unit, today, but=frozenset({official}))


def _record(
    session: Session, action: EofficeAction, draft: DraftRow, step: StepRow, due: date, whom: list[int],
    to: int | None = None,
) -> None:  # fmt: skip
    session.flush()
    keys = [*whom, *([] if to is None else [to])]
    wanted = select(OfficialRow.id, OfficialRow.official_id).where(OfficialRow.id.in_(keys))
    numbers = dict(session.execute(wanted).all())
    facts: dict[str, object] = {"due": due.isoformat(), "position": step.position, "purpose": step.purpose}
    facts |= {"whom": [numbers[one] for one in whom]} if to is None else {"late": numbers[whom[0]], "to": numbers[to]}
    audit.record(session, actor=SCHEDULER.name, action=action, subject=f"draft:{draft.id}", facts=facts)
