"""Files kept by what is in them: `FOLDER/<first two>/<sha256>`, one for each content, never changed.

A file is written whole beside its place and moved there at once: it is there or it is not, also where a process is
killed. It is kept before the row that names it; where the transaction fails, a file that nobody names is left, which
harms nobody and is the same file when the upload is tried again.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from core.errors import NotFoundError
from core.words import Text

_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep(folder: Path, content: bytes) -> str:
    """Keep a file's content; returns its SHA-256 (hexadecimal), by which it is found again."""
    digest = hashlib.sha256(content).hexdigest()
    place = place_of(folder, digest)
    if place.exists():
        return digest
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_name(f".{digest}.{secrets.token_hex(6)}")
    try:
        with half.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)
    return digest


def kept(folder: Path, digest: str) -> bytes:
    """The content kept under a digest. Raises NotFoundError where it is gone or is no longer what it was."""
    try:
        content = place_of(folder, digest).read_bytes()
    except OSError as missing:
        raise _gone(f"{digest}: {type(missing).__name__}") from missing
    if hashlib.sha256(content).hexdigest() != digest:
        raise _gone(f"{digest}: changed")
    return content


def place_of(folder: Path, digest: str) -> Path:
    """Where the content of that digest lies, if it is kept. Raises NotFoundError for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise _gone("no digest")
    return folder / digest[:2] / digest


def _gone(detail: str) -> NotFoundError:
    return NotFoundError(
        Text(
            "Tệp không còn nguyên vẹn trong kho; hãy báo người quản trị.",
            "The file is not whole in the store any more; please tell the administrator.",
        ),
        detail=detail,
    )
