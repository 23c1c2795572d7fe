"""`vanthu journal`: takes envelope copies until it is told to stop."""

from __future__ import annotations

import signal
import threading

import click

import core.cli
from core.words import Text


@click.command()
@click.option("--listen", metavar="HOST:PORT|unix:PATH", help="Nơi nhận bản sao / where copies are taken.")
@click.option("--protocol", type=click.Choice(("lmtp", "smtp")), help="LMTP (mặc định / default) or SMTP.")
def journal(listen: str | None, protocol: str | None) -> None:
    """Nhận bản sao thư và chỉ giữ lại phong bì / takes copies of letters and keeps only their envelopes.

    For servers whose logs are missing. Ends on SIGTERM or Ctrl-C, when the copies under way are answered.
    """
    from core.log import configure
    from mail_audit.collectors.journal.running import Journal, chosen
    from mail_audit.journaling.options import JournalOptions

    settings = core.cli.settings()
    configure(settings.log_level)
    taking = Journal(settings, chosen(JournalOptions.of(settings), listen, protocol))
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    taking.start()
    where = taking.options.listen
    core.cli.say(Text(f"Đang nhận bản sao ở {where}.", f"Taking copies at {where}."), err=True)
    told.wait()
    taking.stop()
