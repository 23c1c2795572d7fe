"""Readers of the accounts that may log in, and of their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlalchemy.orm import Session

from core.directory.models import Account, AccountSession, MailboxRow, OfficialRow, PostRow, UnitRow
from core.directory.queries.search import officials_with
from core.directory.spelling import terms_of
from core.errors import NotFoundError
from core.permissions import Reach
from core.words import Text


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """After what time a session is over: since its log-in (`longest`), since its last sign of life (`idle`)."""

    longest: timedelta
    idle: timedelta


def account_by_name(session: Session, name: str) -> Account | None:
    """The account that logs in under `name` (case does not matter), None when there is none."""
    return session.scalars(select(Account).where(Account.name == name.strip().lower())).one_or_none()


def the_account(session: Session, name: str, *, for_update: bool = False) -> Account:
    """The account `name`, for a change of it with `for_update`; raises `NotFoundError` when there is none."""
    wanted = select(Account).where(Account.name == name.strip().lower())
    if for_update:
        wanted = wanted.with_for_update()
    account = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if account is None:
        raise NotFoundError(Text(f"Không có tài khoản {name}.", f"There is no account {name}."))
    return account


def official_of_account(session: Session, account: Account) -> str | None:
    """The number of the official an account is tied to; None where it is tied to nobody."""
    if account.official is None:
        return None
    return session.scalar(select(OfficialRow.official_id).where(OfficialRow.id == account.official))


def words_of_account(session: Session, official: int | None) -> list[str]:
    """What a guesser knows of whose account it is: the names and the number of person, units and mailboxes.

    `official` is the row's id; nothing for an account that is tied to nobody.
    """
    if official is None:
        return []
    person = select(OfficialRow.name, OfficialRow.official_id).where(OfficialRow.id == official)
    units = select(UnitRow.name).join(PostRow, PostRow.unit == UnitRow.id).where(PostRow.official == official)
    boxes = select(MailboxRow.address).where(MailboxRow.owner == official)
    found = [str(word) for row in session.execute(person) for word in row]
    return [*found, *session.scalars(units), *session.scalars(boxes)]


@dataclass(frozen=True, slots=True)
class AccountList:
    """A part of the accounts, each with the official it is tied to and its open sessions; and how many there are."""

    rows: tuple[tuple[Account, OfficialRow | None, int], ...]
    total: int


def accounts(
    session: Session, *, reach: Reach, times: TimeOuts, now: datetime, text: str = "", offset: int = 0, limit: int = 50
) -> AccountList:
    """A part of the accounts by name: of officials in reach; those tied to nobody only where the whole is.

    With `text`, those whose name begins with it, or whose official has words that begin like its words
    (`core.directory.spelling`). Four SQL queries at most.
    """
    first, number = max(0, offset), max(0, limit)
    if text.strip():
        ids, total = _named(session, text, reach, first, number)
    else:
        ids, total = _all(session, reach, first, number)
    found = (
        select(Account, OfficialRow)
        .outerjoin(OfficialRow, OfficialRow.id == Account.official)
        .where(Account.id.in_(ids))
        .order_by(Account.name)
    )
    shown = session.execute(found).all()
    # Of the rows that are shown only: beside them, a database would count the sessions of all that are skipped too.
    of_shown = (AccountSession.account.in_([row[0].id for row in shown]), _is_open(times, now))
    counted = select(AccountSession.account, func.count()).where(*of_shown).group_by(AccountSession.account)
    opened = {row[0]: row[1] for row in session.execute(counted)}
    return AccountList(tuple((row[0], row[1], opened.get(row[0].id, 0)) for row in shown), total)


def _all(session: Session, reach: Reach, first: int, number: int) -> tuple[Sequence[int], int]:
    """A part of the accounts in reach (rows' ids), and how many there are. Two SQL queries."""
    wanted = _in_reach(reach)
    total = session.scalar(select(func.count()).select_from(Account).where(*wanted)) or 0
    # What is nearer to the end is counted off from there: a database walks over everything that is skipped.
    from_end = first > total // 2
    order = Account.name.desc() if from_end else Account.name.asc()
    skipped = max(0, total - first - number) if from_end else first
    part = select(Account.id).where(*wanted).order_by(order).offset(skipped)
    return session.scalars(part.limit(min(number, max(0, total - first)))).all(), total


def _named(session: Session, text: str, reach: Reach, first: int, number: int) -> tuple[Sequence[int], int]:
    """The same of those with the words. One SQL query, two past the end.

    Both kinds of finding one after the other: joined by OR, no index would serve either.
    """
    columns = select(Account.id, Account.name).where(*_in_reach(reach))
    by_name = columns.where(Account.name.startswith(text.strip().lower(), autoescape=True))
    terms = terms_of(text)
    of_words = columns.where(Account.official.in_(officials_with(terms)) if terms else false())
    every = by_name.union(of_words).subquery("every")
    part = select(every.c.id, func.count().over()).order_by(every.c.name).offset(first).limit(number)
    rows = session.execute(part).all()
    total = rows[0][1] if rows else session.scalar(select(func.count()).select_from(every)) or 0
    return [row[0] for row in rows], total


def account_in_reach(session: Session, name: str, *, reach: Reach) -> tuple[Account, OfficialRow | None]:
    """One of them; raises `NotFoundError`, also for one out of reach."""
    wanted = select(Account, OfficialRow).outerjoin(OfficialRow, OfficialRow.id == Account.official)
    row = session.execute(wanted.where(Account.name == name.strip().lower(), *_in_reach(reach))).one_or_none()
    if row is None:
        raise NotFoundError(Text(f"Không có tài khoản {name}.", f"There is no account {name}."))
    return row[0], row[1]


def _in_reach(reach: Reach) -> list[ColumnElement[bool]]:
    if reach.units is None:
        return []
    posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(reach.units))
    return [Account.official.in_(posts)]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that goes on, and whose it is; `official_id` where the account is an official's."""

    id: int
    account: Account
    official_id: str | None
    seen_at: datetime
    factor: str | None
    began_at: datetime


