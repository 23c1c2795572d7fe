"""Builds the scanner: `python -m mail_audit.events.native.build`, as `make install` and the wheel do.

The compiler is a wheel from PyPI (ziglang), so that no machine needs to have one. The library is for any processor of
this machine's kind, not for this very one: it may be shipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mail_audit.events.native.layout import to_json
from mail_audit.events.native.scanner import LIBRARY, TABLES, sources
from mail_audit.events.native.tables import make_tables

SOURCE = Path(__file__).with_name("scan.c")
COMPILER = (sys.executable, "-m", "ziglang", "cc")
FLAGS = ("-std=c11", "-O3", "-mcpu=baseline", "-shared", "-fPIC", "-s", "-Wall", "-Wextra")


def compile_scanner(flags: Sequence[str], made: Path) -> None:
    """Compile the sources as they are now, which the library then knows; CalledProcessError or OSError if it fails."""
    made_from = f"-DVANTHU_SOURCES={sources()}u"
    subprocess.run([*COMPILER, *flags, made_from, str(SOURCE), "-o", str(made)], check=True)


def build() -> None:
    """Write the library and the tables, each whole or not at all.

    Where the compiler does not run (another kind of processor or system), an empty library is left, which nobody can
    load: the columnar engine then reads alone, with the same answer.
    """
    library = LIBRARY.with_suffix(f".so.{os.getpid()}")
    try:
        compile_scanner(FLAGS, library)
    except (OSError, subprocess.CalledProcessError) as failed:
        library.write_bytes(b"")
        sys.stderr.write(f"The scanner could not be built ({failed}): logs are read without it, more slowly.\n")
    library.replace(LIBRARY)
    tables = TABLES.with_suffix(f".json.{os.getpid()}")
    tables.write_text(to_json(make_tables()), "ascii")
    tables.replace(TABLES)


if __name__ == "__main__":
    build()
