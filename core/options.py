"""Reading a table of `vanthu.toml` into the dataclass whose fields are its entries; each owner keeps its own dataclass.

What can be said of an entry by its field alone is said here, with the same words for all tables: its name, and whether
it is a text, a number, a list. What values mean is the owner's: it checks what it got and raises `wrong_entry`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.words import Text

LONGEST_SECRET = 4_096


class SettingsError(InputError):
    """A setting is unknown, misspelt or has a value that cannot be used."""


def entries(where: str, given: Mapping[str, Any], kind: type) -> dict[str, Any]:
    """The entries of the table `[where]` as the fields of the dataclass `kind` want them.

    Texts come without spaces around them and have one line; lists of texts become tuples; a whole number will do for
    any number. Raises `SettingsError` for the first name that is no field, and for a value of another kind.
    """
    known = {one.name: one for one in fields(kind)}
    refuse_unknown(where, given, known)
    return {name: _value(where, known[name], value) for name, value in given.items()}


def refuse_unknown(where: str, given: Iterable[str], known: Container[str]) -> None:
    """Raise SettingsError for the first name in `given` that the table of the file does not know."""
    for name in given:
        if name not in known:
            raise SettingsError(
                Text(f"Bảng [{where}] không có mục {name}.", f"The table [{where}] has no entry {name}."), detail=name
            )


def wrong_entry(where: str, name: str, *, example: object = None, page: str = "settings.md") -> SettingsError:
    """The sentence for an entry whose value cannot be used: with what would be right, else where that stands."""
    if example is None:
        vi, en = f"xem docs/{page}", f"see docs/{page}"
    else:
        written = json.dumps(example, ensure_ascii=False)  # a value of TOML as well, for texts, numbers and lists
        vi, en = f"ví dụ: {written}", f"for example: {written}"
    return SettingsError(
        Text(
            f"[{where}] {name} có giá trị không dùng được; {vi}.",
            f"[{where}] {name} has a value that cannot be used; {en}.",
        ),
        detail=name,
    )


def first_line(file: str) -> str:
    """The first line of a file that holds a secret, without its end. Raises `OSError`, `UnicodeDecodeError`."""
    with Path(file).expanduser().open(encoding="utf-8") as opened:
        return opened.readline(LONGEST_SECRET).rstrip("\r\n")


def _value(where: str, field: Field[Any], given: object) -> object:
    read, kind = _KINDS[str(field.type)]
    try:
        return read(given)
    except ValueError:
        raise SettingsError(
            Text(f"[{where}] {field.name} phải là {kind.vi}.", f"[{where}] {field.name} must be {kind.en}."),
            detail=field.name,
        ) from None


def _text(given: object) -> str:
    if not isinstance(given, str) or any(ord(sign) < 32 for sign in given):
        raise ValueError
    return given.strip()


def _texts(given: object) -> tuple[str, ...]:
    if not isinstance(given, list | tuple):
        raise ValueError  # noqa: TRY004 - what `_value` makes a sentence of
    return tuple(_text(one) for one in given)


def _number(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise ValueError
    return float(given)


def _whole_number(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise ValueError  # noqa: TRY004
    return given


def _yes_or_no(given: object) -> bool:
    if not isinstance(given, bool):
        raise ValueError  # noqa: TRY004
    return given


_KINDS: dict[str, tuple[Callable[[object], object], Text]] = {
    "str": (_text, Text("chữ trên một dòng, trong dấu ngoặc kép", "a text on one line, in quotes")),
    "bool": (_yes_or_no, Text("true hoặc false", "true or false")),
    "int": (_whole_number, Text("một số nguyên", "a whole number")),
    "float": (_number, Text("một số", "a number")),
    "tuple[str, ...]": (_texts, Text('danh sách chữ: ["a", "b"]', 'a list of texts: ["a", "b"]')),
}
"""How a field of the options is annotated -> how its value is read, and what to say that it must be."""
