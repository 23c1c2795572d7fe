"""`vanthu census`: asks the mailboxes themselves, read-only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import core.cli
from core.words import Text

if TYPE_CHECKING:
    from mail_audit.collectors.census.running import Progress

SECURITY = ("tls", "starttls", "plain")


@click.command()
@click.option("--server", help="Máy chủ IMAP / IMAP server: HOST[:PORT].")
@click.option("--master", help="Tài khoản được đăng nhập thay / account that may log in for others.")
@click.option("--delegated", help="Tài khoản được chia sẻ hộp thư / account the mailboxes are shared with.")
@click.option("--login-name", help="Mẫu tên đăng nhập / login name, e.g. {mailbox}*{account} or {account}\\{local}.")
@click.option("--folder", help="Mẫu thư mục chia sẻ / shared folder, e.g. shared/{mailbox}.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Tệp có mật khẩu / file with the password.")
@click.option("--security", type=click.Choice(SECURITY), help="Mặc định theo cổng / default: by the port.")
@click.option("--ca-file", type=click.Path(path_type=Path), help="Chứng thư gốc / certificates to trust.")
@click.option("--connections", type=click.IntRange(1, 64), help="Số kết nối cùng lúc / connections at once.")
@click.option("--only", multiple=True, metavar="MAILBOX", help="Chỉ hộp thư này / only this mailbox (repeat).")
@click.option("--limit", type=click.IntRange(1), help="Nhiều nhất bấy nhiêu hộp thư / at most so many.")
def census(only: tuple[str, ...], limit: int | None, **given: Any) -> None:
    """Kiểm đếm hộp thư, chỉ đọc / counts the mailboxes of the directory, read-only.

    Asks an IMAP server how many messages each mailbox holds, how many are unseen or answered, and when the last one was
    sent. Never reads a message, a subject or an address, and changes nothing. Run again, it goes on where it was.
    """
    from core.permissions import command_line_actor
    from mail_audit.collectors.census.options import Options, asked
    from mail_audit.collectors.census.running import run_census

    settings = core.cli.settings()
    options = Options.of(settings, **{name: str(v) if isinstance(v, Path) else v for name, v in given.items()})
    plan = asked(settings, options)
    with _progress() as tell:
        ended = run_census(settings, command_line_actor(), plan, only=only, limit=limit, tell=tell)
    _show(ended.totals)


def _show(totals: dict[str, int]) -> None:
    from mail_audit.queries.census import REASON_WORDS

    counted, unknown = totals.get("counted", 0), sum(totals.values()) - totals.get("counted", 0)
    core.cli.say(
        Text(
            f"Đã đếm {counted} hộp thư; {unknown} hộp thư chưa rõ.",
            f"{counted} mailboxes counted; {unknown} unknown.",
        )
    )
    for reason, words in REASON_WORDS.items():
        if number := totals.get(reason):
            core.cli.say(Text(f"  {number}: {words.vi}", f"  {number}: {words.en}"))


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """Shows on a terminal how many mailboxes are done; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    words = Text("hộp thư", "mailboxes")
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words.to(core.cli.language()), total=None)

        def tell(progress: Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total)

        yield tell
