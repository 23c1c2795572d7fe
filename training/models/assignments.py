"""Who is to learn what, and why: rules, the lists they picked, waves, exemptions, and the assignments themselves.

A rule is changed by a new version. Activating it opens a *campaign*: the list of those it picks, frozen with the reason
for each and named by its digest. Nothing here is deleted: an assignment that was wrong is withdrawn.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base

ASSIGNMENT_STATES = ("waiting", "open", "done", "excused", "withdrawn")
"""Its wave has not begun; to be learned now; learned; exempted before it was done; taken back."""
STILL_OPEN = ("waiting", "open")
MOST_WAVES = 12
_STILL_OPEN = text("state IN ('waiting', 'open')")
_RULE_STANDS = text("retired_at IS NULL")
_CAMPAIGN_OPEN = text("settled_at IS NULL AND closed_at IS NULL")


class RuleRow(Base):
    """One version of a rule: whom it picks (`training.rules` reads `conditions`), for which course, in how many waves.

    It is *tried* until it is activated, *active* until it is retired; of each name one version stands at a time.
    `due_days` are the days from the first day of a wave to the day by which the course is to be done, `wave_days` those
    from one wave's first day to the next one's; `waves` 1 means that nothing is drawn.
    """

    __tablename__ = "training_rule"
    __table_args__ = (
        UniqueConstraint("name", "version", name="uq_training_rule_name_version"),
        CheckConstraint("version >= 1", name="counted"),
        CheckConstraint(f"waves BETWEEN 1 AND {MOST_WAVES}", name="waves"),
        CheckConstraint("due_days BETWEEN 1 AND 366", name="due_days"),
        CheckConstraint("wave_days BETWEEN 1 AND 366", name="wave_days"),
        CheckConstraint("(activated_at IS NULL) = (activated_by IS NULL)", name="activated_whole"),
        CheckConstraint("(retired_at IS NULL) = (retired_by IS NULL)", name="retired_whole"),
        Index("uq_training_rule_stands", "name", unique=True, sqlite_where=_RULE_STANDS, postgresql_where=_RULE_STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    course_key: Mapped[str]
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    waves: Mapped[int]
    wave_days: Mapped[int]
    due_days: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    activated_at: Mapped[datetime | None]
    activated_by: Mapped[str | None]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None]


class CampaignRow(Base):
    """One list that a rule picked, frozen; `number` counts from 1 in each version of the rule.

    `snapshot_digest` names what was known of everybody when it was picked, `list_digest` (once it is drawn) the list as
    `training.waves.digest` does. It is *settled* when its assignments are made: at once where there is one wave, by the
    draw where there are more; or *closed* without any.
    """

    __tablename__ = "training_campaign"
    __table_args__ = (
        UniqueConstraint("rule", "number", name="uq_training_campaign_rule_number"),
        CheckConstraint("number >= 1 AND people >= 0", name="counted"),
        CheckConstraint(f"waves BETWEEN 1 AND {MOST_WAVES}", name="waves"),
        CheckConstraint("first_day <= last_day", name="period_order"),
        CheckConstraint(
            "(seed IS NULL) = (published_at IS NULL) AND (seed IS NULL) = (published_by IS NULL)"
            " AND (seed IS NULL) = (starts_on IS NULL) AND (seed IS NULL) = (seed_typed IS NULL)",
            name="published_whole",
        ),
        CheckConstraint("waves = 1 OR settled_at IS NULL OR seed IS NOT NULL", name="published_before"),
        CheckConstraint("settled_at IS NULL OR published_at IS NULL OR published_at <= settled_at", name="in_order"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled_whole"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_whole"),
        CheckConstraint("settled_at IS NULL OR closed_at IS NULL", name="one_end"),
        Index(
            "uq_training_campaign_open", "rule", unique=True, sqlite_where=_CAMPAIGN_OPEN,
            postgresql_where=_CAMPAIGN_OPEN,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[int] = mapped_column(ForeignKey("training_rule.id"))
    number: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    first_day: Mapped[date]
    """First day of the earlier of the two windows that were looked at."""
    last_day: Mapped[date]
    """Last day of the later one."""
    people: Mapped[int]
    snapshot_digest: Mapped[str]
    waves: Mapped[int]
    seed: Mapped[str | None]
    seed_typed: Mapped[bool | None]
    """Whether somebody wrote the seed, rather than the program made one that nobody chose."""
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    starts_on: Mapped[date | None]
    """First day of wave 1, said together with the seed."""
    list_digest: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]


class CampaignMemberRow(Base):
    """One person on a campaign's list: why they are on it, and (once it is drawn) their wave and ticket.

    `unit` is the unit within which the order is drawn, by key, and `person` the personnel office's number, both as they
    were when the list was frozen. `first_why`: why this person must go first and is not drawn.
    """

    __tablename__ = "training_campaign_member"
    __table_args__ = (
        CheckConstraint(f"wave IS NULL OR wave BETWEEN 1 AND {MOST_WAVES}", name="wave"),
        CheckConstraint("(first_why IS NULL) = (first_by IS NULL)", name="first_whole"),
        CheckConstraint("ticket IS NULL OR (wave IS NOT NULL AND first_why IS NULL)", name="drawn"),
        Index("ix_training_campaign_member_official", "official"),
    )

    campaign: Mapped[int] = mapped_column(ForeignKey("training_campaign.id"), primary_key=True)
    official: Mapped[int] = mapped_column(ForeignKey("official.id"), primary_key=True)
    unit: Mapped[str]
    person: Mapped[str]
    reason_vi: Mapped[str]
    reason_en: Mapped[str]
    first_why: Mapped[str | None]
    first_by: Mapped[str | None]
    wave: Mapped[int | None]
    ticket: Mapped[str | None]


class AssignmentRow(Base):
    """A course that an official is to do by `due_on`, and why; at most one of a course is open for anybody.

    It *waits* before `starts_on`, then is *open*. `drawn`: its wave was drawn, so that the effect may be estimated from
    it. `attempt` counts from 1 in a course; `renews` is the assignment whose certificate runs out.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'open', 'done', 'excused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_when"),
        CheckConstraint("(state IN ('excused', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended_when"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_why IS NULL)", name="ended_whole"
        ),
        CheckConstraint("starts_on <= due_on", name="in_order"),
        CheckConstraint(f"wave IS NULL OR wave BETWEEN 1 AND {MOST_WAVES}", name="wave"),
        CheckConstraint("campaign IS NULL OR rule IS NOT NULL", name="by_a_rule"),
        CheckConstraint("NOT drawn OR wave IS NOT NULL", name="drawn_wave"),
        CheckConstraint("attempt >= 1", name="counted"),
        Index(
            "uq_assignment_open", "official", "course_key", unique=True, sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
        Index("ix_assignment_official", "official", "id"),
        Index("ix_assignment_campaign", "campaign", "wave", "starts_on", "due_on", "drawn", "state"),
        Index("ix_assignment_state", "state", "due_on"),
        Index("ix_assignment_assigned_at", "assigned_at", "id"),
        Index("ix_assignment_done_at", "done_at", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    course_key: Mapped[str]
    rule: Mapped[int | None] = mapped_column(ForeignKey("training_rule.id"))
    campaign: Mapped[int | None] = mapped_column(ForeignKey("training_campaign.id"))
    wave: Mapped[int | None]
    drawn: Mapped[bool] = mapped_column(default=False)
    reason_vi: Mapped[str]
    reason_en: Mapped[str]
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[str]
    starts_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str]
    done_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=1)
    renews: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))


class ExemptionRow(Base):
    """An official need not do a course (None: any) from `first_day` to `last_day`, both included, and why."""

    __tablename__ = "training_exemption"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="in_order"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_whole"),
        Index("ix_training_exemption_official", "official", "first_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    course_key: Mapped[str | None]
    reason: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    """Somebody ended it early: it holds no more, whatever `last_day` says."""
