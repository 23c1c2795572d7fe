"""`vanthu trail …`: is the audit trail whole, what is its head, and the trail as a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

import core.cli
from core.errors import ConflictError, InputError, NotFoundError
from core.words import Text


@click.group(cls=core.cli.ListingGroup)
def trail() -> None:
    """Nhật ký kiểm toán. The audit trail."""


@trail.command()
@click.option(
    "--against",
    metavar="FILE|HEAD",
    multiple=True,
    help="Mã đầu đã ghi bên ngoài, hoặc tệp chứa chúng. A head noted outside, or a file with some.",
)
def verify(against: tuple[str, ...]) -> None:
    """Kiểm tra chuỗi băm. Check the chain of hashes; exit code 5 when it is broken, cut or not the one noted."""
    from core.audit import anchoring, heads, verifying
    from core.db import unit_of_work

    noted = [head for one in against for head in heads.noted(one)]
    with unit_of_work(core.cli.settings()) as session:
        found = verifying.verify(session, noted)
    if not found.whole:
        raise ConflictError(anchoring.said(found))
    core.cli.say(anchoring.said(found))


@trail.command()
def head() -> None:
    """In mã đầu nhật ký để ghi lại bên ngoài. Print the head, to be noted outside."""
    from core.audit import heads
    from core.db import unit_of_work

    with unit_of_work(core.cli.settings()) as session:
        found = heads.head(session)
    if found is None:
        raise NotFoundError(Text("Nhật ký chưa có mục nào.", "There is no entry in the trail yet."))
    click.echo(str(found))


@trail.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "first", type=core.cli.DAY, help="Ngày đầu. The first day.")
@click.option("--to", "last", type=core.cli.DAY, help="Ngày cuối. The last day.")
def export(file: Path, first: datetime | None, last: datetime | None) -> None:
    """Xuất nhật ký ra tệp .csv hoặc .jsonl. Write the trail to a .csv or .jsonl file."""
    from core.audit import exporting
    from core.audit.reading import Wanted
    from core.db import unit_of_work
    from core.permissions import command_line_actor

    if first and last and last < first:
        raise InputError(Text("Ngày cuối ở trước ngày đầu.", "The last day is before the first."))
    settings = core.cli.settings()
    wanted = Wanted(settings.timezone, first.date() if first else None, last.date() if last else None)
    with unit_of_work(settings) as session:
        count = exporting.export(session, command_line_actor(), wanted=wanted, path=file)
    core.cli.say(Text(f"Đã ghi {count} mục vào {file}.", f"{count} entries are in {file}."))
