"""`vanthu export`: facts and figures as CSV or Parquet for other programs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

import core.cli
from core.words import Text


@click.command()
@click.option("--from", "first", required=True, type=core.cli.DAY, help="Ngày đầu / first day.")
@click.option("--to", "last", required=True, type=core.cli.DAY, help="Ngày cuối / last day.")
@click.option(
    "--what",
    type=click.Choice(["days", "officials", "units", "coverage"]),
    default="days",
    show_default=True,
    help="Bảng nào / which table: mailbox days, officials, units, days in the logs.",
)
@click.argument("file", type=click.Path(path_type=Path))
def export(first: datetime, last: datetime, what: str, file: Path) -> None:
    """Xuất dữ liệu ra tệp / writes facts to FILE, as .csv or .parquet.

    What the columns mean stands in docs/report-data.md.
    """
    from mail_audit.datafile import check_target

    check_target(file)
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from mail_audit.services.exporting import export as exported

    with unit_of_work(core.cli.settings()) as session:
        rows = exported(
            session,
            command_line_actor(),
            what=what,  # type: ignore[arg-type]  # one of the choices
            first=first.date(),
            last=last.date(),
            path=file,
        )
    core.cli.say(Text(f"Đã ghi {rows} dòng vào {file}.", f"Wrote {rows} rows to {file}."), err=True)
