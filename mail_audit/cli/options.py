"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from core.cli import DAY
from core.errors import InputError
from core.words import Text


class LogPath(click.Path):
    """A log file or a folder of them. A name without a letter (an unset variable of a script) is no folder's."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; an empty one would be the folder in which the command was called."""
        if value == "":
            raise InputError(Text("Tên tệp nhật ký để trống.", "The name of a log is empty."))
        return super().convert(value, param, ctx)


first_day = click.option("--from", "first", type=DAY, help="Ngày đầu kỳ / first day.")
last_day = click.option("--to", "last", type=DAY, help="Ngày cuối kỳ / last day.")
report_files = click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Ghi báo cáo, theo đuôi tệp / write a report, by ending: .json .html .xlsx .pdf .csv.",
)
