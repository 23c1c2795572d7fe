"""Who may do what with usage audits. Closed by default: a role holds what `core.permissions` lists, nothing else.

The administrator may do everything now; predicates for units and for officials themselves will join these.
"""

from __future__ import annotations

from core.permissions import Actor, Permission


def can_read_audit(actor: Actor) -> bool:
    """May see audits, their coverage, and the figures of units and officials."""
    return actor.may(Permission.MAIL_AUDIT_AUDIT_READ)


def can_read_evidence(actor: Actor) -> bool:
    """May see the log lines behind an official's day."""
    return actor.may(Permission.MAIL_AUDIT_EVIDENCE_READ)


def can_read_report(actor: Actor) -> bool:
    """May download the rendered reports."""
    return actor.may(Permission.MAIL_AUDIT_REPORT_READ)


def can_upload_log(actor: Actor) -> bool:
    """May send a log to be read."""
    return actor.may(Permission.MAIL_AUDIT_LOG_UPLOAD)


def can_start_audit(actor: Actor) -> bool:
    """May have logs read and measured."""
    return actor.may(Permission.MAIL_AUDIT_AUDIT_START)


def can_cancel_audit(actor: Actor) -> bool:
    """May stop a run."""
    return actor.may(Permission.MAIL_AUDIT_AUDIT_CANCEL)


def can_delete_audit(actor: Actor) -> bool:
    """May take a run away with its figures, evidence and reports."""
    return actor.may(Permission.MAIL_AUDIT_AUDIT_DELETE)
