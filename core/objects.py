"""Files kept by what is in them: `FOLDER/<first two>/<sha256>` in the store, one for each content, never changed.

A content is kept before the row that names it; where the transaction fails, an object that nobody names is left, which
harms nobody and is the same object when the upload is tried again.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from core.errors import NotFoundError
from core.store import MissingError, Store
from core.words import Text

_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep(folder: Store, content: bytes) -> str:
    """Keep a file's content; returns its SHA-256 (hexadecimal), by which it is found again."""
    digest = hashlib.sha256(content).hexdigest()
    if not folder.has(_key(digest)):
        folder.put(_key(digest), content)
    return digest


def kept(folder: Store, digest: str) -> bytes:
    """The content kept under a digest. Raises NotFoundError where it is gone or is no longer what it was."""
    try:
        content = folder.read(_key(digest))
    except MissingError as missing:
        raise _gone(f"{digest}: {type(missing).__name__}") from missing
    if hashlib.sha256(content).hexdigest() != digest:
        raise _gone(f"{digest}: changed")
    return content


def place_of(folder: Store, digest: str) -> Path:
    """A file of this machine with the content of that digest, to be read soon. Raises NotFoundError."""
    try:
        return folder.file(_key(digest))
    except MissingError as missing:
        raise _gone(f"{digest}: gone") from missing


def _key(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise _gone("no digest")
    return f"{digest[:2]}/{digest}"


def _gone(detail: str) -> NotFoundError:
    return NotFoundError(
        Text(
            "Tệp không còn nguyên vẹn trong kho; hãy báo người quản trị.",
            "The file is not whole in the store any more; please tell the administrator.",
        ),
        detail=detail,
    )
