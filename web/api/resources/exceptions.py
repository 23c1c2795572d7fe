"""Exceptions on record: leave, sickness, shared stations, agreed delegates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from mail_audit.queries import exceptions as reading
from mail_audit.queries.exceptions import RecordedException, Standing
from mail_audit.services.exceptions import end_exception, record_exception, withdraw_exception
from mail_audit.usage.exceptions import Kind
from web import auth, looks, work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import AskedPart, Body, Day, Id, Key, Line, Lines, Part, part_of
from web.guards import needs
from web.views.exceptions import today

section = Section("exceptions", Text("Trường hợp ngoại lệ", "Exceptions"))


class ExceptionsAsked(AskedPart):
    """Of one state; of officials whose name or number holds `text`."""

    state: Standing | None = None
    text: Annotated[Line, Field(max_length=100)] = ""


class NewException(Body):
    """What is known of whom, from which day to which (without a last one: until it is ended).

    A shared station has an `address`, an agreed delegate is a `delegate`'s number.
    """

    official_id: Key
    kind: Kind
    first: Day
    last: Day | None = None
    note: Lines = ""
    address: Line | None = None
    delegate: Line | None = None


class LastDay(Body):
    """The last day."""

    last: Day


class Why(Body):
    """Why it should not have been recorded."""

    why: Annotated[Lines, Field(min_length=1)]


@section.get("/exceptions", Text("Các ngoại lệ, mới nhất trước.", "Everything on record, the newest first."))
@needs(Permission.MAIL_AUDIT_EXCEPTION_READ)
def exceptions(asked: ExceptionsAsked) -> Part[RecordedException]:
    """A part of them."""
    found = reading.exceptions(
        work.session(),
        today=today(),
        state=asked.state,
        text=asked.text,
        offset=asked.offset,
        limit=asked.limit,
        reach=reach.exceptions(),
    )
    if found.rows:
        looks.at_exceptions()
    return part_of(found.rows, asked, found.total)


@section.get("/exceptions/{exception_id}", Text("Một ngoại lệ.", "One exception with its trail."))
@needs(Permission.MAIL_AUDIT_EXCEPTION_READ)
def exception(exception_id: Id) -> RecordedException:
    """One of them."""
    return reading.exception(work.session(), exception_id, today=today(), reach=reach.exceptions())


@section.post("/exceptions", Text("Ghi một ngoại lệ.", "Put an exception on record."), status=201)
@needs(Permission.MAIL_AUDIT_EXCEPTION_RECORD)
def record(wanted: NewException) -> RecordedException:
    """Reports made from now on take it into account."""
    session = work.session()
    exception_id = record_exception(
        session,
        auth.required(),
        official_id=wanted.official_id,
        kind=wanted.kind,
        first=wanted.first,
        last=wanted.last,
        note=wanted.note,
        address=wanted.address,
        delegate=wanted.delegate,
    )
    return reading.exception(session, exception_id, today=today(), reach=reach.exceptions())


@section.post("/exceptions/{exception_id}/end", Text("Ghi ngày cuối.", "Set the last day."))
@needs(Permission.MAIL_AUDIT_EXCEPTION_RECORD)
def end(exception_id: Id, wanted: LastDay) -> RecordedException:
    """The exception with its last day."""
    session = work.session()
    end_exception(session, auth.required(), exception_id=exception_id, last=wanted.last)
    return reading.exception(session, exception_id, today=today(), reach=reach.exceptions())


@section.post("/exceptions/{exception_id}/withdraw", Text("Rút một ngoại lệ.", "Take it back; it stays readable."))
@needs(Permission.MAIL_AUDIT_EXCEPTION_RECORD)
def withdraw(exception_id: Id, wanted: Why) -> RecordedException:
    """Reports made from now on do without it."""
    session = work.session()
    withdraw_exception(session, auth.required(), exception_id=exception_id, why=wanted.why)
    return reading.exception(session, exception_id, today=today(), reach=reach.exceptions())