def open_session(session: Session, *, token_digest: str, times: TimeOuts, now: datetime) -> OpenSession | None:
    """The open session of that digest; None for one that is over, by whatever means. One query."""
    return _opened(session, AccountSession.token_digest == token_digest, times, now)


def open_session_by_id(session: Session, *, session_id: int, times: TimeOuts, now: datetime) -> OpenSession | None:
    """The same by the session's row: for what was signed for it (`web.tickets`), never for what somebody sends."""
    return _opened(session, AccountSession.id == session_id, times, now)


def _opened(session: Session, which: ColumnElement[bool], times: TimeOuts, now: datetime) -> OpenSession | None:
    wanted = (
        select(AccountSession, Account, OfficialRow.official_id)
        .join(Account, Account.id == AccountSession.account)
        .outerjoin(OfficialRow, OfficialRow.id == Account.official)
        .where(which, Account.closed_at.is_(None), _is_open(times, now))
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    return OpenSession(row[0].id, row[1], row[2], row[0].seen_at, row[0].factor, row[0].created_at)


def open_sessions(session: Session, *, name: str, times: TimeOuts, now: datetime) -> list[AccountSession]:
    """The open sessions of the account `name`, the one seen last first."""
    wanted = select(AccountSession).join(Account, Account.id == AccountSession.account)
    wanted = wanted.where(Account.name == name, _is_open(times, now))
    return list(session.scalars(wanted.order_by(AccountSession.seen_at.desc(), AccountSession.id.desc())))


def _is_open(times: TimeOuts, now: datetime) -> ColumnElement[bool]:
    return and_(
        AccountSession.ended_at.is_(None),
        AccountSession.created_at > now - times.longest,
        AccountSession.seen_at > now - times.idle,
    )


def count_accounts(session: Session) -> int:
    """How many accounts may log in."""
    return session.scalar(select(func.count(Account.id))) or 0
