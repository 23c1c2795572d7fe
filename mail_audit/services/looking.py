"""Looking at somebody's figures, and taking reports away: for whoever may, and noted wherever it is of others.

A page of one person is an entry each time it is opened; a list of people is one a day, however it is turned and sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.orm import Session

from core.audit import record
from core.audit.looks import record_look
from core.permissions import NOTHING, Actor, Permission, require
from core.store import Store
from core.words import Language
from mail_audit.actions import AuditAction
from mail_audit.errors import OfficialNotFoundError
from mail_audit.permissions import can_read_evidence_of
from mail_audit.queries.reached import units_of_official
from mail_audit.queries.reports import report_file

LISTS: Mapping[AuditAction, Permission] = MappingProxyType(
    {
        AuditAction.CONTESTS_LISTED: Permission.MAIL_AUDIT_CONTEST_READ,
        AuditAction.EXCEPTIONS_LISTED: Permission.MAIL_AUDIT_EXCEPTION_READ,
        AuditAction.OFFICIALS_LISTED: Permission.MAIL_AUDIT_AUDIT_READ,
    }
)
"""Lists of people -> what whoever sees more than the own lines has."""


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


def look_at_list(
    session: Session,
    actor: Actor,
    *,
    listed: AuditAction,
    day: date,
    audit_id: int | None = None,
    unit_key: str | None = None,
) -> None:
    """Note, once a day, that `actor` is shown people by name: with their figures in an audit, or what is on record.

    `unit_key`: of that unit and those below it; None for everybody in reach. Nothing for who only reaches the own.
    """
    if actor.reach(LISTS[listed]) == NOTHING:
        return
    subject = listed.split(":")[1] if audit_id is None else f"audit:{audit_id}"
    facts = {} if unit_key is None else {"unit": unit_key}
    record_look(session, actor=actor.in_trail, action=listed, subject=subject, day=day, facts=facts)


def take_report(
    session: Session, actor: Actor, *, audit_id: int, language: Language, ending: str, store: Store
) -> Path:
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
