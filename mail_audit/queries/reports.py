"""Readers of the whole report: rebuilt from the rows, or rendered as a file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from core.store import MissingError, Store
from core.words import Language
from mail_audit.errors import AuditNotFoundError, NoFiguresError, ReportFileNotFoundError
from mail_audit.models import Audit, AuditFinding, AuditReport, OfficialFigure, UnassignedMailboxFigure, UnitFigure
from mail_audit.plain import from_plain
from mail_audit.queries.rows import finding, official_figures, period_of, unassigned_mailbox, unit_figures
from mail_audit.report.model import Coverage, Report


def report(session: Session, audit_id: int) -> Report:
    """Exactly the report that was stored; NotFoundError when the audit is unknown or has no figures yet."""
    wanted = select(Audit).options(undefer(Audit.coverage), undefer(Audit.without_mailbox)).where(Audit.id == audit_id)
    run = session.scalars(wanted).one_or_none()
    if run is None:
        raise AuditNotFoundError(audit_id)
    period = period_of(run)
    if period is None or run.coverage is None:
        raise NoFiguresError(audit_id)
    officials = select(OfficialFigure).where(OfficialFigure.audit_id == audit_id).order_by(OfficialFigure.position)
    units = list(
        session.scalars(select(UnitFigure).where(UnitFigure.audit_id == audit_id).order_by(UnitFigure.position))
    )
    findings = select(AuditFinding).where(AuditFinding.audit_id == audit_id).order_by(AuditFinding.position)
    nobodys = (
        select(UnassignedMailboxFigure)
        .where(UnassignedMailboxFigure.audit_id == audit_id)
        .order_by(UnassignedMailboxFigure.position)
    )
    whole = next((row for row in units if row.is_city), None)
    return Report(
        period=period,
        coverage=from_plain(Coverage, run.coverage),
        officials=tuple(official_figures(row) for row in session.scalars(officials)),
        units=tuple(unit_figures(row) for row in units if not row.is_city),
        findings=tuple(finding(row) for row in session.scalars(findings)),
        unassigned=tuple(unassigned_mailbox(row) for row in session.scalars(nobodys)),
        without_mailbox=tuple(run.without_mailbox or ()),
        city=unit_figures(whole) if whole else None,
        vanthu_report=run.report_version,
    )


def report_file(session: Session, audit_id: int, language: Language, ending: str, *, store: Store) -> Path:
    """The rendered report (`ending` without a dot: json, html, xlsx, pdf, csv); NotFoundError where there is none.

    `store` is that of the settings. The file is to be read soon.
    """
    wanted = select(AuditReport.path).where(
        AuditReport.audit_id == audit_id, AuditReport.language == language, AuditReport.ending == ending
    )
    kept = session.scalars(wanted).one_or_none()
    try:
        if kept is not None:
            return store.file(kept)
    except MissingError:
        pass
    raise ReportFileNotFoundError(language, ending)
