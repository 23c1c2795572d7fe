"""What the e-office writes: the letter about a turn, to be answered by e-mail, and what became of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.models import Account
from core.directory.queries import actor_of, official_of_account
from core.mail import MailKind
from core.mail.letters import Composer, Letter, StaleLetterError, greeting
from core.mail.models import MailNotice, OutgoingMail
from core.mail.options import MailOptions
from core.permissions import Actor
from core.words import Language, Text, day_words
from eoffice.documents import ruleset
from eoffice.errors import DraftNotFoundError
from eoffice.models import DraftRow, ReplyMail, ReplyOutcome, ReplyToken
from eoffice.queries import DraftPage, WaitingTask, draft_page
from eoffice.replying import tokens
from eoffice.replying.options import InboundOptions
from eoffice.replying.quotes import ABOVE
from eoffice.replying.words import HAPPENED, HOW_TO_ANSWER, HOW_TO_GIVE_OPINION, MARKS, PURPOSES

BEGINNING = 700
"""Signs of the text that stand in the letter."""
CHANGES = 4
LONGEST_CHANGE = 220


def asked(session: Session, mail: OutgoingMail, now: datetime) -> Letter:
    """The letter about a turn: what it is, who asks, until when, what changed, how it begins, how to answer."""
    language = cast("Language", mail.language)
    actor, today = _reader(session, mail, now)
    try:
        page = draft_page(session, actor, draft_id=int(mail.facts["draft"]), today=today)
    except DraftNotFoundError:
        raise StaleLetterError("the draft is not theirs to see") from None
    principal = mail.facts.get("for")
    task = next((one for one in page.waiting if one.number == principal or not (principal or one.acting)), None)
    reply_to = _reply_to(session, mail, now)
    if task is None:
        raise StaleLetterError("the turn is over")
    said = [*_about(page, task, today), *_since(page), *_opinions(page), _beginning(page)]
    said.append(HOW_TO_GIVE_OPINION if task.purpose == "opinion" else HOW_TO_ANSWER)
    return Letter(
        language=language,
        subject=Text(f"Chờ ý kiến: {page.title}", f"Waits for you: {page.title}").to(language),
        greeting=greeting(session, mail).to(language),
        paragraphs=tuple(one.to(language) for one in said if one.vi),
        button=(Text("Mở văn bản", "Open the document").to(language), _address(session, mail)),
        why=_why(task).to(language),
        above=ABOVE.to(language) if reply_to else "",
        reply_to=reply_to,
    )


def answered(session: Session, mail: OutgoingMail, now: datetime) -> Letter:
    """What became of an answer, and what may be done now."""
    language = cast("Language", mail.language)
    row = session.get(ReplyMail, mail.facts.get("mail"))
    if row is None:
        raise StaleLetterError("nothing to tell")
    token = session.get(ReplyToken, row.token) if row.token is not None else None
    draft = session.get(DraftRow, token.draft) if token is not None and token.account == mail.account else None
    what = HAPPENED[ReplyOutcome(row.outcome)]
    said = [what.said]
    if row.said_vi and row.said_en:
        said.append(Text(row.said_vi, row.said_en))
    if row.files:
        said.append(Text(f"Số tệp đã đính kèm vào văn bản: {row.files}.", f"Files attached: {row.files}."))
    reply_to = _reply_to(session, mail, now)
    if reply_to:
        said.append(HOW_TO_ANSWER)
    title = f": {draft.title}" if draft is not None else ""
    site = MailOptions.of(settings_of(session)).site
    address = f"{site}/documents/{draft.id}" if draft is not None else site
    return Letter(
        language=language,
        subject=f"{what.subject.to(language)}{title}",
        greeting=greeting(session, mail).to(language),
        paragraphs=tuple(one.to(language) for one in said),
        button=(Text("Mở văn bản", "Open the document").to(language), address),
        why=Text(
            "Ông/Bà nhận thư này vì vừa có thư trả lời gửi tới Vanthu từ hộp thư của Ông/Bà, hoặc mang tên Ông/Bà.",
            "You get this message because an answer came to Vanthu from your mailbox, or in your name.",
        ).to(language),
        above=ABOVE.to(language) if reply_to else "",
        reply_to=reply_to,
    )


LETTERS: Mapping[str, Composer] = {
    MailKind.EOFFICE_TURN_ASKED: asked,
    MailKind.EOFFICE_REPLY_ANSWERED: answered,
}
"""Composers by kind: `core.mail` finds them by this name."""


def _reader(session: Session, mail: OutgoingMail, now: datetime) -> tuple[Actor, date]:
    account = session.get_one(Account, mail.account)
    today = now.astimezone(ZoneInfo(settings_of(session).timezone)).date()
    return actor_of(session, account, official_of_account(session, account), today=today), today


def _reply_to(session: Session, mail: OutgoingMail, now: datetime) -> str:
    """The address that an answer goes to; empty where there is none (any more)."""
    settings = settings_of(session)
    options = InboundOptions.of(settings)
    row = session.get(ReplyToken, mail.facts["reply"]) if mail.facts.get("reply") is not None else None
    if row is None or not options.is_on or row.account != mail.account or row.used_at or row.ends_at <= now:
        return ""
    return tokens.with_token(options.address, options.separator, tokens.token(settings.secret_key, row.nonce))


def _address(session: Session, mail: OutgoingMail) -> str:
    site = MailOptions.of(settings_of(session)).site
    notice = session.scalars(select(MailNotice.id).where(MailNotice.mail == mail.id)).first()
    return f"{site}/told/{notice}" if notice is not None else f"{site}/documents/{mail.facts['draft']}"


def _why(task: WaitingTask) -> Text:
    """Why somebody gets the letter, and that it is theirs alone."""
    why = Text("văn bản đang chờ ý kiến của Ông/Bà", "the document waits for you")
    if task.acting:
        why = Text(
            f"văn bản đang chờ ý kiến của {task.for_whom} và Ông/Bà được ủy quyền làm thay",
            f"the document waits for {task.for_whom}, for whom you act",
        )
    return Text(
        f"Ông/Bà nhận thư này vì {why.vi}. Không chuyển tiếp thư này: địa chỉ trả lời chỉ dành riêng cho Ông/Bà.",
        f"You get this message because {why.en}. Do not pass it on: the address of the answer is yours alone.",
    )


def _about(page: DraftPage, task: WaitingTask, today: date) -> list[Text]:
    known = ruleset.load(today).types
    kind = known[page.type].words if page.type in known else Text(page.type, page.type)
    purpose = PURPOSES[task.purpose]
    title = f", {page.drafter.title}" if page.drafter.title else ""
    due = (
        Text(f" Hạn xử lý: {day_words(task.due).vi}.", f" Deadline: {day_words(task.due).en}.")
        if task.due else Text(" Không có hạn xử lý.", " No deadline.")
    )  # fmt: skip
    asker = (
        Text(f" Người xin ý kiến: {task.by}.", f" Asked by {task.by}.")
        if task.by != page.drafter.name else Text("", "")
    )  # fmt: skip
    acting = (
        Text(f" Ông/Bà làm thay {task.for_whom}; nhật ký ghi cả hai tên.",
             f" You act for {task.for_whom}; both names will stand in the trail.")
        if task.acting else Text("", "")
    )  # fmt: skip
    return [
        Text(f"{kind.vi}: {page.title}", f"{kind.en}: {page.title}"),
        Text(f"{purpose.vi}{asker.vi} Người soạn: {page.drafter.name}{title}.{due.vi}{acting.vi}",
             f"{purpose.en}{asker.en} Written by {page.drafter.name}{title}.{due.en}{acting.en}"),
    ]  # fmt: skip


def _since(page: DraftPage) -> list[Text]:
    """What changed since the reader looked."""
    if page.since is None:
        return [Text("Ông/Bà chưa mở văn bản này lần nào.", "You have not opened this document yet.")]
    if not page.since:
        return [Text("Nội dung không thay đổi từ lần Ông/Bà xem trước.", "The text is as it was when you looked.")]
    said = [Text("Thay đổi từ lần Ông/Bà xem trước:", "Changed since you looked:")]
    for one in page.since[:CHANGES]:
        words = "".join(piece.text for piece in one.pieces if piece.mark != "removed")
        mark = MARKS.get(one.mark, Text(one.mark, one.mark))
        said.append(Text(f"– {mark.vi}: {_short(words)}", f"– {mark.en}: {_short(words)}"))
    left = len(page.since) - CHANGES
    return [*said, Text(f"… và {left} đoạn nữa.", f"… and {left} more.")] if left > 0 else said


def _opinions(page: DraftPage) -> list[Text]:
    """The newest opinions, each with who gave it."""
    newest = [one for one in page.opinions if one.parent is None][:2]
    return [
        Text(f"Ý kiến của {one.author.name}: {_short(one.text)}", f"Opinion of {one.author.name}: {_short(one.text)}")
        for one in newest
    ]


def _beginning(page: DraftPage) -> Text:
    """The first words of the text; the head of the document, which says what stands above, is passed over."""
    body = [one.text for one in page.text.passages if one.role in {"body", "ground"}] or [page.text.plain]
    words = " ".join(" ".join(body).split())
    short = words if len(words) <= BEGINNING else f"{words[: BEGINNING - 1]}…"
    return Text(f"Phần đầu văn bản: {short}", f"It begins: {short}") if short else Text("", "")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_CHANGE else f"{words[: LONGEST_CHANGE - 1]}…"
