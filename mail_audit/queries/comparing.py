"""Readers that put two stored audits side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.words import Text
from mail_audit.comparison import Comparison, Member, Moved, Snapshot, UnitSeen, compare
from mail_audit.errors import AuditNotFoundError, NoFiguresError
from mail_audit.models import OfficialFigure, UnitFigure
from mail_audit.plain import from_plain
from mail_audit.queries.audits import audits_with_figures
from mail_audit.queries.pages import AuditSummary
from mail_audit.queries.rows import leaders_of, staff_of

_MEMBER = (
    OfficialFigure.official_id,
    OfficialFigure.name,
    OfficialFigure.unit,
    OfficialFigure.rank,
    OfficialFigure.usage_class,
    OfficialFigure.active_working_days,
    OfficialFigure.covered_working_days,
)
"""What a comparison needs of an official, in the order of `Member`'s fields."""


@dataclass(frozen=True, slots=True)
class AuditPair:
    """Two audits, the one whose period ends first as `earlier`, and what changed between them."""

    earlier: AuditSummary
    later: AuditSummary
    comparison: Comparison


def comparison(session: Session, audit_ids: tuple[int, int]) -> AuditPair:
    """The two audits side by side, in the order of their periods whatever the order given; five SQL queries.

    NotFoundError where one is unknown or has no figures.
    """
    known = {one.audit_id: one for one in audits_with_figures(session, audit_ids)}
    for audit_id in audit_ids:
        if audit_id not in known:
            raise AuditNotFoundError(audit_id)
    earlier, later = sorted((known[audit_id] for audit_id in audit_ids), key=_order)
    found = compare(_snapshot(session, earlier), _snapshot(session, later))
    return AuditPair(earlier, later, found)


def _order(summary: AuditSummary) -> tuple[str, str, int]:
    period = summary.period
    if period is None:
        raise NoFiguresError(summary.audit_id)
    return (period.last.isoformat(), period.first.isoformat(), summary.audit_id)


def _snapshot(session: Session, summary: AuditSummary) -> Snapshot:
    period = summary.period
    if period is None:
        raise NoFiguresError(summary.audit_id)
    of_audit = UnitFigure.audit_id == summary.audit_id
    units = session.scalars(select(UnitFigure).where(of_audit).order_by(UnitFigure.unit_order, UnitFigure.id)).all()
    people = select(*_MEMBER).where(OfficialFigure.audit_id == summary.audit_id).order_by(OfficialFigure.name_order)
    members: dict[str, Member] = {}
    for row in session.execute(people):
        members.setdefault(row[0], Member(*cast("Any", row)))
    whole = next((row for row in units if row.is_city), None)
    return Snapshot(
        period=period,
        covered_days=summary.covered_days,
        city=_seen(whole) if whole is not None else None,
        units=tuple(_seen(row) for row in units if not row.is_city),
        members=members,
    )


def _seen(row: UnitFigure) -> UnitSeen:
    return UnitSeen(row.unit, row.parent, leaders_of(row), staff_of(row))


def with_reasons(session: Session, pair: AuditPair, moved: Iterable[Moved]) -> list[Moved]:
    """The moves that are shown, each with the reasons of both audits; two SQL queries."""
    some = list(moved)
    ids = {one.after.official_id for one in some}
    before, after = (_reasons(session, audit.audit_id, ids) for audit in (pair.earlier, pair.later))
    return [
        replace(
            one,
            before=replace(one.before, reasons=before.get(one.before.official_id, ())),
            after=replace(one.after, reasons=after.get(one.after.official_id, ())),
        )
        for one in some
    ]


def _reasons(session: Session, audit_id: int, official_ids: Collection[str]) -> dict[str, tuple[Text, ...]]:
    wanted = (
        select(OfficialFigure.official_id, OfficialFigure.reasons)
        .where(OfficialFigure.audit_id == audit_id, OfficialFigure.official_id.in_(official_ids))
        .order_by(OfficialFigure.position.desc())
    )
    return {number: from_plain(tuple[Text, ...], said) for number, said in session.execute(wanted)}
