"""`vanthu compare`: two JSON reports side by side, without a database and with nothing to configure."""

from __future__ import annotations

from pathlib import Path

import click

from core.cli import console, language
from core.errors import InputError
from core.words import Text


@click.command()
@click.argument("earlier", type=click.Path(path_type=Path))
@click.argument("later", type=click.Path(path_type=Path))
def compare(earlier: Path, later: Path) -> None:
    """So sánh hai báo cáo JSON của hai kỳ / compares two JSON reports.

    EARLIER and LATER are .json files made by `vanthu audit --report`, or downloaded from an audit's page.
    """
    from mail_audit.comparison import compare_reports, terminal
    from mail_audit.report.from_json import read

    before, after = read(earlier), read(later)
    if after.period.last < before.period.last:
        raise InputError(
            Text(
                f"Kỳ của “{later.name}” kết thúc trước kỳ của “{earlier.name}”; hãy ghi báo cáo của kỳ trước trước.",
                f"The period of “{later.name}” ends before that of “{earlier.name}”; name the earlier report first.",
            )
        )
    terminal.show(compare_reports(before, after), console(), language())
