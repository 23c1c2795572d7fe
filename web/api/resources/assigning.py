"""Who is to learn what: rules, tried and activated; lists with their draw; exemptions; a course given by hand."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from core.db import unit_of_work
from core.permissions import Permission
from core.words import Text
from mail_audit.services import running
from training.errors import NotJudgedError
from training.models import MOST_WAVES
from training.queries import exemptions as exempt
from training.queries import preview as trying
from training.queries import rules as reading
from training.queries.exemptions import Exemption
from training.queries.preview import Preview
from training.queries.rules import ListedPerson, ListLine, RuleLine
from training.rules import rule_from_json
from training.services import assigning, campaigns, drawing, exempting
from training.services import rules as services
from training.services.showing import show_exemptions, show_list, show_preview
from training.waves.drawing import LONGEST_SEED
from web import auth, work
from web.api.operations import Section
from web.api.parameters import PLAINLY, AskedPart, Body, Day, Id, Key, Line, Part, part_of
from web.guards import needs
from web.views.learning import moment

section = Section("rules", Text("Giao khóa học", "Assigning courses"))
Days = Annotated[int, Field(ge=1, le=services.LONGEST_DAYS), PLAINLY]


class RulesAsked(AskedPart):
    """The newest version of each."""


class ListsAsked(AskedPart):
    """The lists of one version of a rule, or all."""

    rule_id: Annotated[int, Field(ge=1, le=2_147_483_647), PLAINLY] | None = None


class PreviewAsked(AskedPart):
    """Which part of those it picks, and somebody to be asked after, by number."""

    official_id: Key | None = None


class NewRule(Body):
    """A rule. `conditions` as `docs/assigning.md` tells them, by the names of an answer's `rule`; all must be true."""

    name: Annotated[Line, Field(min_length=1, max_length=services.LONGEST_NAME)]
    course_key: Key
    conditions: Annotated[dict[str, Any], Field(min_length=1, max_length=9)]
    due_days: Days = 28
    waves: Annotated[int, Field(ge=1, le=MOST_WAVES), PLAINLY] = 1
    wave_days: Days = 28


class First(Body):
    """Who goes first, and why; without a reason it is taken back."""

    official_id: Key
    why: Line = ""


class Seed(Body):
    """A seed, or none: then one is made by chance."""

    seed: Annotated[Line, Field(max_length=LONGEST_SEED)] = ""
    starts_on: Day


class NewExemption(Body):
    """Who need not do which course (null: any), from which day to which, and why."""

    official_id: Key
    course_key: Key | None = None
    reason: Annotated[Line, Field(min_length=1)]
    first: Day
    last: Day


class NewAssignment(Body):
    """A course for one official."""

    official_id: Key
    course_key: Key
    due_on: Day
    reason: Annotated[Line, Field(min_length=1)]


