"""Stored rows as the report's own dataclasses: the one place that knows both."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Row

from core.words import Text
from mail_audit.models import Audit, AuditFinding, OfficialFigure, UnassignedMailboxFigure, UnitFigure
from mail_audit.plain import from_plain
from mail_audit.queries.pages import OfficialRow
from mail_audit.report.model import (
    DaySpan,
    Finding,
    OfficialFigures,
    Period,
    Rank,
    RankFigures,
    Rung,
    UnassignedMailbox,
    UnitFigures,
    UsageClass,
)

OFFICIAL_ROW_COLUMNS = (
    OfficialFigure.official_id,
    OfficialFigure.name,
    OfficialFigure.unit,
    OfficialFigure.title,
    OfficialFigure.rank,
    OfficialFigure.usage_class,
    OfficialFigure.rung,
    OfficialFigure.sent,
    OfficialFigure.received,
    OfficialFigure.logins,
    OfficialFigure.opened,
    OfficialFigure.active_days,
    OfficialFigure.active_working_days,
    OfficialFigure.covered_working_days,
)
"""What a list needs of an official, in the order of `OfficialRow`'s fields."""


def period_of(audit: Audit) -> Period | None:
    """The period measured; None until figures are stored."""
    if audit.first_day is None or audit.last_day is None or audit.working_days is None:
        return None
    return Period(audit.first_day, audit.last_day, audit.timezone, audit.working_days)


def leaders_of(row: UnitFigure) -> RankFigures:
    """Figures of the leaders."""
    return RankFigures(row.leaders_total, row.leaders_using, row.leaders_unknown, row.leaders_rate)


def staff_of(row: UnitFigure) -> RankFigures:
    """Figures of the staff."""
    return RankFigures(row.staff_total, row.staff_using, row.staff_unknown, row.staff_rate)


def unit_figures(row: UnitFigure) -> UnitFigures:
    """A unit as the report has it."""
    return UnitFigures(
        unit=row.unit,
        parent=row.parent,
        leaders=leaders_of(row),
        staff=staff_of(row),
        classes=cast("dict[UsageClass, int]", dict(row.classes)),
        no_mailbox=row.no_mailbox,
        using_last=from_plain(dict[int, int | None], row.using_last),
    )


def official_figures(row: OfficialFigure) -> OfficialFigures:
    """An official as the report has it."""
    return OfficialFigures(
        official_id=row.official_id,
        name=row.name,
        unit=row.unit,
        title=row.title,
        rank=cast("Rank", row.rank),
        mailboxes=tuple(row.mailboxes),
        sent=row.sent,
        sent_recipients=row.sent_recipients,
        sent_external=row.sent_external,
        received=row.received,
        logins=row.logins,
        failed_logins=row.failed_logins,
        opened=row.opened,
        active_days=row.active_days,
        active_working_days=row.active_working_days,
        covered_working_days=row.covered_working_days,
        usage_class=cast("UsageClass", row.usage_class),
        rung=cast("Rung | None", row.rung),
        reasons=from_plain(tuple[Text, ...], row.reasons),
        active_last=from_plain(dict[int, bool | None], row.active_last),
        in_post=from_plain(tuple[DaySpan, ...], row.in_post or []),
        excused=from_plain(tuple[DaySpan, ...], row.excused or []),
    )


def official_row(row: Row[*tuple[Any, ...]]) -> OfficialRow:
    """An official in a list, from `OFFICIAL_ROW_COLUMNS`."""
    return OfficialRow(*row)


def finding(row: AuditFinding) -> Finding:
    """A finding as the report has it."""
    return Finding(row.kind, row.unit, Text(row.text_vi, row.text_en), dict(row.figures))


def unassigned_mailbox(row: UnassignedMailboxFigure) -> UnassignedMailbox:
    """A mailbox without an owner as the report has it."""
    return UnassignedMailbox(row.mailbox, cast("Any", row.kind), row.sent, row.received, row.logins)
