"""The scanner with sanitizers: every access checked (ASan), undefined behaviour trapped (UBSan), branches counted.

The compiler is the one that builds the scanner anyhow; the runtime of ASan, with libFuzzer in it, comes with atheris
and is loaded before Python.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from mail_audit.events.native.build import compile_scanner
from mail_audit.events.native.scanner import sources

FLAGS = (
    "-std=c11", "-O1", "-g", "-shared", "-fPIC", "-fno-omit-frame-pointer",
    # In this order: the compiler's front end drops the first where both are named at once.
    "-fsanitize=undefined", "-fsanitize=address", "-fsanitize-trap=undefined",
    "-fsanitize-coverage=inline-8bit-counters,pc-table,trace-cmp",
)  # fmt: skip


def runtime() -> Path | None:
    """ASan's runtime with libFuzzer; None where atheris is not installed."""
    found = importlib.util.find_spec("atheris")
    if found is None or found.origin is None:
        return None
    library = Path(found.origin).parents[1] / "asan_with_fuzzer.so"
    return library if library.is_file() else None


def build(folder: Path) -> Path:
    """The scanner of the sources as they are now, with sanitizers; made once for each state of the sources."""
    library = folder / f"scan-{sources()}-{Path(__file__).stat().st_mtime_ns}.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = library.with_suffix(f".{os.getpid()}")
        compile_scanner(FLAGS, made)
        made.replace(library)
    return library


def environment() -> dict[str, str]:
    """The environment of a process that loads the library: the runtime first; leaks are Python's own business."""
    options = "detect_leaks=0:abort_on_error=0:allocator_may_return_null=1:symbolize=0"
    return os.environ | {"LD_PRELOAD": str(runtime()), "ASAN_OPTIONS": options}
