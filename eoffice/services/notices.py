"""Who is told of what happens to a draft: in the same transaction, by the page and by the day's mail."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import Account, OfficialRow
from core.directory.queries import deputies_of
from core.directory.queries.deputies import EVERYTHING
from core.mail import MailKind, tell, untell_unless
from core.words import Text
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow
from eoffice.queries.practice import is_practice
from eoffice.services import reply_tokens
from eoffice.services.rounds import Moment
from eoffice.services.turns import SCOPES


def turn_came(session: Session, draft: DraftRow, officials: Iterable[int], moment: Moment) -> int:
    """Tell officials that the draft waits for them, and who acts for them; how many are written to.

    By a letter that can be answered, where that is on. Nobody is written to about a practice document.
    """
    if is_practice(session, draft.id):
        return 0
    waited_for = sorted(set(officials))
    said = Text(f"Văn bản chờ ý kiến: {draft.title}", f"A document waits for you: {draft.title}")
    thing = f"draft:{draft.id}:{draft.changes}"
    written = tell(
        session, accounts=accounts_of(session, waited_for), kind=MailKind.EOFFICE_TURN_CAME, said=said, thing=thing,
        now=moment.now, own=reply_tokens.own_letter(session, draft, moment.now),
    )  # fmt: skip
    return written + sum(_deputies_told(session, draft, one, moment) for one in waited_for)


def turns_over(session: Session, draft: DraftRow, still: Iterable[int]) -> int:
    """Take out of messages to come that the draft waits for anybody but the officials `still`, or whom they act for."""
    waited_for = set(still)
    accounts = set(accounts_of(session, waited_for))

    def holds(account: int, thing: str) -> bool:
        principal = thing.partition(":for:")[2]
        return int(principal) in waited_for if principal else account in accounts

    return untell_unless(session, kind=MailKind.EOFFICE_TURN_CAME, about=f"draft:{draft.id}:", holds=holds)


def _deputies_told(session: Session, draft: DraftRow, official: int, moment: Moment) -> int:
    """Tell those who may act for the official in the step where it is that one's turn; how many are written to."""
    turn = reply_tokens.open_turn(session, draft.id, official)
    if turn is None:
        return 0
    principal = session.get_one(OfficialRow, official)
    scopes = {EVERYTHING, SCOPES[turn[2]]}
    acting = deputies_of(session, principal.official_id, day=moment.today)
    numbers = [one.deputy_official_id for one in acting if one.scope in scopes]
    wanted = select(OfficialRow.id).where(
        OfficialRow.official_id.in_(numbers), OfficialRow.gone_at.is_(None), OfficialRow.id != draft.drafter
    )
    said = Text(
        f"Văn bản chờ Ông/Bà cho ý kiến thay {principal.name}: {draft.title}",
        f"A document waits for you, for {principal.name}: {draft.title}",
    )
    return tell(
        session, accounts=accounts_of(session, session.scalars(wanted)), kind=MailKind.EOFFICE_TURN_CAME, said=said,
        thing=f"draft:{draft.id}:{draft.changes}:for:{official}", now=moment.now,
        own=reply_tokens.own_letter(session, draft, moment.now, principal),
    )  # fmt: skip


def remarked(
    session: Session, draft: DraftRow, author: OfficialRow, moment: Moment, *, but: Iterable[int] = ()
) -> int:  # fmt: skip
    """Tell whoever has a part in the draft that somebody remarked on it: once a day and author, however much is said.

    Its drafter, and those who have or had a turn in its last round; not its author, and none of `but`.
    """
    if is_practice(session, draft.id):
        return 0
    last = select(func.max(RoundRow.number)).where(RoundRow.draft == draft.id).scalar_subquery()
    turns = (
        select(TaskRow.official)
        .join(StepRow, StepRow.id == TaskRow.step)
        .join(RoundRow, RoundRow.id == StepRow.round)
        .where(RoundRow.draft == draft.id, RoundRow.number == last)
    )
    people = {draft.drafter, *session.scalars(turns)} - {author.id, *but}
    said = Text(f"{author.name} góp ý cho: {draft.title}", f"{author.name} remarked on: {draft.title}")
    return tell(
        session, accounts=accounts_of(session, people), kind=MailKind.EOFFICE_REMARK_MADE, said=said,
        thing=f"draft:{draft.id}:remarks:{author.id}:{moment.today}", now=moment.now,
    )  # fmt: skip


def decided(session: Session, draft: DraftRow, outcome: str | None, moment: Moment) -> int:
    """Tell the author that the draft was approved or came back; nothing as long as it is on its way."""
    said = {
        "approved": Text(f"Đã được duyệt: {draft.title}", f"Approved: {draft.title}"),
        "returned": Text(f"Được trả lại kèm ý kiến: {draft.title}", f"Returned with remarks: {draft.title}"),
    }.get(outcome or "")
    if said is None or is_practice(session, draft.id):
        return 0
    return tell(
        session, accounts=accounts_of(session, [draft.drafter]), kind=MailKind.EOFFICE_DRAFT_DECIDED, said=said,
        thing=f"draft:{draft.id}:{draft.changes}", now=moment.now,
    )  # fmt: skip


def accounts_of(session: Session, officials: Iterable[int]) -> list[int]:
    """The open accounts of these officials."""
    wanted = select(Account.id).where(Account.official.in_(sorted(set(officials))), Account.closed_at.is_(None))
    return list(session.scalars(wanted))
