"""Routes: the templates an administrator draws, and the rounds, steps and tasks of each draft on its way.

What may follow what is decided by pure functions (`eoffice.routing`); these tables keep what they said. A task is one
person's turn in a step; it is decided once, which its constraints see to as well.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

_OPEN = text("ended_at IS NULL")
_WAITS = text("state = 'open'")
_HELD = text("state != 'handed_over'")
STEP_KINDS = ("serial", "all", "any", "n_of_m")
PURPOSES = ("opinion", "content", "form", "approval")
"""What a step is for: an opinion; answering for the content; answering for the form; the decision."""
ROUND_OUTCOMES = ("approved", "returned", "pulled_back", "withdrawn")
STEP_STATES = ("waiting", "open", "done", "passed_over", "void")
"""Not yet its turn; people are at it; done; its condition did not hold; the round ended before."""
TASK_STATES = ("open", "decided", "void", "handed_over")
DECISIONS = ("agree", "return", "opinion")


class RouteTemplate(Base):
    """A route for a document type (None: any) in a unit and below it (None: everywhere); changed by a new version."""

    __tablename__ = "route_template"
    __table_args__ = (
        UniqueConstraint("name", "version", name="uq_route_template_name_version"),
        CheckConstraint("version >= 1", name="counted"),
        CheckConstraint("(retired_at IS NULL) = (retired_by IS NULL)", name="retired_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    type: Mapped[str | None]
    unit: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The plan as `eoffice.routing` reads and writes it; people are named by post."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None]


class RoundRow(Base):
    """One time that a draft went round: from being sent off to its end. At most one is open a draft."""

    __tablename__ = "draft_round"
    __table_args__ = (
        UniqueConstraint("draft", "number", name="uq_draft_round_draft_number"),
        CheckConstraint("outcome IS NULL OR " + one_of("outcome", ROUND_OUTCOMES), name="outcome"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_whole"),
        Index("uq_draft_round_open", "draft", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    number: Mapped[int]
    template: Mapped[int | None] = mapped_column(ForeignKey("route_template.id"))
    revision: Mapped[int]
    """The revision that was sent off."""
    begun_at: Mapped[datetime]
    begun_by: Mapped[int] = mapped_column(ForeignKey("official.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    returned_to: Mapped[int | None]
    """The position of the step that it was returned to; None: to its author."""


class StepRow(Base):
    """A step of a round; `position` counts from 0 in the order of the plan, `asked_by` is set for opinions ad hoc."""

    __tablename__ = "draft_step"
    __table_args__ = (
        UniqueConstraint("round", "position", name="uq_draft_step_round_position"),
        CheckConstraint(one_of("kind", STEP_KINDS), name="kind"),
        CheckConstraint(one_of("purpose", PURPOSES), name="purpose"),
        CheckConstraint(one_of("state", STEP_STATES), name="state"),
        CheckConstraint("needed >= 0", name="needed"),
        CheckConstraint("state IN ('waiting', 'passed_over') OR opened_at IS NOT NULL", name="opened_when"),
        CheckConstraint("(asked_by IS NULL) = (asked_at IS NULL)", name="asked_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(ForeignKey("draft_round.id"))
    position: Mapped[int]
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The step as the plan has it: kind, posts, conditions, days."""
    coming: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    """Official and post of those whose turn is still to come."""
    kind: Mapped[str]
    purpose: Mapped[str]
    needed: Mapped[int]
    """How many must agree or give their opinion for the step to be done."""
    state: Mapped[str] = mapped_column(default="waiting")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    asked_at: Mapped[int | None]
    """The position of the step in whose turn it was asked."""
    opened_at: Mapped[datetime | None]
    due: Mapped[date | None]
    closed_at: Mapped[datetime | None]


class TaskRow(Base):
    """One official's turn in a step. `decided_by` is a deputy where it is not the official."""

    __tablename__ = "draft_task"
    __table_args__ = (
        Index("uq_draft_task_one_turn", "step", "official", unique=True, sqlite_where=_HELD, postgresql_where=_HELD),
        CheckConstraint(one_of("state", TASK_STATES), name="state"),
        CheckConstraint("decision IS NULL OR " + one_of("decision", DECISIONS), name="decision"),
        CheckConstraint(
            "(state = 'decided') = (decision IS NOT NULL) AND (decision IS NULL) = (decided_at IS NULL)"
            " AND (decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (seen_revision IS NULL)",
            name="decided_whole",
        ),
        Index("ix_draft_task_waiting", "official", "state"),
        Index("ix_draft_task_open", "step", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(ForeignKey("draft_step.id"), index=True)
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    post: Mapped[str]
    """The title under which it came to them, as it was then."""
    state: Mapped[str] = mapped_column(default="open")
    opened_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    """When it was first opened: from then on nobody pulls it back."""
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    via: Mapped[str | None]
    remark: Mapped[int | None] = mapped_column(ForeignKey("draft_remark.id"))
    seen_revision: Mapped[int | None]
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    handed_to: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
