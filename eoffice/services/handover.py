"""What waits for somebody who left passes to another: turns on a route, now or to come, and drafts not yet sent.

It goes to whoever acted for them last; where that one may not have it (the drafter decides nothing, content and form
are answered for by two), or nobody acted, to the head of the draft's unit, or the nearest head above who may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.db import utc_now
from core.directory.models import OfficialRow, PostRow
from core.directory.queries import official_row
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.errors import MoveError
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow
from eoffice.routing import HandedOver, Person, Round, after
from eoffice.services import notices, rounds
from eoffice.services.changes import record, touch
from eoffice.services.people import head_of
from eoffice.services.rounds import Moment

MOST_TRIES = 20
"""So many heads are tried before a turn is left where it is."""


def hand_over(session: Session, actor: Actor, *, official_id: str, to: str | None, day: date) -> Mapping[str, int]:
    """Pass on what waits for the official `official_id`, to `to` or to a head; how many turns and drafts were.

    `left` counts drafts for which nobody could be found: they stay with the official, and on the overdue board.
    """
    row = official_row(session, official_id)
    if row is None:
        return {}
    leaver = row.id
    moment, counted = Moment(utc_now(), day), {"turns": 0, "drafts": 0, "left": 0}
    deputy = _person(session, to, day)
    for draft_id in _drafts(session, leaver):
        draft = rounds.locked(session, draft_id)
        if draft.drafter == leaver:
            counted["drafts" if _give_draft(session, actor, draft, deputy, moment) else "left"] += 1
        if draft.state == "on_route" and (latest := rounds.latest(session, draft.id)) is not None:
            state = rounds.load(session, draft, latest)
            if _has_part(state, leaver):
                given = _give_turns(session, actor, draft, state, leaver, deputy, moment)
                counted["turns" if given else "left"] += 1
    return counted


def _drafts(session: Session, leaver: int) -> list[int]:
    """Drafts that the official writes and nobody has approved, and those on their way in whose steps they have a part.

    Whose turn is still to come stands inside a step; so every draft on its way is looked at.
    """
    open_rounds = select(RoundRow.draft).where(RoundRow.ended_at.is_(None))
    wanted = (
        select(DraftRow.id)
        .where(
            or_(
                DraftRow.id.in_(open_rounds),
                (DraftRow.drafter == leaver) & DraftRow.state.in_(("drafting", "returned")),
            )
        )
        .order_by(DraftRow.id)
    )
    turns = (
        select(RoundRow.draft)
        .join(StepRow, StepRow.round == RoundRow.id)
        .join(TaskRow, TaskRow.step == StepRow.id)
        .where(RoundRow.ended_at.is_(None), TaskRow.official == leaver, TaskRow.state == "open")
    )
    has_turn = set(session.scalars(turns))
    coming = (
        select(RoundRow.draft, StepRow.coming)
        .join(StepRow, StepRow.round == RoundRow.id)
        .where(RoundRow.ended_at.is_(None), StepRow.state.in_(("waiting", "open")))
    )
    has_turn |= {draft for draft, people in session.execute(coming) if any(key == leaver for key, _ in people)}
    asked = (
        select(RoundRow.draft)
        .join(StepRow, StepRow.round == RoundRow.id)
        .where(RoundRow.ended_at.is_(None), StepRow.asked_by == leaver)
    )
    has_turn |= set(session.scalars(asked))
    own = set(session.scalars(select(DraftRow.id).where(DraftRow.drafter == leaver)))
    return [one for one in session.scalars(wanted) if one in has_turn | own]


def _has_part(state: Round, official: int) -> bool:
    return official in state.waiting_for() or any(
        person.official == official for one in state.steps if one.state in {"waiting", "open"} for person in one.coming
    )


def _give_turns(
    session: Session, actor: Actor, draft: DraftRow, before: Round, leaver: int, deputy: Person | None, moment: Moment
) -> bool:
    for one in _successors(session, draft, {leaver, draft.drafter}, deputy, moment):
        event = HandedOver(leaver, one)
        try:
            if after(before, event, facts=rounds.facts_of(draft)).outcome is not None:
                continue  # they had their say already, and nobody else would have one: leaving approves nothing
        except MoveError:
            continue
        _, _, then = rounds.move(session, draft, event, moment)
        touch(draft, moment)
        notices.turns_over(session, draft, then.waiting_for())
        notices.turn_came(session, draft, then.waiting_for() - before.waiting_for(), moment)
        _record(session, actor, draft, leaver, one.official, "turn")
        return True
    return False


def _give_draft(session: Session, actor: Actor, draft: DraftRow, deputy: Person | None, moment: Moment) -> bool:
    """Another goes on with a draft that its author cannot: nobody who answers for it, or has a turn at it."""
    leaver = draft.drafter
    taken = {leaver, draft.content_by, draft.form_by, draft.approved_by} - {None}
    if (row := rounds.latest(session, draft.id)) is not None and row.outcome is None:
        state = rounds.load(session, draft, row)
        taken |= {task.person.official for one in state.steps for task in one.tasks}
        taken |= {person.official for one in state.steps for person in one.coming}
    for one in _successors(session, draft, {key for key in taken if key is not None}, deputy, moment):
        draft.drafter = one.official
        touch(draft, moment)
        session.flush()
        _record(session, actor, draft, leaver, one.official, "draft")
        return True
    return False


def _successors(
    session: Session, draft: DraftRow, but: set[int], deputy: Person | None, moment: Moment
) -> Iterator[Person]:
    tried = set(but)
    if deputy is not None and deputy.official not in tried:
        tried.add(deputy.official)
        yield deputy
    for _ in range(MOST_TRIES):
        head = head_of(session, draft.unit, moment.today, but=frozenset(tried))
        if head is None:
            return
        tried.add(head.official)
        yield head


def _person(session: Session, number: str | None, day: date) -> Person | None:
    """An official by number, with the title of the main post; None for nobody, or who has left too."""
    wanted = (
        select(OfficialRow.id, PostRow.title)
        .outerjoin(PostRow, PostRow.official == OfficialRow.id)
        .where(OfficialRow.official_id == number, OfficialRow.gone_at.is_(None))
        .where(or_(PostRow.until.is_(None), PostRow.until >= day))
        .order_by(PostRow.position)
    )
    found = session.execute(wanted).first()
    return None if found is None else Person(found[0], found[1] or "")


def _record(session: Session, actor: Actor, draft: DraftRow, leaver: int, to: int, what: str) -> None:
    wanted = select(OfficialRow.id, OfficialRow.official_id).where(OfficialRow.id.in_((leaver, to)))
    numbers = dict(session.execute(wanted).all())
    facts = {"what": what, "from": numbers[leaver], "to": numbers[to]}
    record(session, actor, EofficeAction.TASK_HANDED_OVER, draft, **facts)
