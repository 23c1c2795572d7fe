"""The key that signs log-ins, where the settings give none: made once for an installation, and kept beside its data."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import UnavailableError
from core.words import Text


def kept_secret(path: Path) -> str:
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
