"""What an installation decides: one frozen dataclass, read once from the environment and `vanthu.toml`.

Every key is a row of `KEYS`: in the environment it is `VANTHU_<NAME>`, in `$VANTHU_HOME/vanthu.toml` it is the name in
small letters; the environment wins. The tables of the file are named after the packages (`[mail_audit]`: thresholds)
and are checked by their owners. A key nobody knows stops the start: a misspelt setting must not be silently default.

This module is read by every command, so it imports nothing heavy.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from core.options import SettingsError
from core.settings.keys import KEYS, folder
from core.settings.secret_key import kept_secret
from core.store import Store, opened
from core.words import Language, Text

__all__ = [
    "FILE_NAME", "FLOOR_TABLES", "INSTALLED", "KEYS", "PARTS", "PREFIX", "Settings", "SettingsError", "default_home",
    "load",
]  # fmt: skip

INSTALLED: tuple[str, ...] = ("mail_audit", "eoffice", "training", "web")
"""The feature packages, found by name only: their models, tasks, migrations' tables and commands."""

FLOOR_TABLES: tuple[str, ...] = ("ldap", "mail", "oidc", "s3", "sync")
"""Tables of the floor's own modules; each owner checks the entries."""

PARTS: frozenset[str] = frozenset(
    {
        "eoffice.inbound",
        "mail_audit.census",
        "mail_audit.collecting",
        "mail_audit.journal",
        "mail_audit.standing",
        "training.certificates",
        "training.lrs",
        "training.scorm",
    }
)
"""Tables inside a package's table: `[mail_audit.journal]`. Each owner checks the entries of its own."""

PREFIX = "VANTHU_"
FILE_NAME = "vanthu.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The decisions of one installation; see `KEYS` for what each means."""

    home: Path
    database_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    store: Store
    timezone: str = "Asia/Ho_Chi_Minh"
    language: Language = "vi"
    log_level: str = "info"
    job_silence: float = 60.0
    log_folders: tuple[Path, ...] = (Path("/var/log"),)
    trail_heads: Path | None = None
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    given_secret_key: str = field(default="", repr=False)
    census_password: str = field(default="", repr=False)
    mail_password: str = field(default="", repr=False)
    inbound_password: str = field(default="", repr=False)
    lrs_password: str = field(default="", repr=False)

    @property
    def thresholds(self) -> dict[str, Any]:
        """The table `[mail_audit]` of the file without its parts, unchecked: its owner knows the names."""
        whole = self.tables.get("mail_audit", {})
        return {name: value for name, value in whole.items() if f"mail_audit.{name}" not in PARTS}

    def part(self, package: str, name: str) -> dict[str, Any]:
        """The table `[package.name]` of the file, unchecked: its owner knows the entries. One of `PARTS`."""
        found = self.tables.get(package, {}).get(name, {}) if f"{package}.{name}" in PARTS else {}
        if not isinstance(found, dict):
            raise SettingsError(
                Text(f"[{package}] {name} phải là một bảng.", f"[{package}] {name} must be a table."), detail=name
            )
        return dict(found)

    @property
    def secret_key(self) -> str:
        """The key that signs sessions: as given, else kept in `home/secret_key` (0600), made on first use."""
        return self.given_secret_key or kept_secret(self.home / "secret_key")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, from `environ` (default: the process's own) and the file in its home.

    Creates nothing. Raises `SettingsError` naming every key that is unknown or has an unusable value.
    """
    given = os.environ if environ is None else environ
    from_environ = {name[len(PREFIX) :].lower(): value for name, value in given.items() if name.startswith(PREFIX)}
    home = folder(from_environ["home"]) if from_environ.get("home") else default_home(given)
    from_file, tables = _read_file(home / FILE_NAME)
    problems: list[Text] = []
    values = _read_keys(from_file, str(home / FILE_NAME), str.lower, problems)
    values |= _read_keys(from_environ, Text("biến môi trường", "environment"), lambda n: PREFIX + n.upper(), problems)
    if problems:
        raise SettingsError(Text(" ".join(text.vi for text in problems), " ".join(text.en for text in problems)))
    values["home"] = home
    values.setdefault("database_url", f"sqlite:///{home / 'vanthu.sqlite3'}")
    values.setdefault("broker_url", f"filesystem://{home / 'broker'}")
    secret = str(values.pop("store_secret", ""))
    values["store"] = _store(str(values.get("store", home / "store")), home, tables, secret)
    if "secret_key" in values:
        values["given_secret_key"] = values.pop("secret_key")
    return Settings(**cast("dict[str, Any]", values), tables=tables)


def _store(place: str, home: Path, tables: Mapping[str, Mapping[str, Any]], secret: str) -> Store:
    try:
        return opened(place, home, tables.get("s3", {}), secret)
    except ValueError as wrong:
        raise SettingsError(
            Text(
                f"VANTHU_STORE hoặc bảng [s3] có giá trị không dùng được ({wrong}); xem docs/settings.md.",
                f"VANTHU_STORE or the table [s3] has a value that cannot be used ({wrong}); see docs/settings.md.",
            ),
            detail=str(wrong),
        ) from wrong


def default_home(environ: Mapping[str, str]) -> Path:
    """Where a user's data is kept on this system when `VANTHU_HOME` is not set."""
    try:
        user = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    except RuntimeError as homeless:
        raise SettingsError(
            Text("Không biết giữ dữ liệu ở đâu: hãy đặt VANTHU_HOME.", "Nowhere to keep data: please set VANTHU_HOME.")
        ) from homeless
    if sys.platform == "darwin":
        return user / "Library" / "Application Support" / "vanthu"
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or user / "AppData" / "Local") / "vanthu"
    return Path(environ.get("XDG_DATA_HOME") or user / ".local" / "share") / "vanthu"


