"""Rules and the lists they froze, for HR's pages. Rules name nobody; the people of a list are shown within reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.permissions import Reach
from core.words import Text
from training.errors import CampaignNotFoundError, RuleNotFoundError
from training.models import AssignmentRow, CampaignMemberRow, CampaignRow, RuleRow
from training.queries.names import called, course_names
from training.rules import Rule, conditions_in_words, rule_from_json

RuleState = Literal["tried", "active", "retired"]
ListState = Literal["waiting", "published", "settled", "closed"]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One version of a rule; `assigned` counts the assignments it made, `newest` tells whether no version followed."""

    rule_id: int
    name: str
    version: int
    newest: bool
    course_key: str
    course: Text
    rule: Rule
    conditions: tuple[Text, ...]
    waves: int
    wave_days: int
    due_days: int
    state: RuleState
    made_at: datetime
    made_by: str
    activated_at: datetime | None
    activated_by: str | None
    retired_at: datetime | None
    retired_by: str | None
    assigned: int


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list that a rule froze: how many are on it, and how far its draw is."""

    campaign_id: int
    rule_id: int
    rule: str
    version: int
    number: int
    course: Text
    opened_at: datetime
    opened_by: str
    first_day: date
    last_day: date
    people: int
    waves: int
    wave_days: int
    due_days: int
    state: ListState
    snapshot_digest: str
    seed: str | None
    seed_typed: bool | None
    published_at: datetime | None
    published_by: str | None
    starts_on: date | None
    list_digest: str | None
    settled_at: datetime | None
    settled_by: str | None


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody on a list. `assigned`: they were given the course; who had left, was exempt or had it was not."""

    official_id: str
    name: str
    unit: str
    unit_name: str
    reason: Text
    first_why: str | None
    wave: int | None
    ticket: str | None
    assigned: bool


def rules(session: Session) -> list[RuleLine]:
    """The newest version of every rule, those that stand first, by name. Four SQL queries."""
    newest = select(func.max(RuleRow.id)).group_by(RuleRow.name)
    rows = session.scalars(
        select(RuleRow).where(RuleRow.id.in_(newest)).order_by(RuleRow.retired_at.is_not(None), RuleRow.name)
    ).all()
    return _lines(session, rows)


def rule(session: Session, rule_id: int) -> RuleLine:
    """One version of a rule. Raises `RuleNotFoundError`."""
    row = session.get(RuleRow, rule_id)
    if row is None:
        raise RuleNotFoundError(rule_id)
    return _lines(session, [row])[0]


def units_of_rule(session: Session, rule_id: int) -> tuple[str, ...]:
    """The units that a rule is for, by key; none for one of the whole city. Raises `RuleNotFoundError`."""
    row = session.get(RuleRow, rule_id)
    if row is None:
        raise RuleNotFoundError(rule_id)
    return rule_from_json(row.conditions).units


def lists(
    session: Session, *, rule_id: int | None = None, offset: int = 0, limit: int | None = None
) -> tuple[list[ListLine], int]:
    """A part of the lists that rules froze (of one version), those that wait for the draw first, then the newest; and
    how many there are. Three queries.
    """
    inside = [] if rule_id is None else [CampaignRow.rule == rule_id]
    total = session.scalar(select(func.count()).select_from(CampaignRow).where(*inside)) or 0
    waits = CampaignRow.settled_at.is_(None) & CampaignRow.closed_at.is_(None)
    wanted = select(CampaignRow, RuleRow).join(RuleRow, RuleRow.id == CampaignRow.rule).where(*inside)
    courses = course_names(session)
    rows = session.execute(wanted.order_by(waits.desc(), CampaignRow.id.desc()).offset(offset).limit(limit))
    return [_list(campaign, row, courses) for campaign, row in rows], total


def one_list(session: Session, campaign_id: int) -> ListLine:
    """One list. Raises `CampaignNotFoundError`."""
    wanted = select(CampaignRow, RuleRow).join(RuleRow, RuleRow.id == CampaignRow.rule)
    found = session.execute(wanted.where(CampaignRow.id == campaign_id)).first()
    if found is None:
        raise CampaignNotFoundError(campaign_id)
    return _list(found[0], found[1], course_names(session))


