"""Which files of a folder are logs to read, and whether they may be read at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.words import Text
from mail_audit.errors import LogPathError

MOST_FILES = 10_000
_PACKED = (b"\x1f\x8b", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"BZh")
"""First bytes of gzip, xz, zstd and bzip2."""
_LOOK = 4096


def log_files(paths: Iterable[Path], *, allowed: Sequence[Path]) -> list[Path]:
    """The log files that `paths` name: a file is taken as it is, a folder with what looks like text or packed text.

    Links are followed, and where they lead must lie below one of the `allowed` folders. In a folder, hidden, empty,
    binary and forbidden files are passed over; a file that was named must be readable. LogPathError says what is wrong.
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
        except (OSError, RuntimeError):
            continue  # a dangling link, or a file this account may not read: not one that was asked for by name


def _looks_like_log(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(_LOOK)
    return bool(start) and (start.startswith(_PACKED) or b"\x00" not in start)


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
