"""What a message says, before it is text or HTML: composed from the database at the moment it is sent."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.mail import links
from core.mail.kinds import TOLD, MailKind
from core.mail.models import LogInLink, MailNotice, OutgoingMail
from core.mail.options import MailOptions
from core.mail.preferences import readers
from core.settings import INSTALLED
from core.words import Language, Text, day_words, moment_words

MOST_ITEMS = 50
"""Lines of one message; the pages hold the rest."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a message: what happened, why the reader is told, and where it stands."""

    said: str
    why: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in one language. `button` is the one thing to do: its words and where they lead."""

    language: Language
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    items: tuple[Item, ...] = ()
    more: str = ""
    button: tuple[str, str] | None = None
    after: tuple[str, ...] = ()
    why: str = ""
    foot: tuple[str, str] | None = None
    """Words and where they lead, at the end."""
    fixed: str = ""
    """A line that must stay as it is, to the letter: a head of the trail."""
    above: str = ""
    """The first line of all, where the letter is to be answered: what is written stands above it."""
    reply_to: str = ""
    """Where an answer goes to; empty: nowhere that anybody reads."""
    sender: str = ""
    """From whom it comes, where that is not the suite's own address of the settings."""
    calendar: tuple[str, str] | None = None
    """A message for the reader's calendar (iMIP, RFC 6047): its method, and the calendar object."""


Composer = Callable[[Session, OutgoingMail, datetime], Letter]
"""Makes the letter of a queued message; raises `StaleLetterError`."""


class StaleLetterError(Exception):
    """There is nothing to say any more: a link that has ended, an account that was closed. Never sent."""


def compose(session: Session, mail: OutgoingMail, *, now: datetime) -> Letter:
    """The letter of a queued message. Raises `StaleLetterError` where it has become pointless."""
    if mail.account is not None and mail.account not in readers(session, [mail.account]):
        raise StaleLetterError("the account is closed")
    made = _COMPOSED.get(mail.kind) or _of_features().get(mail.kind, _notices)
    return made(session, mail, now)


@cache
def _of_features() -> Mapping[str, Composer]:
    """The letters of the installed packages: `LETTERS` of their module `letters`, where they have one."""
    found: dict[str, Composer] = {}
    for package in INSTALLED:
        if importlib.util.find_spec(f"{package}.letters") is not None:
            found.update(importlib.import_module(f"{package}.letters").LETTERS)
    return found


def _notices(session: Session, mail: OutgoingMail, now: datetime) -> Letter:
    """The day's message, or the one about a single thing."""
    del now
    language = cast("Language", mail.language)
    site = MailOptions.of(settings_of(session)).site
    rows = session.scalars(select(MailNotice).where(MailNotice.mail == mail.id).order_by(MailNotice.id)).all()
    if not rows:
        raise StaleLetterError("nothing to tell")
    items = tuple(
        Item(
            said=Text(row.said_vi, row.said_en).to(language),
            why=TOLD[MailKind(row.kind)].why.to(language),
            address=f"{site}/told/{row.id}",
        )
        for row in rows[:MOST_ITEMS]
    )
    count, more = len(rows), len(rows) - len(items)
    day = mail.created_at.astimezone(ZoneInfo(settings_of(session).timezone)).date()
    subject = Text(
        f"Vanthu: {count} điều mới, ngày {day_words(day).vi}",
        f"Vanthu: {count} thing{'s'[: count > 1]} new, {day_words(day).en}",
    )
    opening = Text(
        "Từ lá thư trước đến nay có những điều sau liên quan đến Ông/Bà:",
        "Since the last message these things concern you:",
    )
    left = Text(f"… và {more} điều nữa trên trang.", f"… and {more} more on the pages.")
    closing = Text(
        "Thư này do máy gửi; xin không trả lời. Ông/Bà có thể chọn nhận mỗi ngày một lá, nhận ngay, hoặc không nhận"
        " nữa, ở đây:",
        "This message was made by a machine; please do not answer it. You may choose one message a day, one for each"
        " thing at once, or none, here:",
    )
    return Letter(
        language=language,
        subject=subject.to(language),
        greeting=greeting(session, mail).to(language),
        paragraphs=(opening.to(language),),
        items=items,
        more=left.to(language) if more else "",
        foot=(closing.to(language), f"{site}/account/mail"),
    )


def _log_in(session: Session, mail: OutgoingMail, now: datetime) -> Letter:
    """The log-in mail: an invitation, or the way back in for whoever has forgotten the password."""
    link = session.get(LogInLink, mail.facts.get("link"))
    if link is None or not links.is_open(link, now):
        raise StaleLetterError("the link has ended")
    settings = settings_of(session)
    site = MailOptions.of(settings).site
    language = cast("Language", mail.language)
    ends = link.ends_at.astimezone(ZoneInfo(settings.timezone))
    name = str(mail.facts.get("name", ""))
    invited = mail.kind == MailKind.CORE_ACCOUNT_INVITED
    opening = _INVITED if invited else _FORGOTTEN
    again = Text(
        f"Liên kết dùng được một lần, đến {ends:%H:%M} ngày {day_words(ends).vi}. Nếu đã hết hạn, mở lại liên kết rồi"
        " bấm “Gửi liên kết mới”.",
        f"The link works once, until {moment_words(ends).en}. When it has ended, open it all the same"
        " and press “Send a new link”.",
    )
    return Letter(
        language=language,
        subject=opening.subject.to(language),
        greeting=greeting(session, mail).to(language),
        paragraphs=(opening.said.to(language),),
        button=(opening.button.to(language), f"{site}/welcome?key={links.token(settings.secret_key, link)}"),
        after=(
            Text(f"Tên đăng nhập của Ông/Bà là {name}.", f"Your account name is {name}.").to(language),
            again.to(language),
            opening.warning.to(language),
        ),
        why=opening.why.to(language),
    )


