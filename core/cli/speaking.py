"""The language a command speaks in, and saying a sentence in it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

import click

from core.words import Language, Text, showable

if TYPE_CHECKING:
    from rich.console import Console

chosen_language: ContextVar[Language] = ContextVar("vanthu_language", default="vi")


def language() -> Language:
    """The language the user is spoken to in: `--language`, else the setting, else Vietnamese."""
    return chosen_language.get()


def console() -> Console:
    """Where tables are printed. Whoever reads them may go away: that is told to the border, as of any other output."""
    from rich.console import Console

    class Printed(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Printed()


def say(text: Text, *, err: bool = False) -> None:
    """Prints the sentence in the user's language; a name in it cannot drive the terminal."""
    click.echo("\n".join(map(showable, text.to(language()).split("\n"))), err=err)
