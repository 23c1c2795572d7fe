"""Where documents lie in the store: `store/documents`, each under what is in it (`core.objects`)."""

from __future__ import annotations

from pathlib import Path

from core import objects

FOLDER = "documents"


def keep(store: Path, content: bytes) -> str:
    """Keep a file's content; returns its SHA-256 (hexadecimal), by which it is found again."""
    return objects.keep(store / FOLDER, content)


def kept_file(store: Path, digest: str) -> bytes:
    """The content kept under a digest. Raises NotFoundError where it is gone or is no longer what it was."""
    return objects.kept(store / FOLDER, digest)