@dataclass(frozen=True, slots=True)
class _Opening:
    """What differs between the two messages with a link."""

    subject: Text
    said: Text
    button: Text
    warning: Text
    why: Text


_INVITED = _Opening(
    Text("Vanthu: mời Ông/Bà đăng nhập", "Vanthu: your account is ready"),
    Text(
        "Ông/Bà đã có tài khoản trên Vanthu, nơi xem số liệu sử dụng thư điện tử công vụ của mình. Hãy bấm vào liên kết"
        " dưới đây, tự đặt một mật khẩu, rồi bắt đầu ngay.",
        "There is an account for you on Vanthu, where you see the figures of your own official e-mail. Follow the link"
        " below, choose a password, and begin right away.",
    ),
    Text("Đặt mật khẩu và bắt đầu", "Choose a password and begin"),
    Text(
        "Không chuyển thư này cho người khác: ai có liên kết đều đặt được mật khẩu. Vanthu không bao giờ hỏi mật khẩu"
        " qua thư.",
        "Do not pass this message on: whoever has the link can choose the password. Vanthu never asks for a password"
        " by mail.",
    ),
    Text(
        "Ông/Bà nhận thư này vì quản trị của cơ quan đã mở tài khoản cho Ông/Bà.",
        "You get this message because the administrators of your office opened an account for you.",
    ),
)
_FORGOTTEN = _Opening(
    Text("Vanthu: đặt lại mật khẩu", "Vanthu: choose a new password"),
    Text(
        "Có người vừa xin đặt lại mật khẩu cho tài khoản của Ông/Bà. Nếu đó là Ông/Bà, hãy bấm vào liên kết dưới đây.",
        "Somebody asked for a new password for your account. If it was you, follow the link below.",
    ),
    Text("Đặt mật khẩu mới", "Choose a new password"),
    Text(
        "Nếu không phải Ông/Bà thì không cần làm gì: mật khẩu hiện tại vẫn dùng được.",
        "If it was not you there is nothing to do: the present password stays as it is.",
    ),
    Text(
        "Ông/Bà nhận thư này vì có người đã nhập tên tài khoản của Ông/Bà ở trang xin đặt lại mật khẩu.",
        "You get this message because somebody entered your account's name where new passwords are asked for.",
    ),
)


def _head(session: Session, mail: OutgoingMail, now: datetime) -> Letter:
    """The head of the audit trail, for somebody outside to keep."""
    del session, now
    language = cast("Language", mail.language)
    day = day_words(date.fromisoformat(str(mail.facts["day"])))
    return Letter(
        language=language,
        subject=Text(f"Vanthu: mã đầu nhật ký ngày {day.vi}", f"Vanthu: head of the trail of {day.en}").to(language),
        greeting=Text("Kính gửi Ông/Bà,", "Dear reader,").to(language),
        paragraphs=(
            Text(
                "Đây là mã đầu của nhật ký kiểm toán. Xin giữ lại thư này: khi cần, nhật ký được đối chiếu với nó bằng"
                " lệnh vanthu trail verify --against TỆP.",
                "This is the head of the audit trail. Please keep this message: the trail is held against it, when that"
                " is needed, by vanthu trail verify --against FILE.",
            ).to(language),
        ),
        fixed=str(mail.facts["head"]),
        why=Text(
            "Thư này được gửi mỗi ngày tới địa chỉ ghi trong cấu hình (mail, heads).",
            "This message is sent every day to the address in the settings (mail, heads).",
        ).to(language),
    )


def tried(language: Language) -> Letter:
    """Whether mail arrives: what `vanthu mail check` sends."""
    return Letter(
        language=language,
        subject=Text("Vanthu: thư thử", "Vanthu: a trial message").to(language),
        greeting=Text("Kính gửi Ông/Bà,", "Dear reader,").to(language),
        paragraphs=(
            Text("Nếu Ông/Bà đọc được thư này thì Vanthu gửi được thư.", "If you read this, Vanthu can send mail.").to(
                language
            ),
        ),
        why=Text(
            "Thư này được gửi vì có người chạy lệnh vanthu mail check.",
            "You get this message because somebody ran vanthu mail check.",
        ).to(language),
    )


_COMPOSED: Mapping[str, Composer] = {
    MailKind.CORE_ACCOUNT_INVITED: _log_in,
    MailKind.CORE_ACCOUNT_FORGOTTEN: _log_in,
    MailKind.CORE_TRAIL_HEAD: _head,
}


def greeting(session: Session, mail: OutgoingMail) -> Text:
    """Ông/Bà and the name as the directory has it; the name is text and nothing else."""
    found: Any = readers(session, [mail.account]).get(mail.account) if mail.account is not None else None
    name = found.name if found is not None else ""
    if not name:
        return Text("Kính gửi Ông/Bà,", "Dear reader,")
    return Text(f"Kính gửi Ông/Bà {name},", f"Dear {name},")
