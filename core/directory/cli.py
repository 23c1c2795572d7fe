"""`vanthu directory` and `vanthu admin`: the directory and the accounts from the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

import core.cli
from core.directory.change_lines import say_changes, vi_number
from core.directory.sync_cli import sync
from core.words import Text, day_words


@click.group(cls=core.cli.ListingGroup)
def directory() -> None:
    """Danh bạ cán bộ. The directory of officials."""


directory.add_command(sync)


@directory.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Chỉ cho biết sẽ thay đổi gì. Only tell what would change.")
@click.option("--skip-wrong-rows", is_flag=True, help="Bỏ qua các dòng sai. Leave wrong rows out.")
@click.option("--allow-removals", is_flag=True, help="Cho phép bớt nhiều cán bộ. Many officials may leave.")
def import_(file: Path, *, dry_run: bool, skip_wrong_rows: bool, allow_removals: bool) -> None:
    """Đưa danh bạ (CSV, XLSX) vào. Put a directory (CSV, XLSX) in place of the present one."""
    from core.directory.rosterfile import read, read_roster

    roster = read_roster(file, skip_wrong_rows=skip_wrong_rows)
    left_out = read(file).left_out if skip_wrong_rows else ()
    from core.db import unit_of_work
    from core.directory.services import import_roster
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        changes = import_roster(
            session, command_line_actor(), roster=roster, dry_run=dry_run, allow_removals=allow_removals
        )
    for wrong in left_out:
        sentence = wrong.sentence()
        core.cli.say(Text(f"Bỏ qua {sentence.vi}", f"Left out {sentence.en}"), err=True)
    say_changes(changes, dry_run=dry_run)


@directory.command("export")
@click.argument("file", type=click.Path(path_type=Path))
def export(file: Path) -> None:
    """Ghi danh bạ ra tệp CSV. Write the directory to a CSV file."""
    from core.db import unit_of_work
    from core.directory.queries import roster
    from core.directory.rosterfile import write_roster

    with unit_of_work(core.cli.settings()) as session:
        present = roster(session)
        write_roster(present, file)
    number = len(present.officials)
    core.cli.say(Text(f"Đã ghi {vi_number(number)} cán bộ vào {file}.", f"Wrote {number:,} officials to {file}."))


@click.group(cls=core.cli.ListingGroup)
def admin() -> None:
    """Tài khoản đăng nhập. Accounts that may log in."""


@admin.command()
@click.argument("name")
@click.option(
    "--password-file", type=click.File("r", encoding="utf-8"), help="Tệp có mật khẩu, - là stdin. A file, or -."
)
@click.option(
    "--official",
    "official_id",
    metavar="NUMBER",
    help="Mã cán bộ: tài khoản chỉ xem số liệu của người đó. An official's number: sees only that person's figures.",
)
@click.option("--role", help="Vai trò. A role: administrator, auditor, clerk, hr, inspector, leader.")
@click.option("--unit", help="Đơn vị của vai trò, mã hoặc tên. The role's unit, key or name; without: the whole city.")
@click.option("--no-password", is_flag=True, help="Chỉ vào bằng hệ thống khác. Entered by another system only.")
def create(
    name: str,
    password_file: TextIO | None,
    official_id: str | None,
    role: str | None,
    unit: str | None,
    *,
    no_password: bool,
) -> None:
    """Tạo tài khoản. Create an account (an administrator's, without --official and --role); asks for the password."""
    from core.db import unit_of_work
    from core.directory.queries import unit_key
    from core.directory.services import create_account
    from core.permissions import command_line_actor

    password = None if no_password else _password(password_file)
    with unit_of_work(core.cli.settings()) as session:
        account = create_account(
            session,
            command_line_actor(),
            name=name,
            password=password,
            official_id=official_id,
            role=role,
            unit_key=unit_key(session, unit) if unit else None,
        )
    core.cli.say(Text(f"Đã tạo tài khoản {account.name}.", f"The account {account.name} is created."))


@admin.command()
@click.argument("name")
@click.option(
    "--password-file", type=click.File("r", encoding="utf-8"), help="Tệp có mật khẩu, - là stdin. A file, or -."
)
def password(name: str, password_file: TextIO | None) -> None:
    """Đặt lại mật khẩu. Set a new password."""
    from core.db import unit_of_work
    from core.directory.services import change_password
    from core.permissions import command_line_actor

    new = _password(password_file)
    with unit_of_work(core.cli.settings()) as session:
        change_password(session, command_line_actor(), name=name, password=new)
    core.cli.say(Text("Đã đổi mật khẩu.", "The password is changed."))


@admin.command()
@click.argument("name")
@click.argument("role")
@click.option("--unit", help="Đơn vị, mã hoặc tên, và mọi đơn vị bên dưới. Key or name; without: the whole city.")
@click.option("--until", type=core.cli.DAY, help="Ngày cuối. The last day.")
def grant(name: str, role: str, unit: str | None, until: datetime | None) -> None:
    """Giao vai trò. Grant a role: administrator, auditor, clerk, hr, inspector or leader."""
    from core.db import unit_of_work
    from core.directory.queries import unit_key
    from core.directory.services import grant_role
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        number = grant_role(
            session,
            command_line_actor(),
            name=name,
            role=role,
            unit_key=unit_key(session, unit) if unit else None,
            until=until.date() if until else None,
        )
    core.cli.say(Text(f"Đã giao vai trò (số {number}).", f"The role is granted (number {number})."))


@admin.command()
@click.argument("name")
@click.argument("number", type=int)
def withdraw(name: str, number: int) -> None:
    """Thu hồi vai trò mang số này (xem `roles`). Withdraw the role of that number (see `roles`)."""
    from core.db import unit_of_work
    from core.directory.services import withdraw_grant
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        changed = withdraw_grant(session, command_line_actor(), name=name, grant_id=number)
    core.cli.say(
        Text("Đã thu hồi vai trò.", "The role is withdrawn.")
        if changed
        else Text("Vai trò này đã được thu hồi từ trước.", "The role was withdrawn already.")
    )


@admin.command()
@click.argument("name", required=False)
def roles(name: str | None) -> None:
    """Các vai trò đang có hiệu lực. The roles in force, of one account or of all."""
    from core.calendar import day_in
    from core.db import unit_of_work, utc_now
    from core.directory.queries import grants
    from core.permissions import ROLE_WORDS

    with unit_of_work(core.cli.settings()) as session:
        found = grants(session, today=day_in(core.cli.settings().timezone, utc_now()), name=name)
    for one in found:
        if one.in_force:
            vi, en = ROLE_WORDS[one.role].vi, ROLE_WORDS[one.role].en
            until = day_words(one.until) if one.until else None
            ends = (f" đến {until.vi}", f" until {until.en}") if until else ("", "")
            core.cli.say(
                Text(
                    f"{one.grant_id}  {one.account}: {vi}, {one.unit_key or 'toàn thành phố'}{ends[0]}",
                    f"{one.grant_id}  {one.account}: {en}, {one.unit_key or 'the whole city'}{ends[1]}",
                )
            )


@admin.command()
@click.argument("name")
def close(name: str) -> None:
    """Đóng tài khoản, kết thúc mọi phiên làm việc. Close an account and end its sessions; nothing is removed."""
    from core.db import unit_of_work
    from core.directory.services import close_account
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        changed = close_account(session, command_line_actor(), name=name)
    core.cli.say(
        Text(f"Đã đóng tài khoản {name}.", f"The account {name} is closed.")
        if changed
        else Text(f"Tài khoản {name} đã đóng từ trước.", f"The account {name} was closed already.")
    )


@admin.command()
@click.argument("name")
def reopen(name: str) -> None:
    """Mở lại tài khoản đã đóng. Open a closed account again."""
    from core.db import unit_of_work
    from core.directory.services import reopen_account
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        changed = reopen_account(session, command_line_actor(), name=name)
    core.cli.say(
        Text(f"Đã mở lại tài khoản {name}.", f"The account {name} is open again.")
        if changed
        else Text(f"Tài khoản {name} vẫn đang mở.", f"The account {name} was not closed.")
    )


@admin.command()
@click.argument("name")
@click.option("--reason", required=True, help="Lý do, cách đã xác minh. Why, and how you made sure who is asking.")
def recover(name: str, reason: str) -> None:
    """Khôi phục tài khoản: bỏ bước thứ hai, in một mật khẩu để trao lại.

    Recover an account: its second step is taken away, and a password to hand over is printed.
    """
    from core.db import unit_of_work, utc_now
    from core.directory.services.factors import recover_account
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        password = recover_account(session, command_line_actor(), name=name, reason=reason, now=utc_now())
    if password is None:
        core.cli.say(
            Text("Đã khôi phục; tài khoản không có mật khẩu riêng.", "Recovered; it has no password of its own.")
        )
    else:
        core.cli.say(
            Text(f"Mật khẩu để trao, dùng trong ba ngày: {password}", f"To hand over, for three days: {password}")
        )


@admin.command("end-sessions")
@click.argument("name")
def end_sessions(name: str) -> None:
    """Kết thúc mọi phiên làm việc của tài khoản. End every session of an account."""
    from core.db import unit_of_work
    from core.directory.services import end_sessions as end
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        ended = end(session, command_line_actor(), name=name)
    core.cli.say(Text(f"Đã kết thúc {ended} phiên làm việc.", f"Sessions ended: {ended}."))


def _password(file: TextIO | None) -> str:
    """The first line of the file, or what is typed twice."""
    if file is not None:
        return file.readline().rstrip("\r\n")
    words = Text("Mật khẩu", "Password"), Text("Nhập lại", "Again")
    typed: str = click.prompt(
        words[0].to(core.cli.language()), hide_input=True, confirmation_prompt=words[1].to(core.cli.language())
    )
    return typed
