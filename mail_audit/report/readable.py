"""Makes every string of a report safe to show anywhere.

Names come from a directory, hosts and file names from logs: control characters would drive a terminal or break
a workbook, direction marks would turn a name round, and the lone surrogates of a badly named file cannot be
written as UTF-8. They become U+FFFD; nothing else is changed (markup is each format's own business).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass, replace
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, Literal, get_args, get_origin, get_type_hints
from weakref import WeakValueDictionary

from core.words import Text, showable
from mail_audit.report.model import Report

_WITHOUT_TEXT = frozenset({type(None), bool, int, float, date})
_known: WeakValueDictionary[int, Report] = WeakValueDictionary()
"""Reports that were found to be readable: one report is often rendered in several formats."""


def readable_text(text: str) -> str:
    """The text with every character that no page can show replaced by U+FFFD."""
    return showable(text)


def _cleaned(value: Any) -> Any:
    """The same object where nothing had to change, so that a clean report is not copied."""
    kind: Any = type(value)
    if kind in _WITHOUT_TEXT:
        return value
    if kind is str:
        return value if value.isprintable() else readable_text(value)
    if kind is Text:  # of these a report has most
        shown = value.vi.isprintable() and value.en.isprintable()
        return value if shown else Text(readable_text(value.vi), readable_text(value.en))
    if kind is tuple:
        return value if all(_cleaned(one) is one for one in value) else tuple(map(_cleaned, value))
    if kind is dict:
        textless = _WITHOUT_TEXT.issuperset(map(type, value)) and _WITHOUT_TEXT.issuperset(map(type, value.values()))
        return value if textless else {_cleaned(key): _cleaned(item) for key, item in value.items()}
    names, values = _fields(kind)
    changed = {}
    for name, old in zip(names, values(value), strict=True):
        if type(old) not in _WITHOUT_TEXT:
            new_value = _cleaned(old)
            if new_value is not old and new_value != old:
                changed[name] = new_value
    return replace(value, **changed) if changed else value


@cache
def _fields(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The fields of a dataclass that may hold a text from elsewhere, and how to read them all at once; none for others.

    Most of a report are numbers, days and the words of its own that a `Literal` lists.
    """
    hints = get_type_hints(kind) if is_dataclass(kind) else {}
    names = tuple(name for name, hint in hints.items() if _may_hold_text(hint))
    if len(names) < 2:  # `attrgetter` of one name answers without a tuple
        return names, lambda value: tuple(getattr(value, name) for name in names)
    return names, attrgetter(*names)


@cache
def _may_hold_text(hint: Any) -> bool:
    """Whether a value of this type may be a text, or hold one."""
    if get_origin(hint) is Literal or hint in _WITHOUT_TEXT:
        return False
    inner = get_type_hints(hint).values() if is_dataclass(hint) else get_args(hint)
    return any(map(_may_hold_text, inner)) if inner else hint is not Ellipsis


def readable(report: Report) -> Report:
    """The report with only showable text in it; the very same object where it already was."""
    if _known.get(id(report)) is report:
        return report
    cleaned: Report = _cleaned(report)
    _known[id(cleaned)] = cleaned
    return cleaned
