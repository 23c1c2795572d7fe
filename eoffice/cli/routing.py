"""`vanthu eoffice routes`: templates of routes as a file, to keep, to carry, to write what no form can."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli import ListingGroup, say, settings
from core.errors import InputError
from core.words import Text

if TYPE_CHECKING:
    from eoffice.services.rounds import Moment

LARGEST = 2_000_000


@click.group("routes", cls=ListingGroup)
def routes() -> None:
    """Quy trình trình ký: xuất và nhập bằng tệp JSON / routes of documents: export and import as JSON."""


@routes.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
def export_routes(file: Path) -> None:
    """Xuất các quy trình đang dùng ra tệp / writes the routes in use to a file ("-": to the screen)."""
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from eoffice.queries import routes as reading
    from eoffice.routing.templates import to_file
    from eoffice.services.routes import add_first_routes

    with unit_of_work(settings()) as session:
        add_first_routes(session, moment=_moment())
        text = to_file(one.template for one in reading.routes(session, command_line_actor()))
    with click.open_file(str(file), "w", encoding="utf-8", atomic=str(file) != "-") as target:
        target.write(text)
    if str(file) != "-":
        say(Text(f"Đã ghi {file}.", f"Wrote {file}."))


@routes.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def import_routes(file: Path) -> None:
    """Nhập quy trình từ tệp: tất cả hoặc không gì cả / makes the routes of a file, all of them or none."""
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from eoffice.routing.templates import from_file
    from eoffice.services.routes import make_routes

    templates = from_file(_read(file))
    with unit_of_work(settings()) as session:
        changed = make_routes(session, command_line_actor(), templates=templates, moment=_moment())
    same = len(templates) - changed
    said = f"{changed} quy trình mới hoặc đã đổi, {same} như cũ."
    say(Text(said, f"{changed} routes new or changed, {same} as before."))


def _read(file: Path) -> str:
    try:
        with click.open_file(str(file), "r", encoding="utf-8") as source:
            text: str = source.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as wrong:
        raise InputError(Text(f"Không đọc được tệp {file}.", f"The file {file} cannot be read.")) from wrong
    if len(text) > LARGEST:
        raise InputError(Text(f"Tệp {file} quá lớn.", f"The file {file} is too large."))
    return text


def _moment() -> Moment:
    """Now, and the day at the office."""
    from core.calendar import day_in
    from core.db import utc_now
    from eoffice.services.rounds import Moment

    now = utc_now()
    return Moment(now, day_in(settings().timezone, now))
