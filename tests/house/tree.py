"""What the project's own files are: everything git would commit, nothing it ignores."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "mail_audit", "eoffice", "training", "web")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project that exists, committed or about to be, as paths from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = sorted({Path(name) for name in listed.split("\0") if name})
    return tuple(path for path in found if (ROOT / path).is_file())


def python_files() -> Iterator[Path]:
    """The Python among `files`, tests included."""
    return (path for path in files() if path.suffix == ".py")


def source_files() -> Iterator[Path]:
    """The Python of the five packages."""
    return (path for path in python_files() if path.parts[0] in PACKAGES)


def text(path: Path) -> str | None:
    """The text of a file, or None for what is not UTF-8 text (fonts, pictures, compressed samples)."""
    try:
        return (ROOT / path).read_text("utf-8")
    except UnicodeDecodeError:
        return None


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of one Python file."""
    return ast.parse((ROOT / path).read_text("utf-8"), filename=str(path))
