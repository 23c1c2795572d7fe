"""Tokens by which a turn may be answered by e-mail: made with the letter, used once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.models import Account, OfficialRow
from core.mail import MailKind, OwnLetter
from eoffice.models import DraftRow, ReplyToken, RoundRow, StepRow, TaskRow
from eoffice.replying import tokens
from eoffice.replying.options import InboundOptions
from eoffice.services.changes import latest_revision


def own_letter(
    session: Session, draft: DraftRow, now: datetime, principal: OfficialRow | None = None
) -> OwnLetter | None:  # fmt: skip
    """The message of its own about a turn that came (to those who act for `principal`: that one's).

    None where documents are not answered by e-mail.
    """
    options = InboundOptions.of(settings_of(session))
    if not options.is_on:
        return None

    def facts(account: int) -> Mapping[str, Any]:
        made = make(session, draft, account, now, None if principal is None else principal.id)
        reply, number = None if made is None else made.id, None if principal is None else principal.official_id
        return {"draft": draft.id, "reply": reply, "for": number}

    return OwnLetter(MailKind.EOFFICE_TURN_ASKED, facts)


def make(
    session: Session, draft: DraftRow, account: int, now: datetime, official: int | None = None
) -> ReplyToken | None:  # fmt: skip
    """A token for the account, for its own open turn in a draft or that of the `official` whom its owner acts for.

    None where there is no such turn.
    """
    if official is None:
        official = session.scalar(select(Account.official).where(Account.id == account))
    turn = open_turn(session, draft.id, official)
    if official is None or turn is None:
        return None
    settings, nonce = settings_of(session), secrets.token_hex(16)
    revision = latest_revision(session, draft.id)
    row = ReplyToken(
        nonce=nonce, token_digest=tokens.digest(tokens.token(settings.secret_key, nonce)), account=account,
        official=official, draft=draft.id, round=turn[0], position=turn[1], revision=revision, made_at=now,
        ends_at=now + timedelta(days=InboundOptions.of(settings).days), told=0,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def open_turn(session: Session, draft_id: int, official: int | None) -> tuple[int, int, str] | None:
    """Number of the round, position and purpose of the step where it is the official's turn; the plan's first."""
    wanted = (
        select(RoundRow.number, StepRow.position, StepRow.purpose)
        .join(StepRow, StepRow.round == RoundRow.id)
        .join(TaskRow, TaskRow.step == StepRow.id)
        .where(RoundRow.draft == draft_id, RoundRow.ended_at.is_(None), TaskRow.state == "open")
        .where(TaskRow.official == official, StepRow.state == "open")
        .order_by(StepRow.asked_by.is_not(None), StepRow.position)
    )
    found = session.execute(wanted).first()
    return None if found is None else (found[0], found[1], found[2])


def purpose_of(session: Session, token: ReplyToken) -> str | None:
    """What the step of a token is for, as long as it is that official's turn in it; None afterwards."""
    wanted = (
        select(StepRow.purpose)
        .join(RoundRow, StepRow.round == RoundRow.id)
        .join(TaskRow, TaskRow.step == StepRow.id)
        .where(RoundRow.draft == token.draft, RoundRow.number == token.round, RoundRow.ended_at.is_(None))
        .where(StepRow.position == token.position, StepRow.state == "open")
        .where(TaskRow.official == token.official, TaskRow.state == "open")
    )
    return session.scalars(wanted).first()


def locked(session: Session, given: str) -> ReplyToken | None:
    """The row of a token, locked until the transaction ends: of two answers one is the first."""
    wanted = select(ReplyToken).where(ReplyToken.token_digest == tokens.digest(given)).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).first()
