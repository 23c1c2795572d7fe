"""Readers of units: the city, one unit, all units."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mail_audit.queries.pages import UnitPicture, UnitRow, UnitSort


def city(session: Session, audit_id: int) -> UnitPicture:
    """The whole city; NotFoundError when the audit is unknown or has no figures yet."""
    raise NotImplementedError


def unit(session: Session, audit_id: int, unit_key: str) -> UnitPicture:
    """One unit with its sub-units; NotFoundError."""
    raise NotImplementedError


def units(session: Session, audit_id: int, *, sort: UnitSort = "unit", descending: bool = False) -> list[UnitRow]:
    """Every unit of the audit; a rate that is not known sorts last either way."""
    raise NotImplementedError
