"""What people decide about a draft whose turn it is: agree, return, give an opinion, ask for one, take it back.

Each is one transaction with one entry in the trail. `seen_revision` is the revision on the page that was decided on:
nobody agrees to what they have not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow
from core.directory.queries import in_post
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.errors import DraftNotFoundError, MoveError, NotYourTurnError, StaleDraftError, TooLateError
from eoffice.models import DraftRow, RemarkRow, RevisionRow, RoundRow, TaskRow
from eoffice.permissions import can_read
from eoffice.routing import Agreed, Asked, Event, Looked, Opined, Person, Returned, Round, Undone, again_from
from eoffice.services import notices, rounds
from eoffice.services.changes import latest_revision, record, touch
from eoffice.services.rounds import Moment, Verdict
from eoffice.services.turns import Turn, official_of, turn_of
from eoffice.writing.secrecy import refuse_secrets

UNDO = timedelta(minutes=1)
REFUSALS = (DraftNotFoundError, MoveError, NotYourTurnError, StaleDraftError)
"""What `approve`, `give_opinion` and `return_to` raise: nothing has changed then."""
LONGEST_REMARK = 10_000


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a decision: the draft's state, and the officials (keys of the directory) it waits for now."""

    draft_id: int
    state: str
    waits_for: frozenset[int]
    position: int


def approve(
    session: Session, actor: Actor, *, draft_id: int, seen_revision: int, moment: Moment, comment: str = "",
    position: int | None = None, via: str = "web",
) -> Done:  # fmt: skip
    """Agree at the step whose turn it is: answer for content or form, or approve.

    Raises `DraftNotFoundError`, `NotYourTurnError`, `StaleDraftError`, `MoveError`.
    """
    draft, turn = _turn(session, actor, draft_id, seen_revision, moment, position)
    event = Agreed(turn.official, turn.step.position)
    return _decide(session, draft, turn, event, moment, seen_revision, comment, via)


def give_opinion(
    session: Session, actor: Actor, *, draft_id: int, seen_revision: int, moment: Moment, comment: str,
    position: int | None = None, via: str = "web",
) -> Done:  # fmt: skip
    """Give the opinion that was asked for; it needs words. Raises as `approve`."""
    draft, turn = _turn(session, actor, draft_id, seen_revision, moment, position)
    _words(comment)
    event = Opined(turn.official, turn.step.position)
    return _decide(session, draft, turn, event, moment, seen_revision, comment, via)


def return_to(
    session: Session, actor: Actor, *, draft_id: int, seen_revision: int, moment: Moment, comment: str,
    to: int | None = None, position: int | None = None, via: str = "web",
) -> Done:  # fmt: skip
    """Send the draft back with remarks: to its author, or to an earlier step (`to`). Raises as `approve`."""
    draft, turn = _turn(session, actor, draft_id, seen_revision, moment, position)
    _words(comment)
    event = Returned(turn.official, turn.step.position, to)
    return _decide(session, draft, turn, event, moment, seen_revision, comment, via)


def ask_opinion(
    session: Session, actor: Actor, *, draft_id: int, whom: Sequence[str], moment: Moment, question: str = "",
    position: int | None = None,
) -> Done:  # fmt: skip
    """Ask others (by the numbers the personnel office gave) for their opinion beside the plan.

    Raises `NotYourTurnError`, and `MoveError` where there is nobody to ask.
    """
    draft = rounds.locked(session, draft_id)
    turn = turn_of(session, actor, _open(session, draft), moment, position=position)
    people = _people(session, whom, moment)
    event = Asked(turn.official, turn.step.position, people)
    _, before, then = rounds.move(session, draft, event, moment)
    remark = _remark(session, draft, turn, question, moment, "web", latest_revision(session, draft_id))
    touch(draft, moment)
    asked = sorted(then.waiting_for() - before.waiting_for())
    notices.turn_came(session, draft, then.waiting_for() - before.waiting_for(), moment)
    record(session, turn.actor, EofficeAction.OPINION_ASKED, draft, whom=sorted(whom), asked=len(asked), remark=remark)
    return Done(draft.id, draft.state, then.waiting_for(), turn.step.position)


