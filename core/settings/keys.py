"""Every setting that is one value: its name, what it decides, and how its text is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from core.words import LANGUAGES, Text

LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its name in small letters, what it decides, and how its text is read."""

    name: str
    words: Text
    read: Callable[[str], object]


def folder(text: str) -> Path:
    """The folder that a text names; `~` is the user's home."""
    return Path(text).expanduser().absolute()


def _folders(text: str) -> tuple[Path, ...]:
    folders = tuple(folder(part) for part in text.split(os.pathsep) if part.strip())
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
    Key("home", Text("thư mục dữ liệu của Vanthu", "the folder Vanthu keeps its data in"), folder),
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
        folder,
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
