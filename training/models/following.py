"""What follows an assignment: the learner is told and reminded, a record store takes statements, effects are estimated.

Reminders and statements are written once and never changed: a second row for the same thing is refused by the database,
which is what holds whatever runs twice to one message. A report of effect stays as it was made, with its inputs.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

REMINDER_KINDS = ("before_14", "before_7", "before_3", "before_1", "head_1", "head_7")
STATEMENT_STATES = ("taken", "refused")


class ReminderRow(Base):
    """A reminder of one assignment that went out, for the day it was due then; `official` is whom it was for.

    `official` None: the learner is late and has no head. `accounts`: how many accounts were told; 0 where whoever it
    was for has none, or wants no such mail.
    """

    __tablename__ = "training_reminder"
    __table_args__ = (
        UniqueConstraint("assignment", "kind", "due_on", name="uq_training_reminder_once"),
        CheckConstraint(one_of("kind", REMINDER_KINDS), name="kind"),
        CheckConstraint("accounts >= 0", name="counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[str]
    due_on: Mapped[date]
    official: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    accounts: Mapped[int]
    sent_at: Mapped[datetime]


class AssignmentToldRow(Base):
    """The learner was told of an assignment, once it was theirs to begin; `accounts`: how many accounts were.

    0 where the learner has no account, or wants no such mail.
    """

    __tablename__ = "assignment_told"
    __table_args__ = (CheckConstraint("accounts >= 0", name="counted"),)

    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    accounts: Mapped[int]
    told_at: Mapped[datetime]


class StatementRow(Base):
    """A statement that the learning record store took, or will never take: `answer` is what it said to the latter.

    `event` is the name of what happened (`training.statements.Learnt.name`). What has no row here is still to be told.
    """

    __tablename__ = "training_statement"
    __table_args__ = (
        UniqueConstraint("assignment", "event", name="uq_training_statement_once"),
        CheckConstraint(one_of("state", STATEMENT_STATES), name="state"),
        CheckConstraint("(state = 'refused') = (answer IS NOT NULL)", name="refused_why"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    """The statement's own id."""
    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    event: Mapped[str]
    state: Mapped[str]
    answer: Mapped[str | None]
    told_at: Mapped[datetime]


class WithdrawnRow(Base):
    """Something learnt that had been recorded wrongly and was withdrawn: `what` and `key` as in `training.statements`.

    `turn` counts how often the same thing of the assignment was withdrawn before: what is done anew is another thing.
    """

    __tablename__ = "learning_withdrawn"
    __table_args__ = (
        UniqueConstraint("assignment", "what", "key", "turn", name="uq_learning_withdrawn_once"),
        CheckConstraint("turn >= 0", name="counted"),
        Index("ix_learning_withdrawn_at", "withdrawn_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    what: Mapped[str]
    key: Mapped[str]
    turn: Mapped[int]
    withdrawn_at: Mapped[datetime]


class EffectReportRow(Base):
    """What could be said of a campaign's effect when this was made, and everything it was computed from.

    `panel` holds no names: for each person the number of the unit, the first period after training, whether it was
    drawn, and the days. `inputs_digest` is the SHA-256 of it; with `permutations` and `seed` anybody gets `result`
    again. `left_out` counts who is not in the panel, by reason.
    """

    __tablename__ = "training_effect"
    __table_args__ = (
        UniqueConstraint("campaign", "inputs_digest", name="uq_training_effect_campaign_inputs_digest"),
        CheckConstraint("length(inputs_digest) = 64", name="digest"),
        CheckConstraint("first_day <= last_day AND days_each >= 1 AND periods >= 0", name="period"),
        CheckConstraint("permutations >= 1 AND people >= 0", name="counted"),
        Index("ix_training_effect_campaign", "campaign", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[int] = mapped_column(ForeignKey("training_campaign.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    first_day: Mapped[date]
    """First day of the first period."""
    last_day: Mapped[date]
    """Last day of the last one."""
    days_each: Mapped[int]
    periods: Mapped[int]
    people: Mapped[int]
    """In the panel."""
    permutations: Mapped[int]
    seed: Mapped[str | None]
    """Of the permutations; None: it follows from the figures. Text, for it may be larger than a number of a row."""
    inputs_digest: Mapped[str]
    panel: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    left_out: Mapped[dict[str, int]] = mapped_column(JSON)
    verdict: Mapped[str]
    label: Mapped[str]
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What `training.effect` said."""
