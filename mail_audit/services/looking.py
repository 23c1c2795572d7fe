"""Looking at somebody's evidence, and taking reports away: for whoever may, and noted wherever it is of others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from core.audit import record
from core.permissions import Actor, Permission, require
from core.words import Language
from mail_audit.actions import AuditAction
from mail_audit.errors import OfficialNotFoundError
from mail_audit.permissions import can_read_evidence_of
from mail_audit.queries.reached import units_of_official
from mail_audit.queries.reports import report_file


def look(
    session: Session,
    actor: Actor,
    *,
    audit_id: int,
    official_id: str,
    day: date | None = None,
    figure: str | None = None,
) -> None:
    """Note that `actor` looks at the figures of an official (or at the lines of one day, or behind one figure).

    One entry a page. An official who looks at the own figures leaves none. OfficialNotFoundError for whoever may not
    look: that there is such an official is not theirs to know.
    """
    if not can_read_evidence_of(actor, official_id, units_of_official(session, audit_id, official_id)):
        raise OfficialNotFoundError(official_id)
    if actor.official_id == official_id:
        return
    facts: dict[str, object] = {"audit": audit_id}
    if day is not None:
        facts["day"] = day.isoformat()
    if figure is not None:
        facts["figure"] = figure
    record(
        session,
        actor=actor.in_trail,
        action=AuditAction.OFFICIAL_LOOKED_AT,
        subject=f"official:{official_id}",
        facts=facts,
    )


def take_report(session: Session, actor: Actor, *, audit_id: int, language: Language, ending: str, store: Path) -> Path:
    """The rendered report as `queries.report_file` finds it; that it was taken away is noted: it holds everybody.

    Raises as that, and `ForbiddenError`.
    """
    require(actor, Permission.MAIL_AUDIT_REPORT_READ)
    path = report_file(session, audit_id, language, ending, store=store)
    record(
        session,
        actor=actor.in_trail,
        action=AuditAction.REPORT_TAKEN,
        subject=f"audit:{audit_id}",
        facts={"language": language, "ending": ending},
    )
    return path
