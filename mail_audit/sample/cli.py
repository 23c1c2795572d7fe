"""`vanthu sample FOLDER`: writes the sample city into a folder."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from core.cli import DAY, language
from core.errors import InputError
from core.words import Text
from mail_audit.sample.build import PRESETS, build


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--preset", type=click.Choice(sorted(PRESETS)), default="small", show_default=True, help="Cỡ / size of the city."
)
@click.option(
    "--seed", type=int, default=2014, show_default=True, help="Cùng số, cùng thành phố / the same seed, the same city."
)
@click.option("--first", type=DAY, help="Ngày đầu của nhật ký / first day of the logs.")
@click.option(
    "--days",
    type=click.IntRange(1, 400),
    help="Số ngày; từ 21 ngày thì một tuần thiếu nhật ký / days; from 21 on, one week has no logs.",
)
def sample(folder: Path, preset: str, seed: int, first: datetime | None, days: int | None) -> None:
    """Dựng thành phố mẫu / writes a fictional city.

    That is a directory of officials, mail-server logs, and the exact truth about them.

    FOLDER gets officials.csv, logs/ and truth.json; it must be empty or hold an earlier sample.
    """
    plan = PRESETS[preset]
    if folder.exists() and any(folder.iterdir()) and not (folder / "truth.json").exists():
        raise InputError(
            Text(
                f"Thư mục {folder} không trống; hãy chọn một thư mục khác để ghi dữ liệu mẫu.",
                f"The folder {folder} is not empty; choose another one for the sample.",
            )
        )
    begin: date = plan.first if first is None else first.date()
    truth = build(
        folder,
        seed=seed,
        officials=plan.officials,
        first=begin,
        days=days or plan.days,
        layout=plan.layout,
        volume=plan.volume,
    )
    said = Text(
        f"Đã ghi {len(truth.officials)} cán bộ và {truth.lines} dòng nhật ký vào {folder}.",
        f"Wrote {len(truth.officials)} officials and {truth.lines} log lines to {folder}.",
    )
    click.echo(said.to(language()))
