"""Whether training helped: reports of effect, as they were made."""

from __future__ import annotations

from dataclasses import dataclass

from core.permissions import Permission
from core.words import Text
from training.effect.words import headline
from training.queries.effects import EffectReport, Measurable, effect_report, effect_reports, measurable
from training.services.effects import ask_for_effect
from web import auth, work
from web.api.operations import Section
from web.api.parameters import Asked, AskedPart, Body, Id, Part, part_of
from web.guards import needs

section = Section("effects", Text("Hiệu quả đào tạo", "Effect of training"))


@dataclass(frozen=True, slots=True)
class ToldEffect:
    """A report with its sentence."""

    sentence: Text
    report: EffectReport


@dataclass(frozen=True, slots=True)
class Queued:
    """The job that makes a report; where nothing is new it makes none."""

    job_id: int


class OfCampaign(Body):
    """Whose effect."""

    campaign_id: Id


@section.get("/effects", Text("Các báo cáo hiệu quả.", "Every report of effect, the newest first."))
@needs(Permission.TRAINING_EFFECT_READ)
def effects(asked: AskedPart) -> Part[ToldEffect]:
    """A part of them."""
    return part_of([_told(one) for one in effect_reports(work.session(), auth.required())], asked)


@section.get("/effects/{report_id}", Text("Một báo cáo hiệu quả.", "One report, as it was made."))
@needs(Permission.TRAINING_EFFECT_READ)
def effect(report_id: Id) -> ToldEffect:
    """With its sentence."""
    return _told(effect_report(work.session(), auth.required(), report_id=report_id))


@section.get("/campaigns", Text("Các danh sách tính được hiệu quả.", "The lists of which an effect may be reported."))
@needs(Permission.TRAINING_EFFECT_READ)
def campaigns(asked: Asked) -> list[Measurable]:
    """The newest first."""
    del asked
    return measurable(work.session(), auth.required())


@section.post("/effects", Text("Tính hiệu quả của một danh sách.", "Have the effect of a list worked out."), status=202)
@needs(Permission.TRAINING_EFFECT_REPORT)
def report_effect(wanted: OfCampaign) -> Queued:
    """A worker makes the report."""
    return Queued(ask_for_effect(work.session(), auth.required(), campaign_id=wanted.campaign_id))


def _told(report: EffectReport) -> ToldEffect:
    return ToldEffect(headline(report.effect), report)