class WhyWithdrawn(Body):
    """Why it is taken back."""

    why: Annotated[Line, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Activated:
    """A rule that is active, and the list that it opened; null where it picks nobody today."""

    rule: RuleLine
    campaign_id: int | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The number of an assignment."""

    assignment_id: int
    state: Literal["open", "withdrawn"]


@section.get("/rules", Text("Các quy tắc.", "The rules."))
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def training_rules(asked: RulesAsked) -> Part[RuleLine]:
    """Those that stand first."""
    return part_of(reading.rules(work.session()), asked)


@section.get("/rules/{rule_id}", Text("Một quy tắc.", "One rule."))
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def training_rule(rule_id: Id) -> RuleLine:
    """One version of it."""
    return reading.rule(work.session(), rule_id)


@section.post("/rules", Text("Lập hoặc sửa một quy tắc.", "Make a rule, or a new version of it."), status=201)
@needs(Permission.TRAINING_RULE_CHANGE)
def make_training_rule(wanted: NewRule) -> RuleLine:
    """On trial: it picks nobody before it is activated."""
    plan = services.Plan(
        wanted.name, wanted.course_key, rule_from_json(wanted.conditions), wanted.due_days, wanted.waves,
        wanted.wave_days,
    )  # fmt: skip
    return training_rule(services.make_rule(work.session(), auth.required(), plan=plan, moment=moment()))


@section.get("/rules/{rule_id}/preview", Text("Hôm nay sẽ chọn ai.", "Whom it would pick today."))
@needs(Permission.TRAINING_RULE_CHANGE)
def preview_training_rule(rule_id: Id, asked: PreviewAsked) -> Preview:
    """Those it picks (`picked` in all), by unit, each with the reason; and why not somebody who is asked after.

    503 while it is worked out how the people of a large city use e-mail.
    """
    found = reading.rule(work.session(), rule_id)
    with _judged_before():
        tried = trying.preview(
            work.session(), auth.required(), rule=found.rule, course_key=found.course_key, moment=moment(),
            official_id=asked.official_id or "", offset=asked.offset, limit=asked.limit,
        )  # fmt: skip
    show_preview(work.session(), auth.required(), rule_id=rule_id, day=work.today())
    return tried


@section.post("/rules/{rule_id}/activate", Text("Áp dụng quy tắc.", "Let it pick from now on."))
@needs(Permission.TRAINING_RULE_CHANGE)
def activate_training_rule(rule_id: Id) -> Activated:
    """The list of whom it picks is frozen; with one wave the course is assigned at once. 503 as for the preview."""
    with _judged_before():
        trying.check_judged(work.session(), training_rule(rule_id).rule, moment())
    opened = campaigns.activate_rule(work.session(), auth.required(), rule_id=rule_id, moment=moment())
    return Activated(training_rule(rule_id), opened)


@section.post("/rules/{rule_id}/retire", Text("Thôi áp dụng.", "It picks nobody any more."))
@needs(Permission.TRAINING_RULE_CHANGE)
def retire_training_rule(rule_id: Id) -> RuleLine:
    """What was assigned stays."""
    services.retire_rule(work.session(), auth.required(), rule_id=rule_id, moment=moment())
    return training_rule(rule_id)


@section.get("/lists", Text("Các danh sách.", "The lists that rules froze."))
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def training_lists(asked: ListsAsked) -> Part[ListLine]:
    """Those that wait for their draw first."""
    rows, total = reading.lists(work.session(), rule_id=asked.rule_id, offset=asked.offset, limit=asked.limit)
    return part_of(rows, asked, total)


@section.get("/lists/{campaign_id}", Text("Một danh sách.", "One list."))
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def training_list(campaign_id: Id) -> ListLine:
    """How far its draw is."""
    return reading.one_list(work.session(), campaign_id)


@section.get("/lists/{campaign_id}/people", Text("Người trong danh sách.", "Who is on a list, and why."))
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def people_of_training_list(campaign_id: Id, asked: RulesAsked) -> Part[ListedPerson]:
    """Those within reach, by unit and wave."""
    training_list(campaign_id)
    show_list(work.session(), auth.required(), campaign_id=campaign_id, day=work.today())
    reach = auth.required().reach(Permission.TRAINING_ASSIGNMENT_READ)
    rows, total = reading.members(work.session(), campaign_id, reach=reach, offset=asked.offset, limit=asked.limit)
    return part_of(rows, asked, total)


@section.post("/lists/{campaign_id}/first", Text("Ai học trước.", "Who goes first, without a draw."))
@needs(Permission.TRAINING_RULE_CHANGE)
def put_first(campaign_id: Id, wanted: First) -> ListLine:
    """Only before the seed is public."""
    drawing.put_first(
        work.session(), auth.required(), campaign_id=campaign_id, official_id=wanted.official_id, why=wanted.why,
        moment=moment(),
    )  # fmt: skip
    return training_list(campaign_id)


@section.post("/lists/{campaign_id}/seed", Text("Công bố mã bốc thăm.", "Make the seed public."))
@needs(Permission.TRAINING_RULE_CHANGE)
def publish_seed(campaign_id: Id, wanted: Seed) -> ListLine:
    """Once and for all."""
    typed = wanted.seed.strip()
    drawing.publish_seed(
        work.session(), auth.required(), campaign_id=campaign_id, seed=typed or secrets.token_hex(16),
        typed=bool(typed), starts_on=wanted.starts_on, moment=moment(),
    )  # fmt: skip
    return training_list(campaign_id)


@section.post("/lists/{campaign_id}/draw", Text("Bốc thăm.", "Draw the order and assign the course."))
@needs(Permission.TRAINING_RULE_CHANGE)
def draw_waves(campaign_id: Id) -> ListLine:
    """409 where no seed is public yet; drawn already, it stays as it is."""
    drawing.draw_waves(work.session(), auth.required(), campaign_id=campaign_id, moment=moment())
    return training_list(campaign_id)


@section.post("/lists/{campaign_id}/close", Text("Đóng danh sách.", "Drop a list."))
@needs(Permission.TRAINING_RULE_CHANGE)
def close_training_list(campaign_id: Id) -> ListLine:
    """Nobody on it is assigned anything."""
    drawing.close_campaign(work.session(), auth.required(), campaign_id=campaign_id, moment=moment())
    return training_list(campaign_id)


@section.get("/exemptions", Text("Các lượt miễn.", "Who is exempt."))
@needs(Permission.TRAINING_EXEMPTION_RECORD)
def training_exemptions(asked: RulesAsked) -> Part[Exemption]:
    """Those that hold or are to come first."""
    show_exemptions(work.session(), auth.required(), day=work.today())
    rows, total = exempt.exemptions(
        work.session(), auth.required(), today=work.today(), offset=asked.offset, limit=asked.limit
    )
    return part_of(rows, asked, total)


@section.post("/exemptions", Text("Miễn học.", "Exempt somebody."), status=201)
@needs(Permission.TRAINING_EXEMPTION_RECORD)
def record_training_exemption(wanted: NewExemption) -> Exemption:
    """What they had still to do of it is excused."""
    made = exempting.record_exemption(
        work.session(), auth.required(), official_id=wanted.official_id, course_key=wanted.course_key,
        reason=wanted.reason, first=wanted.first, last=wanted.last, moment=moment(),
    )  # fmt: skip
    return _exemption(made)


@section.post("/exemptions/{exemption_id}/end", Text("Kết thúc lượt miễn.", "End an exemption."))
@needs(Permission.TRAINING_EXEMPTION_RECORD)
def end_training_exemption(exemption_id: Id) -> Exemption:
    """From now on."""
    exempting.end_exemption(work.session(), auth.required(), exemption_id=exemption_id, moment=moment())
    return _exemption(exemption_id)


@section.post("/assignments", Text("Giao một khóa học.", "Give one official a course."), status=201)
@needs(Permission.TRAINING_RULE_CHANGE)
def assign_course(wanted: NewAssignment) -> Assigned:
    """409 where they have it already."""
    made = assigning.assign_by_hand(
        work.session(), auth.required(), official_id=wanted.official_id, course_key=wanted.course_key,
        due_on=wanted.due_on, reason=wanted.reason, moment=moment(),
    )  # fmt: skip
    return Assigned(made, "open")


@section.post("/assignments/{assignment_id}/withdraw", Text("Rút một lượt học.", "Take a course back."))
@needs(Permission.TRAINING_RULE_CHANGE)
def withdraw_course(assignment_id: Id, wanted: WhyWithdrawn) -> Assigned:
    """One that is done stays done."""
    assigning.withdraw_assignment(
        work.session(), auth.required(), assignment_id=assignment_id, why=wanted.why, moment=moment()
    )
    return Assigned(assignment_id, "withdrawn")


@contextmanager
def _judged_before() -> Iterator[None]:
    """Where officials must be judged first, they are: the request ends, so this is asked for in a transaction apart."""
    try:
        yield
    except NotJudgedError:
        with unit_of_work(work.settings()) as own:
            running.want(own, today=moment().today)
        raise


def _exemption(exemption_id: int) -> Exemption:
    found, _ = exempt.exemptions(work.session(), auth.required(), today=work.today(), only=exemption_id)
    return found[0]
