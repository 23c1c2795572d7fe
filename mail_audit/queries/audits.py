"""Readers of the runs themselves: the list of audits, one audit with its files and progress."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mail_audit.queries.pages import AuditDetail, AuditSummary


def audits(session: Session) -> list[AuditSummary]:
    """All audits, newest first."""
    raise NotImplementedError


def latest_audit(session: Session) -> AuditSummary | None:
    """The audit with figures whose period ends last (of those, the newest run); None where there is none."""
    raise NotImplementedError


def audit(session: Session, audit_id: int) -> AuditDetail:
    """One run with its files, progress, coverage, error and rendered reports; NotFoundError."""
    raise NotImplementedError
