"""Sending a draft round, taking it back before anybody saw it, and giving it up."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.directory.queries import units_above
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.errors import DraftNotFoundError, MoveError, StaleDraftError
from eoffice.models import DraftRow, RouteTemplate
from eoffice.permissions import as_writer, can_change
from eoffice.routing import PulledBack, Round, Withdrawn, begin, plan_from_json
from eoffice.services import notices, rounds
from eoffice.services.changes import latest_revision, record, touch
from eoffice.services.people import resolver
from eoffice.services.rounds import Moment


def submit(
    session: Session, actor: Actor, *, draft_id: int, template_id: int, seen_revision: int, moment: Moment
) -> int:
    """Send a draft round by a template: its first step is open. Returns the number of the round.

    Only its drafter does, or who acts for them in everything. Raises `DraftNotFoundError`,
    `StaleDraftError`, `MoveError` where it is on its way already, `PlanError` where the route cannot be followed.
    """
    draft, actor = _own(session, actor, draft_id, moment)
    if draft.state not in {"drafting", "returned"}:
        raise MoveError("Văn bản đang ở người khác hoặc đã xong.", "The draft is with somebody already, or done.")
    latest = latest_revision(session, draft_id)
    if not latest or seen_revision != latest:
        raise StaleDraftError
    template = session.get(RouteTemplate, template_id)
    elsewhere = template is not None and template.unit not in {None, *units_above(session, draft.unit)}
    if template is None or template.retired_at is not None or template.type not in {None, draft.type} or elsewhere:
        raise MoveError("Không có quy trình này cho loại văn bản này.", "There is no such route for this type.")
    state = _first(session, draft, template, moment)
    row = rounds.start(session, draft, state, moment, template=template.id, revision=latest, begun_by=draft.drafter)
    draft.state = "on_route"
    touch(draft, moment)
    notices.turn_came(session, draft, state.waiting_for(), moment)
    record(session, actor, EofficeAction.DRAFT_SUBMITTED, draft, round=row.number, revision=latest)
    return row.number


def pull_back(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> None:
    """Take the draft back to work on it, until the next person has opened it.

    Raises `DraftNotFoundError`, `NotYourTurnError`, `TooLateError`.
    """
    draft, actor = _own(session, actor, draft_id, moment)
    rounds.move(session, draft, PulledBack(draft.drafter), moment)
    draft.state = "drafting"
    touch(draft, moment)
    notices.turns_over(session, draft, ())
    record(session, actor, EofficeAction.DRAFT_PULLED_BACK, draft)


def withdraw(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> None:
    """Give a draft up; what was written stays. Raises `DraftNotFoundError`, `MoveError` for one that was approved."""
    draft, actor = _own(session, actor, draft_id, moment)
    if draft.state in {"approved", "withdrawn"}:
        raise MoveError("Văn bản đã được duyệt hoặc đã thôi.", "It was approved, or given up already.")
    if draft.state == "on_route":
        rounds.move(session, draft, Withdrawn(draft.drafter), moment)
    draft.state, draft.withdrawn_at = "withdrawn", moment.now
    touch(draft, moment)
    notices.turns_over(session, draft, ())
    record(session, actor, EofficeAction.DRAFT_WITHDRAWN, draft)


def _first(session: Session, draft: DraftRow, template: RouteTemplate, moment: Moment) -> Round:
    """A new round; whoever answered for content or form in an earlier one answered for another text."""
    draft.content_by = draft.form_by = None
    resolve = resolver(session, draft.unit, moment.today, drafter=draft.drafter)
    plan, facts = plan_from_json(template.steps), rounds.facts_of(draft)
    return begin(plan, drafter=draft.drafter, facts=facts, resolve=resolve)


def _own(session: Session, actor: Actor, draft_id: int, moment: Moment) -> tuple[DraftRow, Actor]:
    """The locked draft of the actor, or of whom they act for in everything; for everybody else there is none."""
    draft = rounds.locked(session, draft_id)
    if not can_change(session, actor, draft, today=moment.today):
        raise DraftNotFoundError(draft_id)
    return draft, as_writer(session, actor, draft)
