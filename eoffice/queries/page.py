"""One draft as a page shows it: its text, what changed since it was looked at, opinions, how far it is, whose turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.directory.queries import official_row
from core.permissions import Actor
from eoffice.errors import DraftNotFoundError
from eoffice.models import DraftRow, LookRow, RemarkRow, RevisionRow, RoundRow, StepRow, TaskRow
from eoffice.permissions import can_change, can_read
from eoffice.queries.titles import titles
from eoffice.queries.waiting import WaitingTask, tasks_waiting
from eoffice.writing import Anchor, ChangedPassage, Written, found_again, redline


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by name, and the title of their main post, with the unit of whoever is of another one (empty: none)."""

    official: int
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """A remark: who (`acting_for` whom), when, about which words of which passage as the text is now.

    `quote` is None for the whole document; `anchor` is None where those words are gone.
    """

    remark_id: int
    author: Person
    acting_for: Person | None
    at: datetime
    text: str
    revision: int
    quote: str | None
    anchor: Anchor | None
    parent: int | None
    is_new: bool
    resolved: bool
    via: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's part in a step."""

    person: Person
    state: str
    decision: str | None
    decided_by: Person | None
    decided_at: datetime | None
    looked: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the last round, in its order; `asked_by` for opinions beside the plan."""

    position: int
    kind: str
    purpose: str
    state: str
    due: date | None
    asked_by: Person | None
    turns: tuple[Turn, ...]
    coming: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What one person sees of a draft. `since` are the passages that changed since they looked; None: never looked."""

    draft_id: int
    type: str
    title: str
    state: str
    source: str
    urgency: str
    due: date | None
    drafter: Person
    created_at: datetime
    changed_at: datetime
    revision: int
    text: Written
    since: tuple[ChangedPassage, ...] | None
    seen: int
    opinions: tuple[Opinion, ...]
    steps: tuple[StepLine, ...]
    waiting: tuple[WaitingTask, ...]
    """The reader's own turns in it (or of whom they act for)."""
    following: WaitingTask | None
    """What else waits for the reader, the most urgent."""
    can_change: bool
    """Whether the reader may write in it now."""
    writes: bool
    """Whether it is the reader's draft, or of whom they act for in everything: whatever its state."""
    approved_by: Person | None
    approved_at: datetime | None
    own_decisions: tuple[tuple[int, datetime], ...] = ()
    """Where in the last round the reader decided themselves, and when: to be taken back while that can be done."""

    @property
    def newest(self) -> tuple[int, int]:
        """The revision and the latest remark (0: none) that the page shows."""
        return self.revision, max((one.remark_id for one in self.opinions), default=0)


def draft_page(
    session: Session, actor: Actor, *, draft_id: int, today: date, seen: tuple[int, int] | None = None
) -> DraftPage:
    """The page of a draft. Raises `DraftNotFoundError` for whoever may not see it. A fixed number of SQL queries.

    What is new is so since the reader looked last, or, where it is less, since the revision and the remark of `seen`.
    """
    draft = session.get(DraftRow, draft_id)
    if draft is None or not can_read(session, actor, draft, today=today):
        raise DraftNotFoundError(draft_id)
    latest = _revision(session, draft_id)
    text = Written.of_json(latest.content)
    own = None if actor.official_id is None else official_row(session, actor.official_id)
    look = None if own is None else session.get(LookRow, (draft_id, own.id))
    remarks = list(session.scalars(select(RemarkRow).where(RemarkRow.draft == draft_id).order_by(RemarkRow.id.desc())))
    steps, tasks = _last_round(session, draft_id)
    people = _people(session, draft, remarks, steps, tasks, today)
    old_revision, old_remark = _seen(look, seen)
    turns = tasks_waiting(session, actor, today=today, practice=draft_id)
    writes = can_change(session, actor, draft, today=today)
    return DraftPage(
        draft_id=draft.id,
        type=draft.type,
        title=draft.title,
        state=draft.state,
        source=draft.source,
        urgency=draft.urgency,
        due=draft.due,
        drafter=people[draft.drafter],
        created_at=draft.created_at,
        changed_at=draft.changed_at,
        revision=latest.number,
        text=text,
        since=_since(session, latest, old_revision, text),
        seen=old_revision,
        opinions=tuple(_opinion(one, people, text, old_remark) for one in remarks),
        steps=tuple(_step(one, tasks.get(one.id, []), people) for one in steps),
        waiting=tuple(one for one in turns if one.draft_id == draft_id),
        following=next((one for one in turns if one.draft_id != draft_id), None),
        can_change=draft.state in {"drafting", "returned"} and writes,
        writes=writes,
        approved_by=None if draft.approved_by is None else people[draft.approved_by],
        approved_at=draft.approved_at,
        own_decisions=tuple(
            (one.position, task.decided_at)
            for one in steps
            for task in tasks.get(one.id, [])
            if own is not None and task.decided_by == own.id and task.decided_at is not None
        ),
    )


