"""Readers that say of which people and units a report speaks, so that a page does not lead to what is not there."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from mail_audit.models import OfficialFigure, UnitFigure


def reported_officials(session: Session, audit_id: int, official_ids: Collection[str]) -> frozenset[str]:
    """Which of these officials the report has figures of."""
    found = select(OfficialFigure.official_id).where(
        OfficialFigure.audit_id == audit_id, OfficialFigure.official_id.in_(official_ids)
    )
    return frozenset(session.scalars(found))


def reported_units(session: Session, audit_id: int, unit_keys: Collection[str]) -> frozenset[str]:
    """Which of these units the report has figures of."""
    found = select(UnitFigure.unit).where(UnitFigure.audit_id == audit_id, UnitFigure.unit.in_(unit_keys))
    return frozenset(session.scalars(found))
