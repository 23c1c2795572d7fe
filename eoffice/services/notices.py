"""Who is told of what happens to a draft: in the same transaction, by the page and by the day's mail."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import Account, OfficialRow
from core.mail import MailKind, tell
from core.words import Text
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow
from eoffice.services import reply_tokens
from eoffice.services.rounds import Moment


def turn_came(session: Session, draft: DraftRow, officials: Iterable[int], moment: Moment) -> int:
    """Tell officials that the draft waits for them, by a letter to answer where that is on; how many are written to."""
    said = Text(f"Văn bản chờ ý kiến: {draft.title}", f"A document waits for you: {draft.title}")
    thing = f"draft:{draft.id}:{draft.changes}"
    return tell(
        session, accounts=accounts_of(session, officials), kind=MailKind.EOFFICE_TURN_CAME, said=said, thing=thing,
        now=moment.now, own=reply_tokens.own_letter(session, draft, moment.now),
    )  # fmt: skip


def remarked(
    session: Session, draft: DraftRow, author: OfficialRow, moment: Moment, *, but: Iterable[int] = ()
) -> int:  # fmt: skip
    """Tell whoever has a part in the draft that somebody remarked on it: once a day and author, however much is said.

    Its drafter, and those who have or had a turn in its last round; not its author, and none of `but`.
    """
    last = select(func.max(RoundRow.number)).where(RoundRow.draft == draft.id).scalar_subquery()
    turns = (
        select(TaskRow.official)
        .join(StepRow, StepRow.id == TaskRow.step)
        .join(RoundRow, RoundRow.id == StepRow.round)
        .where(RoundRow.draft == draft.id, RoundRow.number == last)
    )
    people = {draft.drafter, *session.scalars(turns)} - {author.id, *but}
    said = Text(f"{author.name} nhận xét về: {draft.title}", f"{author.name} remarked on: {draft.title}")
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
    if said is None:
        return 0
    return tell(
        session, accounts=accounts_of(session, [draft.drafter]), kind=MailKind.EOFFICE_DRAFT_DECIDED, said=said,
        thing=f"draft:{draft.id}:{draft.changes}", now=moment.now,
    )  # fmt: skip


def accounts_of(session: Session, officials: Iterable[int]) -> list[int]:
    """The open accounts of these officials."""
    wanted = select(Account.id).where(Account.official.in_(sorted(set(officials))), Account.closed_at.is_(None))
    return list(session.scalars(wanted))