def _revision(session: Session, draft_id: int, number: int | None = None) -> RevisionRow:
    """That revision, or the latest."""
    wanted = select(RevisionRow).where(RevisionRow.draft == draft_id).order_by(RevisionRow.number.desc()).limit(1)
    return session.scalars(wanted if number is None else wanted.where(RevisionRow.number == number)).one()


def _seen(look: LookRow | None, before: tuple[int, int] | None) -> tuple[int, int]:
    """The revision and the remark seen last, or `before` where that is less; zeros for who never looked."""
    if look is None:
        return 0, 0
    revision, remark = before or (look.revision, look.remark)
    return min(look.revision, revision), min(look.remark, remark)


def _since(session: Session, latest: RevisionRow, old: int, text: Written) -> tuple[ChangedPassage, ...] | None:
    """What changed since revision `old`; None where none was seen."""
    if old in {0, latest.number}:
        return () if old else None
    then = Written.of_json(_revision(session, latest.draft, old).content)
    return tuple(one for one in redline(then, text) if one.mark != "kept")


def _last_round(session: Session, draft_id: int) -> tuple[list[StepRow], dict[int, list[TaskRow]]]:
    last = select(RoundRow.id).where(RoundRow.draft == draft_id).order_by(RoundRow.number.desc()).limit(1)
    steps = list(
        session.scalars(select(StepRow).where(StepRow.round.in_(last.scalar_subquery())).order_by(StepRow.position))
    )
    tasks: dict[int, list[TaskRow]] = {}
    wanted = select(TaskRow).where(TaskRow.step.in_([one.id for one in steps])).order_by(TaskRow.id)
    for task in session.scalars(wanted):
        tasks.setdefault(task.step, []).append(task)
    return steps, tasks


def _people(
    session: Session, draft: DraftRow, remarks: list[RemarkRow], steps: list[StepRow],
    tasks: dict[int, list[TaskRow]], today: date,
) -> dict[int, Person]:  # fmt: skip
    """Everybody whom the page names, with the title of the main post they hold on that day."""
    keys = {draft.drafter, draft.approved_by}
    keys |= {key for one in remarks for key in (one.author, one.acting_for)}
    keys |= {one.asked_by for one in steps} | {official for one in steps for official, _ in one.coming}
    keys |= {key for found in tasks.values() for one in found for key in (one.official, one.decided_by)}
    known = [key for key in keys if key is not None]
    said = titles(session, known, unit=draft.unit, today=today)
    names = select(OfficialRow.id, OfficialRow.name).where(OfficialRow.id.in_(known))
    return {key: Person(key, name, said.get(key, "")) for key, name in session.execute(names)}


def _opinion(remark: RemarkRow, people: dict[int, Person], text: Written, seen: int) -> Opinion:
    anchor = None
    if remark.block_id is not None and remark.quote is not None:
        anchor = found_again(Anchor(remark.block_id, remark.quote, remark.begin_at, remark.end_at), text)
    return Opinion(
        remark.id,
        people[remark.author],
        None if remark.acting_for is None else people[remark.acting_for],
        remark.at,
        remark.text,
        remark.revision,
        remark.quote,
        anchor,
        remark.parent,
        remark.id > seen,
        remark.resolved_at is not None,
        remark.via,
    )


def _step(step: StepRow, tasks: list[TaskRow], people: dict[int, Person]) -> StepLine:
    turns = tuple(
        Turn(
            people[one.official],
            one.state,
            one.decision,
            None if one.decided_by is None else people[one.decided_by],
            one.decided_at,
            one.looked_at is not None,
        )
        for one in tasks
    )
    coming = tuple(people[official] for official, _ in step.coming)
    asker = None if step.asked_by is None else people[step.asked_by]
    return StepLine(step.position, step.kind, step.purpose, step.state, step.due, asker, turns, coming)
