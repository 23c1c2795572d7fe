"""Filters of text fields."""

from __future__ import annotations


def stripped(text: str | None) -> str | None:
    """The text without white space around it."""
    return text.strip() if text is not None else None
