"""Readers of officials and of the mailboxes nobody owns."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mail_audit.queries.pages import OfficialList, OfficialPage, OfficialSort, UnassignedList


def official(session: Session, audit_id: int, official_id: str) -> OfficialPage:
    """One official with the calendar of the period; NotFoundError."""
    raise NotImplementedError


def officials(
    session: Session,
    audit_id: int,
    *,
    unit_key: str | None = None,
    sub_units: bool = False,
    usage_class: str | None = None,
    rank: str | None = None,
    text: str = "",
    sort: OfficialSort = "name",
    descending: bool = False,
    offset: int = 0,
    limit: int = 100,
) -> OfficialList:
    """A part of the officials: of one unit (with what lies below it), one class, one rank, a piece of name or id.

    Counts that are not known sort last either way; names sort the Vietnamese way (given name first).
    """
    raise NotImplementedError


def unassigned(session: Session, audit_id: int, *, offset: int = 0, limit: int = 100) -> UnassignedList:
    """Mailboxes without an owner among the officials, the busiest first."""
    raise NotImplementedError
