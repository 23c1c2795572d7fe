"""`vanthu mail …`: whether mail can be sent, what became of it, and officials invited."""

from __future__ import annotations

from pathlib import Path

import click

import core.cli
from core.errors import InputError
from core.words import Text


@click.group(cls=core.cli.ListingGroup)
def mail() -> None:
    """Thư của Vanthu gửi cho người dùng. Mail of Vanthu to its own people."""


@mail.command()
@click.argument("address")
def check(address: str) -> None:
    """Gửi thử một lá thư. Send a trial message now; exit code 6 when the server does not take it."""
    from core.db import unit_of_work, utc_now
    from core.mail import trying

    settings = core.cli.settings()
    with unit_of_work(settings) as session:
        trying.check(session, address=address)
    answer = trying.send(settings, address=address, now=utc_now())
    core.cli.say(Text(f"Máy chủ đã nhận thư: {answer}", f"The server took the message: {answer}"))


@mail.command()
def status() -> None:
    """Thư nào đang chờ, thư nào bị từ chối. What waits, and what was refused with which answer."""
    from core.db import unit_of_work
    from core.mail import queries
    from core.mail.models import MailState
    from core.mail.options import MailOptions

    settings = core.cli.settings()
    options = MailOptions.of(settings)
    if not options.is_on:
        core.cli.say(Text("Chưa bật gửi thư ([mail] server).", "Mail is off ([mail] server)."))
    with unit_of_work(settings) as session:
        found = queries.counts(session)
        ended = [
            row for state in (MailState.REFUSED, MailState.GIVEN_UP) for row in queries.messages(session, state=state)
        ]
        waiting = queries.messages(session, state=MailState.WAITING, limit=20)
    core.cli.say(
        Text(
            f"Đang chờ {found.waiting}, đã gửi {found.sent}, bị từ chối {found.refused}, đã thôi gửi {found.given_up};"
            f" {found.told} điều chờ vào lá thư trong ngày.",
            f"Waiting {found.waiting}, sent {found.sent}, refused {found.refused}, given up {found.given_up};"
            f" {found.told} lines wait for the day's messages.",
        )
    )
    for row in [*waiting, *ended]:
        if row.answer:
            line = f"{row.mail_id}  {row.state}  {row.kind}  {row.address}  {row.answer}"
            core.cli.say(Text(line, line))


@mail.command()
@click.argument("number", type=int, required=False)
def retry(number: int | None) -> None:
    """Gửi lại thư bị từ chối hoặc đã thôi gửi. Have what was refused or given up tried again."""
    from core.db import unit_of_work, utc_now
    from core.mail.retrying import retry as again
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        count = again(session, command_line_actor(), now=utc_now(), mail_id=number)
    core.cli.say(Text(f"Sẽ gửi lại {count} thư.", f"To be tried again: {count}."))


@mail.command()
@click.option("--official", "numbers", metavar="NUMBER", multiple=True, help="Mã cán bộ. An official's number.")
@click.option("--unit", "unit", metavar="UNIT", help="Cả đơn vị và đơn vị bên dưới. A unit and what lies below it.")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Tệp có cột official_id, hoặc mỗi dòng một mã. A file with a column official_id, or a number a line.",
)
def invite(numbers: tuple[str, ...], unit: str | None, file: Path | None) -> None:
    """Mời cán bộ đăng nhập. Invite officials: an account each, and a link by mail to choose a password."""
    from core.db import unit_of_work, utc_now
    from core.directory.services import invitees, inviting
    from core.permissions import command_line_actor

    settings = core.cli.settings()
    now = utc_now()
    with unit_of_work(settings) as session:
        wanted = [*numbers, *(invitees.of_unit(session, command_line_actor(), unit) if unit else ())]
        wanted += invitees.of_file(file.read_bytes()) if file else []
    if not wanted:
        raise InputError(
            Text("Hãy cho biết mời ai: --official, --unit hoặc --file.", "Say whom: --official, --unit or --file.")
        )
    made = again = 0
    for first in range(0, len(wanted), inviting.MOST):
        with unit_of_work(settings) as session:
            done = inviting.invite(
                session, command_line_actor(), official_ids=wanted[first : first + inviting.MOST], now=now
            )
        made, again = made + done.made, again + done.again
        for number, why in done.left:
            core.cli.say(Text(f"{number}: {why.vi}", f"{number}: {why.en}"), err=True)
    core.cli.say(
        Text(f"Đã mời {made} người, gửi lại liên kết cho {again}.", f"Invited: {made}; sent a new link: {again}.")
    )
