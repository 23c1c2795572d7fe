"""Text that becomes a cell of a table that somebody opens in a spreadsheet."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula.

    As OWASP's page on CSV injection advises, and past spaces that spreadsheets trim before they look.
    """
    return f"'{text}" if text.lstrip(" \u00a0\ufffd").startswith(_FORMULA_STARTS) else text
