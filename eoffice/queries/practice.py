"""What was done with practice documents: what exercises of the e-office are judged by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eoffice.documents import ruleset
from eoffice.models import DraftRow, PracticeDraftRow, RemarkRow, RevisionRow, RoundRow, StepRow, TaskRow
from eoffice.queries.form import findings_in_text
from eoffice.writing import Written

Did = Literal["remarked", "agreed", "returned", "opined", "asked", "revised"]
_DECIDED: dict[str, Did] = {"agree": "agreed", "return": "returned", "opinion": "opined"}


@dataclass(frozen=True, slots=True)
class PracticeDeed:
    """One thing that was done with a practice document; `id` names the row for ever.

    by: the official (row) who did it; `acting_for` another in whose place. `words`: whether anything was said with it.
    `clean`: whether a saved text has no fault of form; None where it was no text.
    """

    id: str
    draft: int
    did: Did
    at: datetime
    by: int
    acting_for: int | None = None
    words: bool = False
    clean: bool | None = None


def is_practice(session: Session, draft_id: int) -> bool:
    """Whether a document is practice."""
    return session.get(PracticeDraftRow, draft_id) is not None


def practice_mark(session: Session, draft_id: int) -> str | None:
    """The mark of a practice document; None for a real one."""
    return session.scalar(select(PracticeDraftRow.mark).where(PracticeDraftRow.draft == draft_id))


def practice_draft(session: Session, mark: str) -> int | None:
    """The practice document with this mark; None where there is none."""
    return session.scalar(select(PracticeDraftRow.draft).where(PracticeDraftRow.mark == mark))


def practice_deeds(session: Session, drafts: Collection[int], *, today: date) -> list[PracticeDeed]:
    """What was done with these documents, those that are practice; four SQL queries. `today` chooses the rules of form.

    Of what was saved there is only the last: a document is as good as it is now.
    """
    real = set(session.scalars(select(PracticeDraftRow.draft).where(PracticeDraftRow.draft.in_(drafts))))
    return [
        *_remarks(session, real),
        *_decisions(session, real),
        *_questions(session, real),
        *_texts(session, real, today),
    ]


def _remarks(session: Session, drafts: set[int]) -> list[PracticeDeed]:
    wanted = select(RemarkRow).where(RemarkRow.draft.in_(drafts)).order_by(RemarkRow.id)
    return [
        PracticeDeed(f"remark:{one.id}", one.draft, "remarked", one.at, one.author, one.acting_for, words=True)
        for one in session.scalars(wanted)
    ]


def _decisions(session: Session, drafts: set[int]) -> list[PracticeDeed]:
    """Turns that were decided; a deputy's is the deputy's, in the place of whose turn it was."""
    wanted = (
        select(TaskRow, RoundRow.draft)
        .join(StepRow, StepRow.id == TaskRow.step)
        .join(RoundRow, RoundRow.id == StepRow.round)
        .where(RoundRow.draft.in_(drafts), TaskRow.state == "decided")
        .order_by(TaskRow.id)
    )
    return [
        PracticeDeed(
            f"task:{task.id}",
            draft,
            _DECIDED[task.decision],
            task.decided_at,
            task.decided_by,
            None if task.decided_by == task.official else task.official,
            words=task.remark is not None,
        )
        for task, draft in session.execute(wanted)
        if task.decision is not None and task.decided_at is not None and task.decided_by is not None
    ]


def _questions(session: Session, drafts: set[int]) -> list[PracticeDeed]:
    """Opinions that somebody asked for; the turn in whose time it was asked tells whose it was."""
    wanted = (
        select(StepRow, RoundRow.draft)
        .join(RoundRow, RoundRow.id == StepRow.round)
        .where(RoundRow.draft.in_(drafts), StepRow.asked_by.is_not(None), StepRow.opened_at.is_not(None))
        .order_by(StepRow.id)
    )
    return [
        PracticeDeed(f"step:{step.id}", draft, "asked", step.opened_at, step.asked_by)
        for step, draft in session.execute(wanted)
        if step.opened_at is not None and step.asked_by is not None
    ]


def _texts(session: Session, drafts: set[int], today: date) -> list[PracticeDeed]:
    """The last revision of each document that has more than its first, with what the form check says of it."""
    last = (
        select(RevisionRow.draft, func.max(RevisionRow.number).label("number")).group_by(RevisionRow.draft).subquery()
    )
    wanted = (
        select(RevisionRow)
        .join(last, (last.c.draft == RevisionRow.draft) & (last.c.number == RevisionRow.number))
        .join(DraftRow, DraftRow.id == RevisionRow.draft)
        .where(RevisionRow.draft.in_(drafts), RevisionRow.number > 1, DraftRow.source == "text")
        .order_by(RevisionRow.id)
    )
    rules = ruleset.load(today)
    return [
        PracticeDeed(
            f"revision:{one.id}", one.draft, "revised", one.at, one.author, one.acting_for,
            clean=not findings_in_text(Written.of_json(one.content), rules),
        )
        for one in session.scalars(wanted)
    ]  # fmt: skip
