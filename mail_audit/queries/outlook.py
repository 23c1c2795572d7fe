"""What is said beside a report's figures: the change since the period before, and how it stands to the targets."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from mail_audit.comparison import compare, snapshot
from mail_audit.models import StandingReport
from mail_audit.queries.audits import previous_audit
from mail_audit.queries.comparing import snapshot_of
from mail_audit.queries.targets import set_targets_of
from mail_audit.report.headline import covered_days
from mail_audit.report.model import Finding, RankFigures, Report
from mail_audit.standing.manifest import manifest_of
from mail_audit.targets import TargetResult, applying, finding, judge


def with_outlook(session: Session, report: Report, *, audit_id: int | None = None) -> Report:
    """The report with what is said beside it: as its manifest has it, or (without a manifest) as things stand now."""
    if audit_id is not None:
        kept = session.scalar(select(StandingReport.manifest).where(StandingReport.audit_id == audit_id))
        if kept is not None:
            return replace(report, outlook=manifest_of(kept).outlook)
    return replace(report, outlook=outlook(session, report))


def outlook(session: Session, report: Report) -> tuple[Finding, ...]:
    """Targets that apply to the report's period, then what changed since the audit before it; four SQL queries."""
    said = [finding(result) for result in _results(session, report)]
    before = previous_audit(session, report.period)
    if before is not None:
        said += compare(snapshot_of(session, before), snapshot(report)).findings
    # in the order in which a manifest keeps them, so that the report is made again bit for bit
    return tuple(replace(one, figures=dict(sorted(one.figures.items()))) for one in said)


def _results(session: Session, report: Report) -> list[TargetResult]:
    figures: dict[tuple[str, str], RankFigures] = {}
    for unit in report.units:
        figures[unit.unit, "leader"], figures[unit.unit, "staff"] = unit.leaders, unit.staff
    if report.city is not None:
        figures["", "leader"], figures["", "staff"] = report.city.leaders, report.city.staff
    chosen = applying(set_targets_of(session), report.period)
    return [judge(one, figures.get((one.unit, one.rank)), covered_days(report)) for one in chosen]
