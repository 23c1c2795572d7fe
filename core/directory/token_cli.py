"""`vanthu token`: the tokens of the API from the command line."""

from __future__ import annotations

import click

import core.cli
from core.directory.scopes import SCOPES
from core.words import Text

STATES = {
    "standing": Text("dùng được", "can be used"),
    "over": Text("hết hạn", "over"),
    "revoked": Text("đã thu hồi", "revoked"),
}


@click.group(cls=core.cli.ListingGroup)
def token() -> None:
    """Mã truy cập API cho chương trình. Tokens by which programs ask the API."""


@token.command("list")
def list_() -> None:
    """Liệt kê các mã truy cập. List the tokens: what each is for, what it may, its end and its last use."""
    from core.db import unit_of_work, utc_now
    from core.directory.queries.tokens import all_tokens

    with unit_of_work(core.cli.settings()) as session:
        for one in all_tokens(session, now=utc_now()).rows:
            used = "-" if one.last_used_at is None else f"{one.last_used_at:%Y-%m-%d %H:%M}"
            whose = f"service:{one.name}" if one.account is None else f"{one.account}: {one.name}"
            state = STATES[one.state].to(core.cli.language())
            end = f"{one.ends_at:%Y-%m-%d}"
            click.echo(f"{one.token_id}  {state}  {one.start}…  {whose}  {','.join(one.scopes)}  {end}  {used}")


@token.command()
@click.argument("service")
@click.option(
    "--scope",
    "scopes",
    metavar="SCOPE",
    multiple=True,
    required=True,
    type=click.Choice(list(SCOPES)),
    help="Quyền; dùng được nhiều lần. What it may; more than one may be given.",
)
@click.option("--days", default=90, show_default=True, help="Thời hạn (ngày). So many days it lives.")
def give(service: str, scopes: tuple[str, ...], days: int) -> None:
    """Tạo mã cho một dịch vụ. Give a token to a service; it is printed once, on standard output."""
    from core.db import unit_of_work, utc_now
    from core.directory.services.tokens import give_service_token
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        given = give_service_token(
            session, command_line_actor(), service=service, scopes=scopes, days=days, now=utc_now()
        )
    core.cli.say(
        Text(
            f"Mã số {given.token_id}. Mã chỉ hiện một lần; hãy cất ngay vào chỗ an toàn.",
            f"Token number {given.token_id}. It is shown this once; put it in a safe place now.",
        ),
        err=True,
    )
    click.echo(given.token)


@token.command()
@click.argument("number", type=click.IntRange(min=1))
def revoke(number: int) -> None:
    """Thu hồi một mã. Revoke a token; it opens nothing from then on."""
    from core.db import unit_of_work, utc_now
    from core.directory.services.tokens import revoke_token
    from core.permissions import command_line_actor

    with unit_of_work(core.cli.settings()) as session:
        changed = revoke_token(session, command_line_actor(), token_id=number, now=utc_now())
    core.cli.say(
        Text("Đã thu hồi mã truy cập.", "The token is revoked.")
        if changed
        else Text("Mã này đã được thu hồi từ trước.", "The token was revoked already.")
    )


@token.command()
def scopes() -> None:
    """Liệt kê các quyền. List what a token can be given."""
    for scope in SCOPES.values():
        core.cli.say(Text(f"{scope.name}: {scope.words.vi}", f"{scope.name}: {scope.words.en}"))
