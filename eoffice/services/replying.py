"""An answer by e-mail becomes a decision, or nothing: judged and done in one transaction, with the answer to it.

Whatever goes wrong changes nothing, and whoever wrote is told what happened and what to do; never a program, and never
an address that the directory does not know as an official's own mailbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of
from core.directory.models import Account, AliasRow, MailboxRow, OfficialRow
from core.directory.queries import actor_of, deputy_actor
from core.errors import ForbiddenError, VanthuError
from core.mail import MailKind, post
from core.mail.options import MailOptions
from core.mail.preferences import readers
from core.permissions import Actor
from core.words import Text
from eoffice.actions import EofficeAction
from eoffice.errors import DocumentFileError, DraftNotFoundError, NotYourTurnError, SecretError, StaleDraftError
from eoffice.models import ReplyMail, ReplyOutcome, ReplyToken
from eoffice.replying.automatic import is_automatic
from eoffice.replying.options import InboundOptions
from eoffice.replying.reading import ReadMail
from eoffice.replying.tokens import token_in
from eoffice.replying.trust import proven
from eoffice.replying.wishes import Wish, wish_of
from eoffice.services import deciding, enclosing, remarking, reply_tokens, rounds
from eoffice.services.changes import latest_revision
from eoffice.services.rounds import Moment
from eoffice.services.turns import SCOPES
from eoffice.writing.secrecy import refuse_secrets

MOST_TOLD = 20
"""Messages about one token that are answered; whoever sends more of them is no person."""
DONE = frozenset({ReplyOutcome.AGREED, ReplyOutcome.RETURNED, ReplyOutcome.OPINION})
AGAIN = frozenset({
    ReplyOutcome.BROKEN, ReplyOutcome.EMPTY, ReplyOutcome.FILE_REFUSED, ReplyOutcome.REFUSED, ReplyOutcome.SECRET,
    ReplyOutcome.TOO_LARGE, ReplyOutcome.UNCLEAR,
})  # fmt: skip
"""After these the same token may be used in another try."""
ATTEMPTS = frozenset({ReplyOutcome.FORGED, ReplyOutcome.FOREIGN})
"""Somebody tried what is not theirs: these are in the trail."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What becomes of a message: whom to tell, what a service said, what may be answered next."""

    outcome: ReplyOutcome
    account: int | None = None
    said: Text | None = None
    files: int = 0
    next_token: int | None = None


