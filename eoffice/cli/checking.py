"""`vanthu eoffice check`: the form of one document, without a database and with nothing to configure."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import date, datetime
from pathlib import Path

import click

from core.cli import DAY, console, language, say
from core.errors import InputError
from core.words import Text

EXIT_FAULTS = 1
"""Something in the document is wrong; warnings and advice alone end with 0."""


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON / print JSON.")
@click.option(
    "--fix", "target", type=click.Path(path_type=Path), help="Ghi tệp đã sửa tự động / write the mended file."
)
@click.option("--type", "document_type", default="", help="Loại văn bản, ví dụ cong_van / type of document.")
@click.option("--on", "day", type=DAY, help="Quy tắc của ngày nào / the rules of which day.")
@click.option(
    "--rules", "folder", type=click.Path(path_type=Path), help="Thư mục bộ quy tắc khác / folder of another rule set."
)
def check_form(
    file: Path, as_json: bool, target: Path | None, document_type: str, day: datetime | None, folder: Path | None
) -> int:
    """Kiểm tra thể thức văn bản / checks the form of a document.

    FILE is a DOCX or a structured draft (JSON). Ends with 0 where nothing is wrong, 1 where something is.
    """
    from eoffice.documents import terminal
    from eoffice.documents.inspection import as_dict, inspect, read_file
    from eoffice.documents.ruleset import FOLDER, VIETNAM, load

    on = day.date() if day else date.today()  # noqa: DTZ011 - the day where the command is run
    rules = load(on, name=_name(folder) if folder else VIETNAM, folder=folder or FOLDER)
    if target is not None and target.exists() and file.exists() and target.samefile(file):
        raise InputError(
            Text(
                "Hãy ghi bản đã sửa vào tệp khác, để giữ bản gốc.",
                "Please write the mended file elsewhere and keep the original.",
            )
        )
    found = inspect(file.name, read_file(file), rules, document_type=document_type, fix=target is not None)
    if target is not None and found.mended is not None:
        _write(target, found.mended)
    if as_json:
        click.echo(json.dumps(as_dict(found), ensure_ascii=False, indent=1))
    else:
        terminal.show(found, console(), language())
        if target is not None:
            say(Text(f"Đã ghi bản đã sửa vào {target}.", f"The mended file is {target}."))
    return EXIT_FAULTS if found.count("error") else 0


def _name(folder: Path) -> str:
    """The one data set in a folder."""
    names = sorted(path.name.removesuffix("-rules.toml") for path in folder.glob("*-rules.toml"))
    if len(names) != 1:
        raise InputError(
            Text(
                f"Thư mục {folder} phải có đúng một tệp *-rules.toml.",
                f"The folder {folder} must hold exactly one *-rules.toml.",
            )
        )
    return names[0]


def _write(target: Path, content: bytes) -> None:
    """The file appears whole or not at all."""
    handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=".vanthu-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
