"""Finding log files: what was named on the command line, as a sorted list of readable files."""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from core.errors import InputError
from core.words import Text

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
)
_DATED_NAME = re.compile(r"[-._](20[0-9]{2})-?([01][0-9])-?([0-3][0-9])(?:[-._]|$)")


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file of a log: where it is, how it is packed, how many bytes lie on the disk, when it was last written."""

    path: Path
    name: str
    packing: str
    size: int
    written: date
    """The last day it can speak of: the date in a rotated name, else the day of its last change."""
    skip: int = 0
    """Bytes at its start that are the end of another file's last line."""
    more: bytes = b""
    """The end of its last line, found at the start of another file."""


def find_logs(paths: Sequence[Path]) -> list[LogFile]:
    """The files behind `paths`, folders with all they hold, to any depth; each file once, in the order of their names.

    Raises InputError for a path that does not exist, cannot be read, or is an empty folder.
    """
    found: dict[Path, LogFile] = {}
    for path in paths:
        for member in _members(path):
            found.setdefault(member.resolve(), _log_file(member))
    return [found[key] for key in sorted(found)]


def _members(path: Path) -> list[Path]:
    if path.is_dir():
        members = sorted(_below(path))
        if not members:
            raise InputError(Text(f"{path}: thư mục không có tệp nào.", f"{path}: the folder holds no file."))
        return members
    if not path.exists():
        raise InputError(Text(f"{path}: không có tệp này.", f"{path}: there is no such file."))
    if not path.is_file():
        raise InputError(
            Text(
                f"{path}: không phải tệp thường; hãy ghi nhật ký ra tệp rồi đưa tệp đó vào.",
                f"{path}: not a regular file; write the log to a file and name that.",
            )
        )
    return [path]


def _below(folder: Path) -> Iterator[Path]:
    """The files of a folder and the folders in it, hidden ones and links left out; one that is closed is an error.

    What stands in it may be half of the figures.
    """

    def closed(error: OSError) -> None:
        raise _unreadable(error.filename, error)

    for place, folders, names in os.walk(folder, onerror=closed):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(place, name) for name in names if not name.startswith("."))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _unreadable(path: Path | str, error: OSError) -> InputError:
    return InputError(
        Text(f"{path}: không đọc được ({error.strerror}).", f"{path}: cannot be read ({error.strerror}).")
    )


def open_log(path: Path, *, buffering: int = io.DEFAULT_BUFFER_SIZE) -> BinaryIO:
    """A regular file, opened for reading; OSError for anything else.

    Between being listed and being opened a file may have become a pipe that nobody writes to, or a device: it is not
    waited for.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return os.fdopen(handle, "rb", buffering)


def _log_file(path: Path) -> LogFile:
    try:
        with open_log(path) as stream:
            status = os.fstat(stream.fileno())
            start = stream.read(8)
    except OSError as error:
        raise _unreadable(path, error) from error
    packing = next((name for magic, name in MAGIC if start.startswith(magic)), "plain")
    name = os.fsencode(path.name).decode("utf-8", "replace")  # to be kept and shown, whatever bytes it is made of
    return LogFile(path, name, packing, status.st_size, _last_day(path, status.st_mtime))


def _last_day(path: Path, modified: float) -> date:
    match = _DATED_NAME.search(path.name)
    if match:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
    return datetime.fromtimestamp(modified, UTC).date()