def _read_file(path: Path) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}, {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as unreadable:
        raise SettingsError(
            Text(f"Không đọc được tệp cấu hình {path}.", f"The settings file {path} cannot be read: {unreadable}."),
            detail=str(unreadable),
        ) from unreadable
    tables = {name: value for name, value in content.items() if isinstance(value, dict)}
    wrong = sorted(set(tables) - {*FLOOR_TABLES, *INSTALLED})
    if wrong:
        names = ", ".join(f"[{name}]" for name in wrong)
        raise SettingsError(Text(f"{path}: không có bảng {names}.", f"{path}: there is no table {names}."))
    single = {name: value for name, value in content.items() if name not in tables}
    for name, value in single.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise SettingsError(
                Text(f"{path}: {name} phải là chữ, trong dấu ngoặc kép.", f"{path}: {name} must be a text, in quotes."),
                detail=name,
            )
    return {name: str(value) for name, value in single.items()}, tables


def _read_keys(
    given: Mapping[str, str], where: Text | str, spell: Callable[[str], str], problems: list[Text]
) -> dict[str, object]:
    """The known keys of `given` as values; what is wrong is added to `problems`."""
    place = Text(where, where) if isinstance(where, str) else where
    known = {key.name: key for key in KEYS}
    values: dict[str, object] = {}
    for name, text in sorted(given.items()):
        key = known.get(name)
        if key is None:
            problems.append(
                Text(
                    f"Không có cấu hình tên {spell(name)} ({place.vi}).",
                    f"There is no setting {spell(name)} ({place.en}).",
                )
            )
            continue
        try:
            values[name] = key.read(text)
        except ValueError as wrong:
            problems.append(
                Text(
                    f"{spell(name)} ({place.vi}) có giá trị không dùng được; đây là {key.words.vi}.",
                    f"{spell(name)} ({place.en}) has a value that cannot be used ({wrong}); it is {key.words.en}.",
                )
            )
    return values
