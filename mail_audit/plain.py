"""The report's dataclasses as plain JSON values, and exactly the same dataclasses back.

Not the published report (that is the renderers' business): this form is for the project's own store, follows the
dataclasses' fields by their annotations, and loses nothing: tuples stay tuples, days days, whole-number keys numbers.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """`value` (a dataclass of the report, or a part of one) as dicts, lists, strings, numbers, booleans and None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: type[T], value: Any) -> T:
    """The `kind` that `to_plain` made `value` of; TypeError or KeyError for anything else."""
    return cast(T, _read(kind, value))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if value is None or origin is typing.Literal or kind is Any:
        return value
    if origin in (typing.Union, types.UnionType):
        return _read_union(kind, value)
    if origin is tuple:
        return tuple(_read(typing.get_args(kind)[0], item) for item in value)
    if origin is dict:
        key_kind, item_kind = typing.get_args(kind)
        read_key = int if key_kind is int else str
        return {read_key(key): _read(item_kind, item) for key, item in value.items()}
    if kind is date:
        return date.fromisoformat(value)
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast("type", kind))
        return cast("Any", kind)(**{name: _read(hints[name], item) for name, item in value.items()})
    return value


def _read_union(kind: Any, value: Any) -> Any:
    choices = [choice for choice in typing.get_args(kind) if choice is not types.NoneType]
    return _read(choices[0], value) if len(choices) == 1 else value
