"""The language a command speaks in, and saying a sentence in it."""

from __future__ import annotations

from contextvars import ContextVar

import click

from core.words import Language, Text, showable

chosen_language: ContextVar[Language] = ContextVar("vanthu_language", default="vi")


def language() -> Language:
    """The language the user is spoken to in: `--language`, else the setting, else Vietnamese."""
    return chosen_language.get()


def say(text: Text, *, err: bool = False) -> None:
    """Prints the sentence in the user's language; a name in it cannot drive the terminal."""
    click.echo("\n".join(map(showable, text.to(language()).split("\n"))), err=err)
