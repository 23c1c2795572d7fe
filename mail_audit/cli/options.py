"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

from core.cli import DAY

first_day = click.option("--from", "first", type=DAY, help="Ngày đầu kỳ / first day.")
last_day = click.option("--to", "last", type=DAY, help="Ngày cuối kỳ / last day.")
report_files = click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Ghi báo cáo, theo đuôi tệp / write a report, by ending: .json .html .xlsx .pdf .csv.",
)
