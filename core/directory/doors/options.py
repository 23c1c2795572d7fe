"""Reading the tables of doors: known entries with usable values, and secrets that never stand in the settings' file."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from core import options
from core.errors import UnavailableError
from core.options import SettingsError, entries, first_line, refuse_unknown
from core.settings import Settings
from core.words import Text

KEY = re.compile(r"[a-z][a-z0-9_-]{0,31}")
"""A door's name in the settings; it stands in addresses."""
MOST = 3_600
"""No number in these tables is larger: they are seconds, minutes and percents."""
LINKS = frozenset({"official_id", "address"})
"""By what somebody may be found the first time; see `presented.LinkBy`."""


class Table(Protocol):
    """The options of one door: a dataclass whose first field is the door's key."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, *, key: str) -> None: ...

    def check(self) -> None:
        """Raises `SettingsError` where entries do not go together."""


Options = TypeVar("Options", bound=Table)


def read_all(settings: Settings, part: str, kind: type[Options]) -> tuple[Options, ...]:
    """Every table `[<part>.KEY]`, in the order of the file; raises `SettingsError` for one that will not do."""
    found = []
    for key, given in settings.tables.get(part, {}).items():
        where = f"{part}.{key}"
        if not KEY.fullmatch(key) or not isinstance(given, dict):
            raise wrong_entry(part, key)
        found.append(_read(where, key, given, kind))
    return tuple(found)


def _read(where: str, key: str, given: Mapping[str, Any], kind: type[Options]) -> Options:
    known = {one.name: one for one in fields(kind) if one.name != "key"}
    refuse_unknown(where, given, known)
    values = entries(where, given, kind)
    for name, field in known.items():
        if field.default is MISSING and name not in values:
            raise SettingsError(
                Text(f"Bảng [{where}] thiếu mục {name}.", f"The table [{where}] lacks the entry {name}."), detail=name
            )
    for name, value in values.items():
        if isinstance(value, float) and not 0 < value <= MOST:
            raise wrong_entry(where, name)
    made = kind(**{"key": key} | values)
    made.check()
    return made


def wrong_entry(where: str, name: str) -> SettingsError:
    """The sentence for an entry whose value cannot be used."""
    return options.wrong_entry(where, name, page="log-in.md")


def secret(where: str, *, file: str, variable: str) -> str:
    """A secret: the first line of `file`, else the environment's `variable`; empty where neither is named.

    Read when it is needed, so that a new one needs no restart. Raises `UnavailableError` for one that is not there.
    """
    if file:
        try:
            found = first_line(file)
        except (OSError, UnicodeDecodeError) as unreadable:
            raise _no_secret(where, type(unreadable).__name__) from unreadable
    elif variable:
        found = os.environ.get(variable, "")
    else:
        return ""
    if not found:
        raise _no_secret(where, "empty")
    return found


def trusted(where: str, ca_file: str) -> ssl.SSLContext:
    """TLS that checks certificate and name, by the system's certificates or those of `ca_file`."""
    try:
        context = ssl.create_default_context(cafile=str(Path(ca_file).expanduser()) if ca_file else None)
    except (OSError, ssl.SSLError) as unreadable:
        raise wrong_entry(where, "ca_file") from unreadable
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _no_secret(where: str, detail: str) -> UnavailableError:
    return UnavailableError(
        Text(
            "Cách đăng nhập này chưa được cài đặt xong. Hãy dùng cách khác, hoặc báo bộ phận công nghệ thông tin.",
            "This way to log in is not set up completely. Please use another, or tell the IT department.",
        ),
        detail=f"[{where}] its secret cannot be read: {detail}",
    )
