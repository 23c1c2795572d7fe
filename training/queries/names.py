"""What courses and units are called, for reasons and pages."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import UnitRow
from core.words import Text
from training.models import CourseRow


def course_names(session: Session, *, taught: bool = False) -> dict[str, Text]:
    """Key of each course (`taught`: of those that are taught now) -> its title, by title. One SQL query."""
    wanted = select(CourseRow.key, CourseRow.title_vi, CourseRow.title_en).order_by(CourseRow.title_vi, CourseRow.key)
    if taught:
        wanted = wanted.where(CourseRow.retired_at.is_(None))
    return {key: Text(vi, en) for key, vi, en in session.execute(wanted)}


def unit_names(session: Session, *, standing: bool = False) -> dict[str, Text]:
    """Key of each unit (`standing`: without those that are gone) -> its name, in their order. One SQL query."""
    wanted = select(UnitRow.key, UnitRow.name).order_by(UnitRow.id)
    if standing:
        wanted = wanted.where(UnitRow.gone_at.is_(None))
    return {key: Text(name, name) for key, name in session.execute(wanted)}
