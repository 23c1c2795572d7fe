"""What opens an account beside its password and its sessions: log-in links and personal tokens.

They end where the account passes into other hands, or back into its owner's: whoever had got in could have had a link
sent or a token made, and would come again by it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from core.directory.models import Account, ApiToken
from core.mail.models import LogInLink


def close_ways_in(session: Session, account: Account, *, by: str, now: datetime) -> int:
    """End every open link and every personal token of `account`, as a part of another change, which makes the entry.

    How many tokens there were.
    """
    end_links(session, account, now=now)
    standing = (ApiToken.account == account.id, ApiToken.revoked_at.is_(None), ApiToken.ends_at > now)
    done = session.execute(update(ApiToken).where(*standing).values(revoked_at=now, revoked_by=by))
    return cast("CursorResult[Any]", done).rowcount


def end_links(session: Session, account: Account, *, now: datetime) -> None:
    """No log-in link of the account works any more."""
    open_ones = (LogInLink.account == account.id, LogInLink.used_at.is_(None), LogInLink.replaced_at.is_(None))
    session.execute(update(LogInLink).where(*open_ones).values(replaced_at=now))
