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
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from core.errors import InputError, UnavailableError
from core.store import Store, opened
from core.words import LANGUAGES, Language, Text

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
LOG_LEVELS = ("debug", "info", "warning", "error")


class SettingsError(InputError):
    """A setting is unknown, misspelt or has a value that cannot be used."""


def refuse_unknown(table: str, given: Iterable[str], known: Container[str]) -> None:
    """Raise SettingsError for the first name in `given` that the table of the file does not know."""
    for name in given:
        if name not in known:
            raise SettingsError(
                Text(f"Bảng [{table}] không có mục {name}.", f"The table [{table}] has no entry {name}."), detail=name
            )


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its name in small letters, what it decides, and how its text is read."""

    name: str
    words: Text
    read: Callable[[str], object]


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
        return self.given_secret_key or _kept_secret(self.home / "secret_key")


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _folders(text: str) -> tuple[Path, ...]:
    folders = tuple(_folder(part) for part in text.split(os.pathsep) if part.strip())
    if not folders:
        raise ValueError(f"folders with {os.pathsep} between them")
    return folders


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("empty")
    return text.strip()


def _timezone(text: str) -> str:
    try:
        return ZoneInfo(text.strip()).key
    except (OSError, KeyError) as unknown:  # ZoneInfoNotFoundError is a KeyError
        raise ValueError("no such time zone") from unknown


def _language(text: str) -> str:
    return _one_of(text, LANGUAGES)


def _log_level(text: str) -> str:
    return _one_of(text, LOG_LEVELS)


def _one_of(text: str, choices: tuple[str, ...]) -> str:
    if text.strip().lower() not in choices:
        raise ValueError(f"one of {', '.join(choices)}")
    return text.strip().lower()


def _secret(text: str) -> str:
    if len(text.strip()) < 32:
        raise ValueError("at least 32 characters")
    return text.strip()


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 86_400:
        raise ValueError("1 to 86400 seconds")
    return seconds


KEYS: tuple[Key, ...] = (
    Key("home", Text("thư mục dữ liệu của Vanthu", "the folder Vanthu keeps its data in"), _folder),
    Key(
        "database_url",
        Text(
            "địa chỉ cơ sở dữ liệu (mặc định: SQLite trong thư mục dữ liệu)",
            "URL of the database (default: SQLite in the data folder)",
        ),
        _text,
    ),
    Key(
        "broker_url",
        Text(
            "địa chỉ hàng đợi công việc (mặc định: một thư mục con)",
            "URL of the job broker (default: a folder in home)",
        ),
        _text,
    ),
    Key(
        "store",
        Text(
            "nơi giữ bằng chứng, báo cáo và tài liệu: một thư mục, hoặc s3://KHO/THƯ-MỤC",
            "where evidence, reports and documents are kept: a folder, or s3://BUCKET/FOLDER",
        ),
        _text,
    ),
    Key("timezone", Text("múi giờ của các cơ quan", "the time zone of the offices"), _timezone),
    Key("language", Text("ngôn ngữ: vi hoặc en", "language: vi or en"), _language),
    Key("log_level", Text("mức nhật ký chương trình", "level of the program's log"), _log_level),
    Key(
        "job_silence",
        Text(
            "số giây im lặng trước khi một công việc được giao lại",
            "seconds without a heartbeat after which a job is given to another worker",
        ),
        _seconds,
    ),
    Key(
        "log_folders",
        Text(
            "các thư mục mà trang web được phép đọc nhật ký, cách nhau bằng dấu hai chấm",
            "the folders that logs may be read from by the web pages, with a colon between them",
        ),
        _folders,
    ),
    Key(
        "trail_heads",
        Text(
            "tệp mà bộ định thời ghi thêm mã đầu nhật ký kiểm toán mỗi ngày",
            "the file that the scheduler adds the head of the audit trail to every day",
        ),
        _folder,
    ),
    Key(
        "secret_key",
        Text(
            "khóa ký phiên làm việc (mặc định: tự tạo và giữ trong thư mục dữ liệu)",
            "key that signs sessions (default: made once and kept in the data folder)",
        ),
        _secret,
    ),
    Key(
        "census_password",
        Text(
            "mật khẩu của tài khoản kiểm đếm hộp thư (khi không dùng tệp mật khẩu)",
            "password of the census's account (where there is no password file)",
        ),
        _text,
    ),
    Key(
        "mail_password",
        Text(
            "mật khẩu của hộp thư mà Vanthu gửi thư",
            "password of the log-in that Vanthu sends mail with",
        ),
        _text,
    ),
    Key(
        "inbound_password",
        Text(
            "mật khẩu của hộp thư nhận thư trả lời (khi không dùng tệp mật khẩu)",
            "password of the mailbox that answers are fetched from (where there is no password file)",
        ),
        _text,
    ),
    Key(
        "store_secret",
        Text(
            "khóa bí mật của kho S3 (khi không dùng tệp)",
            "the secret of the S3 store's key (where there is no file with it)",
        ),
        _text,
    ),
    Key(
        "lrs_password",
        Text(
            "mật khẩu của kho bản ghi học tập (khi không dùng tệp mật khẩu)",
            "password of the learning record store (where there is no password file)",
        ),
        _text,
    ),
)
"""Every setting there is; `docs/settings.md` lists them and a test compares."""


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, from `environ` (default: the process's own) and the file in its home.

    Creates nothing. Raises `SettingsError` naming every key that is unknown or has an unusable value.
    """
    given = os.environ if environ is None else environ
    from_environ = {name[len(PREFIX) :].lower(): value for name, value in given.items() if name.startswith(PREFIX)}
    home = _folder(from_environ["home"]) if from_environ.get("home") else default_home(given)
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
    return {name: str(value) for name, value in content.items() if name not in tables}, tables


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


def _kept_secret(path: Path) -> str:
    """The key in `path`; made when there is none, by exactly one of several processes and threads that start."""
    import secrets

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                os.link(draft, path)  # fails when another process was first: then its key is the key
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as refused:
        raise UnavailableError(
            Text(f"Không đọc hoặc tạo được khóa bí mật {path}.", f"The secret key {path} cannot be read or made."),
            detail=str(refused),
        ) from refused
