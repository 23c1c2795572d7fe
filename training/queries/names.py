"""What courses and units are called, for reasons and pages."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import UnitRow
from core.directory.name_order import text_order
from core.words import Text
from training.models import CourseRow


def course_names(session: Session, *, taught: bool = False) -> dict[str, Text]:
    """Key of each course (`taught`: of those that are taught now) -> its title, by title. One SQL query."""
    wanted = select(CourseRow.key, CourseRow.title_vi, CourseRow.title_en)
    if taught:
        wanted = wanted.where(CourseRow.retired_at.is_(None))
    rows = sorted(session.execute(wanted).all(), key=lambda row: (text_order(row.title_vi), row.key))
    return {key: Text(vi, en) for key, vi, en in rows}


def called(keys: Iterable[str]) -> dict[str, Text]:
    """Key of each of these units -> what it is called, as `unit_names` has it."""
    return {key: Text(key, key) for key in keys}


def unit_names(session: Session, *, standing: bool = False) -> dict[str, Text]:
    """Key of each unit (`standing`: without those that are gone) -> what it is called, in their order. One SQL query.

    That is the key: several units may bear one name, and their keys say which of them is meant.
    """
    wanted = select(UnitRow.key).order_by(UnitRow.id)
    if standing:
        wanted = wanted.where(UnitRow.gone_at.is_(None))
    return called(session.scalars(wanted))