def take(
    session: Session, mail: ReadMail, *, recipients: tuple[str, ...], door: str, moment: Moment,
    envelope_sender: str | None = None,
) -> ReplyOutcome:  # fmt: skip
    """Do what a message asks for, once: delivered again it is known again, and nothing happens.

    `recipients` are those of the envelope where they are known. Raises what the database raises, for the sending server
    to try again; never for what the message says.
    """
    options = InboundOptions.of(settings_of(session))
    given = _token(recipients, options) or _token(mail.recipients, options)
    token = reply_tokens.locked(session, given) if given else None
    known = session.scalars(select(ReplyMail).where(ReplyMail.key == mail.key)).first()
    if known is not None:
        return ReplyOutcome(known.outcome)
    judged = _judge(session, mail, token, options, envelope_sender, moment)
    row = ReplyMail(
        key=mail.key, door=door, at=moment.now, outcome=judged.outcome.value, token=None if token is None else token.id,
        account=judged.account, said_vi=judged.said and judged.said.vi, said_en=judged.said and judged.said.en,
        files=judged.files,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _answer(session, row, judged, token, moment)
    if judged.outcome in ATTEMPTS and token is not None:
        audit.record(
            session, actor="mail", action=EofficeAction.REPLY_REFUSED, subject=f"draft:{token.draft}",
            facts={"outcome": judged.outcome.value, "reply": row.id},
        )  # fmt: skip
    return judged.outcome


def _token(recipients: tuple[str, ...], options: InboundOptions) -> str:
    found = (token_in(one, options.address, options.separator) for one in recipients)
    return next((one for one in found if one), "")


def _judge(
    session: Session, mail: ReadMail, token: ReplyToken | None, options: InboundOptions, envelope_sender: str | None,
    moment: Moment,
) -> _Judged:  # fmt: skip
    """Who wrote, whether they may, and what comes of it."""
    if is_automatic(mail, envelope_sender=envelope_sender):
        return _Judged(ReplyOutcome.AUTOMATIC)
    writer = _writer(session, mail, options)
    if writer is None:
        outcome = ReplyOutcome.FORGED if token is not None else ReplyOutcome.NO_TOKEN
        return _Judged(outcome, None if token is None else token.account)
    if token is None:
        return _Judged(ReplyOutcome.NO_TOKEN, writer.id)
    if token.account != writer.id:
        return _Judged(ReplyOutcome.FOREIGN, writer.id)
    for wrong, outcome in (
        (token.used_at is not None, ReplyOutcome.USED),
        (token.ends_at <= moment.now, ReplyOutcome.ENDED),
        (mail.problem == "too_large", ReplyOutcome.TOO_LARGE),
        (mail.problem == "broken", ReplyOutcome.BROKEN),
    ):
        if wrong:
            return _Judged(outcome, writer.id)
    return _meant(session, mail, token, writer, moment)


def _writer(session: Session, mail: ReadMail, options: InboundOptions) -> Account | None:
    """The open account of the official whose own mailbox wrote it, as the own server says; None for everybody else."""
    said = proven(mail, options)
    owner = _owner(session, mail.sender)
    if not said or owner is None:
        return None
    if said != f"@{mail.sender.rpartition('@')[2]}" and _owner(session, said) != owner:
        return None
    wanted = select(Account).where(Account.official == owner, Account.closed_at.is_(None))
    return session.scalars(wanted).first()


def _owner(session: Session, address: str) -> int | None:
    """The official whose personal mailbox has this address or alias."""
    mine = (MailboxRow.kind == "personal", MailboxRow.gone_at.is_(None))
    found = session.scalars(select(MailboxRow.owner).where(MailboxRow.address == address, *mine)).first()
    if found is not None:
        return found
    by_alias = select(MailboxRow.owner).join(AliasRow, AliasRow.mailbox == MailboxRow.id)
    return session.scalars(by_alias.where(AliasRow.address == address, *mine)).first()


def _meant(session: Session, mail: ReadMail, token: ReplyToken, writer: Account, moment: Moment) -> _Judged:
    """What the words mean, and that it can still be done."""
    purpose = reply_tokens.purpose_of(session, token)
    latest = latest_revision(session, token.draft)
    if latest != token.revision:
        return _Judged(ReplyOutcome.STALE, writer.id)
    if purpose is None:
        return _Judged(ReplyOutcome.LATE, writer.id)
    wish = wish_of(mail.words)
    if wish.meaning in {"empty", "unclear"}:
        return _Judged(ReplyOutcome(wish.meaning), writer.id)
    try:
        with session.begin_nested():
            return _done(session, mail, wish, token, writer, purpose, moment)
    except (DraftNotFoundError, NotYourTurnError):
        return _Judged(ReplyOutcome.LATE, writer.id)
    except StaleDraftError:
        return _Judged(ReplyOutcome.STALE, writer.id)
    except SecretError as refused:
        return _Judged(ReplyOutcome.SECRET, writer.id, refused.message)
    except DocumentFileError as refused:
        return _Judged(ReplyOutcome.FILE_REFUSED, writer.id, refused.message)
    except VanthuError as refused:
        return _Judged(ReplyOutcome.REFUSED, writer.id, refused.message)


def _done(
    session: Session, mail: ReadMail, wish: Wish, token: ReplyToken, writer: Account, purpose: str, moment: Moment
) -> _Judged:
    """Files first, then the decision: either all of it or none."""
    refuse_secrets(mail.words)
    actor = _actor(session, writer, token, purpose, moment)
    draft = rounds.locked(session, token.draft)
    for file in mail.files:
        enclosing.enclose(
            session, actor, draft, store=settings_of(session).store, name=file.name, content=file.content, moment=moment
        )
    outcome = _decide(session, actor, wish, token, purpose, moment)
    token.used_at = moment.now
    session.flush()
    following = None
    if outcome is ReplyOutcome.OPINION and purpose != "opinion":
        made = reply_tokens.make(session, draft, writer.id, moment.now, token.official)
        following = None if made is None else made.id
    return _Judged(outcome, writer.id, files=len(mail.files), next_token=following)


def _decide(
    session: Session, actor: Actor, wish: Wish, token: ReplyToken, purpose: str, moment: Moment
) -> ReplyOutcome:
    """Agree, return or give an opinion; where a decision is waited for, an opinion is a remark and decides nothing."""
    known: dict[str, Any] = {"draft_id": token.draft, "moment": moment, "via": "mail"}
    at: dict[str, Any] = {"seen_revision": token.revision, "position": token.position}
    if wish.meaning == "return":
        deciding.return_to(session, actor, comment=wish.remark, **known, **at)
        return ReplyOutcome.RETURNED
    if purpose == "opinion":
        said = f"Đồng ý. {wish.remark}".strip() if wish.meaning == "agree" else wish.remark
        deciding.give_opinion(session, actor, comment=said, **known, **at)
        return ReplyOutcome.OPINION
    if wish.meaning == "agree":
        deciding.approve(session, actor, comment=wish.remark, **known, **at)
        return ReplyOutcome.AGREED
    remarking.remark(session, actor, text=wish.remark, revision=token.revision, **known)
    return ReplyOutcome.OPINION


def _actor(session: Session, account: Account, token: ReplyToken, purpose: str, moment: Moment) -> Actor:
    """Who wrote, and for whom they act where the turn is another's. Raises `NotYourTurnError` where they do not."""
    wanted = select(OfficialRow).where(OfficialRow.id.in_((account.official, token.official)))
    numbers = {row.id: row.official_id for row in session.scalars(wanted)}
    actor = actor_of(session, account, numbers.get(account.official or 0), today=moment.today)
    if account.official == token.official:
        return actor
    try:
        return deputy_actor(
            session, actor, official_id=numbers[token.official], scope=SCOPES[purpose], day=moment.today
        )  # fmt: skip
    except ForbiddenError:
        raise NotYourTurnError from None


def _answer(session: Session, row: ReplyMail, judged: _Judged, token: ReplyToken | None, moment: Moment) -> None:
    """Queue the message that says what happened: to an official's own mailbox, and not without end."""
    if judged.account is None or not MailOptions.of(settings_of(session)).is_on:
        return
    if token is not None:
        if token.told >= MOST_TOLD:
            return
        token.told += 1
    reader = readers(session, [judged.account]).get(judged.account)
    if reader is None or reader.address is None:
        return
    again = token.id if token is not None and judged.outcome in AGAIN else judged.next_token
    post(
        session, kind=MailKind.EOFFICE_REPLY_ANSWERED, account=judged.account, address=reader.address,
        language=reader.language, now=moment.now, facts={"mail": row.id, "reply": again},
    )  # fmt: skip
