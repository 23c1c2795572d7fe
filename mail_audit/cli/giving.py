"""A report as a command gives it: on the terminal, and in files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli import console, language, say
from core.words import Text

if TYPE_CHECKING:
    from mail_audit.report.model import Report


def give(report: Report, files: Sequence[Path], then: Callable[[], None] = lambda: None) -> None:
    """Show a report and write it to `files`; `then` writes what goes with them.

    Whoever reads the terminal may go away early, as `head` does; the files are written all the same.
    """
    from mail_audit.report import terminal

    try:
        terminal.show(report, console(), language())
    except BrokenPipeError:
        _write(report, files, then)
        raise
    _write(report, files, then)


def _write(report: Report, files: Sequence[Path], then: Callable[[], None]) -> None:
    """Nobody need be there to be told what was written."""
    from mail_audit.report import render

    for file in files:
        render.write(report, file, language())
    then()
    for file in files:
        say(Text(f"Đã ghi {file}.", f"Wrote {file}."), err=True)
