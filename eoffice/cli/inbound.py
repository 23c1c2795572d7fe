"""`vanthu eoffice inbound`: takes answers by e-mail over SMTP or LMTP, fetches them by IMAP, shows how one is read."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

import core.cli
from core.errors import InputError
from core.settings import Settings
from core.words import Text
from eoffice.replying.options import InboundOptions


@click.group(cls=core.cli.ListingGroup)
def inbound() -> None:
    """Nhận thư trả lời văn bản / takes answers to documents by e-mail."""


@inbound.command()
def listen() -> None:
    """Nhận qua SMTP hoặc LMTP cho đến khi dừng / takes them over SMTP or LMTP until told to stop."""
    from eoffice.inbound.server import Listener

    settings, options = _ready()
    listener = Listener(settings, options)
    told = _told()
    listener.start()
    core.cli.say(
        Text(f"Đang nhận thư trả lời ở {options.listen}.", f"Taking answers at {options.listen}."), err=True
    )  # fmt: skip
    told.wait()
    listener.stop()


@inbound.command()
@click.option("--once", is_flag=True, help="Lấy một lượt rồi dừng / fetch what is there and end.")
def fetch(*, once: bool) -> None:
    """Lấy từ hộp thư bằng IMAP / fetches them from a mailbox by IMAP."""
    from eoffice.inbound.fetching import fetch_once, keep_fetching

    settings, options = _ready()
    if not options.imap:
        raise InputError(
            Text(
                "Chưa có [eoffice.inbound] imap trong vanthu.toml.",
                "There is no [eoffice.inbound] imap in vanthu.toml.",
            )
        )
    if once:
        count = fetch_once(settings, options)
        core.cli.say(Text(f"Đã xử lý {count} thư.", f"{count} messages were dealt with."))
        return
    keep_fetching(settings, options, _told())


@inbound.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def read(file: Path) -> None:
    """Đọc thử một tệp .eml, không thay đổi gì / shows how a saved message would be read; changes nothing."""
    from eoffice.replying.automatic import is_automatic
    from eoffice.replying.reading import read_mail
    from eoffice.replying.trust import proven
    from eoffice.replying.wishes import wish_of

    _, options = _ready()
    mail = read_mail(file.read_bytes(), size_limit=options.size_limit)
    wish = wish_of(mail.words)
    who = proven(mail, options) or "-"
    automatic = is_automatic(mail)
    core.cli.say(Text(f"Máy chủ xác nhận người gửi: {who}", f"The server vouches for: {who}"))
    core.cli.say(
        Text(f"Địa chỉ người gửi ghi: {mail.sender or '-'}", f"The message says it is from: {mail.sender or '-'}")
    )
    core.cli.say(Text(f"Thư tự động: {automatic}", f"Made by a program: {automatic}"))
    core.cli.say(Text(f"Hiểu là: {wish.meaning}; {wish.remark}", f"Meant: {wish.meaning}; {wish.remark}"))
    core.cli.say(Text(f"Số tệp: {len(mail.files)} {mail.problem}", f"Files: {len(mail.files)} {mail.problem}"))


def _ready() -> tuple[Settings, InboundOptions]:
    """The settings, where answering by e-mail is on. Raises `InputError` where it is not."""
    from core.log import configure

    settings = core.cli.settings()
    configure(settings.log_level)
    options = InboundOptions.of(settings)
    if not options.is_on:
        raise InputError(
            Text(
                "Chưa bật trả lời bằng thư: hãy đặt [eoffice.inbound] address trong vanthu.toml.",
                "Answering by e-mail is off: set [eoffice.inbound] address in vanthu.toml.",
            )
        )
    return settings, options


def _told() -> threading.Event:
    """Set by SIGTERM or Ctrl-C."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told
