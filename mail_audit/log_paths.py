"""Which files of a folder are logs to read, and whether they may be read at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.errors import InputError
from core.words import Text
from mail_audit.archives import find_logs, pieces
from mail_audit.archives.journal import as_lines
from mail_audit.errors import LogPathError
from mail_audit.events.line import Broken, read_line

MOST_FILES = 10_000
_LINES = 50
_LOOK = 64 * 1024
"""Bytes of a file in a folder that are looked at."""


def log_files(paths: Iterable[Path], *, allowed: Sequence[Path]) -> list[Path]:
    """The log files that `paths` name: a file is taken as it is, a folder with what in it looks like a server's log.

    Links are followed, and where they lead must lie below one of the `allowed` folders. In a folder (with the folders
    in it), hidden, empty, forbidden and foreign files are passed over. LogPathError says what is wrong.
    """
    folders = tuple(folder.resolve() for folder in allowed)
    found: dict[Path, None] = {}
    for path in paths:
        place = _resolved(path)
        if not may_read(place, folders):
            raise _forbidden(path, allowed)
        if place.is_dir():
            found.update(dict.fromkeys(_in_folder(place, folders)))
        else:
            found[place] = None
        _check_names(found)
        if len(found) > MOST_FILES:
            raise LogPathError(
                Text(
                    f"Có hơn {MOST_FILES} tệp; hãy chọn thư mục nhỏ hơn.",
                    f"There are more than {MOST_FILES} files; please choose a smaller folder.",
                )
            )
    if not found:
        raise LogPathError(Text("Không có tệp nhật ký nào ở đó.", "There is no log file there."))
    return list(found)


def _check_names(found: Iterable[Path]) -> None:
    """A name that is not UTF-8 cannot be kept or shown as it is."""
    for path in found:
        shown = str(path).encode("utf-8", "replace").decode()
        if shown != str(path):
            raise LogPathError(
                Text(
                    f"Tên tệp {shown} không phải là UTF-8; hãy đổi tên tệp.",
                    f"The file name {shown} is not UTF-8; please rename the file.",
                )
            )


def may_read(place: Path, folders: Sequence[Path]) -> bool:
    """Whether `place` (links followed) is one of `folders` or lies below one."""
    return any(place == folder or folder in place.parents for folder in folders)


def _resolved(path: Path) -> Path:
    try:
        place = path.resolve(strict=True)
        with_content = place.is_dir() or place.is_file()
    except (OSError, RuntimeError, ValueError) as missing:
        raise _missing(path, str(missing)) from missing
    if not with_content:
        raise _missing(path, "neither a file nor a folder")
    return place


def _in_folder(folder: Path, folders: Sequence[Path]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            place = path.resolve(strict=True)
            if place.is_file() and may_read(place, folders) and _looks_like_log(place):
                yield place
        except (OSError, RuntimeError, InputError):
            continue  # a dangling link, a file this account may not read, a broken archive: not asked for by name


def _looks_like_log(path: Path) -> bool:
    """Whether a line near its beginning has the head of a server's log line."""
    (file,) = find_logs([path])
    start = next(as_lines(pieces(file, size=_LOOK)), None)
    lines = start.data.decode("utf-8", "replace").splitlines()[:_LINES] if start else []
    return any(not isinstance(read_line(line), Broken) for line in lines if line.strip())


def _missing(path: Path, detail: str) -> LogPathError:
    return LogPathError(
        Text(f"Không có tệp hoặc thư mục {path}.", f"There is no file or folder {path}."), detail=detail
    )


def _forbidden(path: Path, allowed: Sequence[Path]) -> LogPathError:
    listed = ", ".join(str(folder) for folder in allowed)
    return LogPathError(
        Text(
            f"Không được đọc {path}: nhật ký phải nằm trong {listed} (cấu hình log_folders).",
            f"{path} may not be read: logs must lie below {listed} (the setting log_folders).",
        )
    )
