"""Links and tokens of an account that was recovered, given another password, or left: none of them opens it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work, utc_now
from core.directory.models import Account, OfficialRow
from core.directory.services import change_own_password, change_password, factors, import_roster, links, reopen_account
from core.directory.services.leaving import see_off
from core.directory.services.tokens import give_personal_token, use_token
from core.mail.links import digest
from core.mail.models import LogInLink
from core.permissions import Actor, Role
from core.settings import Settings
from tests.core.directory import second_steps
from tests.core.directory.second_steps import ADMINISTRATOR, PASSWORD
from tests.web import town

NOW = utc_now()
NEW = "mưa rào trên mái tôn"
AN = Actor("an", frozenset({Role.ADMINISTRATOR}))
Change = Callable[[Session], object]


def _recovered(session: Session) -> object:
    return factors.recover_account(session, ADMINISTRATOR, name="an", reason="mất máy", now=NOW)


def _password_set(session: Session) -> object:
    change_password(session, ADMINISTRATOR, name="an", password=NEW)
    return None


def _password_changed(session: Session) -> object:
    return change_own_password(session, AN, old=PASSWORD, new=NEW)


def _gone_and_back(session: Session) -> object:
    """Left the directory by mistake, and let in again by hand."""
    account = session.scalars(select(Account).where(Account.name == "an")).one()
    see_off(session, ADMINISTRATOR, [session.get_one(OfficialRow, account.official)], now=NOW)
    return reopen_account(session, ADMINISTRATOR, name="an")


@pytest.fixture
def token(each_database: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The token of `an`, who is an official; there is an open link as well, whose key is `key`."""
    second_steps.cheap_hashes(monkeypatch)
    with unit_of_work(each_database) as session:
        import_roster(session, ADMINISTRATOR, roster=town.roster())
    second_steps.make(each_database, "other")
    number = second_steps.make(each_database)
    with unit_of_work(each_database) as session:
        official = session.scalars(select(OfficialRow.id).where(OfficialRow.official_id == "CB1")).one()
        session.get_one(Account, number).official = official
        session.add(_link(number))
        return give_personal_token(session, AN, name="a script", scopes=["figures"], days=9, now=NOW).token


def _link(account: int) -> LogInLink:
    return LogInLink(
        account=account,
        nonce="n",
        token_digest=digest("key"),
        invited=False,
        created_at=NOW,
        ends_at=NOW + timedelta(days=3),
    )


def _opens(settings: Settings, token: str) -> tuple[bool, bool]:
    """Whether the token is taken, and whether the link still lets a password be chosen."""
    with unit_of_work(settings) as session:
        found = links.account_behind(session, token="key", now=NOW)
        return use_token(session, token=token, now=NOW, most=9) is not None, found is not None and found[1]


@pytest.mark.parametrize("change", [_recovered, _password_set, _gone_and_back])
def test_nothing_of_before_opens_it(each_database: Settings, token: str, change: Change) -> None:
    assert _opens(each_database, token) == (True, True)
    with unit_of_work(each_database) as session:
        change(session)
    assert _opens(each_database, token) == (False, False)
    with unit_of_work(each_database) as session:
        told = session.scalars(select(AuditEntry.facts).order_by(AuditEntry.id)).all()
    assert {"tokens": 1}.items() <= dict(next(one for one in reversed(told) if "tokens" in one)).items()


def test_the_owners_new_password_leaves_their_programs_running(each_database: Settings, token: str) -> None:
    with unit_of_work(each_database) as session:
        assert _password_changed(session)
    assert _opens(each_database, token) == (True, False)


@pytest.mark.usefixtures("token")
def test_no_link_is_sent_past_a_recovery(each_database: Settings) -> None:
    """The mailbox may be what was lost; the factors are gone, and who came by a link would add their own."""
    mail = {"server": "localhost", "security": "none", "sender": "vanthu@tp.example.gov.vn", "forgotten": True}
    posting = replace(each_database, tables={"mail": mail | {"site": "https://vanthu.tp.example.gov.vn"}})
    later = NOW + timedelta(hours=1)
    with unit_of_work(posting) as session:
        there = session.scalars(select(Account.id).where(Account.name == "an")).one()
        assert links.ask_again(session, account_id=there, now=later)
    later += timedelta(hours=1)
    with unit_of_work(posting) as session:
        _recovered(session)
        assert not links.ask_again(session, account_id=there, now=later)
        change_password(session, ADMINISTRATOR, name="an", password=NEW)
        assert not links.ask_again(session, account_id=there, now=later)