def undo(session: Session, actor: Actor, *, draft_id: int, position: int, moment: Moment) -> Done:
    """Take the own decision back, within a minute and before anybody saw what followed.

    Raises `NotYourTurnError` and `TooLateError`.
    """
    draft = rounds.locked(session, draft_id)
    own = official_of(session, actor)
    row, task = _own_decision(session, draft_id, position, own.id)
    if task.decided_at is None or moment.now - task.decided_at > UNDO or draft.state == "drafting":
        raise TooLateError
    following = rounds.latest(session, draft_id)
    if following is not None and following.id != row.id:
        rounds.remove_unseen(session, draft, following)
    _, _, then = rounds.move(session, draft, Undone(task.official, position), moment)
    answer = rounds.answered_by(session, draft_id)
    draft.content_by, draft.form_by = answer.get("content"), answer.get("form")
    draft.state = "on_route"
    draft.approved_at = draft.approved_by = draft.approved_for = draft.approved_revision = None
    touch(draft, moment)
    notices.turns_over(session, draft, then.waiting_for())
    record(session, actor, EofficeAction.DRAFT_UNDONE, draft, position=position)
    return Done(draft.id, draft.state, then.waiting_for(), position)


def note_look(session: Session, actor: Actor, *, draft_id: int, moment: Moment) -> None:
    """Note that somebody whose turn it is (or their deputy) opened the draft; nothing for everybody else."""
    draft = rounds.locked(session, draft_id)
    row = rounds.latest(session, draft_id)
    if row is None or row.outcome is not None:
        return
    try:
        turn = turn_of(session, actor, rounds.load(session, draft, row), moment)
    except NotYourTurnError:
        return
    rounds.move(session, draft, Looked(turn.official), moment)


def _open(session: Session, draft: DraftRow) -> Round:
    row = rounds.latest(session, draft.id)
    if row is None or row.outcome is not None:
        raise NotYourTurnError
    return rounds.load(session, draft, row)


def _turn(
    session: Session, actor: Actor, draft_id: int, seen_revision: int, moment: Moment, position: int | None
) -> tuple[DraftRow, Turn]:
    """The locked draft and the actor's turn; whoever has none learns nothing of the draft."""
    draft = rounds.locked(session, draft_id)
    try:
        turn = turn_of(session, actor, _open(session, draft), moment, position=position)
    except NotYourTurnError:
        if can_read(session, actor, draft, today=moment.today):
            raise
        raise DraftNotFoundError(draft_id) from None
    if seen_revision != latest_revision(session, draft_id):
        raise StaleDraftError
    return draft, turn


def _decide(
    session: Session, draft: DraftRow, turn: Turn, event: Event, moment: Moment, revision: int, comment: str, via: str
) -> Done:
    purpose, position = turn.step.step.purpose, turn.step.position
    if isinstance(event, Agreed):
        _two_people(draft, purpose, turn)
        _not_own_words(session, draft, purpose, turn)
    remark = _remark(session, draft, turn, comment, moment, via, revision)
    verdict = Verdict(turn.person, revision, via, remark)
    row, before, then = rounds.move(session, draft, event, moment, verdict)
    if isinstance(event, Agreed):
        if purpose == "content":
            draft.content_by = turn.person
        elif purpose == "form":
            draft.form_by = turn.person
    action = {Agreed: EofficeAction.DRAFT_AGREED, Opined: EofficeAction.DRAFT_OPINED}.get(
        type(event), EofficeAction.DRAFT_RETURNED
    )
    if then.outcome == "approved":
        action = EofficeAction.DRAFT_APPROVED
        draft.state, draft.approved_at, draft.approved_revision = "approved", moment.now, revision
        draft.approved_by, draft.approved_for = turn.person, turn.acting_for
    elif then.outcome == "returned" and then.returned_to is not None:
        then = _from_earlier_step(session, draft, row, then, moment)
    elif then.outcome == "returned":
        draft.state = "returned"
    touch(draft, moment)
    notices.turns_over(session, draft, then.waiting_for())
    notices.turn_came(session, draft, then.waiting_for() - before.waiting_for(), moment)
    notices.decided(session, draft, then.outcome, moment)
    if remark is not None:
        told = () if then.outcome is None else (draft.drafter,)
        notices.remarked(session, draft, session.get_one(OfficialRow, turn.person), moment, but=told)
    record(
        session, turn.actor, action, draft,
        revision=revision, position=position, purpose=purpose, via=via, remark=remark,
    )  # fmt: skip
    return Done(draft.id, draft.state, then.waiting_for(), position)


