"""The own things: whose token it is and what it may, the own account's sessions, the own figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort

from core.db import utc_now
from core.directory import queries, services
from core.permissions import Permission
from core.words import Text
from mail_audit.queries.officials import periods_of
from mail_audit.queries.pages import OwnPeriod
from web import auth, work
from web.api import door
from web.api.operations import Section
from web.api.parameters import AskedPart, Id, Part, part_of
from web.guards import needs

section = Section("own", Text("Của chính mình", "One's own"))


@dataclass(frozen=True, slots=True)
class PresentToken:
    """The token that was sent: its account (none: a service's), what it may at most, and its end."""

    token_id: int
    actor: str
    official_id: str | None
    scopes: tuple[str, ...]
    permissions: tuple[str, ...]
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OpenLogIn:
    """A log-in that goes on: since when, last sign of life, from where (shortened), with which browser."""

    session_id: int
    created_at: datetime
    seen_at: datetime
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions were open and are over now."""

    sessions: int


@section.get("/token", Text("Mã truy cập đang dùng.", "The token that was sent: whose it is, what it may, its end."))
@needs(Permission.CORE_ACCOUNT_OWN, *Permission)
def present_token() -> PresentToken:
    """Any token may know itself."""
    actor, used = auth.required(), door.use()
    if used is None:
        abort(404)
    may = tuple(sorted(one.value for one in used.at_most if actor.may(one)))
    return PresentToken(used.token_id, actor.name, actor.official_id, used.scopes, may, used.ends_at)


@section.get("/own/periods", Text("Số liệu của chính mình theo kỳ.", "The own figures, the latest period first."))
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def own_periods(asked: AskedPart) -> Part[OwnPeriod]:
    """404 for whoever is tied to no official."""
    actor = auth.required()
    if actor.official_id is None:
        abort(404)
    return part_of(periods_of(work.session(), actor.official_id), asked)


@section.get("/own/sessions", Text("Các phiên làm việc đang mở của mình.", "Where the own account is logged in."))
@needs(Permission.CORE_ACCOUNT_OWN)
def own_sessions(asked: AskedPart) -> Part[OpenLogIn]:
    """The one seen last first."""
    found = queries.open_sessions(work.session(), name=auth.required().name, times=auth.times(), now=utc_now())
    rows = [OpenLogIn(one.id, one.created_at, one.seen_at, one.address, one.browser) for one in found]
    return part_of(rows, asked)


@section.delete(
    "/own/sessions/{session_id}", Text("Kết thúc một phiên của mình.", "End one session of the own account.")
)
@needs(Permission.CORE_ACCOUNT_OWN)
def end_own_session(session_id: Id) -> None:
    """Nothing where it is over already."""
    services.end_session(work.session(), auth.required(), name=auth.required().name, session_id=session_id)


@section.post("/own/sessions/end", Text("Kết thúc mọi phiên của mình.", "End every session of the own account."))
@needs(Permission.CORE_ACCOUNT_OWN)
def end_own_sessions() -> Ended:
    """Tokens go on."""
    return Ended(services.end_sessions(work.session(), auth.required(), name=auth.required().name))
