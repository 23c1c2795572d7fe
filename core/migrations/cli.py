"""`vanthu db`: the tables of the database."""

from __future__ import annotations

import click

import core.cli
from core.words import Text


@click.group(cls=core.cli.ListingGroup)
def db() -> None:
    """Cơ sở dữ liệu. The database."""


@db.command()
def upgrade() -> None:
    """Đưa các bảng lên phiên bản này. Bring the tables to this version (also done on first use)."""
    from core import migrations
    from core.db import translated

    with translated():
        done = migrations.upgrade(core.cli.settings())
    core.cli.say(
        Text("Đã nâng cấp các bảng.", "The tables are upgraded.")
        if done
        else Text("Các bảng đã đúng phiên bản.", "The tables are up to date.")
    )


@db.command(hidden=True)
@click.argument("title")
def revision(title: str) -> None:
    """Viết tệp chuyển đổi (cho lập trình viên). Write a migration (for developers).

    It holds what the models have and the tables do not.
    """
    from core import migrations

    click.echo(migrations.write_revision(core.cli.settings(), title))
