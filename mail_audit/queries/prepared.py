"""Readers of what was worked out once of a report (`mail_audit.models.prepared`); made anew where it is not there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import AS_BYTES
from mail_audit.models import OfficialColumns, OfficialFigure
from mail_audit.report import columns


def official_columns(session: Session, audit_id: int) -> bytes:
    """The officials of a run as a packed table; one SQL query, two for a run that was stored before there were any."""
    kept = select(OfficialColumns.data).where(OfficialColumns.audit_id == audit_id)
    packed = session.scalar(kept, execution_options=AS_BYTES)
    return columns_of_rows(session, audit_id) if packed is None else packed


def columns_of_rows(session: Session, audit_id: int) -> bytes:
    """The same from the rows of the officials: half a second for a city."""
    wanted = select(*(getattr(OfficialFigure, name) for name in columns.SCHEMA))
    return columns.pack(tuple(row) for row in session.execute(wanted.where(OfficialFigure.audit_id == audit_id)))