def members(
    session: Session, campaign_id: int, *, reach: Reach, offset: int = 0, limit: int | None = None
) -> tuple[list[ListedPerson], int]:
    """A part of the people on a list who are in reach, by unit, wave and number; and how many there are.

    Three SQL queries.
    """
    inside = [CampaignMemberRow.campaign == campaign_id]
    if reach.units is not None:
        inside.append(CampaignMemberRow.unit.in_(reach.units))
    total = session.scalar(select(func.count()).select_from(CampaignMemberRow).where(*inside)) or 0
    wanted = (
        select(CampaignMemberRow, OfficialRow.name)
        .join(OfficialRow, OfficialRow.id == CampaignMemberRow.official)
        .where(*inside)
        .order_by(CampaignMemberRow.unit, CampaignMemberRow.wave, CampaignMemberRow.person)
    )
    rows = session.execute(wanted.offset(offset).limit(limit)).all()
    given = select(AssignmentRow.official).where(AssignmentRow.campaign == campaign_id)
    if limit is not None:
        given = given.where(AssignmentRow.official.in_([row.official for row, _ in rows]))
    assigned = set(session.scalars(given))
    found = [
        ListedPerson(
            official_id=row.person,
            name=name,
            unit=row.unit,
            unit_name=row.unit,
            reason=Text(row.reason_vi, row.reason_en),
            first_why=row.first_why,
            wave=row.wave,
            ticket=row.ticket,
            assigned=row.official in assigned,
        )
        for row, name in rows
    ]
    return found, total


def _lines(session: Session, rows: Iterable[RuleRow]) -> list[RuleLine]:
    rows, courses = list(rows), course_names(session)
    counted = select(AssignmentRow.rule, func.count()).where(AssignmentRow.rule.in_([row.id for row in rows]))
    made = {key: number for key, number in session.execute(counted.group_by(AssignmentRow.rule))}  # noqa: C416 - rows
    newest = select(RuleRow.name, func.max(RuleRow.version)).group_by(RuleRow.name)
    last = {name: number for name, number in session.execute(newest)}  # noqa: C416 - rows are no pairs
    found = []
    for row in rows:
        read = rule_from_json(row.conditions)
        units = called(read.units)
        found.append(
            RuleLine(
                rule_id=row.id, name=row.name, version=row.version, newest=last[row.name] == row.version,
                course_key=row.course_key, course=courses.get(row.course_key, Text(row.course_key, row.course_key)),
                rule=read, conditions=conditions_in_words(read, courses=courses, units=units), waves=row.waves,
                wave_days=row.wave_days, due_days=row.due_days, state=_state(row), made_at=row.made_at,
                made_by=row.made_by, activated_at=row.activated_at, activated_by=row.activated_by,
                retired_at=row.retired_at, retired_by=row.retired_by, assigned=made.get(row.id, 0),
            )
        )  # fmt: skip
    return found


def _state(row: RuleRow) -> RuleState:
    if row.retired_at is not None:
        return "retired"
    return "tried" if row.activated_at is None else "active"


def _list(campaign: CampaignRow, rule: RuleRow, courses: Mapping[str, Text]) -> ListLine:
    state: ListState = "waiting" if campaign.seed is None else "published"
    if campaign.settled_at is not None:
        state = "settled"
    elif campaign.closed_at is not None:
        state = "closed"
    names = ("number", "opened_at", "opened_by", "first_day", "last_day", "people", "waves", "snapshot_digest", "seed")
    more = ("seed_typed", "published_at", "published_by", "starts_on", "list_digest", "settled_at", "settled_by")
    return ListLine(
        campaign_id=campaign.id, rule_id=rule.id, rule=rule.name, version=rule.version,
        course=courses.get(rule.course_key, Text(rule.course_key, rule.course_key)), wave_days=rule.wave_days,
        due_days=rule.due_days, state=state, **{name: getattr(campaign, name) for name in (*names, *more)},
    )  # fmt: skip
