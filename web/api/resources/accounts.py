"""Accounts: who may log in, an account for an official, closing one and opening it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from core.db import utc_now
from core.directory import queries, services
from core.directory.queries.grants import Grant
from core.directory.services.inviting import MOST as MOST_INVITED
from core.directory.services.inviting import Invited, invite
from core.permissions import Permission
from core.words import Text
from web import auth, work
from web.api.operations import Section
from web.api.parameters import AskedPart, Body, Key, Line, Part, part_of
from web.api.resources.own import Ended
from web.guards import needs

section = Section("accounts", Text("Tài khoản", "Accounts"))


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account, the official it is tied to, how many of its sessions are open, and since when it is closed."""

    name: str
    official_id: str | None
    official: str | None
    sessions: int
    created_at: datetime
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Whether anything changed; not where it was so already."""

    changed: bool


class NewAccount(Body):
    """An official's account. The password's rules are those of the page."""

    name: Annotated[Line, Field(min_length=2, max_length=64)]
    password: Annotated[Line, Field(min_length=1)]
    official_id: Key


class Invitees(Body):
    """Numbers of officials."""

    official_ids: Annotated[tuple[Key, ...], Field(min_length=1, max_length=MOST_INVITED)]


class AccountsAsked(AskedPart):
    """Those whose name begins with `text`, or whose official's name, number or mailbox holds its words."""

    text: Annotated[Line, Field(max_length=100)] = ""


@section.get("/accounts", Text("Các tài khoản.", "Every account."))
@needs(Permission.CORE_ACCOUNT_READ)
def accounts(asked: AccountsAsked) -> Part[KnownAccount]:
    """By name."""
    found = queries.accounts(
        work.session(),
        reach=auth.required().reach(Permission.CORE_ACCOUNT_READ),
        times=auth.times(),
        now=utc_now(),
        text=asked.text,
        offset=asked.offset,
        limit=asked.limit,
    )
    rows = [
        KnownAccount(
            name=one.name,
            official_id=None if official is None else official.official_id,
            official=None if official is None else official.name,
            sessions=sessions,
            created_at=one.created_at,
            closed_at=one.closed_at,
            closed_by=one.closed_by,
        )
        for one, official, sessions in found.rows
    ]
    return part_of(rows, asked, found.total)


@section.get("/accounts/{name}/roles", Text("Các vai trò của tài khoản.", "The roles an account has or had."))
@needs(Permission.CORE_ACCOUNT_READ)
def roles_of_account(name: Key, asked: AskedPart) -> Part[Grant]:
    """The newest first. Granting one is nothing for a token."""
    session = work.session()
    account, _ = queries.account_in_reach(session, name, reach=auth.required().reach(Permission.CORE_ACCOUNT_READ))
    return part_of(queries.grants(session, today=work.today(), name=account.name), asked)


@section.post("/invitations", Text("Mời cán bộ đăng nhập lần đầu.", "Invite officials by mail to their first log-in."))
@needs(Permission.CORE_ACCOUNT_CREATE)
def invite_officials(wanted: Invitees) -> Invited:
    """Each gets a link that works once, in the own mailbox."""
    return invite(work.session(), auth.required(), official_ids=wanted.official_ids, now=utc_now())


@section.post("/accounts", Text("Tạo tài khoản cho cán bộ.", "Make an official's account."), status=201)
@needs(Permission.CORE_ACCOUNT_CREATE)
def create_account(wanted: NewAccount) -> KnownAccount:
    """It sees the official's own figures and no others."""
    made = services.create_account(
        work.session(),
        auth.required(),
        name=wanted.name,
        password=wanted.password,
        official_id=wanted.official_id,
    )
    official = queries.official_row(work.session(), wanted.official_id.strip())
    return KnownAccount(
        made.name, wanted.official_id.strip(), official.name if official else None, 0, made.created_at, None, None
    )


@section.post("/accounts/{name}/close", Text("Đóng tài khoản.", "Close an account; what was open is over."))
@needs(Permission.CORE_ACCOUNT_CLOSE)
def close_account(name: Key) -> Changed:
    """Nobody logs in with it any more, and its tokens open nothing."""
    return Changed(services.close_account(work.session(), auth.required(), name=name))


@section.post("/accounts/{name}/reopen", Text("Mở lại tài khoản.", "Open a closed account again."))
@needs(Permission.CORE_ACCOUNT_CLOSE)
def reopen_account(name: Key) -> Changed:
    """With the password it had."""
    return Changed(services.reopen_account(work.session(), auth.required(), name=name))


@section.post(
    "/accounts/{name}/sessions/end", Text("Kết thúc mọi phiên của tài khoản.", "End every session of an account.")
)
@needs(Permission.CORE_SESSION_END)
def end_sessions_of(name: Key) -> Ended:
    """Its tokens go on."""
    return Ended(services.end_sessions(work.session(), auth.required(), name=name))
