"""Telling a learning record store what was learnt: everything once, the earliest first, again after any failure.

What was withdrawn is told last: that the earlier statement is void.

What the store answered is noted after it did. Killed in between, the same statements are offered again under the same
ids, and the store knows them; so to it everything is told once, however often that takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of, unit_of_work
from core.jobs import Run
from core.permissions import SCHEDULER
from training.actions import TrainingAction
from training.models import StatementRow
from training.moments import Moment
from training.queries.learnt import Event, has_untold, untold
from training.recordstore import Answer, StoreOptions, offer
from training.recordstore.options import site_of
from training.statements import statement

AT_ONCE = 50
"""Statements that are offered together."""
EVERY = timedelta(minutes=5)


def statements_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether there is anything to tell: looked at every few minutes, where there is a store."""
    if not StoreOptions.of(settings_of(session)).is_on or (last is not None and now - last < EVERY):
        return None
    return {} if has_untold(session) else None


def tell_store(run: Run, *, now: Callable[[], Moment]) -> None:
    """Tell the store everything it was not told. Raises `UnavailableError` where it takes nothing now."""
    for withdrawn in (False, True):  # a store may let us tell, and not let us void: that holds up nothing else
        _tell(run, now, withdrawn=withdrawn)


def _tell(run: Run, now: Callable[[], Moment], *, withdrawn: bool) -> None:
    options, site = StoreOptions.of(run.settings), site_of(run.settings)
    while options.is_on:
        with unit_of_work(run.settings) as session:
            events = untold(session, limit=AT_ONCE, withdrawn=withdrawn)
        if not events:
            return
        made = [statement(site, one.subject, one.learnt) for one in events]
        answers = offer(options, options.password(run.settings), made)
        with unit_of_work(run.settings) as session:
            note_answers(session, events, answers, moment=now())
            run.confirm(session)


def note_answers(session: Session, events: Sequence[Event], answers: Sequence[Answer], *, moment: Moment) -> None:
    """Note what became of statements; one entry in the trail for all of them."""
    for one, answer in zip(events, answers, strict=True):
        session.add(
            StatementRow(
                id=answer.statement_id, assignment=one.subject.assignment_id, event=one.learnt.name,
                state="taken" if answer.refused is None else "refused", answer=answer.refused, told_at=moment.now,
            )
        )  # fmt: skip
    session.flush()
    refused = sum(answer.refused is not None for answer in answers)
    facts = {"taken": len(answers) - refused, "refused": refused}
    action = TrainingAction.STATEMENTS_TOLD
    audit.record(session, actor=SCHEDULER.name, action=action, subject="lrs", facts=facts)
