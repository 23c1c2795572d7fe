"""Looking for secrets in everything below a folder, packed or not, in every spelling that keeps them readable."""

from __future__ import annotations

import base64
import gzip
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pypdfium2  # type: ignore[import-untyped]


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """What is in a file: its bytes, and what they hold when unpacked; each with where it was."""
    yield from _inside(str(path), path.read_bytes())
    if path.suffix in {".sqlite3", ".db"}:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        yield f"{path}: rows", "\n".join(connection.iterdump()).encode()
        connection.close()


def _inside(place: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield place, data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from _inside(f"{place}/{name}", archive.read(name))
    elif data.startswith(b"\x1f\x8b"):
        yield from _inside(f"{place}: unpacked", gzip.decompress(data))
    elif data.startswith(b"PAR1"):
        yield f"{place}: rows", pl.read_parquet(io.BytesIO(data)).write_ndjson().encode()
    elif data.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(data)
        yield f"{place}: text", "\n".join(page.get_textpage().get_text_range() for page in document).encode()
        document.close()


def spellings(secret: str) -> list[bytes]:
    """A secret as text in three encodings, in hexadecimal, and in base64 wherever it may begin there."""
    plain = secret.encode()
    found = [plain, secret.encode("utf-16-le"), secret.encode("utf-16-be"), plain.hex().encode()]
    for before in range(3):
        packed = base64.b64encode(b"\0" * before + plain + b"\0\0")
        found.append(packed[-(-8 * before // 6) : len(packed) - 5])
    return found


def leaks(folders: Iterable[Path], secrets: Iterable[str]) -> dict[str, list[str]]:
    """Secret -> where it stands, below these folders."""
    wanted = {spelling: secret for secret in secrets for spelling in spellings(secret)}
    pattern = re.compile(b"|".join(re.escape(spelling) for spelling in sorted(wanted, key=len, reverse=True)))
    found: dict[str, list[str]] = {}
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            for place, data in contents(path):
                for match in set(pattern.findall(data)):
                    found.setdefault(wanted[match], []).append(place.removeprefix(str(folder)))
    return found
