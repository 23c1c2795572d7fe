"""`vanthu doors`: the other ways to log in, asked whether they answer; accounts tied to a user there, and untied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import core.cli
from core.words import Text

if TYPE_CHECKING:
    from core.directory.doors.installed import Doors


@click.group(cls=core.cli.ListingGroup)
def doors() -> None:
    """Các cách đăng nhập khác. Other ways to log in: OpenID Connect, directory servers."""


@doors.command()
def check() -> None:
    """Hỏi từng hệ thống. Ask each system whether it answers as the settings expect."""
    from core.errors import UnavailableError, VanthuError

    installed, failed = _installed(), 0
    if not installed.labels():
        core.cli.say(Text("vanthu.toml chưa đặt cách đăng nhập nào khác.", "vanthu.toml names no other way to log in."))
    for key, label in installed.labels().items():
        name = f"{key} ({label.to(core.cli.language())})"
        try:
            installed.check(key)
        except VanthuError as wrong:
            failed += 1
            core.cli.say(Text(f"{name}: {wrong.message.vi} [{wrong.detail}]", f"{name}: {wrong}"), err=True)
        else:
            core.cli.say(Text(f"{name}: trả lời đúng.", f"{name}: answers as it should."))
    if failed:
        raise UnavailableError(
            Text(f"{failed} cách đăng nhập không dùng được.", f"Ways to log in that do not work: {failed}.")
        )


@doors.command()
@click.argument("name")
@click.argument("door")
@click.argument("subject")
def tie(name: str, door: str, subject: str) -> None:
    """Gắn tài khoản NAME với người dùng SUBJECT. Tie an account to a user: `sub` of OpenID Connect, id of the entry."""
    from core.db import unit_of_work
    from core.directory.services.identities import tie_identity
    from core.permissions import command_line_actor

    provider = _provider(door)
    with unit_of_work(core.cli.settings()) as session:
        tie_identity(session, command_line_actor(), name=name, door=door, provider=provider, subject=subject)
    core.cli.say(Text(f"Đã gắn tài khoản {name} với {door}.", f"The account {name} is tied at {door}."))


@doors.command()
@click.argument("name")
@click.argument("door")
def untie(name: str, door: str) -> None:
    """Gỡ tài khoản khỏi người dùng ở đó. Untie an account; its sessions end, and somebody may be tied anew."""
    from core.db import unit_of_work
    from core.directory.services.identities import untie_identity
    from core.permissions import command_line_actor

    provider = _provider(door)
    with unit_of_work(core.cli.settings()) as session:
        untie_identity(session, command_line_actor(), name=name, door=door, provider=provider)
    core.cli.say(Text(f"Đã gỡ tài khoản {name} khỏi {door}.", f"The account {name} is untied from {door}."))


def _installed() -> Doors:
    from core.directory.doors.installed import Doors

    return Doors.of(core.cli.settings())


def _provider(door: str) -> str:
    """The name under which identities of that door are kept. Raises `NotFoundError`."""
    from core.errors import NotFoundError

    found = _installed().provider_of(door)
    if found is None:
        raise NotFoundError(Text(f"Không có cách đăng nhập {door}.", f"There is no way to log in called {door}."))
    return found
