"""Where documents lie in the store: `store/documents`, each under what is in it (`core.objects`)."""

from __future__ import annotations

from core import objects
from core.store import Store

FOLDER = "documents"


def keep(store: Store, content: bytes) -> str:
    """Keep a file's content; returns its SHA-256 (hexadecimal), by which it is found again."""
    return objects.keep(store / FOLDER, content)


def kept_file(store: Store, digest: str) -> bytes:
    """The content kept under a digest. Raises NotFoundError where it is gone or is no longer what it was."""
    return objects.kept(store / FOLDER, digest)
