"""Looks at lists of people, for pages and operations alike: whose, and on which day, goes into the trail."""

from __future__ import annotations

from collections.abc import Sequence

from eoffice.queries.board import UnitBoard
from eoffice.queries.use import UsePeriod
from eoffice.services.overseeing import look_at_board, look_at_use
from mail_audit.actions import AuditAction
from mail_audit.services.looking import look_at_list
from training.services.looking import look_at_following
from web import auth, work


def at_officials(audit_id: int, unit_key: str | None) -> None:
    """At officials with their figures in an audit: of a unit with what lies below it, or of everybody in reach."""
    look_at_list(
        work.session(),
        auth.required(),
        listed=AuditAction.OFFICIALS_LISTED,
        day=work.today(),
        audit_id=audit_id,
        unit_key=unit_key,
    )


def at_exceptions() -> None:
    """At who is on leave or ill, or whose mailbox is shared."""
    look_at_list(work.session(), auth.required(), listed=AuditAction.EXCEPTIONS_LISTED, day=work.today())


def at_contests() -> None:
    """At who asked for a review of which figure."""
    look_at_list(work.session(), auth.required(), listed=AuditAction.CONTESTS_LISTED, day=work.today())


def at_use(period: UsePeriod) -> None:
    """At people's use of the e-office."""
    look_at_use(work.session(), auth.required(), period=period, day=work.today())


def at_board(units: Sequence[UnitBoard]) -> None:
    """At who is late."""
    look_at_board(work.session(), auth.required(), units=units, day=work.today())


def at_following(unit: str | None) -> None:
    """At who learns what: of a unit, or of everybody in reach."""
    look_at_following(work.session(), auth.required(), unit=unit, day=work.today())
