"""Writes a report to a file in the form its ending names."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.words import Language, Text

if TYPE_CHECKING:  # a target is checked before anything is loaded
    from mail_audit.report.model import Report

FORMATS: dict[str, str] = {
    ".json": "as_json",
    ".html": "as_html",
    ".xlsx": "as_xlsx",
    ".pdf": "as_pdf",
    ".csv": "as_csv",
}
"""Ending -> module of this package with `write(report, path, language)`; imported only when it is asked for."""


def check_target(path: Path) -> None:
    """InputError where no report can be written to `path`: unknown ending, a folder, a folder missing or closed.

    For a command that reads logs for an hour first and must not find out afterwards.
    """
    if path.suffix.lower() not in FORMATS:
        endings = " ".join(FORMATS)
        raise InputError(
            Text(
                f"Không rõ dạng báo cáo của “{path.name}”: tên tệp phải kết thúc bằng một trong {endings}.",
                f"Cannot tell the form of the report “{path.name}”: the name has to end with one of {endings}.",
            )
        )
    if path.is_dir():
        raise InputError(Text(f"“{path}” là thư mục, không phải tệp.", f"“{path}” is a folder, not a file."))
    folder = path.parent
    if not folder.is_dir():
        raise InputError(
            Text(
                f"Không có thư mục “{folder}” để ghi báo cáo.",
                f"There is no folder “{folder}” to write the report to.",
            )
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(path, "no access")


def _unwritable(path: Path, detail: str) -> InputError:
    return InputError(
        Text(
            f"Không ghi được báo cáo vào “{path}”; hãy kiểm tra quyền ghi và chỗ trống của thư mục.",
            f"The report cannot be written to “{path}”; check the folder's permissions and free space.",
        ),
        detail=detail,
    )


def write(report: Report, path: Path, language: Language = "vi") -> None:
    """Writes the report to `path`, in the form of its ending, whole or not at all.

    It is written beside `path` first and then takes its name, so that nobody ever meets half a report and a failure
    leaves an older one untouched. Raises InputError as `check_target` does, and where the disk refuses.
    """
    check_target(path)
    module = import_module(f"mail_audit.report.{FORMATS[path.suffix.lower()]}")
    writer: Callable[[Report, Path, Language], None] = module.write
    part = path.with_name(f".{path.stem[:60]}.{secrets.token_hex(4)}.part{path.suffix.lower()}")
    try:
        writer(report, part, language)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        raise _unwritable(path, str(error)) from error
    finally:
        part.unlink(missing_ok=True)
