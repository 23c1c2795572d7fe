"""Makes every string of a report safe to show anywhere.

Names come from a directory, hosts and file names from logs: control characters would drive a terminal or break
a workbook, direction marks would turn a name round, and the lone surrogates of a badly named file cannot be
written as UTF-8. They become U+FFFD; nothing else is changed (markup is each format's own business).
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from core.words import showable
from mail_audit.report.model import Report


def readable_text(text: str) -> str:
    """The text with every character that no page can show replaced by U+FFFD."""
    return showable(text)


def _cleaned(value: Any) -> Any:
    """The same object where nothing had to change, so that a clean report is not copied."""
    if value is None or isinstance(value, int | float):  # most of a report
        return value
    if isinstance(value, str):
        return readable_text(value)
    if isinstance(value, tuple):
        new = tuple(_cleaned(item) for item in value)
        return value if all(a is b for a, b in zip(value, new, strict=True)) else new
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    kind: Any = type(value)
    names = _names(kind)
    if not names:
        return value
    changed = {}
    for name in names:
        old = getattr(value, name)
        new_value = _cleaned(old)
        if new_value is not old and new_value != old:
            changed[name] = new_value
    return replace(value, **changed) if changed else value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass; nothing for any other type."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()


def readable(report: Report) -> Report:
    """The report with only showable text in it; the very same object where it already was."""
    cleaned: Report = _cleaned(report)
    return cleaned