def _from_earlier_step(session: Session, draft: DraftRow, row: RoundRow, returned: Round, moment: Moment) -> Round:
    """The next round, begun at once where the last was returned to; its people answer again from there on."""
    again = again_from(returned, rounds.facts_of(draft))
    due = {one.step.purpose for one in again.steps if one.state != "passed_over"}
    if "content" in due:
        draft.content_by = None
    if "form" in due:
        draft.form_by = None
    rounds.start(session, draft, again, moment, template=row.template, revision=row.revision, begun_by=row.begun_by)
    return again


def _two_people(draft: DraftRow, purpose: str, turn: Turn) -> None:
    """A deputy may stand for two people, but content and form are answered for by two (Decree 30/2020, art. 12)."""
    other = {"content": draft.form_by, "form": draft.content_by}.get(purpose)
    if other is not None and other == turn.person:
        raise MoveError(
            "Nội dung và thể thức phải do hai người khác nhau chịu trách nhiệm.",
            "Content and form must be answered for by two different people.",
        )


def _not_own_words(session: Session, draft: DraftRow, purpose: str, turn: Turn) -> None:
    """Who wrote in it (as a deputy of its drafter, say) answers neither for its content nor for its form."""
    wrote = select(RevisionRow.id).where(RevisionRow.draft == draft.id, RevisionRow.author == turn.person).limit(1)
    if purpose != "opinion" and session.scalars(wrote).first() is not None:
        raise MoveError(
            "Ông/Bà đã viết trong văn bản này nên không đồng ý thay người duyệt được; hãy ủy quyền cho người khác.",
            "You wrote in this document, so somebody else has to agree to it; please name a deputy.",
        )


def _words(comment: str) -> None:
    if not comment.strip():
        raise MoveError("Hãy ghi ý kiến vào ô bên cạnh.", "Please write your remarks beside it.")


def _remark(
    session: Session, draft: DraftRow, turn: Turn, text: str, moment: Moment, via: str, revision: int
) -> int | None:
    if not text.strip():
        return None
    said = checked_remark(text)
    remark = RemarkRow(
        draft=draft.id,
        revision=revision,
        author=turn.person,
        acting_for=turn.acting_for,
        at=moment.now,
        text=said,
        via=via,
    )
    session.add(remark)
    session.flush()
    return remark.id


def checked_remark(text: str) -> str:
    """The words of a remark as they are kept. Raises `MoveError` for none or too many, `SecretError`."""
    said = text.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST_REMARK:
        raise MoveError(
            f"Hãy viết ý kiến, nhiều nhất {LONGEST_REMARK} ký tự; dài hơn thì gửi kèm tệp.",
            f"Please write the remark, at most {LONGEST_REMARK} signs; what is longer belongs into a file.",
        )
    refuse_secrets(said)
    return said


def _people(session: Session, numbers: Sequence[str], moment: Moment) -> tuple[Person, ...]:
    """The officials with these numbers, each with the main post of today."""
    wanted = (
        select(OfficialRow.id, OfficialRow.official_id, PostRow.title)
        .join(PostRow, PostRow.official == OfficialRow.id)
        .where(OfficialRow.official_id.in_(list(numbers)), OfficialRow.gone_at.is_(None))
        .where(in_post(moment.today))
        .order_by(PostRow.official, PostRow.position)
    )
    found: dict[str, Person] = {}
    for key, number, title in session.execute(wanted):
        found.setdefault(number, Person(key, title))
    return tuple(found[number] for number in numbers if number in found)


def _own_decision(session: Session, draft_id: int, position: int, person: int) -> tuple[RoundRow, TaskRow]:
    """What a person decided at a step of the last round, or by which the round before it went back to an earlier step.

    Raises `NotYourTurnError` where there is no such decision.
    """
    wanted = select(RoundRow).where(RoundRow.draft == draft_id).order_by(RoundRow.number.desc()).limit(2)
    for number, row in enumerate(session.scalars(wanted.execution_options(populate_existing=True)).all()):
        decided = rounds.tasks_at(row.id, position).where(TaskRow.decided_by == person, TaskRow.state == "decided")
        if number:
            if row.returned_to is None:
                break
            decided = decided.where(TaskRow.decision == "return")
        found = session.scalars(decided).first()
        if found is not None:
            return row, found
    raise NotYourTurnError
